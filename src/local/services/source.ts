import type { Note } from '../progress';

/** One way to come by a service or a program, tried in turn with others. */
export interface Source<T> {
  /** Human words, shown in the table of addresses and in the failure message. */
  readonly name: string;
  /** What a person can do so that this source works next time. */
  readonly advice: string;
  /** Gives the thing, or throws the reason why this source has none. */
  readonly take: (note: Note) => Promise<T>;
}

export interface SourceAnswer<T> {
  readonly value: T;
  readonly source: string;
}

/** Every source was tried and none had it; the message lists each one, why it failed and what to do. */
export class NoSourceError extends Error {
  override readonly name = 'NoSourceError';
}

/**
 * Returns what the first source gives, tried strictly in order.
 * @throws NoSourceError when none has it.
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

/** The reason in one short line, whatever was thrown. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/\s+/g, ' ').trim().slice(0, 300);
}

/** A server the product needs, whoever runs it. */
export interface Service {
  /** What the product connects to: host:port for Temporal, a URI for MongoDB. */
  readonly address: string;
  /** Which source it came from, in human words. */
  readonly source: string;
  /** Set for a server that we run. */
  readonly pid?: number;
  /** Resolves with words on how a server of ours ended; absent for another's server. */
  readonly exited?: Promise<string>;
  /** Ends a server of ours; another's server is left alone. */
  readonly stop: () => Promise<void>;
}

/** A server that someone else runs, named by an environment variable. */
export function anothers(address: string, variable: string): Service {
  return { address, source: variable, stop: async () => undefined };
}
