import { Router } from '@koa/router';
import type Koa from 'koa';
import { AppError } from '../../errors';
import type { ByteRange } from '../../store/file-records';
import type { Store } from '../../store/store';
import type { TaskDoor } from './task-door';

export interface FileDeps {
  store: Pick<Store, 'photos' | 'workPhotos' | 'attachments'>;
  door: Pick<TaskDoor, 'open' | 'noteView'>;
}

const missing = (): AppError => new AppError('not-found', { status: 404 });

/** One range of bytes (RFC 9110, section 14), as players ask for; null for whatever else is asked. */
export function rangeOf(header: string, size: number): ByteRange | null {
  const [, from = '', to = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header) ?? [];
  if (from === '' && to === '') return null;
  const start = from === '' ? Math.max(size - Number(to), 0) : Number(from);
  const end = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  return start <= end && start < size ? { start, end } : null;
}

function sendJpeg(ctx: Koa.Context, jpeg: Buffer | undefined): void {
  if (!jpeg) throw missing();
  ctx.type = 'image/jpeg';
  ctx.body = jpeg;
}

/** What came with the messages of a case and what shows the department's work; only to who may see the page. */
export function fileRoutes({ store, door }: FileDeps): Router {
  const router = new Router();
  const isSmall = (ctx: Koa.Context): boolean => ctx.query['size'] === 'small';

  router.get('/t/:token/photos/:id', async ctx => {
    const task = await door.open(ctx.params['token'] ?? '', 'GET /t/:token/photos/:id');
    const id = ctx.params['id'] ?? '';
    const small = isSmall(ctx) ? await store.photos.thumbnail(id) : null;
    const photo = small
      ? { caseNumber: small.caseNumber, jpeg: small.thumbnail }
      : await store.photos.get(id);
    if (photo?.caseNumber !== task.link.caseNumber) throw missing();
    // The small picture is part of the page, whose view is noted already.
    if (!small) await door.noteView(task, 'photo');
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
    if (file?.caseNumber !== task.link.caseNumber) throw missing();
    const range = rangeOf(ctx.get('Range'), file.size);
    const bytes = await store.attachments.open(id, range ?? undefined);
    if (!bytes) throw missing();
    if (!range || range.start === 0) await door.noteView(task, 'photo');
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
