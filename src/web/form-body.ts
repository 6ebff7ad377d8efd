import { bodyParser } from '@koa/bodyparser';
import multer, { memoryStorage, type File, type MulterIncomingMessage } from '@koa/multer';
import type Koa from 'koa';
import { MulterError } from 'multer';
import { AppError } from '../errors';
import { cutOf, unlessCut } from './limits';
import { MOST_WORK_PHOTOS } from '../store/photo-records';

/** Uploaded photos, and the problem of a rejected upload. */
export interface Upload {
  files: { name: string; bytes: Buffer }[];
  error: string | null;
}

export const noUpload: Upload = { files: [], error: null };

const LARGEST_PHOTO = 8 * 1024 * 1024;
/** All photos plus the other fields. */
const LARGEST_UPLOAD = MOST_WORK_PHOTOS * LARGEST_PHOTO + 256 * 1024;
/** Uploads are in memory until they are re-encoded, so their number is limited. */
const UPLOADS_AT_ONCE = 4;

const receive = multer({
  storage: memoryStorage(),
  limits: {
    fileSize: LARGEST_PHOTO,
    files: MOST_WORK_PHOTOS,
    fields: 12,
    fieldSize: 64 * 1024,
    fieldNameSize: 40,
    parts: 16,
    headerPairs: 20,
  },
}).array('photos', MOST_WORK_PHOTOS);

const limitTexts: Partial<Record<MulterError['code'], string>> = {
  LIMIT_FILE_SIZE: 'Bir fotoğraf en çok 8 MB olabilir. Lütfen fotoğrafları yeniden seçiniz.',
  LIMIT_FILE_COUNT: `En çok ${MOST_WORK_PHOTOS} fotoğraf yükleyebilirsiniz. Lütfen yeniden seçiniz.`,
  LIMIT_UNEXPECTED_FILE: `En çok ${MOST_WORK_PHOTOS} fotoğraf yükleyebilirsiniz. Lütfen yeniden seçiniz.`,
};

/** Parses a form with files into `ctx.request.body` and `ctx.state.upload`. */
async function multipart(ctx: Koa.Context): Promise<void> {
  const upload: Upload = { files: [], error: null };
  try {
    await receive(ctx, async () => undefined);
  } catch (error) {
    const words = error instanceof MulterError ? limitTexts[error.code] : undefined;
    if (words === undefined) throw new AppError('bad-request', { status: 400, reason: 'multipart' });
    upload.error = words;
  }
  if (upload.error === null) {
    // An empty file field arrives as an empty file.
    upload.files = (ctx.files as File[])
      .filter(({ buffer }) => buffer.length > 0)
      .map(({ originalname, buffer }) => ({
        name: Buffer.from(originalname, 'latin1').toString('utf8'),
        bytes: buffer,
      }));
  }
  // Fields parsed before a limit was exceeded remain on Node's request.
  ctx.request.body = { ...((ctx.request.body ?? (ctx.req as MulterIncomingMessage).body) as object) };
  ctx.state['upload'] = upload;
}

/** Parses a plain form up to a limit, such as "64kb", into `ctx.request.body`. */
export function plainForm(formLimit: string): Koa.Middleware {
  return bodyParser({ enableTypes: ['form'], formLimit, encoding: 'utf8' });
}

/**
 * Parses forms: plain ones up to 64 KB, and multipart ones with photos. Throws errors that the error page explains.
 */
export function formBody(): Koa.Middleware {
  const plain = plainForm('64kb');
  let uploads = 0;
  return async (ctx, next) => {
    if (!ctx.is('multipart/form-data')) {
      await plain(ctx, () => unlessCut(ctx, next));
      return;
    }
    if ((ctx.request.length ?? 0) > LARGEST_UPLOAD) throw new AppError('bad-request', { status: 413 });
    if (uploads >= UPLOADS_AT_ONCE) throw new AppError('busy', { status: 503 });
    uploads += 1;
    try {
      await Promise.race([multipart(ctx), cutOf(ctx)]);
      await unlessCut(ctx, next);
    } finally {
      uploads -= 1;
    }
  };
}
