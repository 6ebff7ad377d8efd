import type { Command } from 'commander';
import { reapplyErasures } from '../../store/erasures';
import { restartCase } from '../../../activities/open-case';
import { holidaysKnownUntil, localDate } from '../../config/calendars';
import { problemLine } from '../../config/config-error';
import { readEnv } from '../../config/env';
import { loadMunicipality } from '../../config/municipality';
import { DAY_MS } from '../../domain/durations';
import { openStore } from '../../store/store';
import { clientOf, lazyConnection, TASK_QUEUE } from '../../temporal/connection';
import { lineSchedules, syncSchedules } from '../../temporal/schedules';
import { setUpTemporal } from '../../temporal/set-up';
import { withLine, withStore } from './connections';

export function registerCheckConfig(admin: Command): void {
  admin
    .command('check-config')
    .description("check the municipality's files and list every mistake with file and line")
    .argument('[folder]', 'the folder to check (default: CONFIG_DIR)')
    .action((folder?: string) => {
      const municipality = loadMunicipality(folder ?? readEnv('checks').CONFIG_DIR);
      const { departments, categories, neighbourhoods } = municipality;
      const counts = [
        `${Object.keys(departments).length} departments`,
        `${categories.length} subjects`,
        `${neighbourhoods.length} neighbourhoods`,
      ];
      console.log(`${municipality.name}: no mistakes found in ${counts.join(', ')}.`);
      for (const problem of municipality.ignored) {
        console.log(`Warning: left out, because it needs a newer program: ${problemLine(problem)}`);
      }
      const ends = holidaysKnownUntil(municipality);
      if (ends < Date.now() + 365 * DAY_MS) {
        console.log(
          `Warning: calendar.yaml has the public holidays only to ${localDate(municipality.timeZone, ends - 1)}. ` +
            'Add the next years: fixed days by "lastYear", feasts by "religious".',
        );
      }
      const unknown = municipality.roads.filter(({ lines }) => !lines);
      if (unknown.length > 0) {
        console.log(
          `Warning: places/roads.yaml lists ${unknown.length} roads without a line, so that a pin on them counts as ` +
            `another road: ${unknown.map(({ slug }) => slug).join(', ')}. Add lines: admin roads import.`,
        );
      }
      const { roadLines, roadRules, jurisdiction } = municipality;
      if (roadLines.own.length === 0 && roadRules.withoutLines === 'street') {
        const subjects = new Set(
          jurisdiction.flatMap(rule => (rule.road === 'unknown' ? rule.subjects : [])),
        );
        console.log(
          `Warning: no lines of streets are imported, so a pin without a street in the words counts as a street of ` +
            `the municipality; letters say so, and citizens are asked for the road: ${[...subjects].join(', ')}. Import lines, or set ` +
            '`roadRules.withoutLines: desk`.',
        );
      }
      console.log('Subjects that share words, so that nearby reports of them count as one matter:');
      for (const [slug, others] of municipality.overlaps) console.log(`  ${slug}: ${others.join(', ')}`);
    });
}

export function registerSync(admin: Command): void {
  admin
    .command('db-sync')
    .description(
      'create collections and indexes in MongoDB, and erase again what a restored backup brought back',
    )
    .action(async () => {
      const { MONGODB_URI, ERASURE_LIST: erasureListFile } = readEnv('admin');
      const store = openStore(MONGODB_URI, { operationLimitMs: 10_000, erasureListFile });
      try {
        await store.ping(15_000);
        const collections = await store.sync();
        await store.hashId();
        console.log(`MongoDB is ready: ${collections.join(', ')}.`);
        const { people, cases } = await reapplyErasures(store, new Date());
        if (people + cases > 0) {
          console.log(
            `A backup was restored: ${people} people and ${cases} cases of the erasure list erased again.`,
          );
        } else if (store.erasureList.isKept) console.log('Nobody of the erasure list is in the records.');
        else
          console.log(
            'There is no erasure list (ERASURE_LIST): after a restore, erased people would be back.',
          );
      } finally {
        await store.close();
      }
    });

  admin
    .command('compact')
    .description('rewrite the file of the embedded store, so that it holds no bytes of erased records')
    .action(async () => {
      const isEmbedded = await withStore(store => store.compact());
      console.log(
        isEmbedded
          ? 'The file of the embedded store holds no deleted records any more.'
          : 'These records are in MongoDB, which uses the space of deleted records again by itself.',
      );
    });

  admin
    .command('temporal-sync')
    .description(
      'register the namespace, the search attributes and the schedules in Temporal; safe to repeat',
    )
    .action(async () => {
      const env = readEnv('admin');
      const municipality = loadMunicipality(env.CONFIG_DIR);
      const schedules = lineSchedules(municipality);
      const { days } = municipality.retention.closedWorkflows;
      const connection = lazyConnection(env);
      try {
        const made = await setUpTemporal(connection, env.TEMPORAL_NAMESPACE, days);
        const client = clientOf(connection, env.TEMPORAL_NAMESPACE);
        made.push(...(await syncSchedules(client, TASK_QUEUE, schedules)));
        console.log(`Temporal is ready: ${made.length > 0 ? `added ${made.join(', ')}` : 'nothing to add'}.`);
      } finally {
        await connection.close();
      }
    });
}

const PROGRESS_EVERY = 50;

export function registerRebuild(admin: Command): void {
  admin
    .command('rebuild')
    .description(
      'start the workflows of all open cases again from MongoDB, after Temporal was lost; safe to repeat',
    )
    .action(async () => {
      await withLine(async ({ store, municipality, gateway }) => {
        const now = (): Date => new Date();
        const numbers = await store.stories.underWay();
        let started = 0;
        for (const [place, caseNumber] of numbers.entries()) {
          const record = await store.cases.get(caseNumber);
          if (record && (await restartCase({ store, municipality, gateway, now }, record))) started += 1;
          if ((place + 1) % PROGRESS_EVERY === 0) console.log(`${place + 1} of ${numbers.length} open cases`);
        }
        let told = 0;
        for (const { citizenId, id } of await store.messages.unhandled()) {
          await gateway.tellConversation(citizenId, id);
          told += 1;
        }
        console.log(
          `${numbers.length} open cases: ${started} restarted, ${numbers.length - started} already running. ` +
            `${told} messages of citizens handed over again.`,
        );
      });
    });
}
