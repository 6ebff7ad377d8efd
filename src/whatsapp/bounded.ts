/**
 * Runs `work` for each item with at most `limit` at a time, and returns the results in the order of the items. Starts
 * no further item after a failure; rejects with the first error.
 */
export async function eachBounded<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T, place: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  let failed = false;
  async function lane(): Promise<void> {
    for (const [place, item] of queue) {
      if (failed) return;
      try {
        results[place] = await work(item, place);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, lane));
  return results;
}
