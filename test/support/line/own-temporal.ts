import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { anyFree } from '../../../src/local/services/port';
import type { Service } from '../../../src/local/services/source';
import { startTemporal } from '../../../src/local/services/temporal';
import { searchAttributes } from '../../../src/temporal/set-up';
import { projectFolder } from './role-process';

/** A Temporal server of one test. */
export interface TemporalServer {
  readonly address: string;
  readonly namespace: string;
  readonly client: Client;
  /** Stops it and closes the client. */
  close(): Promise<void>;
}

/** A dev server with a database file that can be searched and restarted. */
export interface OwnTemporal extends TemporalServer {
  /** Restarts it with the same port and data. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Restarts it without its data. */
  loseData(): Promise<void>;
  /** Returns the bytes of its database, including the write-ahead log. */
  databaseFiles(): Buffer[];
}

export async function ownTemporal(folder: string): Promise<OwnTemporal> {
  const namespace = 'line';
  const port = await anyFree();
  const databaseFile = join(folder, 'temporal.db');
  let service: Service | null = null;

  async function start(): Promise<void> {
    const place = { root: projectFolder, local: join(projectFolder, '.local') };
    const kept = { databaseFile, logFolder: folder };
    service = await startTemporal(
      { ...place, ...kept, port, namespace, searchAttributes, ownGroup: false },
      () => undefined,
    );
  }

  async function stop(): Promise<void> {
    await service?.stop();
    service = null;
  }

  await start();
  const address = `127.0.0.1:${port}`;
  const connection = Connection.lazy({ address });
  return {
    address,
    namespace,
    client: new Client({ connection, namespace }),
    start,
    stop,
    async loseData() {
      await stop();
      for (const ending of ['', '-wal', '-shm']) rmSync(`${databaseFile}${ending}`, { force: true });
      await start();
    },
    async close() {
      await connection.close();
      await stop();
    },
    databaseFiles: () => [databaseFile, `${databaseFile}-wal`].map(file => readFileSync(file)),
  };
}
