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
