import type { CaseProgress } from '../src/domain/case/case';
import { type LifeLine, startLifeLine } from './support/life-line';
import { taskLink } from './support/line/cases-of-line';
import { caseNumberIn, type Person } from './support/line/phones';
import { pothole, roads } from './support/line/reported';
import { actOn, openTask, type TaskPage } from './support/line/task-page';
import { municipality } from './support/town-case';

jest.setTimeout(60_000);

/** The letters of several lives fall due together; here each is read alone. */
const openingLetters = { withinMinutes: 15, laterMinutes: 0 };
const ungathered = { ...municipality, sla: { ...municipality.sla, openingLetters } };

const roadsChief = 'fen.isleri.sorumlu@etimesgut.example';
const deputy = 'baskan.yardimcisi.teknik@etimesgut.example';

let line: LifeLine;
/** The link of the first letter, which is older than 60 days when the plan is due. */
let firstLink: string;
const opened: Record<'first' | 'reminder', TaskPage[]> = { first: [], reminder: [] };

interface Life {
  person: Person;
  caseNumber: string;
}
const lives = new Map<string, Life>();
const names = ['kept', 'moved', 'missed', 'impossible'] as const;
/** Cases whose target passes: the department does nothing, names a later day, or waits for an institution. */
const lateNames = ['untouched', 'scheduled', 'institution'] as const;
type Name = (typeof names)[number] | (typeof lateNames)[number];

/** The messages, letters, record and search attributes of a case at a time. */
interface Sight {
  said: string[];
  letters: string[];
  progress: CaseProgress;
  found: Record<string, unknown>;
}
const sights = new Map<string, Sight>();

const lifeOf = (name: Name): Life => lives.get(name) as Life;

async function look(name: Name, at: string): Promise<void> {
  const { person, caseNumber } = lifeOf(name);
  const progress = (await line.store.cases.get(caseNumber))?.progress;
  if (!progress) throw new Error('the case has no record');
  const letters = (await line.phones.mails()).filter(({ subject }) => subject.includes(caseNumber));
  sights.set(`${name} ${at}`, {
    said: (await line.phones.told(person)).map(({ text }) => text),
    letters: letters.map(({ to, subject }) => `${subject.split(' · ')[1]} > ${to.join()}`),
    progress,
    found: await line.attributes(caseNumber),
  });
}

async function act(name: Name, action: string, fields: Record<string, string>): Promise<void> {
  await actOn(await taskLink(line, roads, lifeOf(name).caseNumber), action, fields);
}

const march = { day: '2027-03-15', precision: 'day', words: 'Asfalt sezonu martta başlıyor.' };

beforeAll(async () => {
  line = await startLifeLine('programme', '2026-11-25 10:00', { municipality: ungathered });
  for (const name of [...names, ...lateNames]) {
    const person = await line.phones.newPerson();
    await line.write(person, { type: 'text', body: pothole });
    lives.set(name, { person, caseNumber: '' });
  }
  await line.passBurst();
  for (const [name, { person }] of lives) {
    lives.set(name, {
      person,
      caseNumber: caseNumberIn((await line.phones.told(person)).at(-1)?.text ?? ''),
    });
  }
  firstLink = await taskLink(line, roads, lifeOf('missed').caseNumber);
  for (const name of names) await act(name, 'planAhead', march);
  await line.until('2026-11-25 12:00');
  for (const name of names) await look(name, 'planned');
  await act('scheduled', 'accept', { day: '2026-12-10' });
  await act('institution', 'accept', {});
  await act('institution', 'waitInstitution', { institution: 'aski', words: 'Kazı bitince.' });
  await line.until('2026-12-03 12:00');
  for (const name of lateNames) await look(name, 'late');
  await line.until('2026-12-08 12:00');
  for (const name of lateNames) {
    await look(name, 'later');
    await act(name, 'reject', { reason: 'not-possible', words: 'Yapılamıyor.' });
  }
  // After the legal limit of 30 days: the promised date was the answer.
  await line.until('2027-01-15 10:00');
  await act('impossible', 'reject', { reason: 'not-possible', words: 'Yol mülkiyeti davalık.' });
  await line.until('2027-03-10 10:00');
  for (const name of names) await look(name, 'reminded');
  opened.first.push(await openTask(firstLink));
  opened.reminder.push(await openTask(await taskLink(line, roads, lifeOf('missed').caseNumber)));
  await act('kept', 'resolve', { words: 'Çukur kapatıldı.' });
  await act('moved', 'planAhead', { day: '2027-06-10', precision: 'month', words: 'Plent arızalandı.' });
  await line.until('2027-03-10 12:00');
  await look('kept', 'done');
  await look('moved', 'moved');
  await line.tap(lifeOf('kept').person, 'Çözüldü');
  await line.until('2027-03-16 10:00');
  await look('kept', 'closed');
  await look('moved', 'past the old date');
  await look('missed', 'late');
  await line.until('2027-04-05 10:00');
  await look('missed', 'long late');
  await act('missed', 'resolve', { outcome: 'partlyResolved', words: 'Geçici yama yapıldı.' });
  await line.until('2027-04-05 12:00');
  await look('missed', 'done');
  await line.until('2027-04-14 10:00');
  await look('missed', 'closed');
  await line.until('2027-06-20 10:00');
  await act('moved', 'resolve', { words: 'Yol yenilendi.' });
  await line.until('2027-06-20 12:00');
  await look('moved', 'done');
}, 300_000);
afterAll(() => line.stop());

function sight(name: Name, at: string): Sight {
  const seen = sights.get(`${name} ${at}`);
  if (!seen) throw new Error(`not looked at: ${name} ${at}`);
  return seen;
}

const localTime = (at: string): Date => new Date(`${at.replace(' ', 'T')}:00+03:00`);

test('a date is promised with a reason, and counts as the answer for the legal clock', () => {
  const { said, letters, progress, found } = sight('kept', 'planned');
  expect(said.at(-1)).toContain('Planlanan zaman: 15 Mart 2027');
  expect(said.at(-1)).toContain('Asfalt sezonu martta başlıyor.');
  expect(letters).toEqual([`Yeni görev > ${roads}`]);
  expect(progress).toMatchObject({ stage: 'planned', outcome: 'planned', closeAt: null });
  expect(found).toMatchObject({
    ...{ CaseStage: 'planned', CaseOutcome: 'planned', SlaState: 'onTrack' },
    SlaDueAt: localTime('2027-03-15 17:00'),
  });
  expect(found).not.toHaveProperty('LegalDueAt');
});

test('a link older than 60 days says where to find a valid one, and the reminder brings one', () => {
  const [first] = opened.first;
  expect(first?.status).toBe(404);
  expect(first?.html).toContain('süresi dolmuş');
  expect(first?.html).toContain('en son e-postadaki bağlantıyı');
  expect(first?.html).toContain('günlük görev listesi');
  expect(first?.acts).not.toContain('resolve');
  const [reminder] = opened.reminder;
  expect(reminder?.status).toBe(200);
  expect(reminder?.acts).toEqual(expect.arrayContaining(['resolve', 'planAhead']));
});

test('two weeks before the date the department gets one reminder', () => {
  const { letters, said, found } = sight('kept', 'reminded');
  expect(letters).toEqual([`Yeni görev > ${roads}`, `Süre azalıyor (program tarihi) > ${roads}`]);
  expect(said).toHaveLength(sight('kept', 'planned').said.length);
  expect(found).toMatchObject({ CaseStage: 'planned', SlaState: 'atRisk' });
});

test('work done before the date ends with the survey and counts as met', () => {
  const done = sight('kept', 'done');
  expect(done.said.at(-1)).toContain('Çukur kapatıldı.');
  expect(done.progress).toMatchObject({ stage: 'resolved', outcome: 'resolved', programme: null });
  expect(done.found).toMatchObject({ CaseStage: 'resolved', CaseOutcome: 'resolved', SlaState: 'met' });
  const closed = sight('kept', 'closed');
  expect(closed.said.at(-1)).toContain('kapatıldı');
  expect(closed.found).toMatchObject({ CaseStage: 'closed', SlaState: 'met', SlaBreached: false });
});

test('a changed date is announced with its reason, and the old one has no effect', () => {
  const moved = sight('moved', 'moved');
  expect(moved.said.at(-1)).toContain('Yeni zaman: Haziran 2027');
  expect(moved.said.at(-1)).toContain('Plent arızalandı.');
  expect(moved.found).toMatchObject({ SlaState: 'onTrack', SlaDueAt: localTime('2027-06-30 17:00') });
  const past = sight('moved', 'past the old date');
  expect([past.said, past.letters]).toEqual([moved.said, moved.letters]);
  expect(sight('moved', 'done').progress).toMatchObject({ stage: 'resolved', slaState: 'met' });
});

test('after a missed date the citizen is notified once, department and superiors repeatedly', () => {
  const late = sight('missed', 'late');
  expect(late.said.at(-1)).toContain('bildirilen zaman (15 Mart 2027) geçti');
  expect(late.letters.slice(2).sort()).toEqual(
    [roads, roadsChief].map(to => `Süre aşıldı (program tarihi) > ${to}`).sort(),
  );
  expect(late.found).toMatchObject({ CaseStage: 'planned', SlaState: 'breached', SlaBreached: true });
  const longLate = sight('missed', 'long late');
  expect(longLate.said).toEqual(late.said);
  expect(longLate.letters.slice(4).sort()).toEqual(
    [deputy, roadsChief].map(to => `Üst makama bildirim (program tarihi aşıldı) > ${to}`).sort(),
  );
});

test('late work still gets an outcome and a survey, and closes without an answer as missed', () => {
  const done = sight('missed', 'done');
  expect(done.said.at(-1)).toContain('Geçici yama yapıldı.');
  expect(done.found).toMatchObject({ CaseOutcome: 'partlyResolved', SlaState: 'missed' });
  const closed = sight('missed', 'closed');
  expect(closed.said.at(-1)).toContain('yanıtınızı bekliyoruz');
  expect(closed.progress).toMatchObject({ stage: 'closed', outcome: 'partlyResolved' });
});

test('impossible work is rejected with a reason', () => {
  const { said, progress, found } = sight('impossible', 'reminded');
  expect(said.at(-1)).toContain('Yol mülkiyeti davalık.');
  expect(progress).toMatchObject({ stage: 'rejected', outcome: 'rejected', programme: null });
  expect(found).toMatchObject({ CaseStage: 'rejected', CaseOutcome: 'rejected' });
});

test.each([
  ['untouched', 'Yeni bir tarih henüz belli değil'],
  ['scheduled', 'Planlanan çalışma günü: 10 Aralık 2026'],
  ['institution', 'İlgili kurumun işlemi bekleniyor: ASKİ Genel Müdürlüğü'],
] as const)(
  'when a target passes, the citizen hears it once with the reason or the new date (%s)',
  (name, why) => {
    const lateNews = (at: string): string[] =>
      sight(name, at).said.filter(text => text.includes('bildirilen tarihe kadar sonuçlandırılamadı'));
    expect(lateNews('late')).toEqual([expect.stringContaining(why)]);
    expect(lateNews('later')).toEqual(lateNews('late'));
  },
);
