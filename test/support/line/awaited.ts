import { setTimeout as pause } from 'node:timers/promises';

/** Looks ten times a second until there is something, and returns it; rejects with `what` after `limitMs`. */
export async function awaited<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
  limitMs = 30_000,
): Promise<T> {
  const end = Date.now() + limitMs;
  for (;;) {
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen;
    if (Date.now() > end) throw new Error(`waited ${limitMs / 1_000} s in vain for ${what}`);
    await pause(100);
  }
}
