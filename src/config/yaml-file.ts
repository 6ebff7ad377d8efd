import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Problem } from './config-error';

/** A configuration file after reading: its value if valid, its problems, and a function that locates a path. */
export interface ReadFile<Value> {
  readonly value: Value | undefined;
  readonly problems: readonly Problem[];
  /** Creates a problem at the line of `path`, for checks across files. */
  readonly at: (path: readonly PropertyKey[], what: string, allowed?: string) => Problem;
}

/** Returns the offset of the key or item at `path`, or of its nearest existing ancestor. */
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

/** A folder of configuration files. */
export interface ConfigFolder {
  readonly path: string;
  /** Set for files of a newer program: collects the keys that this one does not know, instead of refusing them. */
  readonly ignored?: Problem[] | undefined;
}

/**
 * Reads and validates a YAML or JSON file of the configuration folder. Invalid content is returned as problems
 * with `file:line`, never thrown.
 */
export function readYamlFile<Schema extends z.ZodType>(
  folder: ConfigFolder,
  file: string,
  schema: Schema,
): ReadFile<z.output<Schema>> {
  const nowhere = (what: string): ReadFile<z.output<Schema>> => {
    const at = (): Problem => ({ where: file, what });
    return { value: undefined, problems: [at()], at };
  };
  const path = join(folder.path, file);
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
  const problemsOf = (issues: readonly Issue[]): Problem[] =>
    issues.flatMap(findingsOf).map(({ path: steps, what, allowed }) => at(steps, what, allowed));
  for (;;) {
    const parsed = schema.safeParse(document.toJS(), { reportInput: true });
    if (parsed.success) return { value: parsed.data, problems: [], at };
    const { issues } = parsed.error;
    const unknown = folder.ignored ? issues.filter(({ code }) => code === 'unrecognized_keys') : [];
    if (unknown.length === 0) return { value: undefined, problems: problemsOf(issues), at };
    folder.ignored?.push(...problemsOf(unknown));
    for (const { path: steps } of unknown.flatMap(findingsOf)) document.deleteIn(steps);
  }
}

/**
 * Reads and validates a GeoJSON file like `readYamlFile`, several times faster: only an invalid one is parsed as YAML,
 * which knows the lines.
 */
export function readGeoJsonFile<Schema extends z.ZodType>(
  folder: ConfigFolder,
  file: string,
  schema: Schema,
): ReadFile<z.output<Schema>> {
  const asYaml = (): ReadFile<z.output<Schema>> => readYamlFile(folder, file, schema);
  try {
    const parsed = schema.safeParse(JSON.parse(readFileSync(join(folder.path, file), 'utf8')));
    if (!parsed.success) return asYaml();
    return { value: parsed.data, problems: [], at: (...place) => asYaml().at(...place) };
  } catch {
    return asYaml();
  }
}

/**
 * Reads and validates a large JSON file that a command has written. Without the file returns `absent`; an invalid one is
 * returned as a problem, which says how to write it again.
 */
export function readJsonFile<Schema extends z.ZodType>(
  folder: string,
  { file, schema, absent, mend }: { file: string; schema: Schema; absent: z.output<Schema>; mend: string },
): ReadFile<z.output<Schema>> {
  const at = (_: readonly PropertyKey[], what: string, allowed = mend): Problem => ({
    where: file,
    what,
    allowed,
  });
  const path = join(folder, file);
  if (!existsSync(path)) return { value: absent, problems: [], at };
  const broken = { value: undefined, problems: [at([], 'is not a file of that command')], at };
  try {
    const parsed = schema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    return parsed.success ? { value: parsed.data, problems: [], at } : broken;
  } catch {
    return broken;
  }
}

/**
 * Reads all YAML files of a folder, sorted by name, into one map. Validates each file separately; a key may occur
 * in one file only.
 */
export function readYamlFolder<Value>(
  folder: ConfigFolder,
  name: string,
  schema: z.ZodType<Record<string, Value>>,
): ReadFile<Record<string, Value>> {
  const path = join(folder.path, name);
  const names = existsSync(path) ? readdirSync(path).filter(file => file.endsWith('.yaml')) : [];
  if (names.length === 0) {
    const at = (): Problem => ({ where: `${name}/`, what: 'contains no YAML files' });
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

type Issue = z.core.$ZodIssue;

/** One schema issue in plain language. `path` leads to the value, or to the key that is not allowed. */
interface Finding {
  readonly path: readonly PropertyKey[];
  readonly what: string;
  readonly allowed?: string | undefined;
}

const typeLabels: Partial<Record<string, string>> = {
  object: 'a map',
  record: 'a map',
  array: 'a list',
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
};

function nameOf(path: readonly PropertyKey[]): string {
  const [last] = path.slice(-1);
  return last === undefined
    ? 'the file'
    : typeof last === 'number'
      ? `item ${last + 1}`
      : `"${String(last)}"`;
}

function quoted(input: unknown): string {
  const text = JSON.stringify(input) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function leastOf(issue: z.core.$ZodIssueTooSmall): string {
  if (issue.origin === 'string') return 'text that is not empty';
  return `${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}`;
}

/** Converts a zod issue to findings: one per unknown key, otherwise one per issue. */
function findingsOf(issue: Issue): Finding[] {
  const { path } = issue;
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map(key => ({
        path: [...path, key],
        what: `unknown key "${key}"`,
        allowed: issue.message,
      }));
    case 'invalid_type': {
      const allowed = typeLabels[issue.expected] ?? issue.expected;
      return [
        issue.input === undefined
          ? { path, what: `${nameOf(path)} is missing`, allowed }
          : { path, what: `${nameOf(path)} is ${quoted(issue.input)}`, allowed },
      ];
    }
    case 'invalid_value':
      return [
        issue.input === undefined
          ? { path, what: `${nameOf(path)} is missing`, allowed: issue.values.map(String).join(', ') }
          : {
              path,
              what: `${nameOf(path)} is ${quoted(issue.input)}`,
              allowed: issue.values.map(String).join(', '),
            },
      ];
    case 'too_small':
      return [
        {
          path,
          what: `${nameOf(path)} is ${quoted(issue.input)}`,
          allowed: leastOf(issue),
        },
      ];
    case 'too_big':
      return [
        {
          path,
          what: `${nameOf(path)} is ${quoted(issue.input)}`,
          allowed: `at most ${issue.maximum}${issue.origin === 'string' ? ' characters' : ''}`,
        },
      ];
    case 'invalid_key':
      return [{ path, what: `key ${nameOf(path)} is not valid`, allowed: issue.issues[0]?.message }];
    case 'invalid_format':
    case 'invalid_union':
    case 'invalid_element':
    case 'not_multiple_of':
    case 'custom':
      return [{ path, what: `${nameOf(path)} is ${quoted(issue.input)}`, allowed: issue.message }];
  }
}
