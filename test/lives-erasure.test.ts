import { approve, refuse } from '../src/cli/admin/requests';
import type { ErasureRequest } from '../src/store/erasure-records';
import { type LifeLine, startLifeLine } from './support/life-line';
import { awaited } from './support/line/awaited';
import { caseNumberIn, type Person } from './support/line/phones';
import { pothole } from './support/line/reported';
import { municipality } from './support/town-case';

jest.setTimeout(60_000);

const decision = { actor: 'Ayşe Kaya', reason: 'KVKK m. 11' };
const names = ['without a case', 'with an open case', 'changing the mind', 'refused', 'four eyes'] as const;
type Name = (typeof names)[number];

let line: LifeLine;
const people = new Map<Name, Person>();
const person = (name: Name): Person => people.get(name) as Person;

const say = (name: Name, body: string): Promise<string> => line.write(person(name), { type: 'text', body });
const idOf = async (name: Name): Promise<string> =>
  (await line.store.identities.holderOf(person(name).phone)) ?? '';

async function requestOf(name: Name): Promise<ErasureRequest> {
  const id = await idOf(name);
  return awaited(`the request of ${name}`, async () =>
    (await line.store.erasureRequests.open()).find(({ citizenId }) => citizenId === id),
  );
}
const stateOf = async ({ id }: ErasureRequest): Promise<string | undefined> =>
  (await line.store.erasureRequests.get(id))?.state;
const decided = (request: ErasureRequest, state: string): Promise<true> =>
  awaited(`the request to be ${state}`, async () => (await stateOf(request)) === state);

async function wishes(name: Name, words = 'verilerimi silin lütfen'): Promise<string> {
  await say(name, words);
  return (await line.phones.hears(person(name), 'Onaylarsanız')).text;
}

beforeAll(async () => {
  jest.spyOn(console, 'log').mockImplementation();
  jest.spyOn(console, 'error').mockImplementation();
  line = await startLifeLine('erasure-lives', '2026-11-25 10:00');
  for (const name of names) people.set(name, await line.phones.newPerson({ name: 'Zekiye Öztürkoğlu' }));
  await say('with an open case', pothole);
  await line.passBurst();
  await line.phones.hears(person('with an open case'), 'Bildiriminiz alındı');
});
afterAll(async () => {
  process.exitCode = undefined;
  jest.restoreAllMocks();
  await line.stop();
});

test('the wish is explained, confirmed by a button, recorded with its limit and sent to the officer', async () => {
  expect(await wishes('without a case')).toMatch(/KVKK madde 11[^]*0 kayıt ve 1 mesaj[^]*geri alınamaz/);
  expect(await line.store.erasureRequests.open()).toEqual([]);
  await line.tap(person('without a case'), 'Verilerimi sil');
  const request = await requestOf('without a case');
  const { text } = await line.phones.hears(person('without a case'), request.id);
  expect(text).toContain('25 Aralık 2026');
  expect(request.dueBy.getTime() - request.requestedAt.getTime()).toBe(30 * 86_400_000);
  const [letter] = await awaited('the letter to the officer', async () => {
    const mails = await line.phones.mails('kvkk@etimesgut.example');
    return mails.length > 0 && mails;
  });
  expect(letter?.links).toContain(`${line.baseUrl}/desk/erasures/${request.id}`);
  expect(letter?.text).toContain(`admin requests show ${request.id}`);
  expect(JSON.stringify(letter)).not.toMatch(new RegExp(`${person('without a case').phone}|Zekiye`));
});

test('the wish is not recorded twice', async () => {
  await say('without a case', 'verilerimi silin demiştim, bilgilerimi silin');
  await line.phones.hears(person('without a case'), 'tarihinde alındı (istek no');
  const id = await idOf('without a case');
  const own = (await line.store.erasureRequests.open()).filter(({ citizenId }) => citizenId === id);
  expect(own).toHaveLength(1);
});

test('after the approval the citizen is told, then forgotten, and writes again as a stranger', async () => {
  const request = await requestOf('without a case');
  const before = await idOf('without a case');
  await approve({ ...line, municipality }, request, decision);
  await line.phones.hears(person('without a case'), 'Silme isteğiniz kabul edildi');
  await decided(request, 'done');
  expect(await line.store.citizens.get(before)).toBeNull();
  expect(await idOf('without a case')).toBe('');
  expect(await line.store.messages.countOf([before])).toBe(0);
  expect(await line.store.erasureRequests.get(request.id)).toMatchObject({ citizenId: null });

  await say('without a case', 'merhaba');
  await awaited('the stranger', async () => (await idOf('without a case')) !== '');
  const after = await idOf('without a case');
  expect(after).not.toBe(before);
  await awaited('the record of the stranger', () => line.store.citizens.get(after));
  expect(await line.store.citizens.get(before)).toBeNull();
});

test('an open case is named with its reason and limit, and keeps its citizen after the approval', async () => {
  const text = await wishes('with an open case');
  const caseNumber = caseNumberIn(
    (await line.phones.hears(person('with an open case'), 'Bildiriminiz alındı')).text,
  );
  expect(text).toContain(
    `${caseNumber}: açık olduğu için sonuçlanana kadar kalır (yasal yanıt süresi 25 Aralık 2026)`,
  );
  await line.tap(person('with an open case'), 'Verilerimi sil');
  const request = await requestOf('with an open case');
  await approve({ ...line, municipality }, request, decision);
  const answer = await line.phones.hears(
    person('with an open case'),
    'süreleri dolunca kendiliğinden silinir',
  );
  expect(answer.text).toContain(caseNumber);
  await decided(request, 'waiting');
  expect(await idOf('with an open case')).not.toBe('');
});

test('a citizen can change the mind', async () => {
  await wishes('changing the mind', 'beni unutun, numaramı silin');
  await line.tap(person('changing the mind'), 'Vazgeç');
  await line.phones.hears(person('changing the mind'), 'silinmeyecek');
  const id = await idOf('changing the mind');
  expect((await line.store.erasureRequests.open()).filter(({ citizenId }) => citizenId === id)).toEqual([]);
});

test('two people approve if the municipality wants four eyes', async () => {
  const strict = { ...municipality, privacy: { ...municipality.privacy, approvals: 2 } };
  await wishes('four eyes');
  await line.tap(person('four eyes'), 'Verilerimi sil');
  const request = await requestOf('four eyes');
  await approve({ ...line, municipality: strict }, request, decision);
  expect(await stateOf(request)).toBe('asked');
  await approve({ ...line, municipality: strict }, await requestOf('four eyes'), decision);
  expect(await stateOf(request)).toBe('asked');
  await approve({ ...line, municipality: strict }, await requestOf('four eyes'), {
    ...decision,
    actor: 'Can Ak',
  });
  await decided(request, 'done');
});

test('a refusal two days later reaches the citizen by template with its reason, and names nobody afterwards', async () => {
  await wishes('refused');
  await line.tap(person('refused'), 'Verilerimi sil');
  const request = await requestOf('refused');
  await line.until('2026-11-27 11:00');
  await refuse(line, request, { actor: 'Ayşe Kaya', reason: 'Dava sürüyor.' });
  const { text } = await line.phones.hears(person('refused'), 'kabul edilmedi');
  expect(text).toMatch(/^Sayın vatandaşımız[^]*Gerekçe: Dava sürüyor/);
  await awaited('the end of the request', async () => {
    const ended = await line.store.erasureRequests.get(request.id);
    return ended?.doneAt && ended.citizenId === null;
  });
  expect(await idOf('refused')).not.toBe('');
});
