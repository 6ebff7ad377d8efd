import { startLine, type TestLine } from '../support/line';
import { awaited } from '../support/line/awaited';
import { type Parcel, parcelOf, textOf } from '../support/line/delivery';
import { atRate } from '../support/load';
import { noteFigure } from '../support/proving';

const PER_SECOND = 20;
const SECONDS = Number(process.env['OUTAGE_SECONDS'] ?? 300);
const MESSAGES = PER_SECOND * SECONDS;
const CITIZENS = MESSAGES / 10;
/** The backlog is handed over within this time after Temporal has come back. */
const MOST_DRAIN_MS = 60_000;
/** All cases are opened by then, on two cores. */
const LONGEST_RECOVERY_MS = 600_000;
/** Counting scans the collection. */
const LOOK_EVERY_MS = 1_000;

let line: TestLine;
beforeAll(async () => {
  line = await startLine('outage');
}, 180_000);
afterAll(() => line.stop(), 60_000);

test(
  `${MESSAGES} messages during an outage of Temporal of ${SECONDS} s are accepted, handed over and in order`,
  async () => {
    const parcels: Parcel[][] = [];
    for (let number = 0; number < CITIZENS; number += 1) {
      const citizen = await line.phones.newPerson({ name: `Vatandaş ${number}` });
      parcels.push(
        Array.from({ length: MESSAGES / CITIZENS }, (_, part) =>
          parcelOf(
            citizen,
            textOf(part === 0 ? `Süvari mahallesi ${number}. sokakta çukur var` : `${part}. not`),
          ),
        ),
      );
    }
    const inTurn = Array.from(
      { length: MESSAGES },
      (_, place) => parcels[place % CITIZENS]?.[Math.floor(place / CITIZENS)],
    );
    await line.temporal.stop();
    const answers = await atRate(MESSAGES, PER_SECOND, place =>
      line.post(inTurn[place]?.body ?? Buffer.alloc(0)),
    );

    await line.temporal.start();
    const began = Date.now();
    await awaited(
      'the backlog to be handed over',
      async () => (await line.store.inbox.model.countDocuments({ handedOver: false })) === 0,
      LONGEST_RECOVERY_MS,
      LOOK_EVERY_MS,
    );
    const drainedMs = Date.now() - began;
    await awaited(
      'a case for each citizen',
      async () => (await line.store.cases.model.countDocuments()) >= CITIZENS,
      LONGEST_RECOVERY_MS,
      LOOK_EVERY_MS,
    );

    const hashId = await line.store.hashId();
    const sent = new Map(parcels.map(([first, ...rest]) => [hashId(first?.wamid ?? ''), [first, ...rest]]));
    const cases = await line.store.cases.list({}, 2 * CITIZENS);
    const inOrder = cases.filter(({ intake, progress }) => {
      const ids = sent.get(intake.openedBy)?.map(parcel => hashId(parcel?.wamid ?? ''));
      const place = (id: string): number => ids?.indexOf(id) ?? -1;
      const places = (progress?.messageIds ?? []).map(place);
      return places.every((each, i) => each >= 0 && (i === 0 || each > (places[i - 1] ?? -1)));
    });
    const accepted = answers.filter(status => status === 200).length;
    noteFigure(
      MESSAGES,
      `messages in ${SECONDS} s without Temporal: ${accepted} answered 200; handed over ${Math.round(drainedMs / 1_000)} s ` +
        `after its return; ${cases.length} cases of ${CITIZENS} citizens, ${inOrder.length} with their messages in order`,
    );
    expect([accepted, cases.length, inOrder.length]).toEqual([MESSAGES, CITIZENS, CITIZENS]);
    expect(drainedMs).toBeLessThanOrEqual(MOST_DRAIN_MS);
  },
  SECONDS * 1_000 + 2 * LONGEST_RECOVERY_MS,
);
