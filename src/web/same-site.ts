import type Koa from 'koa';
import { AppError } from '../errors';

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
