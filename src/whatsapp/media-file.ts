import { createHash } from 'node:crypto';
import { AppError } from '../errors';
import { noAnswer, refused } from './graph-failure';

/** The properties of a file announced by Meta; null if absent. */
export interface Announced {
  size: number | null;
  /** SHA-256 in hex or base64; Meta's documentation does not say which. */
  sha256: string | null;
}

/** Meta's media hosts. The token is sent only to these. */
const metaDomains = ['facebook.com', 'fbsbx.com', 'fbcdn.net', 'whatsapp.net'];

/**
 * Returns whether a file may be downloaded from a URL: on Meta's hosts, or on the host of the configured Graph API.
 */
export function fileUrlGate(graphUrl: string): (address: string) => boolean {
  const own = new URL(graphUrl).origin;
  return address => {
    const url = URL.canParse(address) ? new URL(address) : null;
    if (!url || url.username !== '' || url.password !== '') return false;
    if (url.origin === own) return true;
    const ofMeta = metaDomains.some(name => url.hostname === name || url.hostname.endsWith(`.${name}`));
    return ofMeta && url.protocol === 'https:' && url.port === '';
  };
}

/**
 * Streams a response body. Rejects with `whatsapp-refused` once it exceeds `limit` bytes, and with `whatsapp-retry`
 * (`damaged`) once it exceeds the announced size, or at its end if size or hash differ from the announcement.
 */
export async function* checkedBytes(
  response: Response,
  limit: number,
  announced: Announced,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let size = 0;
  const body = (response.body ?? []) as AsyncIterable<Uint8Array>;
  for await (const chunk of withoutForeignErrors(body)) {
    size += chunk.byteLength;
    if (size > limit) throw refused('too-large');
    if (announced.size !== null && size > announced.size) throw damaged();
    hash.update(chunk);
    yield chunk;
  }
  const isWhole = announced.size === null || announced.size === size;
  if (!isWhole || !isDigest(announced.sha256, hash.digest())) throw damaged();
}

const damaged = (): AppError => new AppError('whatsapp-retry', { status: 503, reason: 'damaged' });

async function* withoutForeignErrors(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (cause) {
    throw noAnswer(cause);
  }
}

function isDigest(announced: string | null, digest: Buffer): boolean {
  return (
    announced === null ||
    announced.toLowerCase() === digest.toString('hex') ||
    announced.replace(/=+$/, '') === digest.toString('base64').replace(/=+$/, '')
  );
}

/** Returns the first bytes of a stream (at least `length` if available) and the whole stream. */
export async function peeked(
  bytes: AsyncIterable<Uint8Array>,
  length: number,
): Promise<{ head: Buffer; all: AsyncIterable<Uint8Array> }> {
  const rest = bytes[Symbol.asyncIterator]();
  const seen: Uint8Array[] = [];
  let size = 0;
  while (size < length) {
    const next = await rest.next();
    if (next.done) break;
    seen.push(next.value);
    size += next.value.byteLength;
  }
  async function* all(): AsyncGenerator<Uint8Array> {
    yield* seen;
    yield* { [Symbol.asyncIterator]: () => rest };
  }
  return { head: Buffer.concat(seen).subarray(0, length), all: all() };
}

/** Reads a stream into one buffer. Rejects with `whatsapp-refused` above `limit` bytes. */
export async function gathered(bytes: AsyncIterable<Uint8Array>, limit: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of bytes) {
    size += chunk.byteLength;
    if (size > limit) throw refused('too-large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** A detected file type: MIME type, extension, and how the line treats it. */
export interface FileType {
  kind: 'photo' | 'audio' | 'video' | 'document';
  mimeType: string;
  extension: string;
}

/** The number of leading bytes needed to detect a type. */
export const HEAD_BYTES = 4_096;

type Test = (head: Buffer) => boolean;

const starts =
  (signature: string | readonly number[], at = 0): Test =>
  head =>
    head.subarray(at, at + signature.length).equals(Buffer.from(signature as string));
const holds =
  (text: string): Test =>
  head =>
    head.includes(text);
const both =
  (...tests: Test[]): Test =>
  head =>
    tests.every(test => test(head));
const either =
  (...tests: Test[]): Test =>
  head =>
    tests.some(test => test(head));

const zip = starts('PK\x03\x04');
const ole = starts([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
const media = starts('ftyp', 4);
const brand = (...names: string[]): Test => both(media, either(...names.map(name => starts(name, 8))));
/** A QuickTime movie, with a brand or in the older form without one. */
const quickTime: Test = either(
  brand('qt  '),
  ...['moov', 'mdat', 'wide', 'free', 'skip'].map(atom => starts(atom, 4)),
);
/** An MPEG audio or AAC frame header: eleven set bits, then a valid layer. */
const audioFrame = (layers: readonly number[]): Test => {
  return head => head[0] === 0xff && layers.includes((head[1] ?? 0) & 0xf6);
};

const office = 'application/vnd.openxmlformats-officedocument';

/** The formats that WhatsApp accepts. The first match wins. */
const types: readonly (readonly [FileType['kind'], mimeType: string, extension: string, Test])[] = [
  ['photo', 'image/jpeg', 'jpg', starts([0xff, 0xd8, 0xff])],
  ['photo', 'image/png', 'png', starts([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])],
  ['photo', 'image/webp', 'webp', both(starts('RIFF'), starts('WEBP', 8))],
  // iPhones send HEIC photos as documents. Neither browsers nor sharp's prebuilt binaries decode them.
  ['document', 'image/heic', 'heic', brand('heic', 'heix', 'heim', 'heis', 'hevc', 'mif1', 'msf1')],
  ['document', 'image/avif', 'avif', brand('avif', 'avis')],
  ['audio', 'audio/ogg', 'ogg', starts('OggS')],
  ['audio', 'audio/amr', 'amr', starts('#!AMR')],
  ['audio', 'audio/mp4', 'm4a', brand('M4A ', 'M4B ')],
  ['audio', 'audio/aac', 'aac', audioFrame([0xf0])],
  ['audio', 'audio/mpeg', 'mp3', either(starts('ID3'), audioFrame([0xf2, 0xf4, 0xf6]))],
  ['video', 'video/3gpp', '3gp', brand('3gp', '3g2')],
  ['video', 'video/quicktime', 'mov', quickTime],
  ['audio', 'audio/wav', 'wav', both(starts('RIFF'), starts('WAVE', 8))],
  ['video', 'video/mp4', 'mp4', brand('iso', 'mp4', 'avc1', 'MSNV', 'dash', 'M4V')],
  ['document', 'application/pdf', 'pdf', starts('%PDF-')],
  ['document', `${office}.wordprocessingml.document`, 'docx', both(zip, holds('word/'))],
  ['document', `${office}.spreadsheetml.sheet`, 'xlsx', both(zip, holds('xl/'))],
  ['document', `${office}.presentationml.presentation`, 'pptx', both(zip, holds('ppt/'))],
  ['document', 'application/msword', 'doc', ole],
];

/**
 * Detects the type of a file from its first bytes (at most `HEAD_BYTES`); the sender's name and type are ignored.
 * Returns null for everything else, such as SVG, HTML, scripts, archives and programs.
 */
export function fileTypeOf(head: Buffer): FileType | null {
  const found = types.find(([, , , test]) => test(head));
  if (!found) return null;
  const [kind, mimeType, extension] = found;
  return { kind, mimeType, extension };
}
