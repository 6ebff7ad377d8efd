import { type LifeLine, startLifeLine } from './support/life-line';
import { stageOf, taskLink } from './support/line/cases-of-line';
import { caseNumberIn, type Person } from './support/line/phones';
import { pothole, roads } from './support/line/reported';
import { actOn, openTask } from './support/line/task-page';

jest.setTimeout(60_000);

/** Answers of a citizen days after the outcome. */
const answers = {
  thanks: { type: 'text', body: 'Çok teşekkürler yapıldı' },
  unhappy: { type: 'text', body: 'hala duruyor, sadece toprak atmışlar' },
} as const;

/** A pin in a different neighbourhood than the one named in the report. */
const elvan = { type: 'location', latitude: 39.9473, longitude: 32.6287 };

/** Answers of a citizen without words, a day after the question of the department. */
const silentAnswers = {
  photo: { type: 'image', sample: 'pothole' },
  voice: { type: 'voice' },
  document: { type: 'document', filename: 'apartman-karari.pdf' },
} as const;
const silent = Object.keys(silentAnswers) as (keyof typeof silentAnswers)[];

let line: LifeLine;

interface Life {
  person: Person;
  caseNumber: string;
  /** The messages to the citizen and the letters to the department and its superiors, by step. */
  said: Record<string, string[]>;
  letters: Record<string, string[]>;
  stages: Record<string, string | undefined>;
  attributes: Record<string, object>;
}
const lives = new Map<string, Life>();
const lifeOf = (name: string): Life => lives.get(name) as Life;

async function look(step: string): Promise<void> {
  const mails = await line.phones.mails();
  for (const life of lives.values()) {
    life.said[step] = (await line.phones.told(life.person)).map(({ text }) => text);
    life.letters[step] = mails
      .filter(({ subject }) => subject.includes(life.caseNumber))
      .map(({ subject, text }) => `${subject}\n${text}`);
    life.stages[step] = await stageOf(line, life.caseNumber);
    life.attributes[step] = await line.attributes(life.caseNumber);
  }
}

beforeAll(async () => {
  line = await startLifeLine('answers', '2026-11-25 10:00');
  for (const name of ['thanks', 'unhappy', 'tapped', 'pinned', ...silent]) {
    const person = await line.phones.newPerson();
    await line.write(person, { type: 'text', body: pothole });
    lives.set(name, { person, caseNumber: '', said: {}, letters: {}, stages: {}, attributes: {} });
  }
  await line.passBurst();
  const asked = ['pinned', ...silent].map(lifeOf);
  for (const life of lives.values()) {
    life.caseNumber = caseNumberIn((await line.phones.told(life.person)).at(-1)?.text ?? '');
    const link = await taskLink(line, roads, life.caseNumber);
    if (asked.includes(life)) await actOn(link, 'askCitizen', { words: 'Tam yeri neresi?' });
    else await actOn(link, 'resolve', { words: 'Çukur kapatıldı.' });
  }
  await line.until('2026-11-26 10:00');
  for (const name of silent) await line.write(lifeOf(name).person, silentAnswers[name]);
  await line.until('2026-11-26 10:30');
  await look('answered soon');
  await line.until('2026-11-27 10:00');
  await line.write(lifeOf('thanks').person, answers.thanks);
  await line.write(lifeOf('unhappy').person, answers.unhappy);
  await line.tap(lifeOf('tapped').person, 'Çözülmedi');
  await line.write(lifeOf('pinned').person, elvan);
  await line.until('2026-11-27 11:00');
  await look('answered');
  await line.tap(lifeOf('thanks').person, 'Geri al');
  await line.tap(lifeOf('unhappy').person, 'Geri al');
  await line.write(lifeOf('tapped').person, { type: 'text', body: 'toprak atıp gitmişler' });
  await line.write(lifeOf('tapped').person, { type: 'image', sample: 'pothole' });
  await line.until('2026-11-27 12:00');
  await look('undone');
  await line.tap(lifeOf('thanks').person, 'Çözülmedi');
  await line.until('2026-11-27 13:00');
  await look('answered again');
}, 240_000);
afterAll(() => line.stop());

describe('"Geri al" restores the case', () => {
  test.each([
    ['thanks', 'closed'],
    ['unhappy', 'assigned'],
  ] as const)('after %s, which was understood from words', (name, stage) => {
    const { said, stages } = lifeOf(name);
    expect(stages['answered']).toBe(stage);
    expect(stages['undone']).toBe('resolved');
    expect(said['undone']?.at(-1)).toContain('Yanıtınız geri alındı');
    expect(said['undone']?.at(-1)).toContain('Sorununuz çözüldü mü?');
  });

  test('and notifies the department only if it had the task again', () => {
    const undone = (name: string): number =>
      (lifeOf(name).letters['undone'] ?? []).filter(letter => letter.includes('yanıtını geri aldı')).length;
    expect([undone('thanks') > 0, undone('unhappy') > 0]).toEqual([false, true]);
  });

  test('so that the survey can be answered again', () => {
    const { said, stages } = lifeOf('thanks');
    expect(stages['answered again']).toBe('assigned');
    expect(said['answered again']?.join()).toContain('yeniden açıldı');
  });
});

test('after "Çözülmedi" the reasons are asked for, and are added to the case without another question', async () => {
  const { said, letters, caseNumber, person } = lifeOf('tapped');
  expect(said['answered']?.at(-1)).toContain('Neyin eksik kaldığını yazabilir');
  expect(said['undone']?.at(-1)).toBe(`Gönderiniz ${caseNumber} numaralı kaydınıza eklendi.`);
  expect(letters['undone']?.join()).toMatch(/Vatandaş ekleme yaptı[^]*toprak atıp gitmişler/);
  const cases = await line.store.cases.model.find({}).lean();
  expect(cases).toHaveLength(lives.size);
  expect(said['undone']?.join()).not.toContain('yeni bir bildirim mi');
  expect(person.id).not.toBe('');
});

test('a pin alone answers the question for the place, which is determined again', async () => {
  const { said, letters, stages, attributes, caseNumber } = lifeOf('pinned');
  expect(stages['answered']).toBe('assigned');
  expect(said['answered']?.at(-1)).toBe(`Gönderiniz ${caseNumber} numaralı kaydınıza eklendi.`);
  expect(letters['answered']?.join()).toMatch(
    /Vatandaş yanıt verdi[^]*Vatandaş sonradan konum gönderdi: Elvan Mahallesi\./,
  );
  const progress = (await line.store.cases.get(caseNumber))?.progress;
  expect(progress?.neighbourhood?.slug).toBe('elvan');
  expect(attributes['answered']).toMatchObject({ Neighbourhood: 'elvan', SlaState: 'onTrack' });
});

test.each([
  ['photo', /^image\//],
  ['voice', /^audio\/ogg/],
  ['document', /^application\/pdf/],
] as const)(
  'a %s alone, a day later, answers the question, and the department can open it',
  async (name, type) => {
    const { said, letters, stages, attributes, caseNumber } = lifeOf(name);
    expect(stages['answered soon']).toBe('assigned');
    expect(attributes['answered soon']).toMatchObject({ CaseStage: 'assigned', SlaState: 'onTrack' });
    expect(said['answered soon']?.slice(-1)).toEqual([
      `Gönderiniz ${caseNumber} numaralı kaydınıza eklendi.`,
    ]);
    expect(letters['answered soon']?.join()).toContain('Vatandaş yanıt verdi');
    const progress = (await line.store.cases.get(caseNumber))?.progress;
    const answer = await line.store.messages.get(progress?.messageIds.at(-1) ?? '');
    expect(answer).toMatchObject({ caseNumber, media: expect.anything() as unknown, words: null });
    const link = await taskLink(line, roads, caseNumber);
    const { html } = await openTask(link);
    const [, file = ''] = new RegExp(`href="([^"]*/${answer?.id}[^"]*)"`).exec(html) ?? [];
    const served = await fetch(new URL(file, link));
    expect([served.status, served.headers.get('content-type')]).toEqual([200, expect.stringMatching(type)]);
  },
);
