import { readEnv } from '../../config/env';
import { openStore, type Store } from '../../store/store';

/** Opens the records for one command and closes them after it. */
export async function withStore<T>(work: (store: Store) => Promise<T>): Promise<T> {
  const store = openStore(readEnv('admin').MONGODB_URI, { operationLimitMs: 10_000 });
  try {
    await store.ping(10_000);
    return await work(store);
  } finally {
    await store.close();
  }
}
