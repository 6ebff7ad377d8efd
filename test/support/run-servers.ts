import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createProgress } from '../../src/local/progress';
import { startMongo } from '../../src/local/services/mongodb';
import { anyFree } from '../../src/local/services/port';
import { anothers, type Service } from '../../src/local/services/source';
import { startTemporal, timeSkippingServer } from '../../src/local/services/temporal';
import { searchAttributes } from '../../src/temporal/set-up';
import { findChromium } from './chromium';

/** The servers that all tests of one run share. */
export interface RunServers {
  /** Names and values of the environment that ./services reads in the test processes. */
  readonly environment: Readonly<Record<string, string>>;
  readonly stop: () => Promise<void>;
}

const root = resolve(__dirname, '../..');
const place = { root, local: join(root, '.local') };

/** Starts one Temporal server in memory and one MongoDB, and finds the programs that tests start. */
export async function startRunServers(): Promise<RunServers> {
  const folder = join(place.local, 'test', String(process.pid));
  const progress = createProgress(process.stderr);
  const [temporal, mongo, timeSkipping] = await Promise.all([
    progress.step('Temporal', async note =>
      given('TEST_TEMPORAL_ADDRESS', async () =>
        startTemporal(
          {
            ...place,
            port: await anyFree(),
            namespace: 'default',
            searchAttributes,
            logFolder: folder,
            ownGroup: false,
          },
          note,
        ),
      ),
    ),
    progress.step('MongoDB', async note =>
      given('TEST_MONGODB_URI', async () =>
        startMongo(
          {
            ...place,
            port: await anyFree(),
            dataFolder: folder,
            logFolder: folder,
            ownGroup: false,
          },
          note,
        ),
      ),
    ),
    progress.step('Time-skipping server', note => timeSkippingServer(place, note)),
  ]);
  return {
    environment: {
      TEST_TEMPORAL_ADDRESS: temporal.address,
      TEST_MONGODB_URI: mongo.address,
      TEST_TIME_SKIPPING_SERVER: timeSkipping.value,
      TEST_CHROMIUM: findChromium() ?? '',
    },
    async stop() {
      await Promise.all([temporal.stop(), mongo.stop()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function given(variable: string, start: () => Promise<Service>): Promise<Service> {
  const address = process.env[variable];
  return address === undefined ? start() : anothers(address, variable);
}
