/**
 * How often the owner with a share of the evidence is the right one, measured on the tuning half of the labelled
 * corpus; between the points in a straight line.
 */
const points: readonly (readonly [share: number, right: number])[] = [
  [0, 0],
  [0.25, 0.45],
  [0.4, 0.7],
  [0.55, 0.9],
  [0.62, 0.94],
  [0.8, 0.98],
  [1, 0.995],
];

/** The likelihood, 0 to 1, behind a share of the evidence, 0 to 1. */
export function calibrated(share: number): number {
  for (let i = 1; i < points.length; i += 1) {
    const [x0, y0] = points[i - 1] ?? [0, 0];
    const [x1, y1] = points[i] ?? [1, 1];
    if (share <= x1) return y0 + ((share - x0) / (x1 - x0)) * (y1 - y0);
  }
  return points.at(-1)?.[1] ?? 1;
}
