const kinds = {
  breached: 'süresi aşılan',
  atRisk: 'süresi azalan',
  paused: 'bekletilen',
  unconfirmed: 'onay bekleyen',
  onTrack: 'süresinde',
} as const;

type Kind = keyof typeof kinds;

export interface Segment {
  kind: Kind;
  name: string;
  count: number;
  /** Per mille of the picture's width. */
  x: number;
  width: number;
}

/** A picture of how many cases are in which state, with the same in words. */
export interface Bar {
  words: string;
  segments: Segment[];
}

const WIDTH = 1_000;

/**
 * A bar of `total` cases on a scale that ends at `scale`: the given kinds in their order, and the rest as on track.
 * Counts are asked for one after the other, so they need not add up to the total exactly.
 */
export function barOf(parts: readonly [Kind, number | null][], total: number, scale: number): Bar {
  const known = parts.map(([kind, count]): [Kind, number] => [kind, count ?? 0]);
  const sum = known.reduce((all, [, count]) => all + count, 0);
  const whole: [Kind, number][] = [...known, ['onTrack', Math.max(0, total - sum)]];
  const unit = WIDTH / Math.max(scale, sum, 1);
  let x = 0;
  const segments = whole
    .filter(([, count]) => count > 0)
    .map(([kind, count]): Segment => {
      const segment = { kind, name: kinds[kind], count, x: Math.round(x), width: Math.round(count * unit) };
      x += count * unit;
      return segment;
    });
  return { segments, words: segments.map(({ name, count }) => `${count} ${name}`).join(', ') };
}
