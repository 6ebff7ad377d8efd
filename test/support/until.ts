import { awaited } from './line/awaited';

/** Polls until a condition holds. Rejects with `what` after `limitMs`. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  what: string,
  limitMs = 25_000,
): Promise<void> {
  await awaited(what, holds, limitMs);
}
