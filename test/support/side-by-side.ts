/** Pieces of work that run beside one another, each a test of its own. */
export interface SideBySide {
  begin(name: string, work: Promise<unknown>): void;
  /** What a piece failed with; null when it went well. */
  failureOf(name: string): Promise<unknown>;
  /** Resolves when all have come to an end, good or bad. */
  ended(): Promise<void>;
}

export function sideBySide(): SideBySide {
  const running = new Map<string, Promise<unknown>>();
  return {
    begin(name, work) {
      running.set(
        name,
        work.then(
          () => null,
          (error: unknown) => error,
        ),
      );
    },
    async failureOf(name) {
      const failure = running.get(name);
      if (!failure) throw new Error(`"${name}" was never begun`);
      return failure;
    },
    async ended() {
      await Promise.all(running.values());
    },
  };
}
