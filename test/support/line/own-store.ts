import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { startMongo } from '../../../src/local/services/mongodb';
import { anyFree } from '../../../src/local/services/port';
import type { Service } from '../../../src/local/services/source';
import { projectFolder } from './role-process';
import type { Place } from './secrets-search';

/** A separate server of records, whose files can be searched, copied and put back. */
export interface OwnStore {
  /** Without the name of a database. */
  readonly uri: string;
  /** Starts it again with the same port and files. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Copies its files while it is stopped. */
  copyTo(folder: string): void;
  /** Replaces its files by a copy while it is stopped. */
  replaceBy(folder: string): void;
  /** Returns the files of the embedded store as they are on the disk; none with a real MongoDB, which compresses. */
  files(): Place[];
}

export async function ownStore(folder: string): Promise<OwnStore> {
  const dataFolder = join(folder, 'records');
  const port = await anyFree();
  let service: Service | null = null;

  async function start(): Promise<void> {
    const place = { root: projectFolder, local: join(projectFolder, '.local') };
    const kept = { port, dataFolder, logFolder: folder };
    service = await startMongo({ ...place, ...kept, ownGroup: false }, () => undefined);
  }

  await start();
  return {
    uri: `mongodb://127.0.0.1:${port}`,
    start,
    async stop() {
      await service?.stop();
      service = null;
    },
    copyTo: copy => void execFileSync('cp', ['-a', dataFolder, copy]),
    replaceBy(copy) {
      rmSync(dataFolder, { recursive: true, force: true });
      execFileSync('cp', ['-a', copy, dataFolder]);
    },
    files() {
      const data = join(dataFolder, 'ferretdb/data');
      if (!existsSync(data)) return [];
      return readdirSync(data).map(name => ({ name, bytes: readFileSync(join(data, name)) }));
    },
  };
}
