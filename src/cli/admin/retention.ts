import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { forecastRetention } from '../../../activities/retention';
import type { retention } from '../../../workflows/index';
import { localDate } from '../../config/calendars';
import { readEnv } from '../../config/env';
import { loadMunicipality, type Municipality } from '../../config/municipality';
import { recordFamilies, type RetentionEnd, type RetentionStart } from '../../domain/retention';
import { aligned } from '../../reports/figure-text';
import { csvOf } from '../../reports/report-table';
import { TASK_QUEUE } from '../../temporal/connection';
import { readInstant } from './arguments';
import { withLine, withStore } from './connections';

export const startLabels: Readonly<Record<RetentionStart, string>> = {
  receipt: 'alınmasından',
  creation: 'oluşturulmasından',
  caseEnd: 'kaydın kapanmasından',
  visit: 'açılmasından',
  expiry: 'geçerliliğinin bitmesinden',
  lastMessage: 'son mesajdan',
  blockEnd: 'engelin bitmesinden',
  workflowEnd: 'iş akışının bitmesinden',
};
const endLabels: Readonly<Record<RetentionEnd, string>> = {
  erase: 'silinir',
  anonymise: 'anonim hale getirilir',
};
const MOST_RUNS = 30;

/** Adds `retention`: the table of retention times, what would go, and a run for a given date. */
export function registerRetention(admin: Command): void {
  const command = admin
    .command('retention')
    .description('what is erased and anonymised, and when')
    .option('--dry-run', 'count what a run would remove, and tell when each family is next due')
    .option('--at <time>', 'the date of the rehearsal, for example 2028-12-01; default: now')
    .action(async ({ dryRun, at }: { dryRun?: boolean; at?: string }) => {
      if (!dryRun) command.help();
      await rehearse(at);
    });

  command
    .command('table')
    .description('print the retention times for the data inventory (VERBİS), in Turkish')
    .option('--csv', 'as CSV')
    .action(({ csv }: { csv?: boolean }) => {
      const rows = tableOf(loadMunicipality(readEnv('checks').CONFIG_DIR));
      if (csv) {
        console.log(csvOf(rows));
        return;
      }
      const cells = [Object.keys(rows[0] ?? {}), ...rows.map(row => Object.values(row))];
      console.log(aligned(cells, [0, 1, 2, 3, 4]).join('\n'));
    });

  command
    .command('run')
    .description('apply the retention times now; the schedule "retention" does so every night')
    .option('--at <time>', 'the date for which it runs, for example 2028-12-01; default: now')
    .option('--confirm', 'required for a date in the future, which erases sooner than configured')
    .action(async ({ at, confirm }: { at?: string; confirm?: boolean }, { parent }: Command) => {
      await withLine(async ({ client, municipality }) => {
        const given = at ?? parent?.opts<{ at?: string }>().at;
        const date = dateOf(given, municipality);
        if (date > Date.now() && !confirm) {
          console.error('The date is in the future: records would go sooner than configured. Add --confirm.');
          process.exitCode = 1;
          return;
        }
        const counts = await client.workflow.execute<typeof retention>('retention', {
          workflowId: `retention-${randomUUID()}`,
          taskQueue: TASK_QUEUE,
          args: [{ at: date }],
        });
        for (const [family, count] of Object.entries(counts)) console.log(`${family.padEnd(20)}  ${count}`);
      });
    });

  command
    .command('runs')
    .description(`list the latest runs with their counts, at most ${MOST_RUNS}`)
    .action(async () => {
      for (const { at, finishedAt, counts } of await withStore(store =>
        store.retentionRuns.latest(MOST_RUNS),
      )) {
        const gone = Object.entries(counts).flatMap(([family, count]) =>
          count > 0 ? [`${family} ${count}`] : [],
        );
        const what = gone.length > 0 ? gone.join(', ') : 'nothing was due';
        console.log(`${finishedAt.toISOString()}  for ${at.toISOString().slice(0, 10)}  ${what}`);
      }
    });
}

function dateOf(at: string | undefined, { timeZone }: Municipality): number {
  return at === undefined ? Date.now() : readInstant(at, timeZone);
}

async function rehearse(at: string | undefined): Promise<void> {
  const municipality = loadMunicipality(readEnv('admin').CONFIG_DIR);
  const date = dateOf(at, municipality);
  const forecasts = await withStore(store => forecastRetention({ municipality, store }, date));
  const rows = forecasts.map(({ family, due, next }) => [
    family,
    municipality.retention.families[family].then,
    String(due),
    next === null ? 'no date yet' : localDate(municipality.timeZone, next),
  ]);
  console.log(aligned([['family', 'then', 'due', 'next due'], ...rows], [0, 1, 3]).join('\n'));
}

type Row = Record<'Kayıt' | 'Süre' | 'Başlangıç' | 'Sonunda' | 'Dayanak', string>;

function tableOf({ retention: { families, closedWorkflows, lasting } }: Municipality): Row[] {
  const limited = [...recordFamilies.map(family => families[family]), closedWorkflows];
  return [
    ...limited.map(({ name, days, after, then, basis }) => ({
      Kayıt: name,
      Süre: `${days} gün`,
      Başlangıç: startLabels[after],
      Sonunda: endLabels[then],
      Dayanak: basis,
    })),
    ...Object.values(lasting).map(({ name, basis }) => ({
      Kayıt: name,
      Süre: 'süresiz',
      Başlangıç: '–',
      Sonunda: 'saklanır',
      Dayanak: basis,
    })),
  ];
}
