import { z } from 'zod';
import type { Problem } from './config-error';

/** Loopback addresses, where a provider for development may be reached without TLS. */
const loopback = ['localhost', '127.0.0.1', '[::1]'];

const issuer = z.string().refine(text => {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, search, hash } = new URL(text);
  const isSafe = protocol === 'https:' || (protocol === 'http:' && loopback.includes(hostname));
  return isSafe && search === '' && hash === '';
});

const word = z.string().regex(/^\S+$/);

/** The environment variables of the town's OpenID provider, by which staff sign in. */
export const oidcVariables = {
  OIDC_ISSUER: {
    schema: issuer,
    allowed:
      'the https URL of an OpenID provider; http on this machine only; staff sign in by mail if omitted',
    standard: '',
    optional: true,
  },
  OIDC_CLIENT_ID: {
    schema: word,
    allowed: 'the id of this program at the OpenID provider',
    standard: '',
    optional: true,
  },
  OIDC_CLIENT_SECRET: {
    schema: word,
    allowed: 'its secret there',
    secret: true,
    standard: '',
    optional: true,
  },
  OIDC_GROUPS_CLAIM: {
    schema: word,
    allowed: "the claim of the ID token that holds a person's groups",
    standard: 'groups',
  },
} as const;

export const oidcNames = [
  'OIDC_ISSUER',
  'OIDC_CLIENT_ID',
  'OIDC_CLIENT_SECRET',
  'OIDC_GROUPS_CLAIM',
] as const;

/** Returns the mistakes of the variables together: a provider needs the client's id and secret. */
export function oidcProblems(settings: Readonly<Record<string, unknown>>): Problem[] {
  if (settings['OIDC_ISSUER'] === undefined) return [];
  return (['OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET'] as const)
    .filter(name => settings[name] === undefined)
    .map(where => ({ where, what: 'is missing', allowed: 'a value, because OIDC_ISSUER is given' }));
}
