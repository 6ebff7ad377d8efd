import { conversationWorkflowId } from '../src/domain/identifiers';
import { createSpeechClient } from '../src/whatsapp/speech-client';
import { type LifeLine, startLifeLine } from './support/life-line';
import { awaited } from './support/line/awaited';
import { casesOf, citizenIdOf, taskLink } from './support/line/cases-of-line';
import { caseNumberIn, type Person } from './support/line/phones';
import { pothole, roads } from './support/line/reported';
import { actOn, openTask } from './support/line/task-page';
import { type SpeechServer, startSpeechServer } from './support/speech-server';

jest.setTimeout(60_000);

const triage = 'bildirim.masasi@etimesgut.example';
const names = [
  'right',
  'inWords',
  'wrong',
  'wrongAndSilent',
  'unanswered',
  'danger',
  'down',
  'empty',
  'replies',
] as const;
type Name = (typeof names)[number];

let speech: SpeechServer;
let line: LifeLine;
const people = {} as Record<Name, Person>;
/** What the citizen was told in each step, and the titles of its buttons. */
const said = new Map<string, { text: string; titles: string[] }[]>();
const counted = new Map<Name, number>();

async function look(name: Name, step: string): Promise<void> {
  const told = (await line.phones.told(people[name])).map(({ text, replies }) => ({
    text,
    titles: replies.map(({ title }) => title),
  }));
  said.set(`${name} ${step}`, told.slice(counted.get(name) ?? 0));
  counted.set(name, told.length);
}

/** Sends a voice note that the speech server understands as `text`, and waits until the line has it. */
async function speak(name: Name, text: string): Promise<void> {
  const before = speech.requests.length;
  speech.texts.push(text);
  await line.write(people[name], { type: 'voice', sample: 'voice' });
  await awaited('the transcript', async () => speech.requests.length > before && speech.texts.length === 0);
}

const caseOf = async (name: Name): Promise<string> => (await casesOf(line, people[name]))[0] ?? '';
const lettersOf = async (about: string): Promise<string[]> =>
  (await line.phones.mails())
    .filter(({ subject, text }) => subject.includes(about) || text.includes(about))
    .map(({ to, subject, text }) => `${to.join()}\n${subject}\n${text}`);
const heard = (name: Name, step: string) => said.get(`${name} ${step}`) ?? [];
const textOf = (name: Name, step: string): string =>
  heard(name, step)
    .map(({ text }) => text)
    .join('\n---\n');

const spoken = 'Süvari mahallesi 1234. sokakta çukur var, arabalar zarar görüyor';

beforeAll(async () => {
  speech = await startSpeechServer();
  line = await startLifeLine('voice-notes', '2026-11-25 10:00', {
    speech: createSpeechClient({
      ...{ url: speech.url, model: 'whisper-1', apiKey: undefined, limitMs: 5_000, longest: 2_000 },
    }),
  });
  for (const name of names) people[name] = await line.phones.newPerson();
  await line.write(people.replies, { type: 'text', body: pothole });
  await line.passBurst();
  await look('replies', 'opened');
  const asking = caseNumberIn(textOf('replies', 'opened'));
  await actOn(await taskLink(line, roads, asking), 'askCitizen', { words: 'Tam yeri neresi?' });

  speech.faults.push({ status: 429, headers: { 'retry-after': '1' } });
  for (const name of ['right', 'inWords', 'wrong', 'wrongAndSilent', 'unanswered'] as const)
    await speak(name, spoken);
  await speak('danger', 'Apartmanda yangın çıktı, yardım edin');
  await speak('empty', '');
  await speak('replies', 'Gül apartmanının önü');
  speech.faults.push({ status: 503 }, { status: 401 });
  await line.write(people.down, { type: 'voice', sample: 'voice' });
  await line.until('2026-11-25 10:15');
  for (const name of names) await look(name, 'asked');

  await line.tap(people.right, 'Doğru');
  await line.write(people.inWords, { type: 'text', body: 'evet doğru' });
  await line.tap(people.wrong, 'Yanlış');
  await line.tap(people.wrongAndSilent, 'Yanlış');
  await line.tap(people.replies, 'Doğru');
  await line.until('2026-11-25 10:20');
  for (const name of names) await look(name, 'judged');

  await line.tap(people.right, heard('right', 'judged')[0]?.titles[0] ?? '');
  await line.write(people.wrong, { type: 'text', body: spoken });
  await line.until('2026-11-25 10:25');
  for (const name of names) await look(name, 'chosen');
  await line.until('2026-11-25 12:00');
  for (const name of names) await look(name, 'later');
}, 240_000);
afterAll(async () => {
  await line.stop();
  await speech.stop();
});

test('what was understood is returned with two buttons, before anything is decided', () => {
  // The first attempt met 429.
  expect(speech.requests.length).toBe(11);
  const [question, ...others] = heard('right', 'asked');
  expect(question?.text).toContain(`“${spoken}”`);
  expect(question?.titles).toEqual(['Doğru', 'Yanlış']);
  expect(others).toEqual([]);
});

test.each(['right', 'inWords'] as const)(
  '"Doğru" (%s) leads to the question for the subject, which is never sure',
  name => {
    expect(heard(name, 'judged')).toEqual([
      {
        text: expect.stringContaining('Yol çukuru') as string,
        titles: ['Evet, yol çukuru', 'Başka bir konu'],
      },
    ]);
  },
);

test('the transcript is marked in the letter, on the task page and on the status page', async () => {
  const caseNumber = await caseOf('right');
  expect(textOf('right', 'chosen')).toContain(caseNumber);
  const [letter] = await lettersOf(caseNumber);
  expect(letter).toContain(roads);
  expect(letter).toContain(`Otomatik yazıya döküldü: ${spoken}`);
  const { html } = await openTask(await taskLink(line, roads, caseNumber));
  expect(html).toContain(spoken);
  expect(html).toContain('Otomatik yazıya döküldü; vatandaş onayladı.');
  expect(html).toContain('<audio controls');
  const receipt = (await line.phones.told(people.right)).at(-1);
  const page = /https?:\/\/[^"\s]+\/s\/[\w.-]+/.exec(JSON.stringify(receipt?.content))?.[0] ?? '';
  expect(await (await fetch(page)).text()).toContain(`Otomatik yazıya döküldü: ${spoken}`);
});

test('after "Yanlış" the written words are the report, and the recording belongs to it', async () => {
  expect(textOf('wrong', 'judged')).toMatch(/yazar mısınız\?[^]*Yazmazsanız ses kaydınız/);
  const caseNumber = await caseOf('wrong');
  expect(textOf('wrong', 'chosen')).toContain(`Kayıt no: ${caseNumber}`);
  const progress = (await line.store.cases.get(caseNumber))?.progress;
  expect(progress?.plan.desk.slug).toBe('fen-isleri');
  const messages = await line.store.messages.several(progress?.messageIds ?? []);
  expect(messages.map(({ words, transcript }) => [words, transcript ?? null])).toEqual([
    [null, 'refused'],
    [spoken, null],
  ]);
  const { html } = await openTask(await taskLink(line, roads, caseNumber));
  expect(html).toContain('lütfen kaydı dinleyiniz.');
});

test('after "Yanlış" and silence the recording goes to the desk that reads reports', async () => {
  const caseNumber = await caseOf('wrongAndSilent');
  const record = await line.store.cases.get(caseNumber);
  expect(record?.progress).toMatchObject({ stage: 'triage', category: { slug: 'other' } });
  const [messageId = ''] = record?.progress?.messageIds ?? [];
  expect(await line.store.attachments.get(messageId)).toMatchObject({ kind: 'audio', caseNumber });
});

test('a report that nobody confirms is not lost, and is marked as unconfirmed', async () => {
  const caseNumber = await caseOf('unanswered');
  const record = await line.store.cases.get(caseNumber);
  expect(record?.progress).toMatchObject({ stage: 'triage', category: { slug: 'pothole' } });
  const { html } = await openTask(await taskLink(line, triageOf(await lettersOf(caseNumber)), caseNumber));
  expect(html).toContain('Otomatik yazıya döküldü; vatandaş onaylamadı.');
});

const triageOf = (letters: readonly string[]): string => letters[0]?.split('\n')[0] ?? triage;

test('danger in a transcript is answered with 112 before any confirmation, and the desk is told', async () => {
  expect(textOf('danger', 'asked')).toContain('112');
  expect(heard('danger', 'asked').flatMap(({ titles }) => titles)).toEqual([]);
  expect(await casesOf(line, people.danger)).toEqual([]);
  const [letter] = await lettersOf('yangın çıktı');
  expect(letter).toContain('Otomatik yazıya döküldü: Apartmanda yangın çıktı');
});

test.each(['down', 'empty'] as const)('without words (%s) a voice note is handled as a recording', name => {
  expect(textOf(name, 'asked')).toContain('ses kaydı');
  expect(heard(name, 'asked').flatMap(({ titles }) => titles)).toEqual([]);
});

test('a confirmed answer ends the wait of its case', async () => {
  const [caseNumber = '', ...others] = await casesOf(line, people.replies);
  expect(others).toEqual([]);
  expect((await line.store.cases.get(caseNumber))?.progress?.stage).toBe('assigned');
  expect((await lettersOf(caseNumber)).join()).toMatch(
    /Vatandaş yanıt verdi[^]*Otomatik yazıya döküldü: Gül apartmanının önü/,
  );
});

test('no history contains a transcript', async () => {
  const citizenId = await citizenIdOf(line, people.right);
  for (const workflowId of [conversationWorkflowId(citizenId ?? ''), await caseOf('right')]) {
    const history = await line.handle(workflowId).fetchHistory();
    const text = JSON.stringify(history, (_key, value: unknown) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : value,
    );
    expect(text).not.toContain('arabalar');
  }
});
