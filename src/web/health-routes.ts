import { Router } from '@koa/router';
import type { Readiness } from './readiness';

/**
 * `/healthz` answers as long as the process does; `/readyz` says which part is away, with 503 when the role is of
 * no use without it.
 */
export function healthRoutes(readiness: () => Promise<Readiness>): Router {
  const router = new Router();
  router.get('/healthz', ctx => {
    ctx.body = { status: 'alive' };
  });
  router.get('/readyz', async ctx => {
    const state = await readiness();
    ctx.status = state.status === 'unready' ? 503 : 200;
    ctx.body = state;
  });
  return router;
}
