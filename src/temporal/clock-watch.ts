import { type ActivityInterceptorsFactory, Runtime } from '@temporalio/worker';
import { MINUTE_MS, SECOND_MS } from '../domain/durations';
import type { Log } from '../logging';

const WARN_MS = 5 * SECOND_MS;

/**
 * Returns an interceptor that compares the worker's clock with the Temporal server's, which dates each attempt of an
 * activity. Attempts wait in the queue as well, so the least difference of a minute counts. The gauges
 * `paydaskent_clock_ahead` and `paydaskent_clock_behind` show it in seconds; above five seconds it is logged.
 */
export function clockWatch(log: Pick<Log, 'warn'>): ActivityInterceptorsFactory {
  const { metricMeter } = Runtime.instance();
  const ahead = metricMeter.createGauge('paydaskent_clock_ahead', 'float', 's', 'Clock ahead of Temporal');
  const behind = metricMeter.createGauge('paydaskent_clock_behind', 'float', 's', 'Clock behind Temporal');
  let least = Infinity;
  let endsAt = 0;

  function note(difference: number): void {
    const at = performance.now();
    if (at >= endsAt) {
      if (Number.isFinite(least) && Math.abs(least) > WARN_MS) {
        log.warn(
          { seconds: Math.round(least / SECOND_MS) },
          'clock differs from that of the Temporal server',
        );
      }
      least = Infinity;
      endsAt = at + MINUTE_MS;
    }
    if (difference >= least) return;
    least = difference;
    ahead.set(Math.max(0, least) / SECOND_MS);
    behind.set(Math.max(0, -least) / SECOND_MS);
  }

  return ({ info }) => ({
    inbound: {
      execute(input, next) {
        if (!info.isLocal) note(Date.now() - info.currentAttemptScheduledTimestampMs);
        return next(input);
      },
    },
  });
}
