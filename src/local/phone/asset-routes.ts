import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Router } from '@koa/router';
import { assetFolder } from './asset-folder';

const types: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
};

/** `/assets/phone/…` and `/assets/mailbox/…`: the styles and scripts of the pages, nothing else. */
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
