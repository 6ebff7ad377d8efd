import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { LinkKey } from '../config/link-keys';

export interface IssuedLink {
  /** Goes into one mail and is never stored or logged. */
  token: string;
  /** SHA-256 of the token, hex: all that is kept of it. */
  tokenHash: string;
  url: string;
}

/** What a link opens, with the path under which it does. A token of one kind is none of another. */
const paths = { task: 't', list: 'd', status: 's', manager: 'manager' } as const;
export type LinkKind = keyof typeof paths;

export interface TaskLinks {
  /** A new link, to a task unless told otherwise, signed with the first key. */
  issue(kind?: LinkKind): IssuedLink;
  /** The hash under which a token is stored, or null when no accepted key has signed it for this kind. */
  hashOf(token: string, kind?: LinkKind): string | null;
  /** A one-time value for a form of the page behind a link; it becomes the id of the act. */
  nonceFor(tokenHash: string): string;
  /** Whether a nonce was made for a form of this link. */
  isNonce(tokenHash: string, nonce: string): boolean;
}

const RANDOM_BYTES = 32;
const NONCE_BYTES = 16;
/** A token: key id, MAC and random part, the last two 32 bytes in base64url. */
const TOKEN = /^([A-Za-z0-9_-]{1,16})\.([A-Za-z0-9_-]{43})\.([A-Za-z0-9_-]{43})$/;
/** A nonce: random part and MAC, 16 and 32 bytes in base64url. */
const NONCE = /^([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})$/;

type Purpose = LinkKind | 'form';

function macOf(key: Buffer, purpose: Purpose, text: string): string {
  return createHmac('sha256', key).update(`${purpose}\0${text}`).digest('base64url');
}

/** Compares the written form, since two ways of writing one MAC would be two tokens. */
function isSame(expected: string, given: string): boolean {
  return timingSafeEqual(Buffer.from(expected), Buffer.from(given));
}

/**
 * Signed links and the nonces of their forms. The first key signs; every key is accepted until its end, so that
 * keys can be changed while links are in use. Throws a RangeError without a key.
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

  return {
    issue(kind = 'task') {
      const random = randomBytes(RANDOM_BYTES).toString('base64url');
      const token = `${signing.id}.${macOf(signing.key, kind, random)}.${random}`;
      return { token, tokenHash: hash(token), url: `${publicBaseUrl}/${paths[kind]}/${token}` };
    },

    hashOf(token, kind = 'task') {
      const [, id, mac, random] = TOKEN.exec(token) ?? [];
      if (mac === undefined || random === undefined) return null;
      const named = keys.find(key => key.id === id && isAccepted(key));
      // An unknown key id costs as much as a wrong MAC.
      const isSigned = isSame(macOf((named ?? signing).key, kind, random), mac);
      return named !== undefined && isSigned ? hash(token) : null;
    },

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
