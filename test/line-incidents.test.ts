import { mapConcurrently } from '../src/whatsapp/hand-over';
import { type TestLine, startLine } from './support/line';
import { awaited } from './support/line/awaited';
import { caseNumberIn, type Person } from './support/line/phones';
import { amount } from './support/proving';

jest.setTimeout(300_000);

const BURST = amount({ proof: 200, test: 30 });
const AT_ONCE = 20;
const cut = 'Süvari mahallesinde elektrikler kesik, elektrik yok';
const rubbish = 'Süvari mahallesi 1234. sokakta çöpler üç gündür alınmadı';
const by = ['--actor', 'Ayşe Kaya', '--reason', 'Duyuru'];

let line: TestLine;
beforeAll(async () => {
  line = await startLine('line-incidents');
}, 120_000);
afterAll(() => line.stop());

const inDays = (days: number): string =>
  new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 19) + 'Z';

/** Declares an incident with the command. Returns its id. */
async function declare(subject: string, name: string): Promise<string> {
  const said = await line.admin(
    ...['incident', 'add', '--name', name, '--words', `${name}; ekipler sahada.`, '--subject', subject],
    ...['--neighbourhood', 'suvari', '--to', inDays(1), ...by],
  );
  return said.split('  ')[0] ?? '';
}

async function burst(body: string, count: number): Promise<Person[]> {
  const people = await mapConcurrently(
    Array.from({ length: count }, (_, place) => place),
    AT_ONCE,
    async place => {
      const person = await line.phones.newPerson({ name: `Vatandaş ${place}` });
      await line.phones.write(person, { type: 'text', body });
      return person;
    },
  );
  await mapConcurrently(people, AT_ONCE, person => line.phones.hears(person, 'ekipler sahada', 120_000));
  return people;
}

/** The mails about the cases of an incident. */
async function lettersOf(incident: string): Promise<string[]> {
  const numbers = (await line.store.cases.ofIncident(incident)).map(({ caseNumber }) => caseNumber);
  return (await line.phones.mails())
    .filter(({ subject }) => numbers.some(number => subject.includes(number)))
    .map(({ to, subject }) => `${String(to)} ${subject.split(' · ')[1]}`);
}

test(`${BURST} reports of a power cut cause no letter, and all hear the end once`, async () => {
  const id = await declare('power-cut', "Süvari'de elektrik kesintisi");
  const people = await burst(cut, BURST);
  expect(await line.store.cases.ofIncident(id)).toHaveLength(BURST);
  expect(await lettersOf(id)).toEqual([]);
  expect(await line.admin('incident', 'list')).toContain(`${BURST} reports, ${BURST} wait for the end`);

  const [first] = people;
  if (!first) throw new Error('nobody wrote');
  const released = caseNumberIn((await line.phones.hears(first, 'ekipler sahada')).text);
  expect(await line.admin('incident', 'release-case', released, ...by)).toContain('done (release)');
  await line.phones.hears(first, 'görev alanında değildir');
  await line.phones.mailed('bildirim.masasi@etimesgut.example', released);

  expect(await line.admin('incident', 'end', id, ...by)).toContain(`${BURST - 1} cases were told`);
  await mapConcurrently(people.slice(1), AT_ONCE, person =>
    line.phones.hears(person, 'olay sona erdi', 120_000),
  );
  const all = await Promise.all(people.map(person => line.phones.told(person)));
  const ends = all.map(told => told.filter(({ text }) => text.includes('olay sona erdi')).length);
  expect(ends).toEqual([0, ...Array.from({ length: BURST - 1 }, () => 1)]);
  expect(await lettersOf(id)).toHaveLength(1);
  expect(await line.admin('incident', 'list')).toContain('There are no incidents.');
});

test('ten reports to a department cause one letter, and the end comes after an outage of the worker', async () => {
  const id = await declare('rubbish', "Süvari'de çöp toplama gecikmesi");
  const people = await burst(rubbish, 10);
  const letters = await awaited('the letter', async () => {
    const found = await lettersOf(id);
    return found.length > 0 && found;
  });
  expect(letters).toEqual(['temizlik@etimesgut.example Yeni görev']);
  await line.worker.stop();
  await line.admin('incident', 'end', id, ...by);
  await line.worker.start();
  for (const person of people) await line.phones.hears(person, 'olay sona erdi', 60_000);
  expect(await lettersOf(id)).toHaveLength(1);
});

test('the command refuses what makes no sense', async () => {
  const refused = (...words: string[]): Promise<string> =>
    line.admin('incident', ...words).then(
      () => '',
      (error: Error & { stderr?: string }) => error.stderr ?? '',
    );
  const add = ['add', '--name', 'X', '--words', 'Y', ...by];
  const suvari = ['--neighbourhood', 'suvari'];
  const cases: [string[], string][] = [
    [[...add, '--subject', 'moon', ...suvari, '--to', inDays(1)], 'no subject "moon"'],
    [[...add, '--subject', 'power-cut', '--neighbourhood', 'x', '--to', inDays(1)], 'no neighbourhood "x"'],
    [[...add, '--subject', 'power-cut', '--to', inDays(1)], 'Give the area'],
    [[...add, '--subject', 'power-cut', ...suvari, '--everywhere', '--to', inDays(1)], '--everywhere alone'],
    [[...add, '--subject', 'power-cut', ...suvari, '--to', inDays(-1)], 'ends before it begins'],
    [[...add, '--subject', 'power-cut', ...suvari, '--to', inDays(90)], 'at most 14 days'],
    [['end', 'power-cut:x', ...by], 'no incident power-cut:x'],
  ];
  for (const [words, part] of cases) expect(await refused(...words)).toContain(part);
});
