import { setTimeout as delay } from 'node:timers/promises';

/** Tells a story step by step and stops at the first step that does not come true. */
export interface Story {
  readonly step: <T>(title: string, act: () => Promise<T>, detail: (result: T) => string) => Promise<T>;
}

/** The step a story ended at, and why. */
export class StoryFailure extends Error {
  override readonly name = 'StoryFailure';
  constructor(step: string, cause: unknown) {
    super(`The demo failed at "${step}": ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}

/** Prints each step with the clock time, the seconds since the beginning, and its detail. */
export function createStory(say: (line: string) => void): Story {
  const startedAt = Date.now();
  let number = 0;
  return {
    async step(title, act, detail) {
      number += 1;
      const result = await act().catch((error: unknown) => {
        throw new StoryFailure(title, error);
      });
      const now = new Date();
      const seconds = ((now.getTime() - startedAt) / 1000).toFixed(1).padStart(5);
      say(`  ${now.toTimeString().slice(0, 8)} ${seconds} s  ${number}. ${title}: ${detail(result)}`);
      return result;
    },
  };
}

/**
 * Looks every quarter of a second until there is something to return.
 * @throws Error naming what was waited for after the limit.
 */
export async function awaitSight<T>(
  what: string,
  limitMs: number,
  look: () => Promise<T | undefined>,
): Promise<T> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (Date.now() > deadline) throw new Error(`${what} did not come within ${limitMs / 1000} s`);
    await delay(250);
  }
}
