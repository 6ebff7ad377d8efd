import { isIP } from 'node:net';
import { z } from 'zod';
import { type EventKind, eventKinds } from '../domain/case/outgoing-events';
import type { Problem } from './config-error';

const list = z.string().transform(text => text.split(',').map(item => item.trim()));

const KEY = /^whsec_[A-Za-z0-9+/]+={0,2}$/;
/** The Standard Webhooks specification: 24 to 64 bytes. */
const isSecret = (text: string): boolean => {
  const bytes = Buffer.from(text.slice('whsec_'.length), 'base64').length;
  return KEY.test(text) && bytes >= 24 && bytes <= 64;
};

/** One secret, or two during a rotation. */
const eventSecrets = list.refine(items => items.length <= 2 && items.every(isSecret));

const eventKindList = list
  .refine(items => items.every(item => eventKinds.some(kind => kind === item)))
  .transform(items => items as EventKind[]);

/** Names and addresses of hosts, without port. */
const hostList = list.refine(items =>
  items.every(item => isIP(item) !== 0 || /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(item)),
);

const receiver = z.string().refine(text => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol));

/** The environment variables of the receiver of events. */
export const eventVariables = {
  EVENTS_URL: {
    schema: receiver,
    allowed: "the https URL that gets events for the municipality's own systems; none if omitted",
    standard: '',
    optional: true,
  },
  EVENTS_SECRETS: {
    schema: eventSecrets,
    allowed: 'whsec_ and 24 to 64 bytes in base64; two with a comma during a rotation',
    secret: true,
    standard: '',
    optional: true,
  },
  EVENTS_KINDS: {
    schema: eventKindList,
    allowed: 'kinds of events with commas, such as case.opened; all if omitted',
    standard: '',
    optional: true,
  },
  EVENTS_PRIVATE_HOSTS: {
    schema: hostList,
    allowed: 'hosts with commas that may have private addresses',
    standard: '',
    optional: true,
  },
} as const;

export const eventNames = ['EVENTS_URL', 'EVENTS_SECRETS', 'EVENTS_KINDS', 'EVENTS_PRIVATE_HOSTS'] as const;

/** Returns the mistakes that only several variables together make: a receiver needs a secret, and https or a name. */
export function eventProblems(settings: Readonly<Record<string, unknown>>): Problem[] {
  const { EVENTS_URL: url, EVENTS_SECRETS: secrets, EVENTS_PRIVATE_HOSTS: hosts } = settings;
  if (typeof url !== 'string') return [];
  const { protocol, hostname } = new URL(url);
  const isAllowed = Array.isArray(hosts) && hosts.includes(hostname.replace(/^\[|\]$/g, ''));
  return [
    ...(secrets === undefined
      ? [{ where: 'EVENTS_SECRETS', what: 'is missing', allowed: 'a secret, because EVENTS_URL is given' }]
      : []),
    ...(protocol === 'https:' || isAllowed
      ? []
      : [
          {
            where: 'EVENTS_URL',
            what: 'is not encrypted',
            allowed: 'https, or a host in EVENTS_PRIVATE_HOSTS',
          },
        ]),
  ];
}
