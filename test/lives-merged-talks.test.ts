import { conversationWorkflowId } from '../src/domain/identifiers';
import { type LifeLine, startLifeLine } from './support/life-line';
import { awaited } from './support/line/awaited';
import { citizenIdOf } from './support/line/cases-of-line';
import { deliver } from './support/line/delivery';
import type { Person } from './support/line/phones';
import { messagesBody, saidAs } from './support/webhook-bodies';

jest.setTimeout(60_000);

let line: LifeLine;
beforeAll(async () => {
  line = await startLifeLine('merged-talks', '2026-11-25 10:00');
}, 60_000);
afterAll(() => line.stop());

/** A message of a person under some of the names, as Meta sends it. */
const said = (person: Person, names: Parameters<typeof saidAs>[1], content: object) =>
  saidAs(person, names, content, line.now());
const words = (body: string): object => ({ type: 'text', text: { body } });
const pin = { type: 'location', location: { latitude: 39.95, longitude: 32.6 } };

/** Delivers each message in a webhook of its own, all at the same time. */
async function deliverAll(...messages: Record<string, unknown>[]): Promise<void> {
  const url = `${line.baseUrl}/webhooks/whatsapp`;
  await Promise.all(messages.map(message => deliver(url, messagesBody(message), 'life-app-secret')));
}

async function somebody(): Promise<Person> {
  const person = await line.phones.newPerson();
  await line.phones.openWindow(person);
  return person;
}

/** The messages of each case of a person, and the number of messages that belong to none. */
async function reportsOf(person: Person, ids: Record<string, unknown>[]): Promise<string[][]> {
  const hashId = await line.store.hashId();
  const names = new Map(ids.map(({ id }, place) => [hashId(String(id)), `m${place + 1}`]));
  const citizen = await line.store.citizens.get((await citizenIdOf(line, person)) ?? '');
  const cases = await Promise.all(
    (citizen?.cases ?? []).map(({ caseNumber }) => line.store.cases.get(caseNumber)),
  );
  return cases.map(record => (record?.progress?.messageIds ?? []).map(id => names.get(id) ?? id));
}

const asked = (person: Person, what: string): Promise<unknown> => line.phones.hears(person, what);

test('a pin under another name answers the question about the place', async () => {
  const person = await somebody();
  const report = said(person, 'number', words('yolda çukur var'));
  await deliverAll(report);
  await line.passBurst();
  await asked(person, 'konum');
  const place = said(person, 'both', pin);
  await deliverAll(place);
  await line.passBurst();
  expect(await reportsOf(person, [report, place])).toEqual([['m1', 'm2']]);
});

test('a merge while Temporal is away is told to the talk of the former name later', async () => {
  const person = await somebody();
  const hello = said(person, 'userId', words('merhaba'));
  await deliverAll(hello);
  const report = said(person, 'number', words('yolda çukur var'));
  await deliverAll(report);
  await line.passBurst();
  await asked(person, 'konum');
  line.holdBack('all');
  const place = said(person, 'both', pin);
  await deliverAll(place);
  await line.passSeconds(10);
  expect(await reportsOf(person, [hello, report, place])).toEqual([]);
  line.holdBack(null);
  await awaited('the merge to be told', async () => (await line.store.merges.model.countDocuments()) === 0);
  await line.passBurst();
  expect(await reportsOf(person, [hello, report, place])).toEqual([['m2', 'm3']]);
});

test('messages under both names at the moment of the merge become one report, each once', async () => {
  for (let round = 0; round < 5; round += 1) {
    const person = await somebody();
    const messages = [
      said(person, 'number', words('Süvari mahallesi 1234. sokakta')),
      said(person, 'userId', words('yolda büyük bir çukur var')),
      said(person, 'both', words('arabalar zarar görüyor')),
      said(person, 'number', words('kaç gündür böyle duruyor')),
      said(person, 'userId', words('lütfen kapatınız')),
    ];
    const [byNumber, byUserId, ...together] = messages;
    if (byNumber && byUserId) await deliverAll(byNumber, byUserId);
    await deliverAll(...together);
    await line.passBurst();
    const reports = await reportsOf(person, messages);
    expect(reports.map(ids => [...ids].sort())).toEqual([['m1', 'm2', 'm3', 'm4', 'm5']]);
  }
});

test('two reports with open questions both become cases', async () => {
  const person = await somebody();
  const lamp = said(person, 'number', words('sokak lambası yanmıyor'));
  const hole = said(person, 'userId', words('yolda çukur var'));
  await deliverAll(lamp, hole);
  await line.passBurst();
  await awaited('both questions', async () => (await line.phones.told(person)).length >= 2);
  const first = said(person, 'both', pin);
  await deliverAll(first);
  await line.passBurst();
  const second = said(person, 'both', pin);
  await deliverAll(second);
  await line.passBurst();
  const reports = await reportsOf(person, [lamp, hole, first, second]);
  const found = reports.flat().filter(id => id === 'm1' || id === 'm2');
  expect(found.sort()).toEqual(['m1', 'm2']);
  expect(reports).toHaveLength(2);
});

test('the talk of the former name ends, and its report goes on in the other talk', async () => {
  const person = await somebody();
  const hole = said(person, 'number', words('yolda çukur var'));
  const hello = said(person, 'userId', words('merhaba'));
  const street = said(person, 'both', words('Süvari mahallesi 1234. sokak'));
  await deliverAll(hole, hello);
  await awaited('the greeting', async () => (await line.phones.told(person)).length > 0);
  const identity = (id: string) => line.store.identities.model.findById(id).lean();
  const before = await Promise.all([identity(`wa:${person.phone}`), identity(`bsuid:${person.bsuid}`)]);
  const ids = before.map(found => found?.citizenId ?? '');
  await deliverAll(street);
  const kept = await line.store.identities.currentOf(ids[0] ?? '');
  const gone = ids.find(id => id !== kept) ?? '';
  await awaited('the end of the former talk', async () => {
    const { status } = await line.handle(conversationWorkflowId(gone)).describe();
    return status.name !== 'RUNNING';
  });
  await line.passBurst();
  expect(await reportsOf(person, [hole, hello, street])).toEqual([['m1', 'm3']]);
});
