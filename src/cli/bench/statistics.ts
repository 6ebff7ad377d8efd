/** The value below which the given share of the samples lies; samples in any order. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/**
 * Runs `work` for 0 … count-1 with so many under way at once; returns how many were done a second. After a failure
 * nothing more is begun; rejects with the first one when all that was under way has ended.
 */
export async function perSecond(
  count: number,
  atOnce: number,
  work: (number: number) => Promise<unknown>,
): Promise<number> {
  let next = 0;
  const failures: unknown[] = [];
  const begin = performance.now();
  const lane = async (): Promise<void> => {
    while (next < count && failures.length === 0) {
      const number = next;
      next += 1;
      await work(number).catch((error: unknown) => failures.push(error));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  if (failures.length > 0) throw failures[0];
  return (count * 1_000) / (performance.now() - begin);
}
