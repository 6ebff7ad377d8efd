import pLimit from 'p-limit';

/**
 * Runs `work` for each item with at most `limit` at a time, and returns the results in the order of the items. Starts
 * no further item after a failure; rejects with the first error.
 */
export function mapConcurrently<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T, place: number) => Promise<R>,
): Promise<R[]> {
  const queue = pLimit(limit);
  const tryOne = (item: T, place: number): Promise<R> =>
    work(item, place).catch((error: unknown) => {
      queue.clearQueue();
      throw error;
    });
  return Promise.all(items.map((item, place) => queue(tryOne, item, place)));
}
