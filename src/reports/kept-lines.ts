import { type CaseLine, decodeLines } from './case-line';
import type { Period } from './figures';

/** A line takes about 2 kB of memory. */
const MOST_LINES = 60_000;

/** Reads the lines of all cases of which something counted in a period, whole months at a time. */
export type LinesIn = (period: Period) => Promise<CaseLine[]>;

/** The rows on record, by month. */
interface RowRecords {
  /** Returns the months that a period needs. The edition of a month differs once its rows do; null while it is new. */
  months(period: Period): Promise<{ month: string; edition: string | null }[]>;
  /** Returns the encoded lines of a month. */
  rows(month: string): Promise<readonly unknown[]>;
}

interface Month {
  readonly edition: string;
  readonly lines: Promise<readonly CaseLine[]>;
}

/**
 * Returns a reader that keeps the months which have not been written since, so that a page of a year needs one look-up.
 * The months used last are kept.
 */
export function keptLines(records: RowRecords): LinesIn {
  const kept = new Map<string, Month>();

  async function linesOf({
    month,
    edition,
  }: {
    month: string;
    edition: string | null;
  }): Promise<readonly CaseLine[]> {
    const known = kept.get(month);
    kept.delete(month);
    const isCurrent = known !== undefined && known.edition === edition;
    const lines = isCurrent ? known.lines : records.rows(month).then(decodeLines);
    if (edition !== null) kept.set(month, { edition, lines });
    try {
      return await lines;
    } catch (error) {
      kept.delete(month);
      throw error;
    }
  }

  async function forgetOldest(): Promise<void> {
    let count = 0;
    for (const [month, { lines }] of [...kept].reverse()) {
      count += (await lines).length;
      if (count > MOST_LINES) kept.delete(month);
    }
  }

  return async period => {
    const found = await Promise.all((await records.months(period)).map(linesOf));
    await forgetOldest();
    return found.flat();
  };
}
