import { setTimeout as pause } from 'node:timers/promises';

const FIRST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 250;

/**
 * Polls until `look` returns a value, and returns it. The pauses grow, because a poll costs more than the wait it saves
 * when something takes seconds; `everyMs` fixes them. Rejects with `what` after `limitMs`.
 */
export async function awaited<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
  limitMs = 30_000,
  everyMs?: number,
): Promise<T> {
  const end = Date.now() + limitMs;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 1.5, LONGEST_PAUSE_MS)) {
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen;
    if (Date.now() > end) throw new Error(`waited ${limitMs / 1_000} s in vain for ${what}`);
    await pause(everyMs ?? pauseMs);
  }
}
