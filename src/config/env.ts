import { readFileSync } from 'node:fs';
import { ConfigError, type Problem } from './config-error';
import { variables, type VariableName, type VariableValue } from './env-variables';

const always = ['CONFIG_DIR', 'LOG_LEVEL'] as const;
const stores = [...always, 'MONGODB_URI', 'TEMPORAL_ADDRESS', 'TEMPORAL_NAMESPACE'] as const;

/** What each role cannot run without; `checks` is for commands that only read the municipality's files. */
const roles = {
  web: [
    ...stores,
    'PORT',
    'METRICS_PORT',
    'PUBLIC_BASE_URL',
    'TEMPORAL_UI_URL',
    'LINK_KEYS',
    'WHATSAPP_APP_SECRET',
    'WHATSAPP_VERIFY_TOKEN',
    'WHATSAPP_PHONE_NUMBER_ID',
  ],
  worker: [
    ...stores,
    'HEALTH_PORT',
    'PUBLIC_BASE_URL',
    'LINK_KEYS',
    'WHATSAPP_GRAPH_URL',
    'WHATSAPP_GRAPH_VERSION',
    'WHATSAPP_ACCESS_TOKEN',
    'WHATSAPP_PHONE_NUMBER_ID',
    'SMTP_URL',
    'MAIL_FROM',
  ],
  admin: stores,
  keys: [...always, 'LINK_KEYS'],
  views: [...always, 'TEMPORAL_NAMESPACE', 'TEMPORAL_UI_URL'],
  managerLink: [...always, 'MONGODB_URI', 'PUBLIC_BASE_URL', 'LINK_KEYS'],
  checks: always,
} as const satisfies Record<string, readonly VariableName[]>;

export type ProgramRole = keyof typeof roles;

/** The settings of a role under the names of their variables, parsed: numbers, lists, keys. */
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

/** The file that holds a secret by NAME_FILE, or null when it is given otherwise. */
export function secretFileOf(name: VariableName, source: Source = process.env): string | null {
  return source[`${name}_FILE`] || null;
}

function read(name: VariableName, source: Source): { value: unknown } | { problem: Problem } {
  const { schema, allowed, ...rest } = variables[name];
  const raw = rawValue(name, source);
  if ('problem' in raw) return raw;
  const text = raw.value ?? ('standard' in rest ? rest.standard : undefined);
  if (text === undefined || text === '') return { problem: { where: name, what: 'is missing', allowed } };
  const parsed = schema.safeParse(text);
  return parsed.success
    ? { value: parsed.data }
    : { problem: { where: name, what: 'is not valid', allowed } };
}

/**
 * The settings one role needs, frozen. A secret may also be given as a file named by NAME_FILE. Throws a
 * ConfigError that lists every missing or wrong variable at once; it never holds a value.
 */
export function readEnv<R extends ProgramRole>(role: R, source: Source = process.env): Settings<R> {
  const names: readonly VariableName[] = roles[role];
  const results = names.map(name => ({ name, result: read(name, source) }));
  const problems = results.flatMap(({ result }) => ('problem' in result ? [result.problem] : []));
  if (problems.length > 0) throw new ConfigError(problems);
  const entries = results.map(
    ({ name, result }) => [name, 'value' in result ? result.value : undefined] as const,
  );
  return Object.freeze(Object.fromEntries(entries)) as Settings<R>;
}
