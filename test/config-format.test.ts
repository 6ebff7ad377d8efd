import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { CONFIG_FORMAT } from '../src/config/schemas/town';

const schemas = join(__dirname, '../src/config/schemas');

/** The names of all keys of the municipality's files, sorted. */
async function keysOfSchemas(): Promise<string[]> {
  const keys = new Set<string>();
  const collect = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    if ('properties' in node) for (const key of Object.keys(node.properties as object)) keys.add(key);
    Object.values(node).forEach(collect);
  };
  for (const file of readdirSync(schemas)) {
    const exported = (await import(join(schemas, file))) as Record<string, unknown>;
    for (const schema of Object.values(exported)) {
      if (schema instanceof z.ZodType)
        collect(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
    }
  }
  return [...keys].sort();
}

test('the format of the configuration is raised when a key is added', async () => {
  const keys = await keysOfSchemas();
  const digest = createHash('sha256').update(keys.join('\n')).digest('hex').slice(0, 16);
  expect(keys).toEqual(expect.arrayContaining(['slaClass', 'casePrefix', 'answerWaitMinutes']));
  // If this fails, raise CONFIG_FORMAT (src/config/schemas/town.ts) and the format in municipality.yaml.
  expect({ format: CONFIG_FORMAT, digest }).toEqual({ format: 2, digest: '9739742fe74a3cce' });
});
