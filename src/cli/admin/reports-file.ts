import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { ConfigError, type Problem } from '../../config/config-error';

/** A row of a CSV file of reports: its text, and whatever other columns the file has. */
export interface ReportFileRow {
  readonly text: string;
  readonly others: Readonly<Record<string, string>>;
}

/**
 * Reads a CSV file whose header has a column `text`; quotes, line breaks inside them and a byte order mark are
 * understood. Throws a ConfigError that says where and what to mend, never with words of a report.
 */
export function readReports(file: string, needed: readonly string[] = []): ReportFileRow[] {
  let rows: Record<string, string>[];
  try {
    rows = parse(readFileSync(file), {
      columns: header => header.map((name: string) => name.trim()),
      bom: true,
      skip_empty_lines: true,
      relax_column_count_more: true,
    });
  } catch (cause) {
    throw new ConfigError([problemOf(file, cause)]);
  }
  const columns = Object.keys(rows[0] ?? {});
  const missing = ['text', ...needed].filter(name => rows.length > 0 && !columns.includes(name));
  if (missing.length > 0) {
    throw new ConfigError(
      missing.map(name => ({
        where: `${file}:1`,
        what: `there is no column "${name}"`,
        allowed: `a header that names it; this one names: ${columns.join(', ')}`,
      })),
    );
  }
  return rows.map(({ text = '', ...others }) => ({ text, others }));
}

function problemOf(file: string, cause: unknown): Problem {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error';
  if (code === 'ENOENT') return { where: file, what: 'there is no such file' };
  const line = cause instanceof Error && 'lines' in cause ? `:${String(cause.lines)}` : '';
  const what = code.toLowerCase().replace(/^csv_/, '').replaceAll('_', ' ');
  return { where: `${file}${line}`, what, allowed: 'a CSV file with commas, quotes doubled inside quotes' };
}
