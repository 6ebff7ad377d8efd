import type { CaseProgress } from '../src/domain/case/case';
import type { IncidentRecord } from '../src/store/calendar-records';
import { type LifeLine, startLifeLine } from './support/life-line';
import { awaited } from './support/line/awaited';
import { caseNumberIn, type Person } from './support/line/phones';
import { at } from './support/town-case';

jest.setTimeout(60_000);

const begins = '2026-11-25 10:00';
const cleaning = 'temizlik@etimesgut.example';
const desk = 'bildirim.masasi@etimesgut.example';
const words = {
  cut: 'Süvari mahallesinde elektrikler kesik, elektrik yok',
  unplaced: 'Elektrikler kesik, ne zaman gelecek, elektrik yok',
  elsewhere: 'Eryaman mahallesinde elektrikler kesik, elektrik yok',
  danger: 'Süvari mahallesinde elektrik kesik, kopan elektrik teli yolda kıvılcım saçıyor, çocuklar var',
  rubbish: 'Süvari mahallesi 1234. sokakta çöpler üç gündür alınmadı',
};

let line: LifeLine;

interface Life {
  person: Person;
  caseNumber: string;
}
const lives = new Map<string, Life>();
const lifeOf = (name: string): Life => lives.get(name) as Life;

function declare(over: Partial<IncidentRecord> & { to: Date }): Promise<boolean> {
  const from = new Date(line.now());
  const [subject = ''] = over.subjects ?? ['power-cut'];
  return line.store.incidents.add({
    ...{ id: `${subject}:${from.toISOString()}`, name: "Süvari'de elektrik kesintisi" },
    ...{ words: { tr: "Süvari'de elektrik kesintisi var; 18.00'e kadar giderilecek.", en: null } },
    ...{ subjects: ['power-cut'], neighbourhoods: ['suvari'], areas: [] },
    ...{ from, reason: 'EDAŞ duyurusu', addedBy: 'Ayşe Kaya', addedAt: from, moved: null },
    ...over,
  });
}

const day = (moment: string): Date => new Date(at(moment));

/** New people write at the same time. */
async function report(reports: Record<string, string>): Promise<void> {
  for (const [name, body] of Object.entries(reports)) {
    const person = await line.phones.newPerson();
    lives.set(name, { person, caseNumber: '' });
    await line.write(person, { type: 'text', body });
  }
  await line.passBurst();
  for (const name of Object.keys(reports)) {
    const { person } = lifeOf(name);
    const [text] = (await line.phones.told(person))
      .map(told => told.text)
      .filter(told => told.includes('PK-'));
    if (text !== undefined) lives.set(name, { person, caseNumber: caseNumberIn(text) });
  }
}

const progressOf = async (name: string): Promise<CaseProgress> => {
  const progress = (await line.store.cases.get(lifeOf(name).caseNumber))?.progress;
  if (!progress) throw new Error(`${name} has no record`);
  return progress;
};
const told = async (name: string): Promise<string[]> =>
  (await line.phones.told(lifeOf(name).person)).map(({ text }) => text);
const toldOf = async (name: string, part: string): Promise<number> =>
  (await told(name)).filter(text => text.includes(part)).length;
const lettersOf = async (name: string, to?: string): Promise<number> =>
  (await line.phones.mails(to)).filter(({ subject }) => subject.includes(lifeOf(name).caseNumber)).length;

async function release(name: string): Promise<void> {
  await line.gateway.act(lifeOf(name).caseNumber, {
    actionId: `release-${name}`,
    by: 'manager',
    action: 'release',
  });
}

beforeAll(async () => {
  line = await startLifeLine('lives-incidents', begins);
  await report({ before: words.cut });
  await declare({ to: day('2026-11-25 18:00') });
  await report({
    ...{ held: words.cut, unplaced: words.unplaced, elsewhere: words.elsewhere, danger: words.danger },
    ...{ wrong: words.cut, gone: words.cut, worse: words.cut },
  });
  await line.write(lifeOf('unplaced').person, { type: 'text', body: 'Süvari mahallesi 1234. sokak' });
  await line.passBurst();
  const unplaced = (await told('unplaced')).find(text => text.includes('PK-')) ?? '';
  lives.set('unplaced', { person: lifeOf('unplaced').person, caseNumber: caseNumberIn(unplaced) });

  const strike = {
    ...{ name: "Süvari'de çöp toplama gecikmesi", subjects: ['rubbish'] },
    words: { tr: 'Çöp toplama araçlarımız arızalandı; gecikme iki gün içinde giderilecek.', en: null },
  };
  await declare({ ...strike, to: day('2026-11-27 12:00') });
  // The first one to open has the task.
  await report({ first: words.rubbish });
  await report({ second: words.rubbish, third: words.rubbish });
  await release('wrong');
  await release('third');
  await line.write(lifeOf('gone').person, { type: 'text', body: 'iptal' });
  await line.passBurst();
  await line.tap(lifeOf('gone').person, 'Evet, iptal edilsin');
  await line.passBurst();

  // A later, wider announcement counts for new reports.
  await declare({
    ...{ neighbourhoods: [], to: day('2026-11-25 20:00'), name: 'İlçede elektrik kesintisi' },
    words: { tr: 'İlçemizde elektrik kesintisi var.', en: null },
  });
  await report({ overlapping: words.cut });

  await line.write(lifeOf('worse').person, {
    type: 'text',
    body: `${lifeOf('worse').caseNumber} elektrik teli koptu, yola düştü, kıvılcım saçıyor`,
  });
  await line.passBurst();
  await line.until('2026-11-25 18:10');
  await line.until('2026-11-25 20:10');
  await report({ after: words.cut });
  await line.until('2026-11-27 12:10');
  await awaited('the end of the delay', async () => (await progressOf('second')).stage === 'resolved');
  await line.tap(lifeOf('second').person, 'Çözülmedi');
  await line.passSeconds(5);
}, 400_000);
afterAll(() => line.stop());

test('before the declaration and after the end a report takes its usual way', async () => {
  for (const name of ['before', 'after', 'elsewhere']) {
    expect(await toldOf(name, 'görev alanında değildir')).toBe(1);
    expect(await lettersOf(name, desk)).toBeGreaterThanOrEqual(1);
    expect((await progressOf(name)).handOff).not.toBeNull();
  }
});

test('during the incident the citizen hears its words at once, and nobody gets a letter', async () => {
  const [first] = await told('held');
  expect(first).toContain("Süvari'de elektrik kesintisi var; 18.00'e kadar giderilecek.");
  expect(first).toContain(`Kayıt no: ${lifeOf('held').caseNumber}`);
  expect(await lettersOf('held')).toBe(0);
});

test('a report without a place is asked for it while an incident of its subject lasts', async () => {
  const [asked, answer] = await told('unplaced');
  expect(asked).toContain('konumu paylaşır mısınız');
  expect(answer).toContain("Süvari'de elektrik kesintisi var");
  expect(await lettersOf('unplaced')).toBe(0);
});

test('a danger never waits for the end', async () => {
  expect(await toldOf('danger', 'elektrik kesintisi var')).toBe(0);
  expect(await toldOf('danger', 'görev alanında değildir')).toBe(1);
});

test('a danger added to a report that waits becomes a report of its own', async () => {
  const numbers = (await told('worse')).flatMap(text => text.match(/PK-[0-9A-Z]{4}-[0-9A-Z]{4}/) ?? []);
  const [own, another] = [...new Set(numbers)];
  expect(own).toBe(lifeOf('worse').caseNumber);
  const { intake } = (await line.store.cases.get(another ?? '')) ?? {};
  expect(intake).toMatchObject({ hazard: true });
  expect(intake?.incident).toBeUndefined();
});

test('the end is told once', async () => {
  for (const name of ['held', 'unplaced', 'overlapping', 'first', 'second'])
    expect(await toldOf(name, 'olay sona erdi')).toBe(1);
  expect((await told('held')).at(-1)).toContain('Sorun sürüyorsa lütfen kurumu arayınız: Başkent Elektrik');
  const { outcome, endedAt } = await progressOf('held');
  expect(outcome).toBe('handedOff');
  expect(endedAt).toBeGreaterThanOrEqual(at('2026-11-25 18:00'));
});

test('who withdrew and who was released hears nothing of the end', async () => {
  for (const name of ['gone', 'wrong', 'third']) expect(await toldOf(name, 'olay sona erdi')).toBe(0);
  expect((await progressOf('gone')).stage).toBe('withdrawn');
  expect(await lettersOf('gone')).toBe(0);
});

test('of two incidents the one declared last counts, and each report hears the end of its own', async () => {
  expect((await told('overlapping'))[0]).toContain('İlçemizde elektrik kesintisi var.');
  expect((await told('overlapping')).at(-1)).toContain('İlçede elektrik kesintisi');
  expect((await progressOf('overlapping')).endedAt).toBeGreaterThanOrEqual(at('2026-11-25 20:00'));
});

test('at a department of ours the first report is the task, and the others follow it without a letter', async () => {
  const letters = (await line.phones.mails(cleaning)).filter(({ subject }) => subject.includes('Yeni görev'));
  const numbers = letters.map(({ subject }) => caseNumberIn(subject));
  expect(numbers.sort()).toEqual([lifeOf('first').caseNumber, lifeOf('third').caseNumber].sort());
  expect(await progressOf('second')).toMatchObject({ leader: lifeOf('first').caseNumber });
  expect(await progressOf('first')).toMatchObject({ stage: 'assigned', incident: null });
});

test('outside the window the end is told by template, with the survey', async () => {
  const [message] = (await line.phones.told(lifeOf('second').person)).filter(({ text }) =>
    text.includes('olay sona erdi'),
  );
  expect(message?.text).toContain('Sorununuz çözüldü mü?');
  expect(message?.replies.map(({ title }) => title)).toContain('Çözülmedi');
  expect((await told('first')).at(-1)).toContain('Kaydınız açık kalır ve izlenir');
  expect(await progressOf('second')).toMatchObject({ stage: 'assigned', reopenCount: 1 });
});

test('a released report has a life of its own from its first moment', async () => {
  expect(await toldOf('third', 'duyurulan olaydan ayrı')).toBe(1);
  const [first, third] = [await progressOf('first'), await progressOf('third')];
  expect(third.leader).toBeNull();
  // A busy machine may receive the one minutes after the other.
  const allowed = ({ plan, receivedAt }: typeof first): number => plan.resolveBy - receivedAt;
  expect(Math.abs(allowed(third) - allowed(first))).toBeLessThan(60_000);
  expect((await progressOf('wrong')).handOff).toMatchObject({ institution: 'baskent-edas' });
  expect(await lettersOf('wrong', desk)).toBeGreaterThanOrEqual(1);
});
