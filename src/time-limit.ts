import { setTimeout } from 'node:timers/promises';

/** Settles like `work`, but rejects if it takes longer than `limitMs` (ms). The work itself continues. */
export async function timeLimit<T>(limitMs: number, work: Promise<T>): Promise<T> {
  const over = new AbortController();
  const late = setTimeout(limitMs, undefined, { signal: over.signal }).then(() => {
    throw new Error(`No answer within ${limitMs} ms`);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    over.abort();
    late.catch(() => undefined);
  }
}
