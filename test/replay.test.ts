import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils';
import { Worker } from '@temporalio/worker';
import { builtWorkflows } from './support/time-skipping';

const folder = join(__dirname, 'histories');
const recorded = readdirSync(folder).filter(name => name.endsWith('.json'));

const bundle = builtWorkflows();

function historyOf(name: string) {
  return historyFromJSON(JSON.parse(readFileSync(join(folder, name), 'utf8')));
}

/** Replays a recorded history against workflow code. Rejects if the code would decide differently. */
function replay(name: string, code: string): Promise<void> {
  const workflowId = name.replace('.json', '');
  return Worker.runReplayHistory({ workflowBundle: { code } }, historyOf(name), workflowId);
}

test('the main paths are recorded', () => {
  expect(recorded.length).toBeGreaterThanOrEqual(10);
});

test.each(recorded)('%s replays with the current code', async name => {
  await expect(replay(name, bundle.code)).resolves.toBeUndefined();
});

/** An activity in every history of a kind. */
const activities = {
  ...{ case: 'recordCase', call: 'noteCall', conversation: 'readMessage', hand: 'mailHandOff' },
  ...{ send: 'sendCopy', new: 'mailNewLink', event: 'sendEvent' },
} as const;

test.each(recorded)('%s rejects code that decides differently', async name => {
  const [kind = ''] = name.split('-');
  const activity = activities[kind as keyof typeof activities];
  const changed = bundle.code.replaceAll(activity, `${activity}Differently`);
  await expect(replay(name, changed)).rejects.toThrow(/[Nn]ondeterminism/);
});
