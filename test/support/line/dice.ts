/** Random choices that are reproducible by a seed. */
export interface Dice {
  readonly seed: number;
  /** Returns an integer in [`low`, `high`). */
  between(low: number, high: number): number;
  shuffled<T>(items: readonly T[]): T[];
}

/** Takes the seed from TEST_SEED or the clock and prints it, so that a failure is reproducible. */
export function castDice(name: string): Dice {
  const seed = Number(process.env['TEST_SEED'] ?? Date.now() % 1_000_000);
  process.stderr.write(`${name}: seed ${seed} (TEST_SEED=${seed} plays it again)\n`);
  let state = seed;

  /** Mulberry32: 32 bits of state are sufficient here. */
  function next(): number {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  return {
    seed,
    between: (low, high) => low + next() * (high - low),
    shuffled: items =>
      items
        .map(item => ({ item, place: next() }))
        .sort((a, b) => a.place - b.place)
        .map(({ item }) => item),
  };
}
