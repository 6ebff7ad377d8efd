import type { RouterContext } from '@koa/router';
import type Koa from 'koa';
import parseRange from 'range-parser';
import { notFound } from '../errors';
import type { ByteRange } from '../store/file-records';
import type { Store } from '../store/store';

/** The files of cases. Each function sends the file with the id in the route, if it belongs to the case. */
export type FileStore = Pick<Store, 'photos' | 'workPhotos' | 'attachments'>;

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

const isSmall = (ctx: Koa.Context): boolean => ctx.query['size'] === 'small';

/**
 * Sends a citizen's photo without what was hidden, if its case may be shown. Returns whether it is a thumbnail.
 */
export async function sendPhoto(
  ctx: RouterContext,
  { photos }: Pick<FileStore, 'photos'>,
  mayShow: (caseNumber: string, isSmall: boolean) => boolean | Promise<boolean>,
): Promise<boolean> {
  const small = isSmall(ctx);
  const photo = await photos.shown(ctx.params['id'] ?? '', small ? 'thumbnail' : 'jpeg');
  if (!photo || !(await mayShow(photo.caseNumber, small))) throw notFound();
  sendJpeg(ctx, photo.jpeg);
  return small;
}

/** Sends a photo of the work. */
export async function sendWorkPhoto(
  ctx: RouterContext,
  { workPhotos }: FileStore,
  caseNumber: string,
): Promise<void> {
  const picture = await workPhotos.shown(ctx.params['id'] ?? '', isSmall(ctx) ? 'thumbnail' : 'jpeg');
  sendJpeg(ctx, picture?.caseNumber === caseNumber ? picture.jpeg : undefined);
}

/** Sends a voice note, video or document, or a range of it. Returns whether it begins at the start. */
export async function sendFile(
  ctx: RouterContext,
  { attachments }: FileStore,
  caseNumber: string,
): Promise<boolean> {
  const id = ctx.params['id'] ?? '';
  const file = await attachments.get(id);
  if (file?.caseNumber !== caseNumber) throw notFound();
  const range = rangeOf(ctx.get('Range'), file.size);
  const bytes = await attachments.open(id, range ?? undefined);
  if (!bytes) throw notFound();
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
  return !range || range.start === 0;
}
