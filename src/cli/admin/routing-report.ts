import type { Command } from 'commander';
import { readEnv } from '../../config/env';
import { loadMunicipality } from '../../config/municipality';
import { courseOf, type CaseCourse } from '../../reports/case-course';
import { routingReportOf, routingTable } from '../../reports/routing-report';
import { daysOf, firstDay, lastDay, type DaysAsked } from './report-days';
import { withStore } from './with-store';

export function registerRoutingReport(admin: Command): void {
  admin
    .command('routing-report')
    .description('which owners are taken for each other, subjects sent on, words that misled')
    .addOption(firstDay())
    .addOption(lastDay())
    .option('--json', 'as JSON: all of it, owners as "department SLUG" or "institution SLUG"')
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
