import { InvalidArgumentError, Option, type Command } from 'commander';
import { readEnv } from '../../config/env';
import { loadMunicipality, type Municipality } from '../../config/municipality';
import { dayOf, dayStart } from '../../config/town-day';
import { csvOf } from '../../reports/csv';
import type { Report } from '../../reports/report';
import { reportRows } from '../../reports/report-rows';
import { reportTable } from '../../reports/report-table';
import { townReport } from '../../reports/town-report';
import { withStore } from './with-store';

interface Asked {
  from?: string;
  to?: string;
  department?: string;
  csv?: boolean;
  json?: boolean;
}

const USUAL_DAYS = 30;

export function registerReport(admin: Command): void {
  admin
    .command('report')
    .description('the figures of a period: load, targets, escalations, reopenings, satisfaction, backlog')
    .option('--from <date>', `first day, YYYY-MM-DD; the last ${USUAL_DAYS} days when left out`, date)
    .option('--to <date>', 'last day, YYYY-MM-DD; today when left out', date)
    .option('--department <slug>', 'one department beside the town')
    .addOption(new Option('--csv', 'as CSV, a line for the town and for each department').conflicts('json'))
    .option('--json', 'as JSON: the same lines, times in UTC')
    .action(async ({ department, csv, json, ...asked }: Asked) => {
      const municipality = loadMunicipality(readEnv('admin').CONFIG_DIR);
      if (department !== undefined && !(department in municipality.departments)) {
        const known = Object.keys(municipality.departments).join(', ');
        admin.error(`There is no department "${department}". Known: ${known}.`);
      }
      const { first, last, period } = daysOf(municipality, asked);
      if (period.from >= period.to) admin.error(`The period ends before it begins: ${first} to ${last}.`);
      const [stories, closures] = await withStore(store =>
        Promise.all([store.stories.since(new Date(period.from)), store.closures.all()]),
      );
      const report = onlyOf(townReport({ municipality, closures }, period, stories), department);
      if (json) console.log(JSON.stringify(asJson(report), null, 2));
      else if (csv) console.log(csvOf(reportRows(report)));
      else console.log(reportTable(report, `${first} – ${last}`));
    });
}

function date(value: string): string {
  if (dayStart('UTC', value) === null) throw new InvalidArgumentError('A date looks like 2026-11-25.');
  return value;
}

/** The days asked for, both included, as a span of time on the town's clock. */
function daysOf(
  { timeZone }: Municipality,
  { from, to }: Asked,
): { first: string; last: string; period: Report['period'] } {
  const last = to ?? dayOf(timeZone, Date.now());
  const first = from ?? dayOf(timeZone, dayStart(timeZone, last, 1 - USUAL_DAYS) ?? 0);
  const period = { from: dayStart(timeZone, first) ?? 0, to: dayStart(timeZone, last, 1) ?? 0 };
  return { first, last, period };
}

/** Ranks stay those among all departments. */
function onlyOf(report: Report, department: string | undefined): Report {
  if (department === undefined) return report;
  return { ...report, departments: report.departments.filter(({ slug }) => slug === department) };
}

function asJson(report: Report) {
  const iso = (at: number): string => new Date(at).toISOString();
  const { from, to } = report.period;
  return { from: iso(from), to: iso(to), fewestToRank: report.fewest, rows: reportRows(report) };
}
