import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { LinkKey } from '../config/link-keys';
import type { Municipality } from '../config/municipality';
import { DAY_MS } from '../domain/durations';

export interface IssuedLink {
  /** Sent in one mail, never stored or logged. */
  token: string;
  /** Hex SHA-256 of the token, the only part that is stored. */
  tokenHash: string;
  url: string;
}

/** The kinds of links and their paths. A token is valid for one kind only. */
const paths = {
  ...{ task: 't', list: 'd', status: 's', call: 'c', handOff: 'k' },
  ...{ manager: 'manager', signIn: 'desk/link' },
} as const;
export type LinkKind = keyof typeof paths;

/** Returns the address of a page with this token. */
export function pageUrl(publicBaseUrl: string, kind: LinkKind, token: string): string {
  return `${publicBaseUrl}/${paths[kind]}/${token}`;
}

export interface TaskLinks {
  /** Creates a link, by default to a task, signed with the first key. */
  issue(kind?: LinkKind): IssuedLink;
  /** Verifies a token and returns the hash it is stored under; null if no accepted key signed it for this kind. */
  hashOf(token: string, kind?: LinkKind): string | null;
  /** Like `hashOf` for a task link, but also accepts a key that has ended. Opens nothing. */
  formerHashOf(token: string): string | null;
  /** Returns the address of a staff page, which asks its reader to sign in. `path` follows `/desk`. */
  deskPage(path: string): string;
  /** Creates a one-time value for a form of the page. It becomes the id of the act. */
  nonceFor(tokenHash: string): string;
  /** Returns whether a nonce was created for this link. */
  isNonce(tokenHash: string, nonce: string): boolean;
}

const RANDOM_BYTES = 16;
const NONCE_BYTES = 16;
/** 128 bits in base64url. */
const SHORT_MAC = 22;
/**
 * Token format: key id, MAC and random part, the last two 16 bytes in base64url: 50 characters with a key id
 * of 4. Older links have 32 bytes each.
 */
const TOKEN =
  /^([A-Za-z0-9_-]{1,16})\.(?:([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{22})|([A-Za-z0-9_-]{43})\.([A-Za-z0-9_-]{43}))$/;
/** Nonce format: random part and MAC, 16 and 32 bytes in base64url. */
const NONCE = /^([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})$/;

type Purpose = LinkKind | 'form';

function macOf(key: Buffer, purpose: Purpose, text: string): string {
  return createHmac('sha256', key).update(`${purpose}\0${text}`).digest('base64url');
}

function shortMacOf(key: Buffer, kind: LinkKind, random: string): string {
  return macOf(key, kind, random).slice(0, SHORT_MAC);
}

/** Compares the encoded form, because base64url allows two encodings of one MAC, which would be two tokens. */
function isSame(expected: string, given: string): boolean {
  return timingSafeEqual(Buffer.from(expected), Buffer.from(given));
}

/**
 * Signed links and the nonces of their forms. The first key signs; every key is accepted until its end, so that keys
 * can be rotated while links are in use. Throws a RangeError without a key.
 */
export function createTaskLinks({
  keys,
  publicBaseUrl,
  now = Date.now,
}: {
  keys: readonly LinkKey[];
  publicBaseUrl: string;
  /** Epoch ms. */
  now?: () => number;
}): TaskLinks {
  const [signing] = keys;
  if (!signing) throw new RangeError('Links need at least one key');
  const hash = (token: string): string => createHash('sha256').update(token).digest('hex');
  const isAccepted = ({ until }: LinkKey): boolean => until === undefined || now() < until.getTime();

  const verified = (token: string, kind: LinkKind, accepts: (key: LinkKey) => boolean): string | null => {
    const [, id, shortMac, shortRandom, longMac, longRandom] = TOKEN.exec(token) ?? [];
    const [mac, random] = [shortMac ?? longMac, shortRandom ?? longRandom];
    if (mac === undefined || random === undefined) return null;
    const named = keys.find(key => key.id === id && accepts(key));
    // Computes a MAC for an unknown key id as well, so that the time does not reveal key ids.
    const { key } = named ?? signing;
    const expected = shortMac === undefined ? macOf(key, kind, random) : shortMacOf(key, kind, random);
    const isSigned = isSame(expected, mac);
    return named !== undefined && isSigned ? hash(token) : null;
  };

  return {
    issue(kind = 'task') {
      const random = randomBytes(RANDOM_BYTES).toString('base64url');
      const token = `${signing.id}.${shortMacOf(signing.key, kind, random)}.${random}`;
      return { token, tokenHash: hash(token), url: pageUrl(publicBaseUrl, kind, token) };
    },

    hashOf: (token, kind = 'task') => verified(token, kind, isAccepted),

    formerHashOf: token => verified(token, 'task', () => true),

    deskPage: path => `${publicBaseUrl}/desk${path}`,

    nonceFor(tokenHash) {
      const random = randomBytes(NONCE_BYTES).toString('base64url');
      return `${random}.${macOf(signing.key, 'form', tokenHash + random)}`;
    },

    isNonce(tokenHash, nonce) {
      const [, random, mac] = NONCE.exec(nonce) ?? [];
      if (mac === undefined || random === undefined) return false;
      return keys
        .filter(isAccepted)
        .map(({ key }) => isSame(macOf(key, 'form', tokenHash + random), mac))
        .includes(true);
    },
  };
}

/** Returns when a link is issued and when it ends, for its record. */
export function linkLife(
  { taskLinks }: Pick<Municipality, 'taskLinks'>,
  createdAt: Date,
): { createdAt: Date; expiresAt: Date } {
  return { createdAt, expiresAt: new Date(createdAt.getTime() + taskLinks.longestDays * DAY_MS) };
}
