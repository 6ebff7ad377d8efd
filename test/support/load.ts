import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/** Starts `act` with 0 … count-1 at even distances, independent of earlier results. Resolves with all of them. */
export function atRate<Result>(
  count: number,
  perSecond: number,
  act: (number: number) => Promise<Result>,
): Promise<Result[]> {
  const begin = performance.now();
  return Promise.all(
    Array.from({ length: count }, async (_, number) => {
      await pause((number * 1_000) / perSecond - (performance.now() - begin));
      return act(number);
    }),
  );
}

/** Returns a quantile of unsorted samples. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Returns the resident memory of a process in MiB; NaN if the system does not report it. */
export function residentMiB(pid: number): number {
  try {
    const [, kib] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kib) / 1_024;
  } catch {
    return Number.NaN;
  }
}
