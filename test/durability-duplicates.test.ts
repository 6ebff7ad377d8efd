import { startLine, type TestLine } from './support/line';
import { awaited } from './support/line/awaited';
import { caseEnds, casesOf, citizenIdOf, taskLink } from './support/line/cases-of-line';
import { parcelOf, textOf, type Parcel } from './support/line/delivery';
import { caseNumberIn, type Person } from './support/line/phones';
import { actOn } from './support/line/task-page';
import { amount, noteFigure } from './support/proving';

const TIMES = amount({ proof: 50, test: 20 });
const MESSAGES = amount({ proof: 1_000, test: 2 });
/** The webs of the line, of which each gets a part of the copies. */
const WEBS = amount({ proof: 2, test: 1 });
/** Messages of different citizens whose copies arrive at the same time. */
const AT_ONCE = 4;
/** The server may delay a deletion by half a minute if the workflow has just ended. */
const FORGETTING_MS = 120_000;
/** A backlog of all messages takes this long. */
const SETTLING_MS = 300_000;
const roads = 'fen.isleri@etimesgut.example';

let line: TestLine;
beforeAll(async () => {
  line = await startLine('duplicates', { copies: WEBS });
}, 120_000);
afterAll(() => line.stop());

async function personWithReport(street = 1234): Promise<{ citizen: Person; parcel: Parcel }> {
  const citizen = await line.phones.newPerson();
  await line.phones.openWindow(citizen);
  return { citizen, parcel: parcelOf(citizen, textOf(`Süvari mahallesi ${street}. sokakta çukur var`)) };
}

/** Meta can deliver the same webhook many times at once. Each request uses a separate connection. */
async function flood({ body }: Parcel): Promise<void> {
  await Promise.all(Array.from({ length: TIMES }, () => line.deliver(body)));
}

async function conversationEnds(citizen: Person): Promise<void> {
  const workflowId = `conversation-${await citizenIdOf(line, citizen)}`;
  await awaited(`the end of ${workflowId}`, async () => {
    const { status } = await line.temporal.client.workflow.getHandle(workflowId).describe();
    return status.name === 'COMPLETED';
  });
}

/** Returns all messages to the citizen up to the answer to a new question. */
async function toldUntilNow(citizen: Person): Promise<string[]> {
  await line.deliver(parcelOf(citizen, textOf('kaydımın durumu nedir')).body);
  await line.phones.hears(citizen, /Durum: /);
  return (await line.phones.told(citizen)).map(({ text }) => text);
}

describe(`a message that Meta delivers ${TIMES} times at once`, () => {
  it('opens one case with one acknowledgement and one letter', async () => {
    const { citizen, parcel } = await personWithReport();
    await flood(parcel);
    const caseNumber = caseNumberIn((await line.phones.hears(citizen, 'Bildiriminiz alındı')).text);
    await line.phones.mailed(roads, caseNumber);
    await conversationEnds(citizen);
    expect(await casesOf(line, citizen)).toEqual([caseNumber]);
    expect(await toldUntilNow(citizen)).toHaveLength(2);
    const letters = (await line.phones.mails(roads)).filter(({ text }) => text.includes(caseNumber));
    expect(letters).toHaveLength(1);
  });

  it(`opens one case each, also for ${MESSAGES} messages`, async () => {
    const people: { citizen: Person; parcel: Parcel }[] = [];
    for (let number = 0; number < MESSAGES; number += 1) people.push(await personWithReport(2_000 + number));
    for (let at = 0; at < MESSAGES; at += AT_ONCE) {
      await Promise.all(people.slice(at, at + AT_ONCE).map(({ parcel }) => flood(parcel)));
    }
    for (const { citizen } of people) await line.phones.hears(citizen, 'Bildiriminiz alındı', SETTLING_MS);
    const cases = await line.store.cases.list({}, 2 * MESSAGES + 10);
    const hashId = await line.store.hashId();
    const openings = cases.map(({ intake }) => intake.openedBy);
    const counts = people.map(({ parcel }) => openings.filter(id => id === hashId(parcel.wamid)).length);
    expect(new Set(counts)).toEqual(new Set([1]));
    noteFigure(MESSAGES, `messages ${TIMES} times at once at ${WEBS} webs: one case each`);
  }, 1_800_000);
});

describe('a message redelivered after its conversation and its case have ended', () => {
  let citizen: Person;
  let parcel: Parcel;
  let caseNumber: string;

  beforeAll(async () => {
    ({ citizen, parcel } = await personWithReport());
    await line.deliver(parcel.body);
    caseNumber = caseNumberIn((await line.phones.hears(citizen, 'Bildiriminiz alındı')).text);
    await actOn(await taskLink(line, roads, caseNumber), 'resolve', { words: 'Çukur dolduruldu.' });
    const question = await line.phones.hears(citizen, 'Çukur dolduruldu.');
    await line.phones.tap(citizen, question, 'Çözüldü');
    await line.phones.hears(citizen, 'kaydınız kapatıldı');
    await caseEnds(line, caseNumber);
    await conversationEnds(citizen);
  });

  it('opens no second case and sends no second message', async () => {
    await flood(parcel);
    expect(await toldUntilNow(citizen)).toEqual([
      expect.stringContaining('Bildiriminiz alındı'),
      expect.stringContaining('Çukur dolduruldu.'),
      expect.stringContaining('kaydınız kapatıldı'),
      expect.stringMatching(/Durum: Kapatıldı/),
    ]);
    expect(await casesOf(line, citizen)).toEqual([caseNumber]);
  });

  it('opens no case even if the hand-over mark is lost and Temporal has deleted both workflows', async () => {
    await conversationEnds(citizen);
    const before = (await line.phones.told(citizen)).length;
    await forget(`conversation-${await citizenIdOf(line, citizen)}`);
    await forget(caseNumber);
    const hashId = await line.store.hashId();
    const { model } = line.store.inbox;
    await model.updateOne({ _id: hashId(parcel.wamid) }, { $set: { handedOver: false } });

    await awaited('the sweeper to hand it over', async () => {
      return (await line.store.inbox.get(hashId(parcel.wamid)))?.handedOver;
    });
    await conversationEnds(citizen);
    expect(await line.phones.told(citizen)).toHaveLength(before);
    expect(await casesOf(line, citizen)).toEqual([caseNumber]);
    await expect(line.temporal.client.workflow.getHandle(caseNumber).describe()).rejects.toThrow();
  }, 300_000);

  /** Deletes a workflow, as Temporal does with closed workflows after their retention. */
  async function forget(workflowId: string): Promise<void> {
    const { client, namespace } = line.temporal;
    const { workflowService } = client.connection;
    await workflowService.deleteWorkflowExecution({ namespace, workflowExecution: { workflowId } });
    await awaited(
      `${workflowId} to be forgotten`,
      () =>
        client.workflow
          .getHandle(workflowId)
          .describe()
          .then(
            () => false,
            () => true,
          ),
      FORGETTING_MS,
    );
  }
});
