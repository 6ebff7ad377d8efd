type Cell = string | number | null;

/** Rows as CSV (RFC 4180): a head line, commas, points in numbers, nothing where there is no value. */
export function csvOf(rows: readonly Readonly<Record<string, Cell>>[]): string {
  const names = Object.keys(rows[0] ?? {});
  const cell = (value: Cell | undefined): string => {
    const text = String(value ?? '');
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const lines = rows.map(row => names.map(name => cell(row[name])).join(','));
  return [names.join(','), ...lines].join('\r\n');
}
