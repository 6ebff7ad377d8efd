import type { Command } from 'commander';
import { readEnv } from '../../config/env';
import { openStore } from '../../store/store';
import { lazyConnection } from '../../temporal/connection';
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
    .description('register the namespace and the search attributes in Temporal; safe to repeat')
    .action(async () => {
      const { TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE } = readEnv('admin');
      const connection = lazyConnection(TEMPORAL_ADDRESS);
      try {
        const made = await setUpTemporal(connection, TEMPORAL_NAMESPACE);
        console.log(
          `Temporal is ready: ${made.length > 0 ? `added ${made.join(', ')}` : 'nothing was missing'}.`,
        );
      } finally {
        await connection.close();
      }
    });
}
