import { type Command, Option } from 'commander';
import { randomUUID } from 'node:crypto';
import type { figures } from '../../../workflows/index';
import { readEnv } from '../../config/env';
import { loadMunicipality } from '../../config/municipality';
import { type CaseCourse, courseOf } from '../../reports/case-course';
import { keptLines } from '../../reports/kept-lines';
import { type Report, townReport } from '../../reports/report';
import { csvOf, reportRows, reportTable } from '../../reports/report-table';
import { routingReportOf, routingTable } from '../../reports/routing-report';
import { type DaysAsked, daysOf, firstDay, lastDay, mustBeKnown } from './arguments';
import { TASK_QUEUE } from '../../temporal/connection';
import { withLine, withStore } from './connections';

interface Asked extends DaysAsked {
  department?: string;
  csv?: boolean;
  json?: boolean;
}

export function registerReport(admin: Command): void {
  admin
    .command('report')
    .description(
      'print the statistics of a period, as of the last hour: load, targets, escalations, satisfaction, backlog',
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
      const lines = await withStore(({ figures }) => keptLines(figures)(period));
      const report = onlyOf(townReport(municipality, period, lines), department);
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

export function registerFigures(admin: Command): void {
  const command = admin.command('figures').description('the daily rows of the statistics');
  for (const { name, description, whole } of [
    { name: 'refresh', description: 'write the rows that have changed, as every hour', whole: false },
    { name: 'rebuild', description: 'write all rows again from the records', whole: true },
  ]) {
    command
      .command(name)
      .description(description)
      .action(async () => {
        const { days, written, cases } = await withLine(({ client }) =>
          client.workflow.execute<typeof figures>('figures', {
            ...{ workflowId: `figures-${randomUUID()}`, taskQueue: TASK_QUEUE },
            args: [{ whole }],
          }),
        );
        console.log(`${days} days with cases: ${written} written, with ${cases} cases.`);
      });
  }
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
