import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { MINUTE_MS } from '../../domain/durations';
import { type Daemon, startDaemon, waitUntilReady } from '../../local/services/daemon';
import { StartFailure } from './environment';

export interface RoleOptions {
  readonly name: 'web' | 'worker';
  readonly root: string;
  readonly logFolder: string;
  readonly environment: NodeJS.ProcessEnv;
  /** The URL that returns 200 once the role is ready. */
  readonly readyUrl: string;
  readonly onStarted: (pid: number) => void;
  readonly say: (line: string) => void;
}

/** A supervised role. */
export interface RoleProcess {
  /** Resolves with the reason if it fails too often. Never rejects. */
  readonly givenUp: Promise<string>;
  readonly stop: () => Promise<void>;
}

const restartLimit = 5;
const restartWindowMs = 10 * MINUTE_MS;

/**
 * Starts a role, waits until it is ready, and restarts it if it ends, at most five times in ten minutes.
 * @throws StartFailure if the first start does not become ready.
 */
export async function keepRoleRunning(options: RoleOptions): Promise<RoleProcess> {
  let stopping = false;
  let current = await startRole(options).catch((error: Error) => {
    throw new StartFailure(`The ${options.name} role is not ready: it ${error.message}`);
  });

  async function watch(): Promise<string> {
    const restarts: number[] = [];
    while (!stopping) {
      const end = await current.exited;
      if (stopping) break;
      const recent = restarts.filter(time => time > Date.now() - restartWindowMs);
      if (recent.length >= restartLimit) {
        return `The ${options.name} ended ${recent.length + 1} times within ten minutes. Its log: ${logFile(options)}`;
      }
      restarts.push(Date.now());
      options.say(`The ${options.name} ended (${end}) and was restarted. Its log: ${logFile(options)}`);
      await delay(1_000);
      if (!stopping) current = await launch(options);
    }
    return 'stopped';
  }

  return {
    givenUp: watch().catch((error: Error) => `The ${options.name} cannot be started: ${error.message}`),
    async stop() {
      stopping = true;
      await current.stop(6_000);
    },
  };
}

async function startRole(options: RoleOptions): Promise<Daemon> {
  const daemon = await launch(options);
  await waitUntilReady(daemon, {
    check: () => isReady(options.readyUrl),
    limitMs: MINUTE_MS,
    logFile: logFile(options),
  });
  return daemon;
}

async function launch(options: RoleOptions): Promise<Daemon> {
  const daemon = await startDaemon({
    command: process.execPath,
    args: ['dist/src/cli/main.js', options.name],
    cwd: options.root,
    env: options.environment,
    logFile: logFile(options),
    ownGroup: true,
  });
  options.onStarted(daemon.pid);
  return daemon;
}

function logFile(options: RoleOptions): string {
  return join(options.logFolder, `${options.name}.log`);
}

async function isReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    return response.status === 200;
  } catch {
    return false;
  }
}
