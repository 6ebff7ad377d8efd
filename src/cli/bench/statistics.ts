/** The value below which the given share of the samples lies; samples in any order. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Runs `work` for 0 … count-1 with so many under way at once; returns how many were done a second. */
export async function perSecond(
  count: number,
  atOnce: number,
  work: (number: number) => Promise<unknown>,
): Promise<number> {
  let next = 0;
  const begin = performance.now();
  const lane = async (): Promise<void> => {
    while (next < count) {
      const number = next;
      next += 1;
      await work(number);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return (count * 1_000) / (performance.now() - begin);
}
