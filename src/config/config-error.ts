/** One mistake in the configuration, described for the person who edits it. */
export interface Problem {
  /** A variable's name, or `file:line`. */
  readonly where: string;
  readonly what: string;
  /** A description of the accepted values. */
  readonly allowed?: string | undefined;
}

/** Returns the problem on one line: `file:line: what; allowed: …`. */
export function problemLine({ where, what, allowed }: Problem): string {
  return allowed === undefined ? `${where}: ${what}` : `${where}: ${what}; allowed: ${allowed}`;
}

/**
 * An invalid configuration, with every problem of all files or variables. Never contains the value of a secret.
 */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly problems: readonly Problem[]) {
    super(`Configuration refused:\n${problems.map(problem => `  ${problemLine(problem)}`).join('\n')}`);
  }
}

/** Returns all problems of a ConfigError, one per line; undefined for any other error. */
export function describeProblems(error: unknown): string | undefined {
  return error instanceof ConfigError ? error.problems.map(problemLine).join('\n') : undefined;
}
