import { Router } from '@koa/router';
import type Koa from 'koa';
import { createHash } from 'node:crypto';
import parseRange from 'range-parser';
import { AppError } from '../../errors';
import { oneLine } from '../../domain/plain-text';
import { rewritten } from '../../picture';
import { type ByteRange, MOST_WORK_PHOTOS } from '../../store/file-records';
import type { Store } from '../../store/store';
import type { Upload } from '../form-body';
import type { TaskDoor } from '../access';

export interface FileDeps {
  store: Pick<Store, 'photos' | 'workPhotos' | 'attachments'>;
  door: Pick<TaskDoor, 'open' | 'noteView'>;
}

const missing = (): AppError => new AppError('not-found', { status: 404 });

/**
 * Parses a single byte range (RFC 9110, section 14), as players request it. Returns null for anything else.
 */
function rangeOf(header: string, size: number): ByteRange | null {
  const ranges = parseRange(size, header);
  const [range, ...others] = typeof ranges === 'number' || ranges.type !== 'bytes' ? [] : ranges;
  return range === undefined || others.length > 0 ? null : { start: range.start, end: range.end };
}

function sendJpeg(ctx: Koa.Context, jpeg: Buffer | undefined): void {
  if (!jpeg) throw missing();
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
    const small = isSmall(ctx) ? await store.photos.thumbnail(id) : null;
    const photo = small
      ? { caseNumber: small.caseNumber, jpeg: small.thumbnail }
      : await store.photos.get(id);
    if (photo?.caseNumber !== task.link.caseNumber) throw missing();
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
    if (file?.caseNumber !== task.link.caseNumber) throw missing();
    const range = rangeOf(ctx.get('Range'), file.size);
    const bytes = await store.attachments.open(id, range ?? undefined);
    if (!bytes) throw missing();
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

/** Returns a queue that runs tasks one at a time, because a decoded picture takes hundreds of megabytes. */
function createQueue(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return work => {
    const run = last.then(work, work);
    last = run.catch(() => undefined);
    return run;
  };
}

const LONGEST_NAME = 40;

/**
 * Returns a function that keeps the photos of a form under the id of its act, so that they need not be chosen
 * again. The function returns the problem in Turkish, or null.
 */
export function createPhotoKeeper({
  workPhotos,
}: Pick<Store, 'workPhotos'>): (
  upload: Upload,
  act: { actionId: string; caseNumber: string; at: Date },
) => Promise<string | null> {
  const inTurn = createQueue();

  /** Returns null if it was kept, otherwise the problem in Turkish. */
  async function keep(
    bytes: Buffer,
    act: { actionId: string; caseNumber: string; at: Date },
  ): Promise<string | null> {
    try {
      const { jpeg, thumbnail, width, height } = await inTurn(() => rewritten(bytes));
      const digest = createHash('sha256').update(bytes).digest('hex');
      const { actionId, caseNumber, at } = act;
      const photo = { caseNumber, digest, jpeg, thumbnail, width, height, keptAt: at };
      return (await workPhotos.add(actionId, photo)) ? null : noRoom;
    } catch (error) {
      if (error instanceof AppError && error.code === 'file-unreadable') return problemWords(error.reason);
      throw error;
    }
  }

  return async ({ files, error }, act) => {
    const unread: string[] = [];
    for (const { name, bytes } of files) {
      const problem = await keep(bytes, act);
      if (problem === noRoom) return noRoom;
      if (problem !== null) unread.push(`${oneLine(name, LONGEST_NAME)} (${problem})`);
    }
    if (error !== null) return error;
    return unread.length === 0
      ? null
      : `Okunamayan dosya: ${unread.join(', ')}. Lütfen başka bir fotoğraf seçiniz.`;
  };
}

const noRoom = `En çok ${MOST_WORK_PHOTOS} fotoğraf ekleyebilirsiniz; fazlası alınmadı.`;

function problemWords(reason: string | undefined): string {
  switch (reason) {
    case 'too-many-pixels':
      return 'çözünürlüğü çok yüksek';
    case 'incomplete':
      return 'dosyanın bir bölümü eksik';
    default:
      return 'JPEG, PNG veya WebP biçiminde değil ya da bozuk';
  }
}
