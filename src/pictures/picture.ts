import sharp from 'sharp';
import { AppError } from '../errors';
import { photoPlace } from './photo-place';

/** A picture from outside as the records keep it. */
export interface Picture {
  /** JPEG, longest side at most 1,600 px. */
  jpeg: Buffer;
  /** JPEG, longest side at most 320 px. */
  thumbnail: Buffer;
  width: number;
  height: number;
  /** Where the camera was, WGS84, when the picture told it. */
  takenAt: { latitude: number; longitude: number } | null;
}

const LONGEST_SIDE_PX = 1_600;
const THUMBNAIL_PX = 320;
/** Larger pictures are refused before they are decoded: a small file can unfold into gigabytes. */
const MOST_PIXELS = 50_000_000;
const formats: readonly string[] = ['jpeg', 'png', 'webp'];

// One picture at a time for each core is enough, and what was decoded is not needed again.
sharp.cache(false);
sharp.concurrency(1);

/**
 * A picture written anew: decoding is the check, and camera and place stay behind (EXIF, GPS) but for the place as a
 * hint. Rejects with `photo-unreadable` for whatever is no whole JPEG, PNG or WebP of a sensible size.
 */
export async function rewritten(bytes: Buffer): Promise<Picture> {
  try {
    const picture = sharp(bytes, { limitInputPixels: MOST_PIXELS, failOn: 'error' });
    const { format, exif } = await picture.metadata();
    if (!formats.includes(format)) throw new RangeError('format');
    const { data, info } = await shrunk(picture.autoOrient(), LONGEST_SIDE_PX, 80);
    const thumbnail = await shrunk(sharp(data), THUMBNAIL_PX, 70);
    const { width, height } = info;
    return { jpeg: data, thumbnail: thumbnail.data, width, height, takenAt: photoPlace(exif) };
  } catch (cause) {
    throw new AppError('photo-unreadable', { cause, reason: 'undecodable' });
  }
}

function shrunk(picture: sharp.Sharp, side: number, quality: number) {
  return picture
    .resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true })
    .flatten({ background: '#ffffff' })
    .jpeg({ quality })
    .toBuffer({ resolveWithObject: true });
}
