import { heartbeat } from '@temporalio/activity';
import sharp from 'sharp';
import { AppError } from '../src/errors';
import type { Activities } from './contract';
import type { Deps } from './deps';

const LONGEST_SIDE_PX = 1_600;
/** Larger pictures are refused before they are decoded: a small file can unfold into gigabytes. */
const MOST_PIXELS = 50_000_000;
const formats: readonly string[] = ['jpeg', 'png', 'webp'];

/** Copies a citizen's photo from Meta, which deletes it after seven days, and keeps it without its metadata. */
export function keepPhoto({ store, graph, now }: Deps): Activities['keepPhoto'] {
  return async ({ caseNumber, messageId }) => {
    if (await store.photos.has(messageId)) return;
    const message = await store.messages.get(messageId);
    if (!message?.media) throw new AppError('message-missing');
    heartbeat();
    const { bytes } = await graph.download(message.media.mediaId);
    heartbeat();
    const { data, info } = await reEncode(bytes);
    await store.photos.add({
      id: messageId,
      caseNumber,
      jpeg: data,
      width: info.width,
      height: info.height,
      keptAt: now(),
    });
  };
}

/** Decoding is the check, and writing it anew leaves camera and place behind (EXIF, GPS). */
async function reEncode(bytes: Buffer): Promise<{ data: Buffer; info: sharp.OutputInfo }> {
  try {
    const picture = sharp(bytes, { limitInputPixels: MOST_PIXELS, failOn: 'error' });
    const { format } = await picture.metadata();
    if (!formats.includes(format)) throw new RangeError('format');
    return await picture
      .autoOrient()
      .resize({ width: LONGEST_SIDE_PX, height: LONGEST_SIDE_PX, fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#ffffff' })
      .jpeg({ quality: 80 })
      .toBuffer({ resolveWithObject: true });
  } catch (cause) {
    throw new AppError('photo-unreadable', { cause });
  }
}
