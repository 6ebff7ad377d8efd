import type { CaseProgress } from '../src/domain/case/case';
import type { CaseFact } from '../src/domain/case/case-events';
import type { Mail } from '../src/local/mailbox/mails';
import { linesOf, townReport } from '../src/reports/report';
import { type LifeLine, startLifeLine } from './support/life-line';
import { awaited } from './support/line/awaited';
import { taskLink } from './support/line/cases-of-line';
import { caseNumberIn, type Person } from './support/line/phones';
import { pothole, roads } from './support/line/reported';
import { actOn, openTask } from './support/line/task-page';
import { bounceMail } from './support/mails';
import { storiesOf } from './support/whole-records';
import { at, municipality } from './support/town-case';

jest.setTimeout(60_000);

const desk = 'bildirim.masasi@etimesgut.example';
const chief = 'bildirim.masasi.sorumlu@etimesgut.example';
const operator = 'bildirim.hatti@etimesgut.example';
const name = 'Zekiye Öztürkoğlu';

let line: LifeLine;

interface Life {
  person: Person;
  caseNumber: string;
}
const lives = new Map<string, Life>();
const names = ['reached', 'unreached', 'silent', 'wrong', 'noTemplate', 'bounced'] as const;
type Name = (typeof names)[number];
const lifeOf = (life: Name): Life => lives.get(life) as Life;

const lettersOf = async (life: Name): Promise<Mail[]> =>
  (await line.phones.mails(desk)).filter(({ subject }) => subject.includes(lifeOf(life).caseNumber));

/** Waits for the letter that asks the desk to call, for the given time. Returns the link to its page. */
async function asked(life: Name, attempt: number): Promise<string> {
  const letters = await awaited(`letter ${attempt} about ${life}`, async () => {
    const found = await lettersOf(life);
    return found.length >= attempt && found;
  });
  return letters[attempt - 1]?.links.find(url => url.startsWith(`${line.baseUrl}/c/`)) ?? '';
}

async function call(link: string, result: string, words = ''): Promise<string> {
  const { html } = await openTask(link);
  const hidden = Object.fromEntries(
    [...html.matchAll(/name="(nonce|seen)" value="([^"]*)"/g)].map(([, field = '', value = '']) => [
      field,
      value,
    ]),
  );
  const body = new URLSearchParams({ ...hidden, result, words });
  return (await fetch(link, { method: 'POST', body })).text();
}

const progressOf = async (life: Name): Promise<CaseProgress> => {
  const progress = (await line.store.cases.get(lifeOf(life).caseNumber))?.progress;
  if (!progress) throw new Error('the case has no record');
  return progress;
};
async function calledFacts(life: Name): Promise<string[]> {
  const { caseNumber, revision } = await progressOf(life);
  const facts: CaseFact[] = await line.store.cases.facts(caseNumber, revision);
  return facts.flatMap(fact => (fact.type === 'called' ? [`${fact.step} ${fact.attempt}`] : []));
}
const recorded = (life: Name, step: string): Promise<true> =>
  awaited(`the record of ${life}`, async () => (await progressOf(life)).call?.step === step);

const pages: Partial<Record<'open' | 'done' | 'task' | 'bounced', string>> = {};

beforeAll(async () => {
  line = await startLifeLine('calls', '2026-11-25 10:00');
  for (const life of names) {
    const person = await line.phones.newPerson({ name });
    await line.write(person, { type: 'text', body: pothole });
    lives.set(life, { person, caseNumber: '' });
  }
  await line.passBurst();
  for (const [life, { person }] of lives) {
    const { text } = await line.phones.hears(person, 'Bildiriminiz alındı');
    lives.set(life, { person, caseNumber: caseNumberIn(text) });
    if (life !== 'noTemplate') {
      await line.phones.control('PATCH', `/citizens/${person.id}`, { hasAccount: false });
      continue;
    }
    // The citizen wrote too long ago, and Meta has paused the templates.
    await line.phones.control('POST', `/citizens/${person.id}/window`, { open: false });
    const paused = { kind: 'graph-error', code: 132015, count: 1_000, citizenId: person.id };
    await line.phones.control('POST', '/faults', paused);
  }
  for (const life of names) {
    const words = 'Yerinde bakıldı, çukur kapatıldı.';
    const act = life === 'reached' ? 'resolve' : 'reject';
    const fields = act === 'reject' ? { reason: 'not-found', words } : { words };
    await actOn(await taskLink(line, roads, lifeOf(life).caseNumber), act, fields);
    await asked(life, 1);
    await recorded(life, 'asked');
  }
  const reachedLink = await asked('reached', 1);
  pages.open = (await openTask(reachedLink)).html;
  pages.done = await call(reachedLink, 'reached', 'Teşekkür etti.');
  await recorded('reached', 'reached');
  await call(await asked('noTemplate', 1), 'reached');
  await recorded('noTemplate', 'reached');
  await call(await asked('wrong', 1), 'wrongNumber');
  await recorded('wrong', 'wrongNumber');
  const [letter] = await lettersOf('bounced');
  await line.takeMail(bounceMail({ address: desk, messageId: letter?.messageId ?? '' }));
  const fallback = await line.phones.mailed(chief, lifeOf('bounced').caseNumber);
  await recorded('bounced', 'returned');
  await call(fallback.links.find(url => url.startsWith(`${line.baseUrl}/c/`)) ?? '', 'reached');
  await recorded('bounced', 'reached');
  await call(await asked('unreached', 1), 'notReached', 'Meşguldü.');
  await recorded('unreached', 'notReached');
  for (const [attempt, moment] of [
    [2, '2026-11-25 15:30'],
    [3, '2026-11-26 10:40'],
  ] as const) {
    await line.until(moment);
    const link = await asked('unreached', attempt);
    await asked('silent', attempt);
    await recorded('unreached', 'asked');
    await call(link, 'notReached');
    await recorded('unreached', attempt === 3 ? 'unreached' : 'notReached');
  }
  await line.until('2026-11-27 12:00');
  await recorded('silent', 'unanswered');
  pages.bounced = (await openTask(await taskLink(line, roads, lifeOf('bounced').caseNumber))).html;
  pages.task = (await openTask(await taskLink(line, roads, lifeOf('reached').caseNumber))).html;
}, 300_000);
afterAll(() => line.stop());

test('the desk is asked by a letter that contains neither name nor number, and the operator is not', async () => {
  const letters = await lettersOf('reached');
  expect(letters.map(({ subject }) => subject.split(' · ')[0])).toEqual(['Lütfen arayınız']);
  for (const { subject, text, html } of letters) {
    const all = `${subject}\n${text}\n${html}`;
    for (const secret of [name, lifeOf('reached').person.phone, 'çukur kapatıldı']) {
      expect(all).not.toContain(secret);
    }
  }
  expect(await line.phones.mails(operator)).toEqual([]);
});

test('the page shows whom to phone and the outcome, and only the end afterwards', () => {
  const { phone } = lifeOf('reached').person;
  expect(pages.open).toContain(`tel:+${phone}`);
  expect(pages.open).toContain(name);
  expect(pages.open).toContain('çukur kapatıldı');
  expect(pages.done).toContain('Metin vatandaşa okunmuş sayıldı');
  for (const secret of [phone, name, 'çukur kapatıldı']) expect(pages.done).not.toContain(secret);
});

test('a citizen who was reached has been told', async () => {
  expect(await calledFacts('reached')).toEqual(['asked 1', 'reached 1']);
  expect(await progressOf('reached')).toMatchObject({ stage: 'resolved', call: { step: 'reached' } });
  expect(await line.attributes(lifeOf('reached').caseNumber)).toMatchObject({ CitizenCall: 'reached' });
});

test('a citizen without an open window is called if Meta refuses the templates', async () => {
  expect(await calledFacts('noTemplate')).toEqual(['asked 1', 'reached 1']);
  expect(await progressOf('noTemplate')).toMatchObject({ stage: 'rejected', call: { step: 'reached' } });
});

test('the desk is asked again after its working time, until the tries are used up', async () => {
  expect(await calledFacts('unreached')).toEqual([
    ...['asked 1', 'notReached 1', 'asked 2', 'notReached 2', 'asked 3', 'unreached 3'],
  ]);
  expect(await lettersOf('unreached')).toHaveLength(3);
  const { caseNumber } = lifeOf('unreached');
  expect(await progressOf('unreached')).toMatchObject({ stage: 'rejected', outcome: 'rejected' });
  expect(await line.attributes(caseNumber)).toMatchObject({
    CaseStage: 'rejected',
    CitizenCall: 'unreached',
  });
});

test('a desk that never reports is asked as often, and the case says so', async () => {
  expect(await calledFacts('silent')).toEqual(['asked 1', 'asked 2', 'asked 3', 'unanswered 3']);
  expect(await lettersOf('silent')).toHaveLength(3);
});

test('after a wrong number nobody calls and nothing is sent, until the citizen writes again', async () => {
  const { person, caseNumber } = lifeOf('wrong');
  expect(await calledFacts('wrong')).toEqual(['asked 1', 'wrongNumber 1']);
  expect(await lettersOf('wrong')).toHaveLength(1);
  const citizen = await line.store.citizens.get((await progressOf('wrong')).citizenId);
  expect(citizen?.numberWrongAt).toBeInstanceOf(Date);
  await line.phones.control('PATCH', `/citizens/${person.id}`, { hasAccount: true });
  await line.write(person, { type: 'text', body: `${caseNumber} durum` });
  await line.passBurst();
  expect((await line.phones.told(person)).at(-1)?.text).toContain(caseNumber);
});

test('a letter to the desk that came back goes to its fallback, and the case says so', async () => {
  expect(await calledFacts('bounced')).toEqual(['asked 1', 'returned 1', 'reached 1']);
  expect(await lettersOf('bounced')).toHaveLength(1);
  expect(pages.bounced).toContain('arama isteği geri döndü');
});

test('calls are counted in the reports', async () => {
  const period = { from: at('2026-11-25 00:00'), to: at('2026-11-28 00:00') };
  const stories = await storiesOf(line.store);
  const { town, departments } = townReport(
    municipality,
    period,
    linesOf({ municipality, closures: [] }, stories),
  );
  const counted = { asked: 6, reached: 3, unreached: 2, wrongNumber: 1, arrived: 0, waiting: 0 };
  expect(town.calls).toEqual(counted);
  expect(departments.find(({ slug }) => slug === 'fen-isleri')?.figures.calls).toEqual(counted);
});

test('no workflow holds the name, the number or a text', async () => {
  for (const life of names) {
    const { caseNumber, person } = lifeOf(life);
    const { events } = await line.handle(`call-${caseNumber}`).fetchHistory();
    const history = Buffer.from(JSON.stringify(events ?? [])).toString();
    const decoded = history.replace(/"data":"([^"]+)"/g, (_, data: string) =>
      Buffer.from(data, 'base64').toString(),
    );
    for (const secret of [name, person.phone, 'Meşguldü', 'Teşekkür etti'])
      expect(decoded).not.toContain(secret);
  }
});
