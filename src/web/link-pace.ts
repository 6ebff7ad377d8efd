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
