import { signatureOf } from '../src/local/cloud-api/webhooks';
import { conversationWorkflowId } from '../src/domain/identifiers';
import { type LifeLine, startLifeLine } from './support/life-line';
import { awaited } from './support/line/awaited';
import { citizenIdOf } from './support/line/cases-of-line';
import type { Person } from './support/line/phones';
import { freshWamid, messagesBody, post } from './support/webhook-bodies';

jest.setTimeout(60_000);

let line: LifeLine;
beforeAll(async () => {
  line = await startLifeLine('merged-talks', '2026-11-25 10:00');
}, 60_000);
afterAll(() => line.stop());

type Names = 'number' | 'userId' | 'both';

/** A message of a person under some of the names, as Meta sends it. */
function said({ phone, bsuid }: Person, names: Names, content: object): Record<string, unknown> {
  return {
    ...(names !== 'userId' && { from: phone }),
    ...(names !== 'number' && { from_user_id: bsuid }),
    ...{ id: freshWamid(), timestamp: String(Math.floor(line.now() / 1_000)) },
    ...content,
  };
}
const words = (body: string): object => ({ type: 'text', text: { body } });
const pin = { type: 'location', location: { latitude: 39.95, longitude: 32.6 } };

/** Delivers each message in a webhook of its own, all at the same time. */
async function deliver(...messages: Record<string, unknown>[]): Promise<void> {
  await Promise.all(
    messages.map(async message => {
      const body = messagesBody(message);
      const signature = { 'x-hub-signature-256': signatureOf(body, 'life-app-secret') };
      const { status } = await post(`${line.baseUrl}/webhooks/whatsapp`, body, signature);
      expect(status).toBe(200);
    }),
  );
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
  await deliver(report);
  await line.passBurst();
  await asked(person, 'konum');
  const place = said(person, 'both', pin);
  await deliver(place);
  await line.passBurst();
  expect(await reportsOf(person, [report, place])).toEqual([['m1', 'm2']]);
});

test('messages under both names at the moment of the merge become one report, each once', async () => {
  for (let round = 0; round < 5; round += 1) {
    const person = await somebody();
    const messages = [
      said(person, 'number', words('Süvari mahallesi 1234. sokakta')),
      said(person, 'userId', words('yolda büyük bir çukur var')),
      said(person, 'both', words('arabalar zarar görüyor')),
      said(person, 'number', words('çocuklar da düşebilir')),
      said(person, 'userId', words('lütfen kapatınız')),
    ];
    const [byNumber, byUserId, ...together] = messages;
    if (byNumber && byUserId) await deliver(byNumber, byUserId);
    await deliver(...together);
    await line.passBurst();
    const reports = await reportsOf(person, messages);
    expect(reports.map(ids => [...ids].sort())).toEqual([['m1', 'm2', 'm3', 'm4', 'm5']]);
  }
});

test('two reports with open questions both become cases', async () => {
  const person = await somebody();
  const lamp = said(person, 'number', words('sokak lambası yanmıyor'));
  const hole = said(person, 'userId', words('yolda çukur var'));
  await deliver(lamp, hole);
  await line.passBurst();
  await awaited('both questions', async () => (await line.phones.told(person)).length >= 2);
  const first = said(person, 'both', pin);
  await deliver(first);
  await line.passBurst();
  const second = said(person, 'both', pin);
  await deliver(second);
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
  await deliver(hole, hello);
  const identity = (id: string) => line.store.identities.model.findById(id).lean();
  const before = await Promise.all([identity(`wa:${person.phone}`), identity(`bsuid:${person.bsuid}`)]);
  const ids = before.map(found => found?.citizenId ?? '');
  await deliver(street);
  const kept = await line.store.identities.currentOf(ids[0] ?? '');
  const gone = ids.find(id => id !== kept) ?? '';
  await awaited('the end of the former talk', async () => {
    const { status } = await line.handle(conversationWorkflowId(gone)).describe();
    return status.name !== 'RUNNING';
  });
  await line.passBurst();
  expect(await reportsOf(person, [hole, hello, street])).toEqual([['m1', 'm3']]);
});
