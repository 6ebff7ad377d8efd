import type Koa from 'koa';
import { AppError } from '../errors';
import type { LinkKind, TaskLinks } from '../mail/task-link';

export interface LinkRate {
  /** So many requests at once, and so many more each second. */
  burst: number;
  perSecond: number;
}

/** A page brings its pictures; scanners open a link some twenty times within seconds. */
export const linkRate: LinkRate = { burst: 240, perSecond: 4 };

/** Links that are remembered at once; those that have rested longest are forgotten first. */
const MOST_LINKS = 10_000;

const kinds: Readonly<Record<string, LinkKind>> = { t: 'task', d: 'list', s: 'status', manager: 'manager' };

/**
 * Bounds how often one link is used: with 429 beyond it. It is counted by link and not by address, since a whole
 * town hall, and everything behind a proxy, comes from one; a token that nobody has signed is not counted, as it
 * costs no look-up.
 */
export function linkRateLimit(
  { hashOf }: Pick<TaskLinks, 'hashOf'>,
  { burst, perSecond }: LinkRate = linkRate,
  now: () => number = () => performance.now(),
): Koa.Middleware {
  const used = new Map<string, { left: number; at: number }>();

  /** Ms until the link may be used again; 0 when it may be now. */
  function waitFor(key: string): number {
    const at = now();
    const before = used.get(key) ?? { left: burst, at };
    const left = Math.min(burst, before.left + ((at - before.at) / 1_000) * perSecond);
    used.delete(key);
    used.set(key, { left: left < 1 ? left : left - 1, at });
    const [oldest] = used.keys();
    if (used.size > MOST_LINKS && oldest !== undefined) used.delete(oldest);
    return left < 1 ? ((1 - left) / perSecond) * 1_000 : 0;
  }

  return async (ctx, next) => {
    const [, kind = '', token = ''] = ctx.path.split('/');
    const linkKind = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
    const key = linkKind && hashOf(token, linkKind);
    const wait = key ? waitFor(key) : 0;
    if (wait > 0) {
      ctx.set('Retry-After', String(Math.ceil(wait / 1_000)));
      throw new AppError('too-often', { status: 429 });
    }
    await next();
  };
}

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

/**
 * Refuses forms posted from another site. Browsers send `Origin: null` from pages that forbid referrers, as ours
 * do, so the browser's own verdict counts as well; the nonce of the form protects where neither is sent.
 */
export function sameSiteOnly(publicBaseUrl: string): Koa.Middleware {
  const own = new URL(publicBaseUrl).origin;
  return async (ctx, next) => {
    const origin = ctx.get('Origin');
    const site = ctx.get('Sec-Fetch-Site');
    const isForeign =
      (origin !== '' && origin !== 'null' && origin !== own) ||
      (site !== '' && site !== 'same-origin' && site !== 'none');
    if (isForeign) throw new AppError('bad-request', { status: 403, reason: 'foreign origin' });
    await next();
  };
}
