import type { TelemetryOptions } from '@temporalio/worker';
import { AppError } from '../errors';

const HOST = '127.0.0.1';
const SCRAPE_LIMIT_MS = 1_000;
/** This many failed workflow tasks without a successful one make a worker unready. */
const MOST_IN_A_ROW = 5;

/**
 * Returns the telemetry of a worker: the SDK serves its own metrics for Prometheus at `/metrics` on loopback. They
 * contain slots, pollers, cached workflows, times in the queue and failures, by workflow and activity type.
 */
export function workerTelemetry(port: number): TelemetryOptions {
  return port === 0 ? {} : { metrics: { prometheus: { bindAddress: `${HOST}:${port}` } } };
}

function sumOf(name: string, text: string): number {
  const values = [...text.matchAll(new RegExp(`^temporal_${name}\\{[^}]*\\} (\\S+)$`, 'gm'))];
  return values.reduce((sum, [, value]) => sum + Number(value), 0);
}

/**
 * Returns a check that rejects with `temporal-unavailable` while workflow tasks fail in a row, as with a program that
 * cannot continue the workflows of another. Reads the metrics of the worker's own process.
 */
export function failingTasksCheck(port: number): () => Promise<void> {
  let successes = 0;
  let failedBefore = 0;
  return async () => {
    const response = await fetch(`http://${HOST}:${port}/metrics`, {
      signal: AbortSignal.timeout(SCRAPE_LIMIT_MS),
    });
    const text = await response.text();
    const failed = sumOf('workflow_task_execution_failed', text);
    // Counts each task whose result was sent to the server, a first failure later than in `failed`. Repeated failures
    // are not sent. So the difference grows with successes only.
    const answered = sumOf('workflow_task_execution_latency_count', text);
    if (answered - failed > successes) {
      successes = answered - failed;
      failedBefore = failed;
    }
    if (failed - failedBefore >= MOST_IN_A_ROW) {
      throw new AppError('temporal-unavailable', { reason: 'tasks-fail' });
    }
  };
}

/** An idle worker, without cached workflows. */
const IDLE_MIB = 300;
/** The size of a cached workflow. */
const WORKFLOW_MIB = 0.3;
const MIB = 1_048_576;
const FEWEST_CACHED = 20;
const MOST_CACHED = 500;

/**
 * Returns how many workflows a worker may cache in `limitBytes` of memory: half of what an idle worker leaves, because
 * activities need the rest. Cases sleep for hours or days; an uncached one replays about sixty events.
 */
export function cachedWorkflowsIn(limitBytes: number): number {
  const free = (limitBytes / MIB - IDLE_MIB) / 2;
  return Math.min(MOST_CACHED, Math.max(FEWEST_CACHED, Math.floor(free / WORKFLOW_MIB)));
}
