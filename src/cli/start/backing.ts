import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Progress } from '../../local/progress';
import { runCommand } from '../../local/services/command';
import { startMongo } from '../../local/services/mongodb';
import { answers } from '../../local/services/port';
import { anothers, type Service } from '../../local/services/source';
import { startTemporal } from '../../local/services/temporal';
import { searchAttributes } from '../../temporal/set-up';
import { type LinePlan, type LocalPorts, StartFailure } from './environment';

export interface BackingOptions {
  readonly root: string;
  readonly local: string;
  readonly logFolder: string;
  readonly plan: LinePlan;
  readonly ports: LocalPorts;
  readonly progress: Progress;
}

export interface Backing {
  readonly temporal: Service;
  readonly mongo: Service;
}

/** Starts both servers concurrently and prepares each as soon as it answers. @throws NoSourceError, StartFailure */
export async function raiseBacking(
  options: BackingOptions,
  admin: AdminCall,
  { onOwn }: { onOwn: (name: keyof Backing, service: Service) => Promise<void> },
): Promise<Backing> {
  const raise = async (name: keyof Backing, obtained: Promise<Service>, preparation: string) => {
    const service = await obtained;
    await onOwn(name, service);
    await options.progress.step(`Preparing (${preparation})`, () => admin(preparation));
    return service;
  };
  const [temporal, mongo] = await Promise.all([
    raise('temporal', obtainTemporal(options), 'temporal-sync'),
    raise('mongo', obtainMongo(options), 'db-sync'),
  ]);
  return { temporal, mongo };
}

/** Returns the user's Temporal server, or starts one with its data in `.local`. */
async function obtainTemporal(options: BackingOptions): Promise<Service> {
  const { plan, ports, progress } = options;
  if (!plan.ownTemporal) {
    const address = plan.given['TEMPORAL_ADDRESS'] ?? '';
    const [, host, port] = /^(?:dns:\/\/\/)?\[?(.*?)\]?:(\d+)$/.exec(address) ?? [];
    if (host !== undefined && !(await answers(Number(port), host, 5_000))) {
      throw new StartFailure(
        `No Temporal server answers at TEMPORAL_ADDRESS=${address}. Start it, or unset the variable to use a local one.`,
      );
    }
    return anothers(address, 'TEMPORAL_ADDRESS');
  }
  return progress.step('Temporal', note =>
    startTemporal(
      {
        root: options.root,
        local: options.local,
        port: ports.temporal,
        uiPort: ports.temporalUi,
        namespace: plan.namespace,
        searchAttributes,
        databaseFile: join(options.local, 'temporal.db'),
        logFolder: options.logFolder,
        ownGroup: true,
      },
      note,
    ),
  );
}

/** Returns the user's MongoDB, or starts one with its data in `.local`. */
async function obtainMongo(options: BackingOptions): Promise<Service> {
  if (!options.plan.ownMongo) return anothers('', 'MONGODB_URI');
  return options.progress.step('MongoDB', async note => {
    const service = await startMongo(
      {
        root: options.root,
        local: options.local,
        port: options.ports.mongo,
        dataFolder: options.local,
        logFolder: options.logFolder,
        ownGroup: true,
      },
      note,
    );
    return { ...service, address: `${service.address}/paydaskent` };
  });
}

/** Runs an admin command with the line's environment and returns its output. */
export type AdminCall = (...args: readonly string[]) => Promise<string>;

/**
 * @throws StartFailure with the last output of a failed command.
 */
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
  'AUDIT_KEYS',
  'ADMIN_REASON',
];

/**
 * Writes the chosen addresses, so that `npm run admin` reaches the running line without settings. Values
 * given by the user are not written. Returns a function that removes the file.
 */
export function leaveAddresses(local: string, plan: LinePlan, environment: NodeJS.ProcessEnv): () => void {
  const file = join(local, 'line.json');
  const chosen = shared.filter(name => plan.given[name] !== environment[name]);
  const addresses = Object.fromEntries(chosen.map(name => [name, environment[name]]));
  writeFileSync(file, JSON.stringify(addresses), { mode: 0o600 });
  return () => rmSync(file, { force: true });
}
