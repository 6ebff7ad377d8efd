import { type Command, Option } from 'commander';
import { readEnv } from '../../config/env';
import { loadMunicipality } from '../../config/municipality';
import { type CaseCourse, courseOf } from '../../reports/case-course';
import { type Report, townReport } from '../../reports/report';
import { csvOf, reportRows, reportTable } from '../../reports/report-table';
import { routingReportOf, routingTable } from '../../reports/routing-report';
import { type DaysAsked, daysOf, firstDay, lastDay, mustBeKnown } from './arguments';
import { withStore } from './connections';

interface Asked extends DaysAsked {
  department?: string;
  csv?: boolean;
  json?: boolean;
}

export function registerReport(admin: Command): void {
  admin
    .command('report')
    .description(
      'print the statistics of a period: load, targets, escalations, reopenings, satisfaction, backlog',
    )
    .addOption(firstDay())
    .addOption(lastDay())
    .option('--department <slug>', 'the municipality and one department')
    .addOption(
      new Option('--csv', 'as CSV, one row for the municipality and one per department').conflicts('json'),
    )
    .option('--json', 'as JSON with the same rows, times in UTC')
    .action(async ({ department, csv, json, ...asked }: Asked) => {
      const municipality = loadMunicipality(readEnv('admin').CONFIG_DIR);
      const known = Object.keys(municipality.departments);
      mustBeKnown(admin, 'department', department, known);
      const { first, last, period } = daysOf(admin, municipality, asked);
      const [stories, closures] = await withStore(store =>
        Promise.all([store.stories.since(new Date(period.from)), store.closures.all()]),
      );
      const report = onlyOf(townReport({ municipality, closures }, period, stories), department);
      if (json) console.log(JSON.stringify(asJson(report), null, 2));
      else if (csv) console.log(csvOf(reportRows(report)));
      else console.log(reportTable(report, `${first} – ${last}`));
    });
}

/** Ranks remain those among all departments. */
function onlyOf(report: Report, department: string | undefined): Report {
  if (department === undefined) return report;
  return { ...report, departments: report.departments.filter(({ slug }) => slug === department) };
}

function asJson(report: Report) {
  const iso = (at: number): string => new Date(at).toISOString();
  const { from, to } = report.period;
  return { from: iso(from), to: iso(to), fewestToRank: report.fewest, rows: reportRows(report) };
}

export function registerRoutingReport(admin: Command): void {
  admin
    .command('routing-report')
    .description('print confused owners, rerouted subjects and misleading words')
    .addOption(firstDay())
    .addOption(lastDay())
    .option('--json', 'as JSON, owners as "department SLUG" or "institution SLUG"')
    .action(async ({ json, ...asked }: DaysAsked & { json?: boolean }) => {
      const municipality = loadMunicipality(readEnv('admin').CONFIG_DIR);
      const { first, last, period } = daysOf(admin, municipality, asked);
      const courses = await withStore(async ({ courses: records }) => {
        const found: CaseCourse[] = [];
        for await (const batch of records.between(new Date(period.from), new Date(period.to))) {
          for (const one of batch) found.push(courseOf(municipality, one));
        }
        return found;
      });
      const report = routingReportOf(courses);
      if (json) console.log(JSON.stringify({ from: first, to: last, ...report }, null, 2));
      else console.log(routingTable(municipality, report, `${first} – ${last}`));
    });
}
