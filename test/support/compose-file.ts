import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

const texts = z.array(z.string());
/** A number or boolean could reach the program in a different spelling. */
const environment = z.record(z.string(), z.string());

const healthCheck = z.union([
  z.strictObject({ disable: z.literal(true) }),
  z.strictObject({
    test: texts,
    interval: z.string(),
    timeout: z.string(),
    retries: z.int(),
    start_period: z.string(),
  }),
]);

const service = z.strictObject({
  image: z.string(),
  build: z.strictObject({ context: z.literal('.'), target: z.string() }).optional(),
  profiles: z.array(z.literal('dev')).optional(),
  entrypoint: texts.optional(),
  command: texts.optional(),
  environment: environment.default({}),
  ports: texts.default([]),
  volumes: texts.default([]),
  configs: z.array(z.strictObject({ source: z.string(), target: z.string() })).default([]),
  networks: texts,
  depends_on: z
    .record(
      z.string(),
      z.strictObject({ condition: z.enum(['service_healthy', 'service_completed_successfully']) }),
    )
    .default({}),
  healthcheck: healthCheck.optional(),
  restart: z.enum(['unless-stopped', 'on-failure:10']),
  stop_grace_period: z.string().optional(),
  init: z.boolean().optional(),
  read_only: z.boolean().optional(),
  tmpfs: texts.optional(),
  cap_drop: texts.optional(),
  security_opt: texts,
  logging: z.strictObject({ driver: z.literal('json-file'), options: environment }),
});

const composeFile = z.looseObject({
  services: z.record(z.string(), service),
  configs: z.record(z.string(), z.strictObject({ content: z.string() })),
  networks: z.record(z.string(), z.strictObject({ internal: z.literal(true) }).nullable()),
  volumes: z.record(z.string(), z.null()),
});

export type ComposeService = z.output<typeof service>;

export const root = join(__dirname, '../..');
export const composeText = readFileSync(join(root, 'docker-compose.yml'), 'utf8');

/** A placeholder of Compose: the variable, its default, or that it is required. */
interface Placeholder {
  name: string;
  standard?: string;
}

const placeholder = /\$\$|\$\{([A-Z_]+)(?::-([^}]*)|:\?[^}]+)\}|\$/g;

/** Fills in placeholders as Compose does. Throws where Compose would not start. */
function filled(text: string, given: Readonly<Record<string, string>>, found: Placeholder[]): string {
  return text.replace(placeholder, (written, name?: string, standard?: string) => {
    if (written === '$$') return '$';
    if (name === undefined)
      throw new Error(`not a placeholder of the form \${NAME:-…} or \${NAME:?…}: ${text}`);
    found.push({ name, ...(standard !== undefined && { standard }) });
    const value = given[name] || standard;
    if (value === undefined) throw new Error(`${name} must be set`);
    return value;
  });
}

/** Returns docker-compose.yml with the values of an .env. Throws for an unknown key. */
export function readComposeFile(given: Readonly<Record<string, string>>) {
  const placeholders: Placeholder[] = [];
  const fill = (value: unknown): unknown => {
    if (typeof value === 'string') return filled(value, given, placeholders);
    if (Array.isArray(value)) return value.map(fill);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fill(inner)]));
  };
  const file = composeFile.parse(fill(parse(composeText, { merge: true })));
  return { ...file, placeholders };
}
