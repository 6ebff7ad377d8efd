import { setTimeout as pause } from 'node:timers/promises';
import { startLine, type TestLine } from './support/line';
import { awaited } from './support/line/awaited';
import { parcelOf, textOf, type Parcel } from './support/line/delivery';
import { castDice } from './support/line/dice';
import type { Person } from './support/line/phones';
import type { RoleProcess } from './support/line/role-process';
import { amount, noteFigure } from './support/proving';

const REPORTS = amount({ proof: 200, test: 60 });
/** Reports per second on average, so that they outlast several kills. */
const PER_SECOND = 8;
const LONGEST_RECOVERY_MS = 150_000;
/** Counting scans the collection. */
const LOOK_EVERY_MS = 2_000;

interface Report extends Parcel {
  citizen: Person;
}

let line: TestLine;
let reports: Report[];

const dice = castDice('durability-crash');
const kills = { web: 0, worker: 0, both: 0 };

beforeAll(async () => {
  line = await startLine('crash');
  reports = await peopleWithReports();
  const answered = Promise.all(reports.map(send));
  await killUntil(answered);
  await answered;
  await everythingSettles();
}, 420_000);
afterAll(() => line.stop());

async function peopleWithReports(): Promise<Report[]> {
  const { phones } = line;
  const made: Report[] = [];
  for (let number = 1; number <= REPORTS; number += 1) {
    const citizen = await phones.newPerson({
      name: `Vatandaş ${number}`,
      phone: `90500${1_000_000 + number}`,
    });
    await phones.openWindow(citizen);
    const words = textOf(`Süvari mahallesi ${number}. sokakta çukur var`);
    made.push({ citizen, ...parcelOf(citizen, words) });
  }
  return made;
}

/** Posts like Meta: at a random time, and again until the response is 200. */
async function send({ body }: Report): Promise<void> {
  await pause(dice.between(0, (REPORTS / PER_SECOND) * 1_000));
  await line.deliver(body, 120_000);
}

/** Kills web, worker and both at random times, each at least once, until the work is done. */
async function killUntil(work: Promise<unknown>): Promise<void> {
  let over = false;
  void work.finally(() => (over = true)).catch(() => undefined);
  for (;;) {
    for (const victim of dice.shuffled(['web', 'worker', 'both'] as const)) {
      await pause(dice.between(500, 3_000));
      if (over && Object.values(kills).every(count => count > 0)) return;
      kills[victim] += 1;
      const roles: RoleProcess[] = victim === 'both' ? [line.web, line.worker] : [line[victim]];
      await Promise.all(roles.map(role => role.kill9()));
      await Promise.all(roles.map(role => role.start()));
    }
  }
}

/** Waits until every report has an acknowledgement that Meta accepted. */
async function everythingSettles(): Promise<void> {
  const { outbox } = line.store;
  const acknowledged = { channel: 'whatsapp', state: 'accepted' };
  await awaited(
    'all acknowledgements to be accepted',
    async () => (await outbox.model.countDocuments(acknowledged)) >= REPORTS,
    LONGEST_RECOVERY_MS,
    LOOK_EVERY_MS,
  );
}

const sorted = (texts: Iterable<string>): string[] => [...texts].sort();

describe(`after kill -9 of web and worker while ${REPORTS} reports arrived`, () => {
  it('kills each of them, alone and together', () => {
    process.stderr.write(`durability-crash: kills ${JSON.stringify(kills)}\n`);
    expect(Object.values(kills).every(count => count > 0)).toBe(true);
  });

  it('every report that was answered with 200 has exactly one case in the records', async () => {
    const hashId = await line.store.hashId();
    const cases = await line.store.cases.list({}, 2 * REPORTS);
    const openedBy = cases.map(({ intake }) => intake.openedBy);
    expect(sorted(openedBy)).toEqual(sorted(reports.map(({ wamid }) => hashId(wamid))));
  });

  it('every case has exactly one workflow', async () => {
    const cases = await line.store.cases.list({}, 2 * REPORTS);
    const workflows: string[] = [];
    const { workflow } = line.temporal.client;
    for await (const { workflowId } of workflow.list({ query: "WorkflowType = 'reportCase'" })) {
      workflows.push(workflowId);
    }
    expect(sorted(workflows)).toEqual(sorted(cases.map(({ caseNumber }) => caseNumber)));
  });

  it('every case has one acknowledgement and one task letter in the outbox', async () => {
    const cases = await line.store.cases.list({}, 2 * REPORTS);
    const letters = { channel: 'mail', state: 'accepted' };
    await awaited(
      'all task letters to be accepted',
      async () => (await line.store.outbox.model.countDocuments(letters)) >= REPORTS,
      LONGEST_RECOVERY_MS,
      LOOK_EVERY_MS,
    );
    const books = await line.store.outbox.model.find().lean();
    const inBooks = (channel: string): string[] =>
      sorted(books.flatMap(entry => (entry.channel === channel ? [entry.caseNumber ?? ''] : [])));
    const numbers = sorted(cases.map(({ caseNumber }) => caseNumber));
    expect(inBooks('whatsapp')).toEqual(numbers);
    expect(inBooks('mail')).toEqual(numbers);
  });

  it('no citizen gets more copies than recorded attempts: one for each crash during a send', async () => {
    const books = await line.store.outbox.model.find({ channel: 'whatsapp' }).lean();
    let copies = 0;
    for (const { citizen } of reports) {
      const told = await line.phones.told(citizen);
      const [first, ...more] = told;
      const entry = books.find(({ caseNumber }) => caseNumber && first?.text.includes(caseNumber));
      expect(told.length).toBeLessThanOrEqual(entry?.attempts ?? 0);
      expect(more.every(({ text }) => text === first?.text)).toBe(true);
      copies += more.length;
    }
    noteFigure(
      REPORTS,
      `0 without a case, ${copies} messages with a further copy, kills ${JSON.stringify(kills)}`,
    );
  });
});
