import { Router } from '@koa/router';
import type Koa from 'koa';
import parseRange from 'range-parser';
import { notFound } from '../../errors';
import type { ByteRange } from '../../store/file-records';
import type { Store } from '../../store/store';
import type { TaskDoor } from '../access';
import { isJoinable } from './join-fields';

interface FileDeps {
  store: Pick<Store, 'cases' | 'photos' | 'workPhotos' | 'attachments'>;
  door: Pick<TaskDoor, 'open' | 'noteView'>;
}

/**
 * Parses a single byte range (RFC 9110, section 14), as players request it. Returns null for anything else.
 */
function rangeOf(header: string, size: number): ByteRange | null {
  const ranges = parseRange(size, header);
  const [range, ...others] = typeof ranges === 'number' || ranges.type !== 'bytes' ? [] : ranges;
  return range === undefined || others.length > 0 ? null : { start: range.start, end: range.end };
}

function sendJpeg(ctx: Koa.Context, jpeg: Buffer | undefined): void {
  if (!jpeg) throw notFound();
  ctx.type = 'image/jpeg';
  ctx.body = jpeg;
}

/** Serves the files of a case's messages and the photos of the work to readers with access to the page. */
export function fileRoutes({ store, door }: FileDeps): Router {
  const router = new Router();
  const isSmall = (ctx: Koa.Context): boolean => ctx.query['size'] === 'small';

  router.get('/t/:token/photos/:id', async ctx => {
    const task = await door.open(ctx.params['token'] ?? '', 'GET /t/:token/photos/:id');
    const id = ctx.params['id'] ?? '';
    const small = isSmall(ctx);
    const photo = await store.photos.shown(id, small ? 'thumbnail' : 'jpeg');
    if (!photo) throw notFound();
    const isOwn = photo.caseNumber === task.link.caseNumber;
    // The page shows thumbnails of cases that this one may be joined to.
    if (!isOwn && !(small && isJoinable(task, await store.cases.get(photo.caseNumber)))) throw notFound();
    // Thumbnails are part of the page, whose view has been recorded.
    if (!small) await door.noteView(ctx, task, 'photo');
    sendJpeg(ctx, photo.jpeg);
  });

  router.get('/t/:token/work/:id', async ctx => {
    const { link } = await door.open(ctx.params['token'] ?? '', 'GET /t/:token/work/:id');
    const size = isSmall(ctx) ? 'thumbnail' : 'jpeg';
    const picture = await store.workPhotos.picture(ctx.params['id'] ?? '', size);
    sendJpeg(ctx, picture?.caseNumber === link.caseNumber ? picture.jpeg : undefined);
  });

  router.get('/t/:token/files/:id', async ctx => {
    const task = await door.open(ctx.params['token'] ?? '', 'GET /t/:token/files/:id');
    const id = ctx.params['id'] ?? '';
    const file = await store.attachments.get(id);
    if (file?.caseNumber !== task.link.caseNumber) throw notFound();
    const range = rangeOf(ctx.get('Range'), file.size);
    const bytes = await store.attachments.open(id, range ?? undefined);
    if (!bytes) throw notFound();
    if (!range || range.start === 0) await door.noteView(ctx, task, 'file');
    ctx.type = file.mimeType;
    ctx.set('Accept-Ranges', 'bytes');
    ctx.set('Content-Security-Policy', "default-src 'none'; sandbox");
    if (file.kind === 'document') ctx.attachment(file.name);
    if (range) {
      ctx.status = 206;
      ctx.set('Content-Range', `bytes ${range.start}-${range.end}/${file.size}`);
    }
    ctx.length = range ? range.end - range.start + 1 : file.size;
    ctx.body = bytes;
  });

  return router;
}
