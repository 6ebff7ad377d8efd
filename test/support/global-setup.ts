import { startRunServers } from './run-servers';
import type { RunServers } from './run-servers';

declare global {
  var testRunServers: RunServers | undefined;
}

/** Starts the servers of the run. Test processes get their addresses from the environment. */
export default async function globalSetup(): Promise<void> {
  const servers = await startRunServers();
  globalThis.testRunServers = servers;
  Object.assign(process.env, servers.environment);
}
