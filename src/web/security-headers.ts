import type Koa from 'koa';
import helmet from 'koa-helmet';

/**
 * The headers of every answer: no scripts, nothing from elsewhere, no frames, no referrer with a token in it, and
 * nothing kept by caches. `styleHashes` are the CSP sources of the pages' own style sheets.
 */
export function securityHeaders(styleHashes: string[]): Koa.Middleware[] {
  return [
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'none'"],
          styleSrc: styleHashes,
          imgSrc: ["'self'"],
          mediaSrc: ["'self'"],
          formAction: ["'self'"],
          frameAncestors: ["'none'"],
          baseUri: ["'none'"],
        },
      },
      referrerPolicy: { policy: 'no-referrer' },
      xFrameOptions: { action: 'deny' },
    }),
    async (ctx, next) => {
      ctx.set('Cache-Control', 'no-store');
      ctx.set('X-Robots-Tag', 'noindex, nofollow');
      await next();
    },
  ];
}
