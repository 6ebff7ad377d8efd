import sharp from 'sharp';
import { AppError } from './errors';

/** A re-encoded picture, as stored. */
export interface Picture {
  /** JPEG, longest side at most 1,600 px. */
  jpeg: Buffer;
  /** JPEG, longest side at most 320 px. */
  thumbnail: Buffer;
  width: number;
  height: number;
  /** The camera position (WGS84), if the picture contains it. */
  takenAt: { latitude: number; longitude: number } | null;
}

const LONGEST_SIDE_PX = 1_600;
const THUMBNAIL_PX = 320;
/** Larger pictures are rejected before decoding, because a small file can decode to gigabytes. */
const MOST_PIXELS = 50_000_000;
/** A baseline JPEG is shrunk on load, so that a panorama or a 200-megapixel photo needs little memory. */
const MOST_PIXELS_BASELINE = 250_000_000;
/** A progressive JPEG is decoded at full size, with two bytes per value. */
const MOST_PIXELS_PROGRESSIVE = 80_000_000;
/** A truncated JPEG is accepted up to this share of missing rows. */
const MOST_MISSING = 0.25;
const formats: readonly string[] = ['jpeg', 'png', 'webp'];

// One picture per core at a time, and no cache of decoded pictures.
sharp.cache(false);
sharp.concurrency(1);

/**
 * Decodes and re-encodes a picture, which validates it and removes its metadata. Returns the GPS position separately.
 * Accepts a JPEG of which only the end is missing. Rejects with `file-unreadable`: `too-many-pixels`, `incomplete`,
 * or `undecodable` if it is not a JPEG, PNG or WebP.
 */
export async function rewritten(bytes: Buffer): Promise<Picture> {
  const about = await aboutOf(bytes);
  if (about.width * about.height > mostPixels(about)) throw unreadable('too-many-pixels');
  try {
    return await decoded(bytes, about, 'error');
  } catch (cause) {
    if (about.format !== 'jpeg' || !breaksOff(bytes)) throw unreadable('undecodable', cause);
  }
  try {
    if ((await missingShare(bytes)) > MOST_MISSING) throw unreadable('incomplete');
    return await decoded(bytes, about, 'none');
  } catch (cause) {
    throw unreadable('incomplete', cause);
  }
}

const unreadable = (reason: string, cause?: unknown): AppError =>
  new AppError('file-unreadable', { reason, cause });

async function aboutOf(bytes: Buffer): Promise<sharp.Metadata> {
  const about = await sharp(bytes, { limitInputPixels: false, failOn: 'none' })
    .metadata()
    .catch((cause: unknown) => {
      throw unreadable('undecodable', cause);
    });
  if (!formats.includes(about.format)) throw unreadable('undecodable');
  return about;
}

function mostPixels({ format, isProgressive }: sharp.Metadata): number {
  if (format !== 'jpeg') return MOST_PIXELS;
  return isProgressive === true ? MOST_PIXELS_PROGRESSIVE : MOST_PIXELS_BASELINE;
}

async function decoded(bytes: Buffer, { exif }: sharp.Metadata, failOn: 'error' | 'none'): Promise<Picture> {
  const picture = sharp(bytes, { limitInputPixels: MOST_PIXELS_BASELINE, failOn });
  const { data, info } = await shrunk(picture.autoOrient(), LONGEST_SIDE_PX, 80);
  const thumbnail = await shrunk(sharp(data), THUMBNAIL_PX, 70);
  const { width, height } = info;
  return { jpeg: data, thumbnail: thumbnail.data, width, height, takenAt: photoPlace(exif) };
}

/** So few points are left of a blurred region that no letter and no face can be told from it. */
const BLURRED_TO_PX = 4;

/**
 * Returns a stored JPEG with blurred regions, and its thumbnail. Regions are in thousandths of width and height; what lies
 * outside of the picture is cut off.
 */
export async function blurred(
  jpeg: Buffer,
  regions: readonly { left: number; top: number; width: number; height: number }[],
): Promise<Pick<Picture, 'jpeg' | 'thumbnail'>> {
  const { width, height } = await sharp(jpeg).metadata();
  const inPixels = (from: number, length: number, whole: number): [number, number] => {
    const start = Math.min(Math.floor((from / 1_000) * whole), whole - 1);
    return [start, Math.max(1, Math.min(Math.ceil((length / 1_000) * whole), whole - start))];
  };
  const patches = await Promise.all(
    regions.map(async region => {
      const [left, across] = inPixels(region.left, region.width, width);
      const [top, down] = inPixels(region.top, region.height, height);
      const few = await sharp(jpeg)
        .extract({ left, top, width: across, height: down })
        .resize({ width: BLURRED_TO_PX, height: BLURRED_TO_PX, fit: 'fill', kernel: 'cubic' })
        .png()
        .toBuffer();
      const input = await sharp(few)
        .resize({ width: across, height: down, fit: 'fill', kernel: 'cubic' })
        .png()
        .toBuffer();
      return { input, left, top };
    }),
  );
  const whole = await sharp(jpeg).composite(patches).jpeg({ quality: 80 }).toBuffer();
  const thumbnail = await shrunk(sharp(whole), THUMBNAIL_PX, 70);
  return { jpeg: whole, thumbnail: thumbnail.data };
}

const END_OF_IMAGE = Buffer.from([0xff, 0xd9]);

/** Whether a JPEG lacks its end marker because it was truncated or its end was filled with zeros. */
function breaksOff(bytes: Buffer): boolean {
  return !bytes.subarray(-64).includes(END_OF_IMAGE);
}

const SAMPLE = { width: 32, height: 200 } as const;
const SAME_SHADE = 2;

/** Returns the share of rows at the bottom of a truncated JPEG that the decoder filled with one shade. */
async function missingShare(bytes: Buffer): Promise<number> {
  const shades = await sharp(bytes, { limitInputPixels: MOST_PIXELS_BASELINE, failOn: 'none' })
    .resize({ ...SAMPLE, fit: 'fill', kernel: 'nearest' })
    .greyscale()
    .raw()
    .toBuffer();
  let filled = 0;
  for (let end = shades.length; end > 0; end -= SAMPLE.width) {
    const row = shades.subarray(end - SAMPLE.width, end);
    const [first = 0] = row;
    if (row.some(shade => Math.abs(shade - first) > SAME_SHADE)) break;
    filled += 1;
  }
  return filled / SAMPLE.height;
}

function shrunk(picture: sharp.Sharp, side: number, quality: number) {
  return picture
    .resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true })
    .flatten({ background: '#ffffff' })
    .jpeg({ quality })
    .toBuffer({ resolveWithObject: true });
}

/** EXIF 2.3 tags: the offset of the GPS block, and its fields. */
const GPS_BLOCK = 0x8825;
const LATITUDE_SIDE = 1;
const LATITUDE = 2;
const LONGITUDE_SIDE = 3;
const LONGITUDE = 4;
const ENTRY_BYTES = 12;
const MOST_ENTRIES = 200;

/** Reads numbers of a TIFF block in its byte order. Returns null beyond its end. */
interface Tiff {
  short(at: number): number | null;
  long(at: number): number | null;
  text(at: number): string;
}

function tiffOf(exif: Buffer): Tiff | null {
  const start = exif.subarray(0, 4).toString('latin1') === 'Exif' ? 6 : 0;
  const bytes = exif.subarray(start);
  const order = bytes.subarray(0, 2).toString('latin1');
  if (order !== 'II' && order !== 'MM') return null;
  const little = order === 'II';
  const inside = (at: number, length: number): boolean => at >= 0 && at + length <= bytes.length;
  return {
    short: at => (inside(at, 2) ? (little ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at)) : null),
    long: at => (inside(at, 4) ? (little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at)) : null),
    text: at => bytes.subarray(at, at + 1).toString('latin1'),
  };
}

/** Returns the offset of each tag's value. Values longer than four bytes are stored elsewhere. */
function entriesOf(tiff: Tiff, block: number): Map<number, number> {
  const count = Math.min(tiff.short(block) ?? 0, MOST_ENTRIES);
  const places = Array.from({ length: count }, (_, place) => block + 2 + place * ENTRY_BYTES);
  return new Map(places.flatMap(at => [[tiff.short(at) ?? 0, at + 8] as const]));
}

/** Degrees, minutes and seconds, each a rational of two numbers. */
function degrees(tiff: Tiff, at: number | null): number | null {
  if (at === null) return null;
  let sum = 0;
  for (const [place, part] of [1, 60, 3_600].entries()) {
    const above = tiff.long(at + place * 8);
    const below = tiff.long(at + place * 8 + 4);
    if (above === null || below === null) return null;
    if (below !== 0) sum += above / below / part;
    else if (above !== 0) return null;
  }
  return sum;
}

/**
 * Returns the GPS position (degrees, WGS84) from the EXIF block of sharp's `metadata()`; null if absent or invalid.
 * Never throws.
 */
export function photoPlace(exif: Buffer | undefined): { latitude: number; longitude: number } | null {
  const tiff = exif && tiffOf(exif);
  if (!tiff) return null;
  const pointer = entriesOf(tiff, tiff.long(4) ?? -1).get(GPS_BLOCK);
  const block = pointer === undefined ? null : tiff.long(pointer);
  if (block === null) return null;
  const tags = entriesOf(tiff, block);
  const value = (tag: number, side: number, negative: string): number | null => {
    const size = degrees(tiff, tiff.long(tags.get(tag) ?? -1));
    return size === null ? null : tiff.text(tags.get(side) ?? 0) === negative ? -size : size;
  };
  const latitude = value(LATITUDE, LATITUDE_SIDE, 'S');
  const longitude = value(LONGITUDE, LONGITUDE_SIDE, 'W');
  if (latitude === null || longitude === null) return null;
  if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180) return null;
  // A camera without a fix writes zeros.
  return latitude === 0 && longitude === 0 ? null : { latitude, longitude };
}
