import { createHash } from 'node:crypto';
import { AppError } from '../errors';
import { noAnswer, refused } from './graph-failure';

/** What Meta announced of a file; null where it said nothing. */
export interface Announced {
  size: number | null;
  /** SHA-256 in hex or base64: Meta's documentation leaves open which. */
  sha256: string | null;
}

/** Where Meta keeps files; the token goes to these and to nobody else. */
const metaDomains = ['facebook.com', 'fbsbx.com', 'fbcdn.net', 'whatsapp.net'];

/** Tells whether a file may be fetched from an address: on Meta's own hosts, or beside the configured Graph API. */
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
 * The body of an answer, piece by piece. Rejects with `whatsapp-refused` as soon as it turns out larger than `limit`
 * bytes, and at its end with `whatsapp-retry` (`damaged`) when it is not what was announced.
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
    hash.update(chunk);
    yield chunk;
  }
  const isWhole = announced.size === null || announced.size === size;
  if (!isWhole || !isDigest(announced.sha256, hash.digest())) {
    throw new AppError('whatsapp-retry', { status: 503, reason: 'damaged' });
  }
}

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

/** The first bytes of a file, at least `length` if it has so many, and the whole file for further reading. */
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

/** All bytes of a file at once. Rejects with `whatsapp-refused` beyond `limit` bytes. */
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

/** What a file is by its first bytes: its type, the ending of its name, and how the line deals with it. */
export interface FileType {
  kind: 'photo' | 'audio' | 'video' | 'document';
  mimeType: string;
  extension: string;
}

/** So many bytes from the start of a file tell its type. */
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
/** A frame of MPEG audio or AAC: eleven set bits, then a layer that exists. */
const audioFrame = (layers: readonly number[]): Test => {
  return head => head[0] === 0xff && layers.includes((head[1] ?? 0) & 0xf6);
};

const office = 'application/vnd.openxmlformats-officedocument';

/** The first that fits counts. From the formats that WhatsApp lets people send. */
const types: readonly (readonly [FileType['kind'], mimeType: string, extension: string, Test])[] = [
  ['photo', 'image/jpeg', 'jpg', starts([0xff, 0xd8, 0xff])],
  ['photo', 'image/png', 'png', starts([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])],
  ['photo', 'image/webp', 'webp', both(starts('RIFF'), starts('WEBP', 8))],
  ['audio', 'audio/ogg', 'ogg', starts('OggS')],
  ['audio', 'audio/amr', 'amr', starts('#!AMR')],
  ['audio', 'audio/mp4', 'm4a', brand('M4A ', 'M4B ')],
  ['audio', 'audio/aac', 'aac', audioFrame([0xf0])],
  ['audio', 'audio/mpeg', 'mp3', either(starts('ID3'), audioFrame([0xf2, 0xf4, 0xf6]))],
  ['video', 'video/3gpp', '3gp', brand('3gp', '3g2')],
  ['video', 'video/mp4', 'mp4', brand('iso', 'mp4', 'avc1', 'MSNV', 'dash', 'M4V')],
  ['document', 'application/pdf', 'pdf', starts('%PDF-')],
  ['document', `${office}.wordprocessingml.document`, 'docx', both(zip, holds('word/'))],
  ['document', `${office}.spreadsheetml.sheet`, 'xlsx', both(zip, holds('xl/'))],
  ['document', `${office}.presentationml.presentation`, 'pptx', both(zip, holds('ppt/'))],
  ['document', 'application/msword', 'doc', ole],
];

/**
 * The type of a file by its first bytes (`HEAD_BYTES` of them at most), whatever its sender called it. Null for
 * everything that a browser might run or that nobody expects from a citizen: SVG, HTML, scripts, archives, programs.
 */
export function fileTypeOf(head: Buffer): FileType | null {
  const found = types.find(([, , , test]) => test(head));
  if (!found) return null;
  const [kind, mimeType, extension] = found;
  return { kind, mimeType, extension };
}
