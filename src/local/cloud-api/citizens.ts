import { randomBytes, randomInt } from 'node:crypto';

/** A person with a phone in the sandbox. Times are epoch ms. */
export interface SandboxCitizen {
  id: string;
  name: string;
  /** Digits with country code, without a plus sign; absent for people with a username only. */
  phone?: string;
  /** The number of people with a username only, which Meta sends only if they share it. */
  privatePhone?: string;
  /** Business-scoped user id; absent to imitate payloads from before April 2026. */
  bsuid?: string;
  username?: string;
  createdAt: number;
  /** End of the 24-hour customer service window; null before the first message. */
  windowClosesAt: number | null;
  /** A phone that is off receives nothing. */
  online: boolean;
  /** If false, every message to this person fails with 131026. */
  hasAccount: boolean;
  sendsReadReceipts: boolean;
  /** While the chat is open on the phone, Meta sends `read` without `delivered`. */
  lookingUntil: number;
}

export interface NewCitizen {
  name: string;
  phone?: string | undefined;
  username?: string | undefined;
  /** If false, webhooks of this person contain no BSUID. */
  bsuid?: boolean | undefined;
}

/** A number in Meta's format: digits with country code. */
export const digitsOf = (phone: string): string => phone.replace(/\D/g, '');

/** A Turkish mobile number in an unassigned range. */
const inventPhone = (): string => `90500${randomInt(1_000_000, 10_000_000)}`;

const inventBsuid = (): string =>
  `TR.${randomInt(1_000_000_000, 10_000_000_000)}${randomInt(1_000_000_000, 10_000_000_000)}`;

export function createCitizen(input: NewCitizen, now: number): SandboxCitizen {
  const phone = input.phone === undefined && input.username === undefined ? inventPhone() : input.phone;
  const withBsuid = phone === undefined || input.bsuid !== false;
  return {
    id: `v-${randomBytes(4).toString('hex')}`,
    name: input.name,
    ...(phone === undefined ? { privatePhone: inventPhone() } : { phone: digitsOf(phone) }),
    ...(withBsuid ? { bsuid: inventBsuid() } : {}),
    ...(input.username === undefined ? {} : { username: input.username }),
    createdAt: now,
    windowClosesAt: null,
    online: true,
    hasAccount: true,
    sendsReadReceipts: true,
    lookingUntil: 0,
  };
}

/** The id of the person that Meta encodes in message ids. */
export const wamidKey = (citizen: SandboxCitizen): string => citizen.phone ?? citizen.bsuid ?? citizen.id;

/** The customer service window: 24 hours from the person's last message. */
export const WINDOW_MS = 24 * 60 * 60 * 1000;

export const isWindowOpen = (citizen: SandboxCitizen, now: number): boolean =>
  citizen.windowClosesAt !== null && now < citizen.windowClosesAt;

/** Meta does not document whether a reaction restarts the window; here it does not. */
export const restartsWindow = (messageType: string): boolean =>
  messageType !== 'reaction' && messageType !== 'system';
