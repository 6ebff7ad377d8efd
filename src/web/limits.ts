import type Koa from 'koa';
import { AppError } from '../errors';
import type { LinkKind, TaskLinks } from '../mail/task-link';

export interface LinkRate {
  /** The burst size, and the rate per second. */
  burst: number;
  perSecond: number;
}

/** A page loads its pictures, and mail scanners open a link about twenty times within seconds. */
export const linkRate: LinkRate = { burst: 240, perSecond: 4 };

/** The number of tracked links. The least recently used are dropped first. */
const MOST_LINKS = 10_000;

const kinds: Readonly<Record<string, LinkKind>> = {
  t: 'task',
  d: 'list',
  s: 'status',
  c: 'call',
  k: 'handOff',
  manager: 'manager',
};

/**
 * Limits the use of a link; responds with 429 above the limit. Counts by link, because a whole town hall or proxy
 * shares one address. Unsigned tokens are not counted, because they cost no look-up.
 */
export function linkRateLimit(
  { hashOf }: Pick<TaskLinks, 'hashOf'>,
  { burst, perSecond }: LinkRate = linkRate,
  now: () => number = () => performance.now(),
): Koa.Middleware {
  const used = new Map<string, { left: number; at: number }>();

  /** Returns the milliseconds until the link may be used again, or 0. */
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
  /** The time-out for ordinary bodies. */
  usualMs: number;
  /** The time-out for photos, while data keep arriving. */
  uploadMs: number;
  /** The check interval of an upload, and the minimum number of bytes per interval. */
  lookEveryMs: number;
  leastBytes: number;
  /**
   * How long the rest of a body is discarded after the response, because a browser shows no page if its upload is cut
   * off.
   */
  lingerMs: number;
}

/** Three photos of 8 MB need 800 kbit/s; typical phone photos a tenth of that. */
export const bodyTime: BodyTime = {
  usualMs: 20_000,
  uploadMs: 240_000,
  lookEveryMs: 10_000,
  leastBytes: 20_000,
  lingerMs: 2_000,
};

function isUpload(ctx: Koa.Context): boolean {
  return /^\/[ts]\//.test(ctx.path) && Boolean(ctx.is('multipart/form-data'));
}

/** Calls `cut` once if a body takes too long. Returns a function that stops the watch. */
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
 * Gives photo uploads more time, and responds with 408 to bodies that are too slow or stall. Such a request is not
 * processed, even if the rest arrives.
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

/** Rejects if the request is cut off, because a body parser would wait forever. */
export function cutOf(ctx: Koa.Context): Promise<never> {
  return (ctx.state['cut'] as Promise<never> | undefined) ?? new Promise<never>(() => undefined);
}

/** Runs after the body parser: ends a request that was cut off during parsing. */
export async function unlessCut(ctx: Koa.Context, next: Koa.Next): Promise<void> {
  if (ctx.state['isCut'] === true) throw new AppError('too-slow', { status: 408 });
  await next();
}

/**
 * Rejects forms posted from another site. Pages without a referrer, like ours, send `Origin: null`, so
 * `Sec-Fetch-Site` is checked as well. If neither header is sent, the nonce of the form protects it.
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
