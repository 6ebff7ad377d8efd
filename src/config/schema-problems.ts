import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

/** A schema's finding in words; the path leads to the value, `key` to a key that should not be there. */
export interface Finding {
  readonly path: readonly PropertyKey[];
  readonly what: string;
  readonly allowed?: string | undefined;
}

const typeWords: Partial<Record<string, string>> = {
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

/** Every finding of one zod issue; a union's finding is told as one, the wrong keys of a map one by one. */
export function findingsOf(issue: Issue): Finding[] {
  const { path } = issue;
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map(key => ({
        path: [...path, key],
        what: `unknown key "${key}"`,
        allowed: issue.message,
      }));
    case 'invalid_type': {
      const allowed = typeWords[issue.expected] ?? issue.expected;
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
