import { setTimeout as pause } from 'node:timers/promises';

/**
 * Polls (by default ten times per second) until `look` returns a value, and returns it. Rejects with `what` after
 * `limitMs`.
 */
export async function awaited<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
  limitMs = 30_000,
  everyMs = 100,
): Promise<T> {
  const end = Date.now() + limitMs;
  for (;;) {
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen;
    if (Date.now() > end) throw new Error(`waited ${limitMs / 1_000} s in vain for ${what}`);
    await pause(everyMs);
  }
}
