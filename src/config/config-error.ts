/** One mistake in the settings, in words for whoever edits them. */
export interface Problem {
  /** A variable's name, or `file:line`. */
  readonly where: string;
  readonly what: string;
  /** The values that would be right, in words. */
  readonly allowed?: string | undefined;
}

function sentence({ where, what, allowed }: Problem): string {
  return allowed === undefined ? `${where}: ${what}` : `${where}: ${what}; allowed: ${allowed}`;
}

/** Refused settings, with every problem of all files or variables at once. Never holds a secret's value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly problems: readonly Problem[]) {
    super(`Configuration refused:\n${problems.map(problem => `  ${sentence(problem)}`).join('\n')}`);
  }
}

/** All problems of a refused configuration, one a line; undefined when the error is something else. */
export function describeProblems(error: unknown): string | undefined {
  return error instanceof ConfigError ? error.problems.map(sentence).join('\n') : undefined;
}
