import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../../local/services/command';
import type { LinePlan } from './environment';
import { StartFailure } from './failure';

/** Runs an admin command with the line's environment and returns what it printed. */
export type AdminCall = (...args: readonly string[]) => Promise<string>;

/** @throws StartFailure with the command's last words when it fails. */
export function adminCall(root: string, environment: NodeJS.ProcessEnv): AdminCall {
  return async (...args) => {
    try {
      return await runCommand(process.execPath, ['dist/src/cli/main.js', 'admin', ...args], {
        cwd: root,
        env: environment,
        limitMs: 120_000,
      });
    } catch (error) {
      throw new StartFailure(
        `"admin ${args.join(' ')}" failed: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  };
}

const shared = [
  'MONGODB_URI',
  'TEMPORAL_ADDRESS',
  'TEMPORAL_NAMESPACE',
  'TEMPORAL_UI_URL',
  'CONFIG_DIR',
  'PUBLIC_BASE_URL',
  'LINK_KEYS',
];

/**
 * Leaves the addresses that we chose where the bootstrap finds them, so that `npm run admin` reaches the
 * running line without settings. What the user gave is not written down. Returns how to take it back.
 */
export function leaveAddresses(local: string, plan: LinePlan, environment: NodeJS.ProcessEnv): () => void {
  const file = join(local, 'line.json');
  const chosen = shared.filter(name => plan.given[name] !== environment[name]);
  const addresses = Object.fromEntries(chosen.map(name => [name, environment[name]]));
  writeFileSync(file, JSON.stringify(addresses), { mode: 0o600 });
  return () => rmSync(file, { force: true });
}
