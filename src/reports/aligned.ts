/** Rows as columns side by side: the columns at `names` to the left, the others to the right. */
export function aligned(rows: readonly (readonly string[])[], names: readonly number[]): string[] {
  const widths = (rows[0] ?? []).map((_, place) =>
    Math.max(...rows.map(row => [...(row[place] ?? '')].length)),
  );
  return rows.map(row =>
    row
      .map((cell, place) => {
        const width = widths[place] ?? 0;
        return names.includes(place) ? cell.padEnd(width) : cell.padStart(width);
      })
      .join('  ')
      .trimEnd(),
  );
}
