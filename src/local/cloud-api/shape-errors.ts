import type { z } from 'zod';
import { graphError, invalidParameter, type GraphError } from './graph-errors';

/** `['interactive','action','buttons',0]` as Meta names it: `interactive['action']['buttons'][0]`. */
export function paramName(path: readonly PropertyKey[]): string {
  const [head, ...rest] = path;
  return (
    String(head ?? 'body') +
    rest.map(step => (typeof step === 'number' ? `[${step}]` : `['${String(step)}']`)).join('')
  );
}

const valueAt = (input: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (value, step) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[step] : undefined,
    input,
  );

/**
 * The first thing wrong with the shape of a posted message, in Meta's words: a missing top-level parameter is
 * 100, a missing inner one 131008, a wrong type or value 100.
 */
export function shapeError(input: unknown, error: z.ZodError): GraphError {
  const issue = error.issues[0];
  if (issue === undefined) return invalidParameter('Invalid parameter');
  const name = paramName(issue.path);
  if (valueAt(input, issue.path) === undefined) {
    return issue.path.length <= 1
      ? invalidParameter(`The parameter ${name} is required.`)
      : graphError(131008, `Param ${name} is required.`);
  }
  switch (issue.code) {
    case 'invalid_type':
      return invalidParameter(
        `Param ${name} must be ${issue.expected === 'string' ? 'a string' : `of type ${issue.expected}`}.`,
      );
    case 'invalid_value':
      return invalidParameter(
        `Param ${name} must be one of {${issue.values.map(String).join(', ').toUpperCase()}}.`,
      );
    default:
      return invalidParameter(`Param ${name} is not valid: ${issue.message}`);
  }
}
