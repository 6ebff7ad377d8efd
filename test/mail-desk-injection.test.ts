import { mailWeeklyLetter } from '../activities/scheduled-letters';
import type { ManagerAction, TaskAction } from '../src/domain/case/acts';
import type { CaseFact, LetterKind } from '../src/domain/case/case-events';
import { plainText } from '../src/domain/plain-text';
import { DAY, HOUR } from './support/cases';
import { escaped, hostileWords, steeringWords } from './support/hostile-words';
import { startLetterDesk, type LetterDesk } from './support/letter-desk';

let desk: LetterDesk;
beforeAll(async () => {
  desk = await startLetterDesk('desk-injection');
});
beforeEach(() => {
  desk.box.mails.length = 0;
});
afterAll(() => desk.stop());

const ours = [
  ...['auto-submitted', 'content-type', 'date', 'from', 'in-reply-to', 'message-id', 'mime-version'],
  ...['references', 'subject', 'to', 'x-auto-response-suppress'],
];
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;
const at = Date.now();
const by = { at, actionId: 'set by the test', desk: 'fen-isleri' };

/** Letters that quote a colleague or a manager, with the act and the fact behind them. */
const quoting: [LetterKind, TaskAction | ManagerAction, CaseFact, task: number][] = [
  ['task', 'reroute', { ...by, type: 'rerouted', from: 'zabita', to: 'fen-isleri' }, 2],
  ['handOver', 'handOver', { ...by, type: 'handedOver' }, 1],
  ['replanned', 'setPriority', { ...by, type: 'prioritised', from: 'p3', to: 'p1' }, 1],
  ['corrected', 'correct', { ...by, type: 'corrected', place: { neighbourhood: null } }, 1],
  ['reopened', 'reopen', { ...by, type: 'takenBack' }, 1],
  ['holdEnded', 'waitInstitution', { ...by, type: 'paused', stage: 'waitingInstitution', until: null }, 1],
  ['citizenAnswered', 'askCitizen', { ...by, type: 'paused', stage: 'waitingCitizen', until: null }, 1],
];

/** Opens a case with an act that contains the given text. */
async function said(action: TaskAction | ManagerAction, fact: CaseFact, words: string) {
  const { caseNumber } = await desk.openCase();
  const actionId = `${caseNumber}-a`;
  await desk.store.tasks.addAction({
    ...{ actionId, caseNumber, task: 1, action, words, reason: null, department: null },
    ...{ role: 'manager', actor: words, at: new Date(), colleague: 'usta@etimesgut.example' },
  });
  const progress = (await desk.store.cases.get(caseNumber))?.progress;
  if (!progress) throw new Error('no case');
  await desk.store.cases.write({ ...progress, revision: progress.revision + 1 }, [
    { ...fact, actionId } as CaseFact,
  ]);
  return { caseNumber, actionId };
}

function oneMail() {
  expect(desk.box.mails).toHaveLength(1);
  const [mail] = desk.box.mails;
  if (!mail) throw new Error('no mail');
  return { ...mail, html: mail.html || '', text: mail.text ?? '', subject: mail.subject ?? '' };
}

describe.each(quoting)('the letter "%s" shows the text of %s unchanged', (letter, action, fact, task) => {
  it.each([...hostileWords, ...steeringWords])('with %s', async (_, words) => {
    const { caseNumber, actionId } = await said(action, fact, words);
    await desk.send(caseNumber, 1, { letter, task, actionId });
    const { headers, to, subject, html, text } = oneMail();
    expect([...headers.keys()].sort()).toEqual(ours);
    expect(to).toHaveLength(1);
    expect(subject.endsWith(` · ${caseNumber}`)).toBe(true);
    for (const line of plainText(words).split('\n')) {
      expect(html).toContain(escaped(line.trim()));
      expect(text).toContain(line.trim());
    }
    expect(html).not.toMatch(/<(script|img|svg|%)|autofocus onfocus="alert/);
    for (const part of [html, text, subject]) expect(part).not.toMatch(controls);
    expect(new Set(text.match(/\/t\/[\w.-]+/g)).size).toBe(1);
  });

  it('with ten kilobytes, truncated at the limit of a letter', async () => {
    const { caseNumber, actionId } = await said(action, fact, 'ş'.repeat(10_240));
    await desk.send(caseNumber, 1, { letter, task, actionId });
    const { text } = oneMail();
    expect(text).toContain(`${'ş'.repeat(4_000)}…`);
    expect(text).not.toContain('ş'.repeat(4_001));
  });
});

it('neither digest nor weekly letter contains text of people', async () => {
  const all = [...hostileWords, ...steeringWords].map(([, words]) => words);
  for (const words of all) {
    const place = { latitude: 39.9, longitude: 32.6, name: words, address: words };
    await desk.openCase({ messages: [{ words, place }], intake: { place }, desk: 'zabita' });
  }
  await desk.digest('zabita', Date.parse('2026-11-25T08:45+03:00'));
  expect(oneMail().text.match(/\* .* · PK-/g)).toHaveLength(all.length);
  const [recipient = ''] = Object.keys(desk.municipality.managers.recipients);
  await mailWeeklyLetter(desk.deps)({ from: Date.now() - 7 * DAY, to: Date.now() + HOUR, recipient });
  expect(desk.box.mails).toHaveLength(2);
  for (const { headers, html, text = '', subject = '' } of desk.box.mails) {
    expect([...headers.keys()].filter(name => !ours.includes(name))).toEqual([]);
    for (const part of [html || '', text, subject]) {
      for (const words of all) {
        expect(part).not.toContain(plainText(words));
        expect(part).not.toContain(escaped(plainText(words)));
      }
      expect(part).not.toMatch(controls);
    }
  }
});
