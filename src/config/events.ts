import { isIP } from 'node:net';
import { parse } from 'yaml';
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

const receiverUrl = z.string().refine(text => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol));

/** A host without the brackets of an IPv6 address, as `EVENTS_PRIVATE_HOSTS` names it. */
const hostOf = (url: string): string => new URL(url).hostname.replace(/^\[|\]$/g, '');

const isProtected = (url: string, privateHosts: readonly string[]): boolean =>
  new URL(url).protocol === 'https:' || privateHosts.includes(hostOf(url));

/** Receivers beside that of `EVENTS_URL`, each with its own secrets and kinds. */
const moreReceivers = z
  .array(
    z
      .strictObject({
        /** Part of the ids of its events, so it must not change. */
        name: z.string().regex(/^[a-z][a-z0-9-]{0,30}$/),
        url: receiverUrl,
        secrets: z.array(z.string().refine(isSecret)).min(1).max(2),
        kinds: z.array(z.enum(eventKinds)).min(1).optional(),
        privateHosts: z.array(z.string()).default([]),
      })
      .refine(({ url, privateHosts }) => isProtected(url, privateHosts)),
  )
  .refine(all => new Set(all.map(({ name }) => name)).size === all.length);

/** YAML or JSON. Its problems are not shown, because it holds secrets. */
const receiverList = z.string().transform((text, context): z.output<typeof moreReceivers> => {
  try {
    return moreReceivers.parse(parse(text));
  } catch {
    context.addIssue('not such a list');
    return z.NEVER;
  }
});

/** The environment variables of the receivers of events. */
export const eventVariables = {
  EVENTS_URL: {
    schema: receiverUrl,
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
  EVENTS_RECEIVERS: {
    schema: receiverList,
    allowed:
      'further receivers, a list in YAML or JSON: each with name, url (https, or a host in privateHosts), secrets, kinds (all if omitted), privateHosts',
    secret: true,
    standard: '',
    optional: true,
  },
} as const;

export const eventNames = [
  'EVENTS_URL',
  'EVENTS_SECRETS',
  'EVENTS_KINDS',
  'EVENTS_PRIVATE_HOSTS',
  'EVENTS_RECEIVERS',
] as const;

/** Returns the mistakes that only several variables together make: a receiver needs a secret, and https or a name. */
export function eventProblems(settings: Readonly<Record<string, unknown>>): Problem[] {
  const { EVENTS_URL: url, EVENTS_SECRETS: secrets, EVENTS_PRIVATE_HOSTS: hosts } = settings;
  if (typeof url !== 'string') return [];
  return [
    ...(secrets === undefined
      ? [{ where: 'EVENTS_SECRETS', what: 'is missing', allowed: 'a secret, because EVENTS_URL is given' }]
      : []),
    ...(isProtected(url, Array.isArray(hosts) ? hosts : [])
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
