import type { Command } from 'commander';
import { parse } from 'csv-parse/sync';
import { readFileSync } from 'node:fs';
import { ConfigError, type Problem } from '../../config/config-error';
import { readEnv } from '../../config/env';
import { loadMunicipality, type Municipality } from '../../config/municipality';
import { categoryOf } from '../../config/offices';
import { OTHER_CATEGORY, type Owner } from '../../domain/routing/category';
import { classify } from '../../domain/routing/classify';

/** The columns that `classify` adds to a row. */
interface Answer {
  subject: string;
  owner: { type: 'department' | 'institution'; slug: string };
  /** The confidence of the owner, 0 to 1. */
  confidence: number;
  /** Whether the report would be routed without asking. */
  sure: boolean;
  matched: readonly string[];
  top3: { subject: string; owner: Answer['owner']; confidence: number }[];
}

export function registerClassify(admin: Command): void {
  admin
    .command('classify')
    .description('print subject and owner of each report of a CSV file, one JSON line per row')
    .argument('<file>', 'a CSV file with a column "text"; other columns are copied')
    .option(
      '--measure',
      'how many are routed without asking, and how many of those to an owner in the column "owner"',
    )
    .action((file: string, { measure }: { measure?: boolean }) => {
      const municipality = loadMunicipality(readEnv('checks').CONFIG_DIR);
      if (measure) {
        console.log(measured(municipality, readReports(file, ['owner'])));
        return;
      }
      for (const { text, others } of readReports(file)) {
        console.log(JSON.stringify({ ...others, ...answerOf(municipality, text) }));
      }
    });
}

function answerOf(municipality: Municipality, text: string): Answer {
  const { ranked, matched, sure } = classify(text, municipality);
  const top3 = ranked.slice(0, 3).map(({ category, confidence }) => ({
    subject: category,
    owner: ownerIn(categoryOf(municipality, category).owner),
    confidence,
  }));
  const best = top3[0] ?? {
    subject: OTHER_CATEGORY,
    owner: ownerIn(categoryOf(municipality, OTHER_CATEGORY).owner),
    confidence: 0,
  };
  return { ...best, sure, matched, top3 };
}

const percent = (part: number, whole: number): string =>
  whole === 0 ? '-' : `${((100 * part) / whole).toFixed(1)} %`;

/** Returns a table of the shares of right owners. The column `owner` may name several, separated by "|". */
function measured(municipality: Municipality, rows: readonly ReportFileRow[]): string {
  const answers = rows.map(({ text, others: { owner = '' } }) => {
    const answer = answerOf(municipality, text);
    const allowed = owner.split('|').map(slug => slug.trim());
    return { owner, sure: answer.sure, isRight: allowed.includes(answer.owner.slug) };
  });
  const rowOf = (name: string, of: typeof answers): string => {
    const sure = of.filter(answer => answer.sure);
    const right = (some: typeof answers): number => some.filter(({ isRight }) => isRight).length;
    return [
      name.padEnd(40),
      String(of.length).padStart(7),
      percent(right(of), of.length).padStart(12),
      percent(sure.length, of.length).padStart(12),
      percent(right(sure), sure.length).padStart(14),
    ].join('');
  };
  const header = ['owner'.padEnd(40), 'reports', ' owner right', ' not asked', '   right of those'].join('');
  const owners = [...new Set(answers.map(({ owner }) => owner))].sort();
  return [
    header,
    ...owners.map(name =>
      rowOf(
        name,
        answers.filter(({ owner }) => owner === name),
      ),
    ),
    rowOf('all', answers),
  ].join('\n');
}

function ownerIn(owner: Owner): Answer['owner'] {
  return 'department' in owner
    ? { type: 'department', slug: owner.department }
    : { type: 'institution', slug: owner.institution };
}

/** A row of a CSV file of reports: its text and all other columns. */
export interface ReportFileRow {
  readonly text: string;
  readonly others: Readonly<Record<string, string>>;
}

/**
 * Reads a CSV file with a column `text` (RFC 4180, optional byte order mark).
 * @throws ConfigError with the position and kind of each mistake, never the text of a report.
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
        what: `has no column "${name}"`,
        allowed: `a header that names it; this one names: ${columns.join(', ')}`,
      })),
    );
  }
  return rows.map(({ text = '', ...others }) => ({ text, others }));
}

function problemOf(file: string, cause: unknown): Problem {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error';
  if (code === 'ENOENT') return { where: file, what: 'does not exist' };
  const line = cause instanceof Error && 'lines' in cause ? `:${String(cause.lines)}` : '';
  const what = code.toLowerCase().replace(/^csv_/, '').replaceAll('_', ' ');
  return { where: `${file}${line}`, what, allowed: 'a CSV file with commas, quotes doubled inside quotes' };
}
