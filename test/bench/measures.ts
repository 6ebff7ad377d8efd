import type { Client } from '@temporalio/client';
import { setTimeout as pause } from 'node:timers/promises';
import type { Act } from '../../src/domain/case/acts';
import type { CaseState } from '../../src/domain/case/case';
import { caseWorkflowId } from '../../src/domain/identifiers';
import type { reportCase } from '../../workflows/index';
import type { bareCase, bareConversation, bareTaker } from './bare-workflows';
import { atRate, percentile } from '../support/load';
import { APP_SECRET, BARE_QUEUE, type BenchGround } from './ground';
import { answerTo, caseNumberFor, deliver, post, potholeOf } from './reports';

const AT_ONCE = 20;
const LIVES_AT_ONCE = 60;
const QUIET_MS = 1_000;

/**
 * Waits until the line has finished earlier work: every conversation has ended and nothing was sent for a second.
 * Otherwise one measurement would include the work of another.
 */
export async function settle(client: Client, { outside }: BenchGround): Promise<void> {
  const query = "WorkflowType = 'conversation' AND ExecutionStatus = 'Running'";
  while ((await client.workflow.count(query)).count > 0 || outside.idleMs() < 1_000) await pause(250);
}

/** Returns webhooks answered with 200 per second, each from a different citizen. */
export function webhooksPerSecond(
  { webhookUrl }: BenchGround,
  count: number,
  firstCitizen: number,
): Promise<number> {
  return perSecond(count, AT_ONCE, number =>
    deliver(webhookUrl, potholeOf(firstCitizen + number), APP_SECRET),
  );
}

/** Returns the throughput of Temporal alone with the same call. */
export function bareSignalsPerSecond(client: Client, count: number, run: string): Promise<number> {
  return perSecond(count, AT_ONCE, number =>
    client.workflow.signalWithStart<typeof bareTaker, []>('bareTaker', {
      workflowId: `bare-taker-${run}-${number}`,
      taskQueue: BARE_QUEUE,
      signal: 'poke',
    }),
  );
}

/**
 * Returns response times (ms) at a constant arrival rate, independent of earlier responses, and the number of
 * responses other than 200.
 */
export async function answerTimes(
  { webhookUrl }: BenchGround,
  { rate, seconds, firstCitizen }: { rate: number; seconds: number; firstCitizen: number },
): Promise<{ p50: number; p99: number; refused: number }> {
  const answers = await atRate(rate * seconds, rate, number =>
    post(webhookUrl, potholeOf(firstCitizen + number), APP_SECRET),
  );
  const times = answers.map(({ ms }) => ms);
  const refused = answers.filter(({ status }) => status !== 200).length;
  return { p50: percentile(times, 0.5), p99: percentile(times, 0.99), refused };
}

/** Returns complete cases per second: reported, acknowledged, accepted, resolved, confirmed, closed. */
export async function livesPerSecond(
  grounds: BenchGround,
  client: Client,
  count: number,
  firstCitizen: number,
): Promise<{ rate: number; caseNumbers: string[] }> {
  const { webhookUrl, outside, store } = grounds;
  const hashId = await store.hashId();
  const caseNumbers: string[] = [];
  const rate = await perSecond(count, LIVES_AT_ONCE, async number => {
    const report = potholeOf(firstCitizen + number);
    const caseNumber = caseNumberFor(report, hashId);
    caseNumbers.push(caseNumber);
    const handle = client.workflow.getHandle<typeof reportCase>(caseWorkflowId(caseNumber));
    const act = (action: 'accept' | 'resolve') =>
      handle.executeUpdate<CaseState, [Act]>('act', {
        args: [{ actionId: `${caseNumber}:${action}`, action, task: 1 }],
        updateId: `${caseNumber}:${action}`,
      });
    await deliver(webhookUrl, report, APP_SECRET);
    await outside.sent(`${caseNumber}:1`);
    await act('accept');
    await act('resolve');
    await outside.sent(`${caseNumber}:3`);
    await deliver(webhookUrl, answerTo(caseNumber, report.citizen, 'solved'), APP_SECRET);
    await handle.result();
  });
  return { rate, caseNumbers };
}

/** Returns bare workflows per second with as many empty activities, timers, updates and signals. */
export function bareLivesPerSecond(client: Client, count: number): Promise<number> {
  return perSecond(count, LIVES_AT_ONCE, async number => {
    const caseId = `bare-case-${number}`;
    await client.workflow.signalWithStart<typeof bareConversation, []>('bareConversation', {
      workflowId: `bare-conversation-${number}`,
      taskQueue: BARE_QUEUE,
      args: [{ quietMs: QUIET_MS, caseId }],
      signal: 'poke',
    });
    await client.workflow.getHandle(`bare-conversation-${number}`).result();
    const handle = client.workflow.getHandle<typeof bareCase>(caseId);
    await handle.executeUpdate<void, [string]>('step', { args: ['accepted'] });
    await handle.executeUpdate<void, [string]>('step', { args: ['resolved'] });
    await handle.signal<[]>('poke');
    await handle.result();
  });
}

/**
 * Runs `work` for 0 … count-1 with limited concurrency and returns the rate per second. Starts nothing after a
 * failure; rejects with the first error once all running work has ended.
 */
export async function perSecond(
  count: number,
  atOnce: number,
  work: (number: number) => Promise<unknown>,
): Promise<number> {
  let next = 0;
  const failures: unknown[] = [];
  const begin = performance.now();
  const lane = async (): Promise<void> => {
    while (next < count && failures.length === 0) {
      const number = next;
      next += 1;
      await work(number).catch((error: unknown) => failures.push(error));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  if (failures.length > 0) throw failures[0];
  return (count * 1_000) / (performance.now() - begin);
}
