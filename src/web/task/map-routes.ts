import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Router } from '@koa/router';
import { notFound } from '../../errors';
import { templateFolder } from '../../mail/templates';

const leaflet = dirname(require.resolve('leaflet/dist/leaflet.js'));
const own = templateFolder(join(__dirname, '../pages'));

/** The files of the map, and the script of the page that blurs photos, by served name. */
const files: Readonly<Record<string, { path: string; type: string }>> = {
  'leaflet.js': { path: join(leaflet, 'leaflet.js'), type: 'text/javascript' },
  'leaflet.css': { path: join(leaflet, 'leaflet.css'), type: 'text/css' },
  'map.mjs': { path: join(own, 'map.mjs'), type: 'text/javascript' },
  'cover.mjs': { path: join(own, 'cover.mjs'), type: 'text/javascript' },
};

/**
 * `/map/:file`: serves the map's files ourselves, so that no third party runs scripts on a page behind a
 * link.
 */
export function mapRoutes(): Router {
  const contents = new Map(Object.entries(files).map(([name, { path }]) => [name, readFileSync(path)]));
  const router = new Router();
  router.get('/map/:file', ctx => {
    const name = ctx.params['file'] ?? '';
    const content = contents.get(name);
    if (!content) throw notFound();
    ctx.type = files[name]?.type ?? 'text/plain';
    ctx.set('Cache-Control', 'public, max-age=86400');
    ctx.body = content;
  });
  return router;
}

/**
 * Returns the Content-Security-Policy of a page with a map: our own scripts, and images from the tile server.
 * `pagePolicy` is the policy of a page without a map.
 */
export function withMap(pagePolicy: string, tiles: string): string {
  const origin = new URL(tiles.replace(/\{[a-z]\}/g, '0')).origin;
  return pagePolicy
    .replace('style-src', "script-src 'self';style-src 'self'")
    .replace("img-src 'self'", `img-src 'self' ${origin}`);
}
