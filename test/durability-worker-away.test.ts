import type { CaseFact } from '../src/domain/case/case-events';
import { SECOND_MS } from '../src/domain/durations';
import { startLine, type TestLine } from './support/line';
import { awaited } from './support/line/awaited';
import { stageOf, taskLink } from './support/line/cases-of-line';
import { parcelOf, textOf } from './support/line/delivery';
import { caseNumberIn, type Person } from './support/line/phones';
import { actOn, keepForm, sendForm, type TaskPage } from './support/line/task-page';
import { amount, noteFigure } from './support/proving';

const CASES = amount({ proof: 40, test: 10 });
/** Reminder, breach and two escalations of a target of one minute, a few seconds apart. */
const ladderShares = [0.9, 1, 1.05, 1.1];
/** The age of the reports on arrival, so that their deadlines are near. */
const AGE_MS = 30 * SECOND_MS;
const roads = 'fen.isleri@etimesgut.example';
const chief = 'fen.isleri.sorumlu@etimesgut.example';
const deputyMayor = 'baskan.yardimcisi.teknik@etimesgut.example';

let line: TestLine;
/** Cases that nobody accepts before the worker is killed. */
let waiting: string[];
let accepted: string;
/** A case that the department accepts while no worker can confirm it. */
let unconfirmed: string;
let attempt: { link: string; form: Record<string, string>; answer: TaskPage };
let laddersBefore: Rung[][];

beforeAll(async () => {
  line = await startLine('worker-away', {
    town: { targets: { acceptMinutes: 1, resolveMinutes: 480 }, ladderShares },
  });
  const sentAt = Date.now() - AGE_MS;
  const citizens = await Promise.all(Array.from({ length: CASES + 2 }, () => report(sentAt)));
  const numbers = await Promise.all(citizens.map(acknowledged));
  await Promise.all(numbers.map(number => line.phones.mailed(roads, number)));
  [accepted = '', unconfirmed = '', ...waiting] = numbers;
  await actOn(await taskLink(line, roads, accepted), 'accept');

  const link = await taskLink(line, roads, unconfirmed);
  const form = { ...(await keepForm(link, 'accept')), confirm: 'yes' };
  await line.worker.kill9();
  laddersBefore = await laddersOf(waiting);
  attempt = { link, form, answer: await sendForm(link, form) };
  const lastRung = sentAt + Math.max(...ladderShares) * 60 * SECOND_MS;
  await awaited('all deadlines to pass', () => Date.now() > lastRung + SECOND_MS, 90 * SECOND_MS);
  await line.worker.start();
  await awaited('the ladder of every case', async () =>
    (await laddersOf(waiting)).every(ladder => ladder.length === ladderShares.length),
  );
}, 240_000);
afterAll(() => line.stop());

async function report(sentAt: number): Promise<Person> {
  const citizen = await line.phones.newPerson();
  await line.phones.openWindow(citizen);
  await line.deliver(parcelOf(citizen, textOf('Süvari mahallesi 1234. sokakta çukur var'), sentAt).body);
  return citizen;
}

async function acknowledged(citizen: Person): Promise<string> {
  return caseNumberIn((await line.phones.hears(citizen, 'Bildiriminiz alındı')).text);
}

type Rung = Extract<CaseFact, { lateMs: number }>;

/** Returns the ladder steps in the history of each case. */
async function laddersOf(numbers: readonly string[]): Promise<Rung[][]> {
  return Promise.all(
    numbers.map(async number => {
      const revision = (await line.store.cases.get(number))?.progress?.revision ?? 0;
      const facts = await line.store.cases.facts(number, revision);
      return facts.filter((fact): fact is Rung => 'lateMs' in fact);
    }),
  );
}

describe('a worker that was down while deadlines passed', () => {
  it('was killed before the first of them', () => {
    expect(laddersBefore).toEqual(waiting.map(() => []));
  });

  it('takes every step once after its return, in order, and records the lateness', async () => {
    for (const ladder of await laddersOf(waiting)) {
      expect(ladder.map(({ type, level, to }) => `${type} ${level} ${to}`)).toEqual([
        'reminded 0 department',
        'breached 1 chief',
        'escalated 2 chief',
        'escalated 3 deputyMayor',
      ]);
      for (const { lateMs } of ladder) expect(lateMs).toBeGreaterThan(0);
    }
    noteFigure(CASES, 'cases: each of four steps once, in order');
  });

  it.each([
    ['the department its task, then the reminder', roads, ['Yeni görev', 'Süre azalıyor']],
    ['the chief the breach, then the escalation', chief, ['Süre aşıldı', 'Üst makama bildirim']],
    ['the deputy mayor the last escalation', deputyMayor, ['Üst makama bildirim']],
  ])('mails %s, once for each case', async (_, address, titles) => {
    for (const number of waiting) {
      const letters = await awaited(`the letters about ${number}`, async () => {
        const found = (await line.phones.mails(address)).filter(({ subject }) => subject.includes(number));
        return found.length >= titles.length && found;
      });
      expect(letters.map(({ subject }) => subject)).toEqual(
        titles.map(title => expect.stringContaining(title) as string),
      );
    }
  });

  it('does not affect a case that was accepted in time', async () => {
    expect(await laddersOf([accepted])).toEqual([[]]);
  });

  it('accepts an unconfirmed act when the same form is sent again', async () => {
    expect(attempt.answer.status).toBe(202);
    expect(attempt.answer.html).toContain('henüz kesinleşmedi');
    expect((await sendForm(attempt.link, attempt.form)).status).toBe(200);
    expect(await stageOf(line, unconfirmed)).toBe('accepted');
  });

  it('opens no case twice', async () => {
    expect(await line.store.cases.list({}, 100)).toHaveLength(CASES + 2);
  });
});
