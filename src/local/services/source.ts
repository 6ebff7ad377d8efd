import type { Note } from '../progress';

/** One source of a service or program. Sources are tried in order. */
export interface Source<T> {
  /** A readable name, for the table of addresses and for error messages. */
  readonly name: string;
  /** What a person can do to make this source work. */
  readonly advice: string;
  /** Returns the service or program, or throws the reason why it is not available. */
  readonly take: (note: Note) => Promise<T>;
}

export interface SourceAnswer<T> {
  readonly value: T;
  readonly source: string;
}

/** No source succeeded. The message lists each source, its error and its remedy. */
export class NoSourceError extends Error {
  override readonly name = 'NoSourceError';
}

/**
 * Returns the result of the first source that succeeds, trying them in order.
 * @throws NoSourceError if none succeeds.
 */
export async function firstAnswer<T>(
  what: string,
  sources: readonly Source<T>[],
  note: Note,
): Promise<SourceAnswer<T>> {
  const failures: { source: Source<T>; reason: string }[] = [];
  for (const source of sources) {
    note(source.name);
    try {
      return { value: await source.take(note), source: source.name };
    } catch (error) {
      failures.push({ source, reason: reasonOf(error) });
    }
  }
  throw new NoSourceError(failureMessage(what, failures));
}

function failureMessage<T>(what: string, failures: readonly { source: Source<T>; reason: string }[]): string {
  const lines = failures.map(({ source, reason }) => `  - ${source.name}: ${reason}\n      ${source.advice}`);
  const diskFull = failures.some(({ reason }) => isDiskFull(reason));
  const headline = diskFull
    ? `No ${what}: the disk is full. Free at least 2 GB and start again.`
    : `No ${what}: none of its sources answered. Mend one of them and start again.`;
  return [headline, ...lines].join('\n');
}

function isDiskFull(reason: string): boolean {
  return /ENOSPC|no space left on device|disk full/i.test(reason);
}

/** Returns the reason of any thrown value in one line. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/\s+/g, ' ').trim().slice(0, 300);
}

/** A server that the product needs, ours or the user's. */
export interface Service {
  /** The address: host:port for Temporal, a URI for MongoDB. */
  readonly address: string;
  /** The readable name of its source. */
  readonly source: string;
  /** The process id of a server that we started. */
  readonly pid?: number;
  /** Resolves with the way our server ended; absent for the user's server. */
  readonly exited?: Promise<string>;
  /** Stops our server; does nothing for the user's server. */
  readonly stop: () => Promise<void>;
}

/** A server run by the user and named by an environment variable. */
export function anothers(address: string, variable: string): Service {
  return { address, source: variable, stop: async () => undefined };
}
