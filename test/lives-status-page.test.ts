import { departmentOf } from '../src/config/offices';
import type { CaseProgress } from '../src/domain/case/case';
import { sampleFile } from '../src/local/phone/samples';
import { type LifeLine, startLifeLine } from './support/life-line';
import { taskLink } from './support/line/cases-of-line';
import { caseNumberIn, type Person } from './support/line/phones';
import { pothole, roads } from './support/line/reported';
import { sendStatusForm, statusPageIn } from './support/line/status-page';
import { actOn } from './support/line/task-page';
import { municipality } from './support/town-case';

jest.setTimeout(60_000);

const { chief } = departmentOf(municipality, 'fen-isleri');
const names = ['objects', 'replies', 'adds', 'confirms', 'unhappy', 'rates'] as const;
type Name = (typeof names)[number];

let line: LifeLine;

interface Life {
  person: Person;
  caseNumber: string;
  /** The URL of the status page, from the receipt. */
  page: string;
}
const lives = {} as Record<Name, Life>;

/** What a step brought: new messages, new letters, the record and the search attributes. */
interface Step {
  said: string[];
  letters: { to: string; state: string | undefined; text: string }[];
  progress: CaseProgress;
  found: Record<string, unknown>;
}
const steps = new Map<string, Step>();
const seen = new Map<string, { said: number; letters: number }>();

async function look(name: Name, step: string): Promise<void> {
  const { person, caseNumber } = lives[name];
  const before = seen.get(name) ?? { said: 0, letters: 0 };
  const said = (await line.phones.told(person)).map(({ text }) => text);
  const letters = (await line.phones.mails()).filter(({ subject }) => subject.includes(caseNumber));
  const progress = (await line.store.cases.get(caseNumber))?.progress;
  if (!progress) throw new Error('the case has no record');
  steps.set(`${name} ${step}`, {
    said: said.slice(before.said),
    letters: letters
      .slice(before.letters)
      .map(({ to, subject, text }) => ({ to: to.join(), state: subject.split(' · ')[1], text })),
    progress,
    found: await line.attributes(caseNumber),
  });
  seen.set(name, { said: said.length, letters: letters.length });
}

function step(name: Name, at: string): Step {
  const found = steps.get(`${name} ${at}`);
  if (!found) throw new Error(`not looked at: ${name} ${at}`);
  return found;
}

const send = (name: Name, ...form: [act: string, fields: Record<string, string>, photo?: Buffer]) =>
  sendStatusForm(lives[name].page, ...form);

beforeAll(async () => {
  const { bytes: jpeg } = await sampleFile('pothole');
  line = await startLifeLine('status-page', '2026-11-25 10:00');
  for (const name of names) {
    const person = await line.phones.newPerson();
    await line.write(person, { type: 'text', body: pothole });
    lives[name] = { person, caseNumber: '', page: '' };
  }
  await line.passBurst();
  const acts: Record<Name, [action: string, fields: Record<string, string>] | null> = {
    objects: ['reject', { reason: 'not-found', words: 'Yerinde görülmedi.' }],
    replies: ['askCitizen', { words: 'Hangi binanın önü?' }],
    adds: null,
    confirms: ['resolve', { words: 'Yamandı.' }],
    unhappy: ['resolve', { words: 'Yamandı.' }],
    rates: ['resolve', { words: 'Yamandı.' }],
  };
  for (const name of names) {
    const life = lives[name];
    const receipt = (await line.phones.told(life.person)).at(-1);
    life.caseNumber = caseNumberIn(receipt?.text ?? '');
    life.page = statusPageIn(receipt);
    const given = acts[name];
    if (given) await actOn(await taskLink(line, roads, life.caseNumber), ...given);
  }
  await line.until('2026-11-25 13:00');
  for (const name of names) await look(name, 'before');

  await send('objects', 'object', { words: 'Çukur <b>tam</b> köşede.' });
  await send('replies', 'add', { words: 'Gül apartmanının önü.' }, jpeg);
  await send('adds', 'add', { words: 'Gece hiç görünmüyor.' });
  await send('confirms', 'survey', { answer: 'solved' });
  await send('unhappy', 'survey', { answer: 'unsolved' });
  await line.tap(lives.rates.person, 'Çözüldü');
  await line.until('2026-11-25 13:30');
  for (const name of names) await look(name, 'sent');

  await actOn(await taskLink(line, chief.address, lives.objects.caseNumber), 'reopen', {
    words: 'Ekip yeniden bakacak.',
  });
  await send('confirms', 'rate', { rating: '1' });
  await line.tap(lives.rates.person, '2 – Kötü');
  await line.until('2026-11-25 14:00');
  for (const name of ['objects', 'confirms', 'rates'] as const) await look(name, 'next');

  await send('confirms', 'add', { words: 'Üç hafta beklettiniz.' });
  await line.write(lives.rates.person, { type: 'text', body: 'iki hafta beklettiniz o yüzden' });
  await line.until('2026-11-25 14:30');
  for (const name of ['confirms', 'rates'] as const) await look(name, 'explained');
}, 240_000);
afterAll(() => line.stop());

const states = (name: Name, at: string) => step(name, at).letters.map(({ to, state }) => `${state} > ${to}`);

test('an objection goes to the chief with its reasons, and the decision to both sides', () => {
  const { said, letters, progress, found } = step('objects', 'sent');
  expect(said).toHaveLength(1);
  expect(said[0]).toContain('sonucuna itirazınız alındı.');
  expect(states('objects', 'sent').sort()).toEqual(
    [`İtiraz: kararınız bekleniyor > ${chief.address}`, `Sonuca itiraz edildi > ${roads}`].sort(),
  );
  expect(letters.find(({ to }) => to === chief.address)?.text).toContain('Çukur <b>tam</b> köşede.');
  expect(progress).toMatchObject({ stage: 'objected', outcome: 'rejected', objectionCount: 1 });
  expect(found).toMatchObject({ CaseStage: 'objected', CaseOutcome: 'rejected', ObjectionCount: 1 });

  const decided = step('objects', 'next');
  expect(decided.said).toHaveLength(1);
  expect(decided.said[0]).toMatch(/İtirazınız kabul edildi[^]*Ekip yeniden bakacak\./);
  expect(decided.letters.map(({ state }) => state)).toEqual(['Yeniden açıldı', 'Yeniden açıldı']);
  expect(decided.progress).toMatchObject({ stage: 'assigned', outcome: null, reopenCount: 1 });
  expect(decided.found).toMatchObject({ CaseStage: 'assigned', ReopenCount: 1, SlaState: 'onTrack' });
});

test('an answer with a photo ends the wait, and the department gets it', () => {
  expect(step('replies', 'before').progress.stage).toBe('waitingCitizen');
  const { letters, progress, found } = step('replies', 'sent');
  expect(states('replies', 'sent')).toEqual([`Vatandaş yanıt verdi > ${roads}`]);
  expect(letters[0]?.text).toContain('Gül apartmanının önü.');
  expect(progress).toMatchObject({ stage: 'assigned', pauses: [expect.anything()] });
  expect(progress.messageIds).toHaveLength(2);
  expect(found).toMatchObject({ CaseStage: 'assigned', SlaState: 'onTrack' });
});

test('an addition reaches the department and stops no clock', () => {
  expect(states('adds', 'sent')).toEqual([`Vatandaş ekleme yaptı > ${roads}`]);
  expect(step('adds', 'sent').letters[0]?.text).toContain('Gece hiç görünmüyor.');
  expect(step('adds', 'sent').progress).toMatchObject({ stage: 'assigned', pauses: [] });
});

// The page confirms what it took. A chat message would say the same again, would cost money, and outside the
// window it would be a template to someone who may have blocked the number.
test.each(['replies', 'adds'] as const)('the chat stays silent after the form of "%s"', name => {
  expect(step(name, 'sent').said).toEqual([]);
});

test('"Çözüldü" and "Çözülmedi" have the effect of the buttons, and one message each', () => {
  const [solved, unsolved] = [step('confirms', 'sent'), step('unhappy', 'sent')];
  expect(solved.progress).toMatchObject({ stage: 'closed', feedback: 'solved' });
  expect(solved.said).toEqual([
    expect.stringContaining('Dilerseniz hizmetimizi listeden puanlayabilirsiniz'),
  ]);
  expect(solved.letters).toEqual([]);
  expect(unsolved.progress).toMatchObject({ stage: 'assigned', reopenCount: 1 });
  expect(unsolved.said).toEqual([expect.stringContaining('Neyin eksik kaldığını yazabilir')]);
  expect(unsolved.letters.map(({ state }) => state)).toEqual(['Yeniden açıldı', 'Yeniden açıldı']);
});

describe('after one or two stars the reasons are asked for, and are added to the closed case', () => {
  test.each([
    ['on the page', 'confirms', [], 'Üç hafta beklettiniz.', []],
    [
      'in the chat',
      'rates',
      ['Neyin eksik kaldığını yazabilir'],
      'iki hafta beklettiniz o yüzden',
      ['numaralı kaydınıza eklendi.'],
    ],
  ] as const)('%s', async (_, name, asked, words, said) => {
    const parts = (texts: readonly string[]): string[] =>
      texts.map(text => expect.stringContaining(text) as string);
    expect(step(name, 'next').said).toEqual(parts(asked));
    const { letters, progress, found, ...explained } = step(name, 'explained');
    expect(explained.said).toEqual(parts(said));
    expect(states(name, 'explained')).toEqual([`Düşük puanın nedeni > ${roads}`]);
    expect(letters[0]?.text).toContain(words);
    expect(progress).toMatchObject({ stage: 'closed', outcome: 'resolved', feedback: 'solved' });
    expect(progress.messageIds).toHaveLength(2);
    expect(found).toMatchObject({ CaseStage: 'closed', CaseOutcome: 'resolved' });
    const page = await (await fetch(lives[name].page)).text();
    expect(page).toContain(words);
    expect(page).toContain('Neyin eksik kaldığını yazın');
    const { status } = await line.handle(lives[name].caseNumber).describe();
    expect(status.name).toBe('COMPLETED');
  });

  test('without another case', async () => {
    expect(await line.store.cases.model.countDocuments({})).toBe(names.length);
  });
});
