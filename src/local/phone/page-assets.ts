import { Router } from '@koa/router';
import type { Context, Next } from 'koa';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Returns the folder of templates, styles and scripts. They are not compiled: the program in `dist/` reads them from
 * `src/`.
 */
export function assetFolder(area: 'phone' | 'mailbox'): string {
  const beside = path.join(__dirname, '..', area, 'assets');
  return existsSync(beside)
    ? beside
    : path.join(__dirname, '..', '..', '..', '..', 'src', 'local', area, 'assets');
}

const types: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
};

/** `/assets/phone/…` and `/assets/mailbox/…`: the styles and scripts of the pages. */
export function assetRoutes(): Router {
  const router = new Router();
  router.get('/assets/:area/:file', ctx => {
    const { area, file } = ctx.params;
    if ((area !== 'phone' && area !== 'mailbox') || !/^[a-z-]+\.(css|mjs)$/.test(file ?? '')) return;
    try {
      const text = readFileSync(path.join(assetFolder(area), file ?? ''), 'utf8');
      ctx.type = types[path.extname(file ?? '')] ?? 'text/plain';
      ctx.set('cache-control', 'no-cache');
      ctx.body = text;
    } catch {
      ctx.status = 404;
    }
  });
  return router;
}

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob: https: http:",
  "media-src 'self' blob:",
  "connect-src 'self'",
  "frame-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
].join('; ');

/** These pages show untrusted text, so only scripts from our own files may run. */
export async function pageHeaders(ctx: Context, next: Next): Promise<void> {
  ctx.set('content-security-policy', POLICY);
  ctx.set('x-content-type-options', 'nosniff');
  ctx.set('referrer-policy', 'no-referrer');
  ctx.set('cache-control', 'no-store');
  await next();
}
