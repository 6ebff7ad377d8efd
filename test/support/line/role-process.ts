import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../../src/cli/start/project-root';
import { startDaemon, waitUntilReady, type Daemon } from '../../../src/local/services/daemon';

export type RoleName = 'web' | 'worker';

/** One role of the built program as a separate process that can be killed and restarted. */
export interface RoleProcess {
  /** Resolves when the role is ready; with `wait: false` once it was started. */
  start(how?: { wait?: boolean }): Promise<void>;
  /** The id of the running process. @throws Error if it does not run. */
  readonly pid: number;
  /** Kills it. Resolves when it has ended. */
  kill9(): Promise<void>;
  /** Stops it gracefully. */
  stop(): Promise<void>;
  /** Its whole output since the first start. */
  log(): string;
}

export const projectFolder = projectRoot();
const programOf = (project: string): string => join(project, 'dist/src/cli/main.js');
export const program = programOf(projectFolder);

export function roleProcess(options: {
  name: RoleName;
  environment: NodeJS.ProcessEnv;
  readyUrl: string;
  logFile: string;
  /** The folder of the build (default: this project). */
  project?: string;
}): RoleProcess {
  const { name, environment, readyUrl, logFile, project = projectFolder } = options;
  let running: Daemon | null = null;

  async function isReady(): Promise<boolean> {
    try {
      return (await fetch(readyUrl, { signal: AbortSignal.timeout(2_000) })).status === 200;
    } catch {
      return false;
    }
  }

  return {
    get pid() {
      if (!running) throw new Error(`${name} does not run`);
      return running.pid;
    },
    async start({ wait = true } = {}) {
      const command = { command: process.execPath, args: [programOf(project), name], cwd: project };
      running = await startDaemon({ ...command, env: environment, logFile, ownGroup: false });
      if (wait) await waitUntilReady(running, { check: isReady, limitMs: 60_000, logFile });
    },
    async kill9() {
      await running?.kill9();
      running = null;
    },
    async stop() {
      await running?.stop(20_000);
      running = null;
    },
    log: () => (existsSync(logFile) ? readFileSync(logFile, 'utf8') : ''),
  };
}
