import { randomBytes } from 'node:crypto';

/** A key that signs and verifies links. */
export interface LinkKey {
  readonly id: string;
  readonly key: Buffer;
  /** Set on a replaced key: the time (epoch ms UTC) until which its links are accepted. */
  readonly until?: Date;
}

/** `id:key`, with 32 bytes in base64url. A replaced key adds `@` and the UTC time until which it is accepted. */
const ITEM = /^([A-Za-z0-9_-]{1,16}):([A-Za-z0-9_-]{43})=?(?:@(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?Z))?$/;

function readKey(item: string): LinkKey | null {
  const [, id, encoded, time] = ITEM.exec(item) ?? [];
  if (id === undefined || encoded === undefined) return null;
  const key = { id, key: Buffer.from(encoded, 'base64url') };
  if (time === undefined) return key;
  const until = new Date(time);
  return Number.isNaN(until.getTime()) ? null : { ...key, until };
}

/**
 * Parses a list of keys. Returns null if one is malformed, an id repeats, or the first key (which signs) has an
 * end.
 */
export function readLinkKeys(items: readonly string[]): readonly LinkKey[] | null {
  const keys = items.map(readKey).filter(key => key !== null);
  const isWhole = keys.length === items.length && new Set(keys.map(({ id }) => id)).size === keys.length;
  return isWhole && keys[0]?.until === undefined ? keys : null;
}

/** Formats keys as the value of `LINK_KEYS`. */
export function writeLinkKeys(keys: readonly LinkKey[]): string {
  return keys
    .map(({ id, key, until }) => {
      const end = until === undefined ? '' : `@${until.toISOString().slice(0, 19)}Z`;
      return `${id}:${key.toString('base64url')}${end}`;
    })
    .join(',');
}

const RANDOM_BYTES = 32;

function freshId(keys: readonly LinkKey[]): string {
  const numbers = keys.map(({ id }) => Number(/^k(\d{1,9})$/.exec(id)?.[1] ?? 0));
  return `k${Math.max(0, ...numbers) + 1}`;
}

/**
 * Returns the keys after a rotation: the new key signs, earlier ones are accepted for another `windowMs` or until
 * their own earlier end, expired ones are dropped.
 */
export function rotateLinkKeys(keys: readonly LinkKey[], now: Date, windowMs: number): readonly LinkKey[] {
  const latest = new Date(now.getTime() + windowMs);
  const kept = keys
    .map(key => ({ ...key, until: key.until && key.until < latest ? key.until : latest }))
    .filter(({ until }) => until > now);
  return [{ id: freshId(keys), key: randomBytes(RANDOM_BYTES) }, ...kept];
}
