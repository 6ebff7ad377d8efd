import type Koa from 'koa';
import { AppError } from '../errors';

export interface BodyTime {
  /** A usual body must be here after so many ms. */
  usualMs: number;
  /** Photos may take so long from a phone in the field, as long as they keep coming. */
  uploadMs: number;
  /** How often an upload is looked at, and how many bytes it must have brought since. */
  lookEveryMs: number;
  leastBytes: number;
  /** After the answer the rest is read and thrown away for so long: a browser shows no page while it is cut off. */
  lingerMs: number;
}

/** Three photos of 8 MB need 800 kbit/s; a photo as phones send it needs a tenth of that. */
export const bodyTime: BodyTime = {
  usualMs: 20_000,
  uploadMs: 240_000,
  lookEveryMs: 10_000,
  leastBytes: 20_000,
  lingerMs: 2_000,
};

function isUpload(ctx: Koa.Context): boolean {
  return ctx.path.startsWith('/t/') && Boolean(ctx.is('multipart/form-data'));
}

/** Calls `cut` once when a body takes too long; returns what ends the watch. */
function watch(ctx: Koa.Context, time: BodyTime, cut: () => void): () => void {
  const { req } = ctx;
  if (!isUpload(ctx)) {
    const timer = setTimeout(() => !req.complete && cut(), time.usualMs);
    return () => clearTimeout(timer);
  }
  const end = Date.now() + time.uploadMs;
  let before = req.socket.bytesRead;
  const timer = setInterval(() => {
    const { bytesRead } = req.socket;
    const isStuck = bytesRead - before < time.leastBytes || Date.now() >= end;
    before = bytesRead;
    if (req.complete) clearInterval(timer);
    else if (isStuck) cut();
  }, time.lookEveryMs);
  return () => clearInterval(timer);
}

/**
 * Gives uploads of photos the time that a slow phone needs, and cuts whoever sends the rest too slowly or nothing
 * more with 408. What was cut is not acted on, even if the rest of it still comes.
 */
export function bodyTimeLimit(time: BodyTime = bodyTime): Koa.Middleware {
  return async (ctx, next) => {
    if (ctx.method === 'GET' || ctx.method === 'HEAD') {
      await next();
      return;
    }
    let unwatch = (): void => undefined;
    const late = new Promise<never>((_, reject) => {
      unwatch = watch(ctx, time, () => {
        unwatch();
        ctx.state['isCut'] = true;
        ctx.req.unpipe();
        ctx.res.once('finish', () => {
          setTimeout(() => ctx.req.socket.destroy(), time.lingerMs).unref();
        });
        reject(new AppError('too-slow', { status: 408 }));
      });
    });
    ctx.state['cut'] = late;
    try {
      await Promise.race([next(), late]);
    } finally {
      unwatch();
    }
  };
}

/** Rejects when the request is cut off: a reader of its body would wait for the rest forever. */
export function cutOf(ctx: Koa.Context): Promise<never> {
  return (ctx.state['cut'] as Promise<never> | undefined) ?? new Promise<never>(() => undefined);
}

/** Stands behind what reads a body: ends the work on a request that was cut off while it was read. */
export async function unlessCut(ctx: Koa.Context, next: Koa.Next): Promise<void> {
  if (ctx.state['isCut'] === true) throw new AppError('too-slow', { status: 408 });
  await next();
}
