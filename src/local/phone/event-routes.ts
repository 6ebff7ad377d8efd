import { PassThrough } from 'node:stream';
import { Router } from '@koa/router';
import type { Changes } from './changes';

/** Keeps proxies and browsers from giving up on a quiet stream. */
const BEAT_MS = 20_000;

/** `GET /control/events`: Server-Sent Events that name what a page must fetch again. */
export function eventRoutes(changes: Changes): Router {
  const router = new Router();
  router.get('/control/events', ctx => {
    const stream = new PassThrough();
    const stopListening = changes.listen(change => stream.write(`data: ${JSON.stringify(change)}\n\n`));
    const beat = setInterval(() => stream.write(': beat\n\n'), BEAT_MS);
    ctx.req.once('close', () => {
      stopListening();
      clearInterval(beat);
      stream.end();
    });
    stream.write('retry: 1000\n\n');
    ctx.set('cache-control', 'no-cache');
    ctx.type = 'text/event-stream';
    ctx.body = stream;
  });
  return router;
}
