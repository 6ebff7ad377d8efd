import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils';
import { Worker } from '@temporalio/worker';
import { builtWorkflows } from './support/time-skipping';
import { noteFigure } from './support/proving';

const folder = join(__dirname, 'histories');
const recorded = readdirSync(folder).filter(name => name.endsWith('.json'));

/** An activity in every history of a kind. */
const activities = {
  ...{ case: 'recordCase', call: 'noteCall', conversation: 'readMessage', hand: 'mailHandOff' },
  ...{ send: 'sendCopy', new: 'mailNewLink', event: 'sendEvent', opening: 'mailOpening' },
  ...{ staff: 'mailSignIn' },
  ...{ erasure: 'answerErasure', legalDigest: 'mailLegalDigest', retention: 'applyRetention' },
};

const { code } = builtWorkflows();
const changedCode = Object.values(activities).reduce(
  (changed, activity) => changed.replaceAll(activity, `${activity}Differently`),
  code,
);

let replayed: Map<string, string>;
let replayedChanged: Map<string, string>;

beforeAll(async () => {
  [replayed, replayedChanged] = await Promise.all([replayAll(code), replayAll(changedCode)]);
}, 120_000);

/** Replays all recorded histories against workflow code. Returns the error of each, '' if it decides the same. */
async function replayAll(workflowCode: string): Promise<Map<string, string>> {
  const histories = recorded.map(name => ({
    workflowId: name,
    history: historyFromJSON(JSON.parse(readFileSync(join(folder, name), 'utf8'))),
  }));
  const outcomes = new Map<string, string>();
  const results = Worker.runReplayHistories({ workflowBundle: { code: workflowCode } }, histories);
  for await (const { workflowId, error } of results) outcomes.set(workflowId, error?.message ?? '');
  return outcomes;
}

test('the main paths are recorded', () => {
  expect(recorded.length).toBeGreaterThanOrEqual(30);
  noteFigure(recorded.length, 'histories');
});

test.each(recorded)('%s replays with the current code', name => {
  expect(replayed.get(name)).toBe('');
});

test.each(recorded)('%s rejects code that decides differently', name => {
  expect(replayedChanged.get(name)).toMatch(/[Nn]ondeterminism/);
});
