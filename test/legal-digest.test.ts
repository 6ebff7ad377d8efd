import { resolve } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { mailLegalDigest, planLegalDigest } from '../activities/scheduled-letters';
import { takeTurn } from '../src/domain/case/case-life';
import type { CaseEvent } from '../src/domain/case/case-events';
import type { Stage } from '../src/domain/case/case';
import type { TaskAct } from '../src/domain/case/acts';
import { lineSchedules, syncSchedules } from '../src/temporal/schedules';
import { DAY, HOUR, planAt } from './support/cases';
import { type LetterDesk, startLetterDesk } from './support/letter-desk';
import { freshTaskQueue, temporalAddress, temporalNamespace } from './support/services';
import { quietRuntime } from './support/time-skipping';
import { until } from './support/until';

jest.setTimeout(60_000);

/** Wednesday 25 November 2026, 08:45 in Istanbul. */
const morning = Date.parse('2026-11-25T08:45+03:00');
const office = ['ozel.kalem@etimesgut.example', 'baskan.yardimcisi@etimesgut.example'];

let desk: LetterDesk;
beforeAll(async () => {
  desk = await startLetterDesk('legal-digest');
});
afterEach(async () => {
  desk.box.mails.length = desk.box.atRecipient.length = 0;
  await desk.store.cases.model.deleteMany({});
  await desk.store.outbox.model.deleteMany({});
});
afterAll(() => desk.stop());

/** Opens a case whose limit of 30 days falls at a time. Returns its number. */
async function caseDue(legalBy: number, ...events: CaseEvent[]): Promise<string> {
  const { caseNumber } = await desk.openCase({ openedAt: legalBy - 30 * DAY });
  for (const event of events) {
    const progress = (await desk.store.cases.get(caseNumber))?.progress;
    if (!progress) throw new Error('no case');
    const { state, facts } = takeTurn({ ...progress, handled: [] }, event, legalBy - 29 * DAY);
    const { handled, ...after } = state;
    await desk.store.cases.write(after, facts);
  }
  return caseNumber;
}

function act(action: TaskAct['action'], over: Partial<TaskAct> = {}): CaseEvent {
  return { type: 'acted', act: { actionId: action, action, task: 1, ...over } };
}

/** Sends the letters of a day as the workflow does. */
async function send(at: number): Promise<void> {
  const { recipients } = await planLegalDigest(desk.deps)({ at });
  for (const recipient of recipients) await mailLegalDigest(desk.deps)({ at, recipient });
}

const institution = { slug: 'aski', name: 'ASKİ' };
const waits = [act('accept'), act('waitInstitution', { institution })];
const asked = [act('accept'), act('askCitizen')];
const plannedAhead = act('planAhead', { plannedFor: morning + 90 * DAY });
const follows = act('join', { leader: 'PK-0000-0001' });

describe('the daily letter about the legal limit', () => {
  it.each<[string, number, CaseEvent[], Stage, boolean]>([
    ['a case within five days of its limit', 5 * DAY, [], 'assigned', true],
    ['a case whose limit is late on the fifth day', 5 * DAY + 15 * HOUR, [], 'assigned', true],
    ['no case with six days left', 6 * DAY, [], 'assigned', false],
    ['a case past its limit', -3 * DAY, [], 'assigned', true],
    ['a case that waits for the citizen', DAY, asked, 'waitingCitizen', true],
    ['a case that waits for the citizen past its limit', -DAY, asked, 'waitingCitizen', true],
    ['a case on hold at an institution', DAY, waits, 'waitingInstitution', true],
    ['a case on hold at an institution past its limit', -DAY, waits, 'waitingInstitution', true],
    ['planned work before its limit', DAY, [plannedAhead], 'planned', true],
    [
      'no planned work past its limit: the promised date is an answer',
      -DAY,
      [plannedAhead],
      'planned',
      false,
    ],
    ['a follower before its limit', DAY, [follows], 'duplicate', true],
    ['no follower past its limit', -DAY, [follows], 'duplicate', false],
    ['no case with an outcome', DAY, [act('resolve')], 'resolved', false],
    [
      'no closed case',
      DAY,
      [act('resolve'), { type: 'feedback', messageId: 'm-2', answer: 'solved' }],
      'closed',
      false,
    ],
    ['no disputed outcome', DAY, [act('resolve'), { type: 'objected', messageId: 'm-2' }], 'objected', false],
    ['no rejected case', -DAY, [act('reject')], 'rejected', false],
    ['no case that an institution took over', DAY, [act('handOff', { institution })], 'handedOff', false],
    ['no withdrawn case', DAY, [{ type: 'withdrawn', messageId: 'm-2' }], 'withdrawn', false],
  ])('lists %s', async (_, left, events, stage, isListed) => {
    const caseNumber = await caseDue(morning + left, ...events);
    expect((await desk.store.cases.get(caseNumber))?.progress?.stage).toBe(stage);
    await send(morning);
    expect(desk.box.mails.flatMap(({ to }) => to)).toEqual(isListed ? office : []);
    for (const { text, html } of desk.box.mails) {
      expect(text).toContain(caseNumber);
      expect(html).toContain(caseNumber);
    }
  });

  it('goes to each manager once a day, the cases past their limit first, without links and words', async () => {
    const near = await caseDue(morning + 2 * DAY);
    const late = await caseDue(morning - DAY);
    const waiting = await caseDue(morning + DAY, ...waits);
    await send(morning);
    await send(morning + HOUR);
    expect(desk.box.mails.flatMap(({ to }) => to)).toEqual(office);
    const [{ subject, text = '', html } = { subject: '', html: '' }] = desk.box.mails;
    expect(subject).toBe('Yasal süresi yaklaşan kayıtlar: 3 (1 gecikmiş) · 25 Kasım 2026 Çarşamba');
    const places = [late, waiting, near].map(number => text.indexOf(number));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places[0]).toBeGreaterThan(0);
    expect(text).toContain('Fen İşleri Müdürlüğü · Kurum bekleniyor');
    expect(text).toContain('süre doldu: dün 08:45, 1 gün geçti');
    expect(`${text}${html}`).not.toMatch(/bildirim\.example\.org|1234\. sokak/);
  });

  it('reaches the other managers if one mailbox rejects it', async () => {
    await caseDue(morning + DAY);
    desk.box.atRecipient.push(550);
    const [first = '', second = ''] = (await planLegalDigest(desk.deps)({ at: morning })).recipients;
    await expect(mailLegalDigest(desk.deps)({ at: morning, recipient: first })).rejects.toThrow();
    await mailLegalDigest(desk.deps)({ at: morning, recipient: second });
    expect(desk.box.mails.at(-1)?.to).toEqual(office.slice(1));
  });

  it('lists every case, however many there are', async () => {
    const plan = planAt(morning - 29 * DAY);
    const { caseNumber } = await desk.openCase({ openedAt: morning - 29 * DAY });
    const record = await desk.store.cases.model.findById(caseNumber).lean<object>();
    const numbers = Array.from({ length: 60 }, (_, number) => `PK-TEST-${1000 + number}`);
    await desk.store.cases.model.collection.insertMany(
      numbers.map(number => ({ ...record, _id: number as never })),
    );
    await send(plan.legalBy - DAY);
    for (const number of numbers) expect(desk.box.mails[0]?.text).toContain(number);
  });
});

it('is sent every day by a Temporal Schedule, also at weekends', async () => {
  quietRuntime();
  const schedule = lineSchedules(desk.municipality).find(({ id }) => id === 'legal-digest');
  if (!schedule) throw new Error('no schedule');
  const noManagers = { ...desk.municipality, managers: { ...desk.municipality.managers, recipients: {} } };
  expect(lineSchedules(noManagers).map(({ id }) => id)).not.toContain('legal-digest');
  await caseDue(Date.now() + DAY);
  const taskQueue = freshTaskQueue('legal');
  const connection = await Connection.connect({ address: temporalAddress() });
  const native = await NativeConnection.connect({ address: temporalAddress() });
  const client = new Client({ connection, namespace: temporalNamespace });
  const worker = await Worker.create({
    connection: native,
    namespace: temporalNamespace,
    taskQueue,
    workflowsPath: resolve(__dirname, '../workflows/index.ts'),
    activities: {
      planLegalDigest: planLegalDigest(desk.deps),
      mailLegalDigest: mailLegalDigest(desk.deps),
    },
  });
  await syncSchedules(client, taskQueue, [{ ...schedule, id: taskQueue }]);
  const handle = client.schedule.getHandle(taskQueue);
  try {
    const days = (await handle.describe()).info.nextActionTimes.map(at => at.getTime());
    expect(days.length).toBeGreaterThan(7);
    expect(new Set(days.slice(1).map((day, place) => day - (days[place] ?? 0)))).toEqual(new Set([DAY]));
    expect(new Date(days[0] ?? 0).toISOString()).toContain('T05:45:00');
    await worker.runUntil(async () => {
      await handle.trigger();
      await until(() => desk.box.mails.length === office.length, 'the letters');
    });
    expect(desk.box.mails.flatMap(({ to }) => to).sort()).toEqual([...office].sort());
  } finally {
    await handle.delete();
    await native.close();
    await connection.close();
  }
});
