import type { Client } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import type { Act, TaskAct } from '../../src/domain/case/acts';
import type { CaseState } from '../../src/domain/case/case';
import { caseWorkflowId } from '../../src/domain/identifiers';
import type { reportCase } from '../../workflows/index';
import { APP_SECRET, type BenchGround } from './ground';
import { answerTo, caseNumberFor, deliver, potholeOf } from './reports';

type Move = Omit<TaskAct, 'actionId' | 'task'> | 'solved' | 'unsolved';

const aski = { slug: 'aski', name: 'ASKİ' };
const resolved: Move = { action: 'resolve' };

/** Scenarios without waiting. The escalation ladder takes days and is covered by tests. */
const scenarios: Readonly<Record<string, readonly Move[]>> = {
  'paused and resumed': [
    { action: 'accept' },
    { action: 'waitInstitution', institution: aski },
    { action: 'resume' },
    resolved,
    'solved',
  ],
  'rerouted twice': [
    { action: 'reroute', department: 'park-ve-bahceler' },
    { action: 'reroute', department: 'cevre-koruma' },
    { action: 'accept' },
    resolved,
    'solved',
  ],
  'reopened twice': [resolved, 'unsolved', resolved, 'unsolved', resolved, 'solved'],
};

/** Counts history events by scenario, from the report to the closed case. */
export async function eventsByScenario(
  grounds: BenchGround,
  client: Client,
  firstCitizen: number,
): Promise<{ name: string; events: number }[]> {
  return Promise.all(
    Object.entries(scenarios).map(async ([name, moves], place) => ({
      name,
      events: await eventsOf(grounds, client, firstCitizen + place, moves),
    })),
  );
}

async function eventsOf(
  { webhookUrl, outside, store }: BenchGround,
  client: Client,
  citizen: number,
  moves: readonly Move[],
): Promise<number> {
  const report = potholeOf(citizen);
  const caseNumber = caseNumberFor(report, await store.hashId());
  const handle = client.workflow.getHandle<typeof reportCase>(caseWorkflowId(caseNumber));
  await deliver(webhookUrl, report, APP_SECRET);
  await outside.sent(`${caseNumber}:1`);
  for (const move of moves) {
    if (typeof move === 'string') {
      await deliver(webhookUrl, answerTo(caseNumber, citizen, move), APP_SECRET);
    } else await act(move);
  }
  await handle.result();
  return (await handle.fetchHistory()).events?.length ?? 0;

  async function act(move: Exclude<Move, string>): Promise<void> {
    const actionId = randomUUID();
    for (;;) {
      const { task, stage } = await handle.query<CaseState>('view');
      // During a reroute nobody can act until the next deadlines are planned.
      if (stage !== 'received' && stage !== 'resolved') {
        const given = { ...move, actionId, task };
        await handle.executeUpdate<CaseState, [Act]>('act', { args: [given], updateId: actionId });
        return;
      }
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  }
}
