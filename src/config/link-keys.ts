import { randomBytes } from 'node:crypto';

/** A key that signs or checks links. */
export interface LinkKey {
  readonly id: string;
  readonly key: Buffer;
  /** Set on a key that was replaced: links it signed are accepted until then. */
  readonly until?: Date;
}

/** `id:key`, the key 32 bytes in base64url; behind an @ the UTC time until which a replaced key is accepted. */
const ITEM = /^([A-Za-z0-9_-]{1,16}):([A-Za-z0-9_-]{43})=?(?:@(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?Z))?$/;

function readKey(item: string): LinkKey | null {
  const [, id, encoded, time] = ITEM.exec(item) ?? [];
  if (id === undefined || encoded === undefined) return null;
  const key = { id, key: Buffer.from(encoded, 'base64url') };
  if (time === undefined) return key;
  const until = new Date(time);
  return Number.isNaN(until.getTime()) ? null : { ...key, until };
}

/** The keys of a list; null when one is not well-formed, an id comes twice, or the first one, which signs, ends. */
export function readLinkKeys(items: readonly string[]): readonly LinkKey[] | null {
  const keys = items.map(readKey).filter(key => key !== null);
  const isWhole = keys.length === items.length && new Set(keys.map(({ id }) => id)).size === keys.length;
  return isWhole && keys[0]?.until === undefined ? keys : null;
}

/** The list as `LINK_KEYS` holds it. */
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
 * The keys after a change: a new one signs, those that signed before are accepted for `windowMs` more, or until
 * their own earlier end. What has ended is left out.
 */
export function rotateLinkKeys(keys: readonly LinkKey[], now: Date, windowMs: number): readonly LinkKey[] {
  const latest = new Date(now.getTime() + windowMs);
  const kept = keys
    .map(key => ({ ...key, until: key.until && key.until < latest ? key.until : latest }))
    .filter(({ until }) => until > now);
  return [{ id: freshId(keys), key: randomBytes(RANDOM_BYTES) }, ...kept];
}
