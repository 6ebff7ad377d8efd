import type Koa from 'koa';
import type { Log } from '../logging';
import type { Metrics } from './metrics';

const quiet: readonly string[] = ['/healthz', '/readyz'];

/** One line and one measurement for each request, under the pattern of its route: a URL may hold a token. */
export function requestLog(log: Log, metrics: Pick<Metrics, 'httpDuration'>): Koa.Middleware {
  return async (ctx, next) => {
    const start = performance.now();
    await next();
    const ms = performance.now() - start;
    const matched: unknown = ctx['_matchedRoute'];
    const route = typeof matched === 'string' ? matched : 'none';
    const { method, status } = ctx;
    metrics.httpDuration.observe({ method, route, status }, ms / 1_000);
    const line = { method, route, status, ms: Math.round(ms) };
    if (quiet.includes(route)) log.debug(line, 'request');
    else log.info(line, 'request');
  };
}
