import { setTimeout } from 'node:timers/promises';

/** Polls every few milliseconds until a condition holds. Rejects with `what` after `limitMs`. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  what: string,
  limitMs = 25_000,
): Promise<void> {
  const end = Date.now() + limitMs;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`waited ${limitMs} ms in vain for: ${what}`);
    await setTimeout(10);
  }
}
