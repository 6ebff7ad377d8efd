/** Concurrent work, each reported as a separate test. */
export interface SideBySide {
  begin(name: string, work: Promise<unknown>): void;
  /** Returns the error of one piece of work; null on success. */
  failureOf(name: string): Promise<unknown>;
  /** Resolves when all have ended. */
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
