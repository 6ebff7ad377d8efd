import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, type Document } from 'yaml';
import type { z } from 'zod';
import type { Problem } from './config-error';
import { findingsOf } from './schema-problems';

/** A file of the configuration as read: its value when it is right, and a way to point at its lines. */
export interface ReadFile<Value> {
  readonly value: Value | undefined;
  readonly problems: readonly Problem[];
  /** A problem at the line of `path`, for checks that need more than one file. */
  readonly at: (path: readonly PropertyKey[], what: string, allowed?: string) => Problem;
}

/** Offset of the value or key at `path`, or of the nearest thing above it that is written down. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  let offset = 0;
  let node: unknown = document.contents;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => String(isScalar(key) ? key.value : key) === String(step));
      if (!pair) break;
      offset = (isNode(pair.key) && pair.key.range?.[0]) || offset;
      node = pair.value;
    } else if (isSeq(node)) {
      const item = node.items[Number(step)];
      offset = (isNode(item) && item.range?.[0]) || offset;
      node = item;
    }
  }
  return offset;
}

/**
 * Reads and checks a YAML (or JSON) file of the configuration folder. Never throws for what is written in the
 * file: all mistakes come back as problems with `file:line`.
 */
export function readYamlFile<Schema extends z.ZodType>(
  folder: string,
  file: string,
  schema: Schema,
): ReadFile<z.output<Schema>> {
  const nowhere = (what: string): ReadFile<z.output<Schema>> => {
    const at = (): Problem => ({ where: file, what });
    return { value: undefined, problems: [at()], at };
  };
  const path = join(folder, file);
  if (!existsSync(path)) return nowhere('the file is missing');

  const lines = new LineCounter();
  const document = parseDocument(readFileSync(path, 'utf8'), { lineCounter: lines, prettyErrors: false });
  const whereOf = (offset: number): string => `${file}:${lines.linePos(offset).line}`;
  const at = (steps: readonly PropertyKey[], what: string, allowed?: string): Problem => ({
    where: whereOf(offsetOf(document, steps)),
    what,
    allowed,
  });
  if (document.errors.length > 0) {
    const problems = document.errors.map(error => ({ where: whereOf(error.pos[0]), what: error.message }));
    return { value: undefined, problems, at };
  }
  const parsed = schema.safeParse(document.toJS(), { reportInput: true });
  if (parsed.success) return { value: parsed.data, problems: [], at };
  const problems = parsed.error.issues
    .flatMap(issue => findingsOf(issue))
    .map(finding => at(finding.path, finding.what, finding.allowed));
  return { value: undefined, problems, at };
}

/**
 * Reads all YAML files of a folder, in the order of their names, as one map; each is checked by itself, and a key
 * stands in one of them only.
 */
export function readYamlFolder<Value>(
  folder: string,
  name: string,
  schema: z.ZodType<Record<string, Value>>,
): ReadFile<Record<string, Value>> {
  const path = join(folder, name);
  const names = existsSync(path) ? readdirSync(path).filter(file => file.endsWith('.yaml')) : [];
  if (names.length === 0) {
    const at = (): Problem => ({ where: `${name}/`, what: 'there are no YAML files in it' });
    return { value: undefined, problems: [at()], at };
  }
  const files = names.sort().map(file => readYamlFile(folder, `${name}/${file}`, schema));
  const homes = new Map<string, ReadFile<Record<string, Value>>>();
  const problems = files.flatMap(file => file.problems);
  for (const file of files) {
    for (const key of Object.keys(file.value ?? {})) {
      const home = homes.get(key);
      if (home) problems.push(file.at([key], `"${key}" stands in ${home.at([key], '').where} as well`));
      else homes.set(key, file);
    }
  }
  const [first] = files;
  const at: ReadFile<Record<string, Value>>['at'] = (steps, what, allowed) =>
    (homes.get(String(steps[0])) ?? first)?.at(steps, what, allowed) ?? { where: `${name}/`, what, allowed };
  if (problems.length > 0) return { value: undefined, problems, at };
  return {
    value: Object.assign({}, ...files.map(file => file.value)) as Record<string, Value>,
    problems,
    at,
  };
}
