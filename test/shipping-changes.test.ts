import { Worker, type WorkflowBundle } from '@temporalio/worker';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { withdraw } from '../workflows/messages';
import { stageCase, type StagedCase } from './support/life-stage';
import { builtWorkflows, timeSkipping } from './support/time-skipping';

/**
 * How a change is deployed while cases are open, for the change of 2026-11. Before it, a message in the same
 * workflow task as passed deadlines cancelled them. Now deadlines are applied first. Cases that started
 * earlier keep the old behaviour.
 */
const question = /\(0, ?[\w$.]+\.patched\)\((['"])2026-11-time-before-acts\1\)/g;

let env: TestWorkflowEnvironment;
const bundle = builtWorkflows();
const before = { code: bundle.code.replace(question, 'false') };

beforeAll(async () => {
  env = await timeSkipping();
}, 120_000);
afterAll(() => env.teardown());

/**
 * The citizen withdraws while no worker runs and the accept deadline passes: one workflow task receives both.
 */
function overtaken(code: WorkflowBundle): Promise<StagedCase> {
  return stageCase(env, code, '2026-11-25 10:00', () => Promise.resolve(), {
    servedFrom: '2026-11-26 11:00',
    waiting: ({ handle }) => handle.signal(withdraw, { messageId: 'm-9', citizenId: 'c-1' }),
  });
}

async function replay(story: StagedCase, code: string): Promise<void> {
  const history = await story.handle.fetchHistory();
  await Worker.runReplayHistory({ workflowBundle: { code } }, history, story.handle.workflowId);
}

const story = ({ facts }: StagedCase): string[] => facts.map(({ type }) => type);

test('an old history keeps the old behaviour with the new code, and a new one records the breach', async () => {
  expect(bundle.code.match(question)).toHaveLength(1);
  const old = await overtaken(before);
  expect(story(old)).not.toContain('breached');
  await expect(replay(old, bundle.code)).resolves.toBeUndefined();

  const fresh = await overtaken(bundle);
  expect(story(fresh)).toContain('breached');
  await expect(replay(fresh, bundle.code)).resolves.toBeUndefined();
}, 60_000);

test('the same change without `patched` fails the replay of an old history', async () => {
  const old = await overtaken(before);
  const unasked = bundle.code.replace(question, 'true');
  await expect(replay(old, unasked)).rejects.toThrow(/[Nn]ondeterminism/);
}, 60_000);
