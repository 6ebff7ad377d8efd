import { randomUUID } from 'node:crypto';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { CaseActivities } from '../workflows/contract';
import type { CaseState } from '../src/domain/case/case';
import type { TaskAct, TaskAction } from '../src/domain/case/acts';
import type { CaseFact } from '../src/domain/case/case-events';
import { reportCase } from '../workflows';
import { act, citizenAdded, feedback, toWire, view } from '../workflows/messages';
import { DAY, HOUR, MINUTE, opening, planAt } from './support/cases';
import { settled, toItsEnd } from './support/settled';
import { until } from './support/until';
import { builtWorkflows, createWorker, timeSkipping } from './support/time-skipping';

let env: TestWorkflowEnvironment;
const bundle = builtWorkflows();

beforeAll(async () => {
  env = await timeSkipping();
}, 120_000);

afterAll(() => env.teardown());

/** The environment of one case: its messages and its record. */
function world(start: number) {
  const said: { what: string; after: number }[] = [];
  const facts: CaseFact[] = [];
  let progress: unknown;
  const say = async (what: string): Promise<void> => {
    said.push({ what, after: Math.round(((await env.currentTimeMs()) - start) / MINUTE) });
  };
  const activities: CaseActivities = {
    planTask: async ({ department, from }) => planAt(from, department),
    recordCase: async input => {
      facts.push(...input.facts);
      progress = input.progress;
    },
    tellCitizen: ({ news }) => say(`citizen:${news}`),
    mailLetter: ({ order: { letter, to } }) => say(`${letter}:${to}`),
    keepPhoto: ({ messageId }) => say(`file:${messageId}`),
    alertOperator: ({ recipient }) => say(`operator:${recipient}`),
  };
  return {
    activities,
    said,
    facts,
    progress: () => progress as CaseState,
    words: () => said.map(({ what }) => what),
  };
}

type World = ReturnType<typeof world>;

/** Runs a case from now on in a separate environment. `live` plays the people and may end before the case. */
async function runCase(
  live: (handle: Awaited<ReturnType<typeof startCase>>, world: World) => Promise<void>,
  {
    over = {},
    receivedAgo = 0,
    opened = 2,
  }: { over?: Partial<CaseActivities>; receivedAgo?: number; opened?: number } = {},
): Promise<World> {
  const start = await env.currentTimeMs();
  const made = world(start);
  const taskQueue = randomUUID();
  const handle = await startCase(start - receivedAgo, taskQueue);
  const worker = await createWorker(env, bundle, { ...made.activities, ...over }, taskQueue);
  await worker.runUntil(() =>
    toItsEnd(handle, async () => {
      await until(() => made.words().length >= opened, 'the opening of the case');
      await live(handle, made);
      await settled(handle);
      await handle.result();
    }),
  );
  return made;
}

function startCase(start: number, taskQueue: string) {
  const caseNumber = `PK-${randomUUID()}`;
  const input = opening({ caseNumber, receivedAt: start, plan: planAt(start) });
  return env.client.workflow.start(reportCase, {
    workflowId: caseNumber,
    taskQueue,
    args: [{ opening: toWire(input) }],
  });
}

type CaseHandle = Awaited<ReturnType<typeof startCase>>;

async function doAct(
  handle: CaseHandle,
  action: TaskAction,
  over: Partial<TaskAct> = {},
): Promise<CaseState> {
  await settled(handle);
  const given: TaskAct = { actionId: randomUUID(), action, task: 1, ...over };
  return handle.executeUpdate(act, { args: [given], updateId: given.actionId });
}

async function pass(handle: CaseHandle, spanMs: number): Promise<void> {
  await settled(handle);
  await env.sleep(spanMs);
}

test('accepted, resolved and confirmed: each notification is sent once and the case closes', async () => {
  const { said, words, progress } = await runCase(async handle => {
    await doAct(handle, 'accept');
    await pass(handle, 5 * HOUR);
    await doAct(handle, 'resolve');
    await handle.signal(feedback, { messageId: 'm-9', citizenId: 'c-1', answer: 'solved' });
  });
  expect(words().sort()).toEqual([
    'citizen:acknowledged',
    'citizen:closed',
    'citizen:resolved',
    'task:department',
  ]);
  expect(said.at(-1)?.after).toBe(5 * 60);
  expect(progress()).toMatchObject({
    stage: 'closed',
    outcome: 'resolved',
    slaState: 'met',
    everBreached: false,
  });
});

test('without acceptance each level is notified once, at its minute, and then the legal clock', async () => {
  const { said, progress } = await runCase(async handle => {
    await pass(handle, 29 * DAY);
    await doAct(handle, 'reject');
  });
  const ladder = said.filter(({ what }) => /^(reminder|breach|escalation)/.test(what));
  expect(ladder).toEqual([
    { what: 'reminder:department', after: 180 },
    { what: 'breach:chief', after: 240 },
    { what: 'escalation:chief', after: 300 },
    { what: 'escalation:deputyMayor', after: 360 },
    { what: 'reminder:department', after: 1800 },
    { what: 'breach:chief', after: 2400 },
    { what: 'escalation:chief', after: 3000 },
    { what: 'escalation:deputyMayor', after: 3600 },
    { what: 'escalation:chief', after: 36_000 },
  ]);
  expect(progress()).toMatchObject({ stage: 'rejected', slaState: 'missed', escalationLevel: 3 });
});

test('deadlines without a running worker notify each level once, in order', async () => {
  const { words, facts } = await runCase(async handle => void (await doAct(handle, 'resolve')), {
    receivedAgo: 7 * HOUR,
    opened: 6,
  });
  const told = facts.filter(fact => 'lateMs' in fact).map(({ type }) => type);
  expect(told).toEqual(['reminded', 'breached', 'escalated', 'escalated']);
  expect(words().filter(what => what.includes('chief'))).toEqual(['breach:chief', 'escalation:chief']);
  expect(words().filter(what => what.includes('deputyMayor'))).toHaveLength(1);
});

test('a silent citizen: the case closes after seven days without another message', async () => {
  const { words, facts } = await runCase(async handle => void (await doAct(handle, 'resolve')));
  expect(facts.at(-1)).toMatchObject({ type: 'closed', reason: 'silence' });
  expect(words().filter(what => what.startsWith('citizen'))).toEqual([
    'citizen:acknowledged',
    'citizen:resolved',
  ]);
});

test('"çözülmedi" reopens the case with a new target and notifies the chief', async () => {
  const { words, progress } = await runCase(async handle => {
    await doAct(handle, 'resolve');
    await handle.signal(feedback, { messageId: 'm-9', citizenId: 'c-1', answer: 'unsolved' });
    await pass(handle, HOUR);
    await doAct(handle, 'resolve', { task: 2 });
    await handle.signal(feedback, { messageId: 'm-10', citizenId: 'c-1', answer: 'solved' });
  });
  expect(words()).toEqual(
    expect.arrayContaining(['citizen:reopened', 'reopened:department', 'reopened:chief']),
  );
  expect(progress()).toMatchObject({ stage: 'closed', reopenCount: 1, task: 2 });
});

test("another citizen's feedback is ignored", async () => {
  const { facts } = await runCase(async handle => {
    await doAct(handle, 'resolve');
    await handle.signal(feedback, { messageId: 'm-9', citizenId: 'c-2', answer: 'unsolved' });
  });
  expect(facts.some(({ type }) => type === 'feedback')).toBe(false);
});

test('a reroute gives the next department a task with new clocks and revokes the earlier link', async () => {
  const { words } = await runCase(async handle => {
    await pass(handle, 2 * HOUR);
    const after = await doAct(handle, 'reroute', { department: 'park-bahceler' });
    expect(after).toMatchObject({ stage: 'assigned', task: 2, plan: { desk: { slug: 'park-bahceler' } } });
    await expect(doAct(handle, 'resolve')).rejects.toThrow(WorkflowUpdateFailedError);
    await doAct(handle, 'reject', { task: 2 });
  });
  expect(words()).toEqual(expect.arrayContaining(['citizen:rerouted']));
  expect(words().filter(what => what === 'task:department')).toHaveLength(2);
});

test('an illegal act is refused with a reason and changes nothing', async () => {
  await runCase(async handle => {
    await doAct(handle, 'accept');
    const refused = await doAct(handle, 'accept').catch((error: unknown) => error);
    expect(refused).toMatchObject({ cause: { type: 'act-refused', details: ['notInThisStage'] } });
    expect((await handle.query(view)).revision).toBe(3);
    await doAct(handle, 'reject');
  });
});

test('additions of the citizen reach the department once, and files are stored', async () => {
  const added = toWire({ messageIds: ['m-2'], fileMessageIds: ['m-2'] });
  const { words } = await runCase(async handle => {
    await handle.signal(citizenAdded, added);
    await handle.signal(citizenAdded, added);
    await doAct(handle, 'reject');
  });
  expect(words().filter(what => what === 'file:m-2')).toHaveLength(1);
  expect(words().filter(what => what === 'citizenAdded:department')).toHaveLength(1);
});

test('a failing mailbox delays neither citizen nor case; the operator is notified', async () => {
  const dead = () => Promise.reject(ApplicationFailure.nonRetryable('550', 'mail-refused'));
  const { words, facts, progress } = await runCase(async handle => void (await doAct(handle, 'resolve')), {
    over: { mailLetter: dead },
  });
  expect(words()).toEqual(['citizen:acknowledged', 'operator:department', 'citizen:resolved']);
  expect(facts).toEqual(
    expect.arrayContaining([expect.objectContaining({ type: 'notDelivered', recipient: 'department' })]),
  );
  expect(progress().stage).toBe('closed');
});

test('an unavailable file is a fact of the case and does not end it', async () => {
  const lost = () => Promise.reject(ApplicationFailure.nonRetryable('gone', 'file-unreadable'));
  const { facts } = await runCase(
    async handle => {
      await handle.signal(citizenAdded, toWire({ messageIds: ['m-2'], fileMessageIds: ['m-2'] }));
      await doAct(handle, 'resolve');
    },
    { over: { keepPhoto: lost } },
  );
  expect(facts).toEqual(
    expect.arrayContaining([expect.objectContaining({ type: 'fileLost', messageId: 'm-2' })]),
  );
});
