import type { Command } from 'commander';
import { readEnv } from '../../config/env';
import { loadMunicipality } from '../../config/municipality';
import { openStore } from '../../store/store';
import { clientOf, lazyConnection, TASK_QUEUE } from '../../temporal/connection';
import { lineSchedules, syncSchedules } from '../../temporal/schedules';
import { setUpTemporal } from '../../temporal/set-up';

export function registerSync(admin: Command): void {
  admin
    .command('db-sync')
    .description('make the collections and indexes in MongoDB; safe to repeat')
    .action(async () => {
      const store = openStore(readEnv('admin').MONGODB_URI, { operationLimitMs: 10_000 });
      try {
        await store.ping(15_000);
        const collections = await store.sync();
        await store.hashId();
        console.log(`MongoDB is ready: ${collections.join(', ')}.`);
      } finally {
        await store.close();
      }
    });

  admin
    .command('temporal-sync')
    .description(
      'register the namespace, the search attributes and the schedules in Temporal; safe to repeat',
    )
    .action(async () => {
      const { TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, CONFIG_DIR } = readEnv('admin');
      const schedules = lineSchedules(loadMunicipality(CONFIG_DIR));
      const connection = lazyConnection(TEMPORAL_ADDRESS);
      try {
        const made = await setUpTemporal(connection, TEMPORAL_NAMESPACE);
        const client = clientOf(connection, TEMPORAL_NAMESPACE);
        made.push(...(await syncSchedules(client, TASK_QUEUE, schedules)));
        console.log(
          `Temporal is ready: ${made.length > 0 ? `added ${made.join(', ')}` : 'nothing was missing'}.`,
        );
      } finally {
        await connection.close();
      }
    });
}
