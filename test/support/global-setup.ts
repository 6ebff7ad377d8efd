import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { startRunServers } from './run-servers';
import type { RunServers } from './run-servers';

declare global {
  var testRunServers: RunServers | undefined;
}

/** Brings the build up to date and starts the servers of the run. Test processes find them by the environment. */
export default async function globalSetup(): Promise<void> {
  const root = resolve(__dirname, '../..');
  const { status } = spawnSync(process.execPath, ['src/cli/prepare.mjs'], { cwd: root, stdio: 'inherit' });
  if (status !== 0) throw new Error('the sources do not compile');
  const servers = await startRunServers();
  globalThis.testRunServers = servers;
  Object.assign(process.env, servers.environment);
}
