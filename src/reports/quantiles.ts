/**
 * The value below which the given share (0 to 1) of the samples lies, between two neighbours in proportion, as
 * MEDIAN and PERCENTILE of spreadsheets do it; null without samples. Samples in any order.
 */
export function quantile(samples: readonly number[], share: number): number | null {
  const sorted = [...samples].sort((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const low = sorted[Math.floor(place)];
  const high = sorted[Math.ceil(place)];
  if (low === undefined || high === undefined) return null;
  return low + (high - low) * (place - Math.floor(place));
}
