import { Router } from '@koa/router';
import { PassThrough } from 'node:stream';

/** The part a page must reload: one chat, the mails, or the sandbox's state. */
type Change = { topic: 'thread'; id: string } | { topic: 'mail'; id: string } | { topic: 'sandbox' };

export interface Changes {
  tell(change: Change): void;
  /** Returns a function that unsubscribes. */
  listen(listener: (change: Change) => void): () => void;
}

/** Publishes changes to the open pages. */
export function createChanges(): Changes {
  const listeners = new Set<(change: Change) => void>();
  return {
    tell: change => listeners.forEach(listener => listener(change)),
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Keeps proxies and browsers from closing an idle stream. */
const BEAT_MS = 20_000;

/** `GET /control/events`: Server-Sent Events with the parts to reload. */
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
