import { AppError } from '../errors';

const ANSWER_LIMIT_MS = 1_500;

/**
 * Work of the store for somebody who waits: rejects with `store-unavailable` (503) when it fails or takes longer
 * than one and a half seconds. The work itself may still come to its end later.
 */
export async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), ANSWER_LIMIT_MS);
  });
  try {
    return await Promise.race([work, limit]);
  } catch (cause) {
    throw new AppError('store-unavailable', { status: 503, cause });
  } finally {
    clearTimeout(timer);
  }
}
