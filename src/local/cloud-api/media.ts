import rawBody from 'raw-body';
import { createHash, createHmac, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import path from 'node:path';
import { graphError, type GraphError, invalidParameter } from './graph-errors';
import { createSavedFolder } from './saved-folder';

/** Lifetimes: media ids of received messages 7 days, of uploads 30 days, download URLs 5 minutes. */
export const INBOUND_MEDIA_MS = 7 * 24 * 60 * 60 * 1000;
const UPLOADED_MEDIA_MS = 30 * 24 * 60 * 60 * 1000;
const MEDIA_URL_MS = 5 * 60 * 1000;

export interface MediaItem {
  id: string;
  mimeType: string;
  /** Hex, as in media look-ups. Webhooks contain the same digest in base64. */
  sha256: string;
  size: number;
  filename?: string;
  expiresAt: number;
}

export interface MediaStore {
  put(bytes: Buffer, about: { mimeType: string; filename?: string | undefined; livesMs: number }): MediaItem;
  /** Undefined if unknown, deleted or expired. */
  get(id: string): MediaItem | undefined;
  read(item: MediaItem): Buffer;
  remove(id: string): void;
  /** Returns the query of a download URL that is valid for five minutes. */
  ticket(id: string): URLSearchParams;
  admits(id: string, expires: string, hash: string): boolean;
  flush(): Promise<void>;
}

export function createMediaStore(folder: string, now: () => number): MediaStore {
  const saved = createSavedFolder<MediaItem>(folder);
  const items = new Map(saved.load().map(item => [item.id, item]));
  const ticketKey = randomBytes(32);
  const fileOf = (id: string): string => path.join(folder, `${id}.bin`);
  const hashOf = (id: string, expires: string): Buffer =>
    createHmac('sha256', ticketKey).update(`${id}:${expires}`).digest();

  const remove = (id: string): void => {
    items.delete(id);
    rmSync(fileOf(id), { force: true });
    rmSync(path.join(folder, `${id}.json`), { force: true });
  };
  for (const item of items.values()) if (item.expiresAt <= now()) remove(item.id);

  return {
    put(bytes, { mimeType, filename, livesMs }) {
      const item: MediaItem = {
        id: `${randomInt(1e8, 1e9)}${randomInt(1e7, 1e8)}`,
        mimeType,
        sha256: createHash('sha256').update(bytes).digest('hex'),
        size: bytes.length,
        ...(filename === undefined ? {} : { filename }),
        expiresAt: now() + livesMs,
      };
      writeFileSync(fileOf(item.id), bytes);
      items.set(item.id, item);
      saved.save(item.id, () => item);
      return item;
    },
    get(id) {
      const item = items.get(id);
      return item !== undefined && item.expiresAt > now() ? item : undefined;
    },
    read: item => readFileSync(fileOf(item.id)),
    remove,
    ticket(id) {
      const ext = String(Math.floor((now() + MEDIA_URL_MS) / 1000));
      return new URLSearchParams({ mid: id, ext, hash: hashOf(id, ext).toString('base64url') });
    },
    admits(id, expires, hash) {
      const given = Buffer.from(hash, 'base64url');
      const expected = hashOf(id, expires);
      return (
        given.length === expected.length && timingSafeEqual(given, expected) && now() < Number(expires) * 1000
      );
    },
    flush: saved.flush,
  };
}

const MB = 1024 * 1024;
const LARGEST = 100 * MB;

/** The maximum size per kind and the accepted types. Meta rejects everything else. */
const accepted: { pattern: RegExp; max: number }[] = [
  { pattern: /^image\/(jpeg|png)$/, max: 5 * MB },
  { pattern: /^image\/webp$/, max: 500 * 1024 },
  { pattern: /^audio\/(aac|mp4|mpeg|amr|ogg|opus)$/, max: 16 * MB },
  { pattern: /^video\/(mp4|3gpp)$/, max: 16 * MB },
  {
    pattern:
      /^(text\/plain|application\/(pdf|msword|vnd\.ms-(excel|powerpoint)|vnd\.openxmlformats-officedocument\.[a-z.]+))$/,
    max: LARGEST,
  },
];

export interface MediaUpload {
  bytes: Buffer;
  about: { mimeType: string; filename?: string; livesMs: number };
}

async function readForm(request: IncomingMessage): Promise<FormData | undefined> {
  const type = request.headers['content-type'] ?? '';
  if (!type.startsWith('multipart/form-data')) return undefined;
  const bytes = await readBytes(request, LARGEST + MB);
  return new Response(new Uint8Array(bytes), { headers: { 'content-type': type } })
    .formData()
    .catch(() => undefined);
}

/** Returns the file of a multipart upload (`messaging_product`, `file`, `type`), or Meta's error. */
export async function readUpload(request: IncomingMessage): Promise<MediaUpload | { error: GraphError }> {
  const form = await readForm(request);
  if (form?.get('messaging_product') !== 'whatsapp') {
    return { error: invalidParameter('The parameter messaging_product is required.') };
  }
  const file = form.get('file');
  if (!(file instanceof File)) return { error: invalidParameter('The parameter file is required.') };
  const declared = form.get('type');
  const mimeType = (typeof declared === 'string' ? declared : file.type).split(';')[0]?.trim() ?? '';
  const rule = accepted.find(candidate => candidate.pattern.test(mimeType));
  if (rule === undefined) {
    return {
      error: invalidParameter(
        `Param file must be a file of a supported type. Received file of type '${mimeType}'.`,
      ),
    };
  }
  if (file.size > rule.max) return { error: graphError(131053, `File is larger than ${rule.max} bytes`) };
  return {
    bytes: Buffer.from(await file.arrayBuffer()),
    about: { mimeType, filename: file.name, livesMs: UPLOADED_MEDIA_MS },
  };
}

/** Reads the body of a request. Throws with `status` 413 above `limit` bytes. */
export const readBytes = (request: IncomingMessage, limit: number): Promise<Buffer> =>
  rawBody(request, { limit, length: request.headers['content-length'] ?? null });
