/** The order of stopping: whoever works comes before what they work with. */
const phases = ['notice', 'role', 'stage', 'service', 'lock'] as const;

export type Phase = (typeof phases)[number];

/** Remembers how to stop what was started. */
export interface Teardown {
  /** Something added after the stop began is stopped at once. */
  readonly add: (phase: Phase, stop: () => Promise<void>) => Promise<void>;
  /** Stops everything, phase by phase; a part that fails to stop does not keep the others. */
  readonly run: () => Promise<void>;
}

export function createTeardown(): Teardown {
  const added: { phase: Phase; stop: () => Promise<void> }[] = [];
  let over = false;
  return {
    async add(phase, stop) {
      if (over) await stop();
      else added.push({ phase, stop });
    },
    async run() {
      over = true;
      for (const phase of phases) {
        const stops = added.filter(part => part.phase === phase).map(part => part.stop());
        await Promise.allSettled(stops);
      }
    },
  };
}
