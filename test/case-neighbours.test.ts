import { randomUUID } from 'node:crypto';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { CaseActivities } from '../workflows/contract';
import type { TaskAct, TaskAction } from '../src/domain/case/acts';
import type { CaseState } from '../src/domain/case/case';
import { reportCase } from '../workflows';
import { act, toWire, view } from '../workflows/messages';
import { opening, planAt } from './support/cases';
import { settled } from './support/settled';
import { builtWorkflows, createWorker, timeSkipping } from './support/time-skipping';
import { until } from './support/until';

let env: TestWorkflowEnvironment;
beforeAll(async () => {
  env = await timeSkipping();
}, 120_000);
afterAll(() => env.teardown());

/** Notifications by case: "leader citizen:resolved". */
const told: string[] = [];

const nameOf = (caseNumber: string): string => caseNumber.replace(/^PK-(.*?)-.*$/, '$1');

const activities: CaseActivities = {
  planTask: async ({ department, from }) => planAt(from, department),
  recordCase: async () => undefined,
  tellCitizen: async ({ caseNumber, news }) => void told.push(`${nameOf(caseNumber)} citizen:${news}`),
  mailLetter: async ({ caseNumber, order: { letter } }) => void told.push(`${nameOf(caseNumber)} ${letter}`),
  keepPhoto: async () => undefined,
  alertOperator: async () => undefined,
};

test('joining, separating and ending a cluster do not change other cases', async () => {
  const taskQueue = randomUUID();
  const start = await env.currentTimeMs();
  const open = (name: string) => {
    const caseNumber = `PK-${name}-${randomUUID()}`;
    const input = opening({ caseNumber, citizenId: `c-${name}`, receivedAt: start, plan: planAt(start) });
    return env.client.workflow.start(reportCase, {
      workflowId: caseNumber,
      taskQueue,
      args: [{ opening: toWire(input) }],
    });
  };
  const worker = await createWorker(env, builtWorkflows(), activities, taskQueue);
  await worker.runUntil(async () => {
    const [leader, member, neighbour] = await Promise.all([
      open('leader'),
      open('member'),
      open('neighbour'),
    ]);
    const desk = async (
      of: typeof leader,
      action: TaskAction,
      over: Partial<TaskAct> = {},
    ): Promise<CaseState> => {
      await settled(of);
      const { task } = await of.query(view);
      const given: TaskAct = { actionId: randomUUID(), action, task, ...over };
      return of.executeUpdate(act, { args: [given], updateId: given.actionId });
    };
    const membersOf = async (): Promise<string[]> => (await leader.query(view)).members;
    const events = async (): Promise<number> => (await neighbour.fetchHistory()).events?.length ?? 0;

    await until(() => told.length === 6, 'the opening of the cases');
    await settled(neighbour);
    const before = { events: await events(), state: await neighbour.query(view) };

    const alone = await member.query(view);
    expect(await desk(member, 'join', { leader: leader.workflowId })).toMatchObject({ stage: 'duplicate' });
    await until(async () => (await membersOf()).length === 1, 'the member at its leader');

    const apart = await desk(member, 'separate');
    expect(apart).toMatchObject({ stage: alone.stage, leader: null, task: alone.task, outcome: null });
    await until(async () => (await membersOf()).length === 0, 'the leader without members');

    await desk(member, 'join', { leader: leader.workflowId });
    await until(async () => (await membersOf()).length === 1, 'the member at its leader again');
    await desk(leader, 'accept');
    await desk(leader, 'resolve');
    await until(async () => (await member.query(view)).stage === 'resolved', 'the end of the member');

    await settled(neighbour);
    expect({ events: await events(), state: await neighbour.query(view) }).toEqual(before);
    expect(told.filter(line => line.startsWith('neighbour')).sort()).toEqual([
      'neighbour citizen:acknowledged',
      'neighbour task',
    ]);
    for (const name of ['leader', 'member']) expect(told).toContain(`${name} citizen:resolved`);
    await Promise.all([leader, member, neighbour].map(each => each.terminate('the test is over')));
  });
}, 60_000);
