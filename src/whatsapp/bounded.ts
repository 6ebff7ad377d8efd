/**
 * Runs `work` for each item, begun in their order, at most `limit` at a time, and returns the results in that
 * order. After a failure no further item is begun; rejects with the first one.
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
