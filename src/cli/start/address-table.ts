export interface TableRow {
  readonly name: string;
  readonly value: string;
}

/** Names in one column, values in the other; a row without a name continues the one above. */
export function addressTable(title: string, rows: readonly TableRow[]): string {
  const width = Math.max(...rows.map(({ name }) => name.length)) + 2;
  return [title, ...rows.map(({ name, value }) => `  ${name.padEnd(width)}${value}`)].join('\n');
}
