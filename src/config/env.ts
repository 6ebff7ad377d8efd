import { z } from 'zod';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, type Problem } from './config-error';
import { eventNames, eventProblems, eventVariables } from './events';
import { type LinkKey, readLinkKeys } from './link-keys';
import { oidcNames, oidcProblems, oidcVariables } from './oidc';
import { needTls, tlsProblems, tlsVariables } from './temporal-tls';

function parsedUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

function urlOf(...protocols: string[]): z.ZodType<string> {
  return z.string().refine(text => protocols.includes(parsedUrl(text)?.protocol ?? ''));
}

/** A mailbox with its login. */
const mailbox = z.string().refine(text => {
  const { protocol = '', hostname = '', username = '', password = '' } = parsedUrl(text) ?? {};
  return ['imap:', 'imaps:'].includes(protocol) && [hostname, username, password].every(part => part !== '');
});

const webAddress = urlOf('http:', 'https:').transform(text => text.replace(/\/+$/, ''));

const commaList = z
  .string()
  .transform(text => text.split(',').map(item => item.trim()))
  .refine(items => items.every(item => item.length > 0));

const linkKeys = commaList.transform((items, context): readonly LinkKey[] => {
  const keys = readLinkKeys(items);
  if (keys) return keys;
  context.addIssue('not a list of keys');
  return z.NEVER;
});

const mailFrom = z.string().transform((text, context) => {
  const [, name, inBrackets] = /^(.*)<([^<>]+)>$/.exec(text) ?? [];
  const address = z.email().safeParse((inBrackets ?? text).trim());
  if (!address.success) {
    context.addIssue('not an address');
    return z.NEVER;
  }
  return { name: (name ?? '').trim().replace(/^"(.*)"$/, '$1'), address: address.data };
});

function numberIn(least: number, most: number) {
  return z
    .string()
    .regex(/^\d{1,5}$/)
    .transform(Number)
    .refine(number => number >= least && number <= most);
}

const port = numberIn(0, 65_535);

/**
 * Returns the folder of the only municipality under `config/` below `root`, or undefined if there are none or
 * several.
 */
export function onlyTownFolder(root = '.'): string | undefined {
  const folder = join(root, 'config');
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const [only, ...others] = names.filter(name => existsSync(join(folder, name, 'municipality.yaml')));
  return only === undefined || others.length > 0 ? undefined : join('config', only);
}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

const word = z.string().regex(/^\S+$/);

/** Every environment variable: its schema, its default and a description of the accepted values. */
export const variables = {
  PORT: { schema: port, allowed: 'a port number, 0 to 65535', standard: '3000' },
  HEALTH_PORT: { schema: port, allowed: 'a port number, 0 to 65535; 0 for none', standard: '0' },
  METRICS_PORT: { schema: port, allowed: 'a port number, 0 to 65535; 0 for none', standard: '0' },
  DRAIN_SECONDS: {
    schema: numberIn(0, 60),
    allowed: 'seconds, 0 to 60, for which the web role still serves after SIGTERM',
    standard: '0',
  },
  PUBLIC_BASE_URL: { schema: webAddress, allowed: 'the http(s) URL of this program' },
  MONGODB_URI: {
    /** `new URL` rejects it when a replica set lists several hosts. */
    schema: z.string().regex(/^mongodb(\+srv)?:\/\/\S+$/),
    allowed: 'mongodb://host:port/database or mongodb+srv://…',
    secret: true,
  },
  MONGODB_POOL_SIZE: {
    schema: numberIn(1, 500),
    allowed: '1 to 500 connections of a process to MongoDB',
    standard: '20',
  },
  TEMPORAL_ADDRESS: {
    schema: z.string().regex(/^(dns:\/\/\/[^\s/:]*[a-zA-Z][^\s/:]*|[^\s/:]+|\[[\da-fA-F:]+\]):\d{1,5}$/),
    allowed: 'host:port; dns:///name:port for all addresses of a name in turn',
  },
  ...tlsVariables,
  MAX_CACHED_WORKFLOWS: {
    schema: numberIn(1, 10_000),
    allowed: "1 to 10000 workflows in a worker's memory; by the container's memory limit if omitted",
    standard: '',
    optional: true,
  },
  WORKFLOW_TASK_SLOTS: {
    schema: numberIn(2, 1_000),
    allowed: '2 to 1000 workflow tasks of a worker at once',
    standard: '40',
  },
  ACTIVITY_SLOTS: {
    schema: numberIn(1, 1_000),
    allowed: '1 to 1000 activities of a worker at once, and as many local activities',
    standard: '100',
  },
  TASK_POLLERS: {
    schema: numberIn(2, 100),
    allowed: '2 to 100 requests for tasks of each kind at once',
    standard: '10',
  },
  TEMPORAL_UI_URL: {
    schema: webAddress,
    allowed: 'the http(s) URL of the Temporal UI for managers',
    standard: 'http://localhost:8080',
  },
  TEMPORAL_NAMESPACE: { schema: word, allowed: 'the name of a namespace', standard: 'paydaskent' },
  WHATSAPP_GRAPH_URL: {
    schema: webAddress,
    allowed: 'the http(s) URL of the Graph API',
    standard: 'https://graph.facebook.com',
  },
  WHATSAPP_GRAPH_VERSION: {
    schema: z.string().regex(/^v\d+\.\d+$/),
    allowed: 'a version like v26.0',
    standard: 'v26.0',
  },
  WHATSAPP_ACCESS_TOKEN: { schema: word, allowed: 'the token of the system user', secret: true },
  WHATSAPP_PHONE_NUMBER_ID: { schema: z.string().regex(/^\d+$/), allowed: 'the id of the line, digits only' },
  WHATSAPP_APP_SECRET: {
    schema: commaList,
    allowed: 'one app secret, or several with commas during a rotation',
    secret: true,
  },
  WHATSAPP_VERIFY_TOKEN: {
    schema: word,
    allowed: 'the verify token agreed with Meta',
    secret: true,
  },
  SPEECH_URL: {
    schema: webAddress.refine(url => !url.endsWith('/v1')),
    allowed: 'the http(s) URL of a speech server, without /v1; voice notes are recordings only if omitted',
    standard: '',
    optional: true,
  },
  SPEECH_MODEL: { schema: word, allowed: 'the name of a model of the speech server', standard: 'whisper-1' },
  SPEECH_API_KEY: {
    schema: word,
    allowed: 'the key of the speech server, if it needs one',
    secret: true,
    standard: '',
    optional: true,
  },
  SMTP_URL: {
    schema: urlOf('smtp:', 'smtps:'),
    allowed: 'smtp://user:password@host:port or smtps://…',
    secret: true,
  },
  MAIL_FROM: { schema: mailFrom, allowed: 'address@example.org or Name <address@example.org>' },
  IMAP_URL: {
    schema: mailbox,
    allowed: 'imaps://user:password@host:port/folder or imap://…; special characters percent-encoded',
    secret: true,
    standard: '',
    optional: true,
  },
  IMAP_EVERY_SECONDS: {
    schema: numberIn(1, 3_600),
    allowed: '1 to 3600 seconds between two visits to the mailbox of IMAP_URL',
    standard: '60',
  },
  ...eventVariables,
  ...oidcVariables,
  CONFIG_DIR: {
    schema: z.string().min(1),
    allowed: "the folder of the municipality's files; may be omitted if config/ holds one only",
    standard: onlyTownFolder,
  },
  ERASURE_LIST: {
    schema: z.string().min(1),
    allowed: 'the file that lists erased people and cases, apart from the database; none if omitted',
    standard: '',
    optional: true,
  },
  LINK_KEYS: {
    schema: linkKeys,
    allowed:
      'id:key with commas, each id its own, each key 32 bytes in base64url; the first one signs, later ones may ' +
      'end at a time, id:key@2027-01-31T12:00Z',
    secret: true,
  },
  AUDIT_KEYS: {
    schema: linkKeys,
    allowed:
      'id:key with commas like LINK_KEYS; the first one seals the facts of cases, all verify them; facts are not ' +
      'sealed if omitted',
    secret: true,
    standard: '',
    optional: true,
  },
  ADMIN_ACTOR: {
    schema: z.string().trim().min(1).max(200),
    allowed: 'who runs the admin commands, for the audit trail; the login name if omitted',
    standard: '',
    optional: true,
  },
  ADMIN_REASON: {
    schema: z.string().trim().min(1).max(1_000),
    allowed: 'why personal data are read, if a command is given no --reason',
    standard: '',
    optional: true,
  },
  LOG_LEVEL: { schema: z.enum(logLevels), allowed: logLevels.join(', '), standard: 'info' },
} as const;

export type VariableName = keyof typeof variables;
type VariableValue<Name extends VariableName> =
  | z.output<(typeof variables)[Name]['schema']>
  | ((typeof variables)[Name] extends { optional: true } ? undefined : never);

const always = ['CONFIG_DIR', 'LOG_LEVEL'] as const;
const stores = [
  ...always,
  'MONGODB_URI',
  'TEMPORAL_ADDRESS',
  'TEMPORAL_NAMESPACE',
  'TEMPORAL_TLS',
  ...needTls,
] as const;

/** The variables each role requires; `checks` covers commands that only read the municipality's files. */
const roles = {
  web: [
    ...stores,
    'MONGODB_POOL_SIZE',
    'PORT',
    'METRICS_PORT',
    'DRAIN_SECONDS',
    'PUBLIC_BASE_URL',
    'TEMPORAL_UI_URL',
    'LINK_KEYS',
    'AUDIT_KEYS',
    'WHATSAPP_APP_SECRET',
    'WHATSAPP_VERIFY_TOKEN',
    'WHATSAPP_PHONE_NUMBER_ID',
    ...oidcNames,
  ],
  worker: [
    ...stores,
    'HEALTH_PORT',
    'METRICS_PORT',
    'MONGODB_POOL_SIZE',
    'MAX_CACHED_WORKFLOWS',
    'WORKFLOW_TASK_SLOTS',
    'ACTIVITY_SLOTS',
    'TASK_POLLERS',
    'PUBLIC_BASE_URL',
    'ERASURE_LIST',
    'LINK_KEYS',
    'AUDIT_KEYS',
    'WHATSAPP_GRAPH_URL',
    'WHATSAPP_GRAPH_VERSION',
    'WHATSAPP_ACCESS_TOKEN',
    'WHATSAPP_PHONE_NUMBER_ID',
    'SPEECH_URL',
    'SPEECH_MODEL',
    'SPEECH_API_KEY',
    'SMTP_URL',
    'MAIL_FROM',
    ...eventNames,
    'IMAP_URL',
    'IMAP_EVERY_SECONDS',
  ],
  admin: [...stores, 'ERASURE_LIST', 'AUDIT_KEYS'],
  replay: [...stores, 'WHATSAPP_PHONE_NUMBER_ID'],
  keys: [...always, 'LINK_KEYS'],
  views: [...always, 'TEMPORAL_NAMESPACE', 'TEMPORAL_UI_URL'],
  managerLink: [...always, 'MONGODB_URI', 'PUBLIC_BASE_URL', 'LINK_KEYS', 'AUDIT_KEYS'],
  /** Who uses a command, and why. */
  actor: ['ADMIN_ACTOR', 'ADMIN_REASON'],
  templates: [...always, 'PUBLIC_BASE_URL'],
  checks: always,
} as const satisfies Record<string, readonly VariableName[]>;

export type ProgramRole = keyof typeof roles;

/** The parsed settings of a role, keyed by variable name. */
export type Settings<R extends ProgramRole> = Readonly<{
  [Name in (typeof roles)[R][number]]: VariableValue<Name>;
}>;

type Source = Readonly<Record<string, string | undefined>>;
type Raw = { readonly value: string | undefined } | { readonly problem: Problem };

function rawValue(name: VariableName, source: Source): Raw {
  const given = source[name] === '' ? undefined : source[name];
  const file = source[`${name}_FILE`];
  if (!('secret' in variables[name]) || file === undefined || file === '') return { value: given };
  if (given !== undefined) {
    return {
      problem: { where: name, what: `is given twice, here and by ${name}_FILE`, allowed: 'one of them' },
    };
  }
  try {
    return { value: readFileSync(file, 'utf8').trim() };
  } catch {
    return {
      problem: {
        where: `${name}_FILE`,
        what: 'names a file that cannot be read',
        allowed: 'a readable file',
      },
    };
  }
}

/** Returns the path in NAME_FILE, or null if the secret is not given as a file. */
export function secretFileOf(name: VariableName, source: Source = process.env): string | null {
  return source[`${name}_FILE`] || null;
}

function read(name: VariableName, source: Source): { value: unknown } | { problem: Problem } {
  const { schema, allowed, ...rest } = variables[name];
  const raw = rawValue(name, source);
  if ('problem' in raw) return raw;
  const standard = 'standard' in rest ? rest.standard : undefined;
  const text = raw.value ?? (typeof standard === 'function' ? standard() : standard);
  const isMissing = text === undefined || text === '';
  if (isMissing && 'optional' in rest) return { value: undefined };
  if (isMissing) return { problem: { where: name, what: 'is missing', allowed } };
  const parsed = schema.safeParse(text);
  return parsed.success
    ? { value: parsed.data }
    : { problem: { where: name, what: 'is not valid', allowed } };
}

/**
 * Returns the frozen settings of one role. A secret may also be given as a file: NAME_FILE.
 * @throws ConfigError listing every missing or invalid variable, never a value.
 */
export function readEnv<R extends ProgramRole>(role: R, source: Source = process.env): Settings<R> {
  const names: readonly VariableName[] = roles[role];
  const results = names.map(name => ({ name, result: read(name, source) }));
  const problems = results.flatMap(({ result }) => ('problem' in result ? [result.problem] : []));
  const entries = results.map(
    ({ name, result }) => [name, 'value' in result ? result.value : undefined] as const,
  );
  const settings = Object.fromEntries(entries);
  problems.push(...tlsProblems(settings), ...eventProblems(settings), ...oidcProblems(settings));
  if (problems.length > 0) throw new ConfigError(problems);
  return Object.freeze(settings) as Settings<R>;
}
