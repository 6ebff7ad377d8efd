import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { startDaemon, waitUntilReady, type Daemon } from '../../../src/local/services/daemon';

export type RoleName = 'web' | 'worker';

/** One role of the built program in a process of its own, which may be killed and started again. */
export interface RoleProcess {
  /** Resolves when the role says that it is ready; with `wait: false` as soon as it has been started. */
  start(how?: { wait?: boolean }): Promise<void>;
  /** Ends it as a power cut would. Resolves when it is gone. */
  kill9(): Promise<void>;
  /** Ends it in order. */
  stop(): Promise<void>;
  /** Everything it has printed since its first start. */
  log(): string;
}

export const projectFolder = resolve(__dirname, '../../..');
export const program = join(projectFolder, 'dist/src/cli/main.js');

/** @throws Error when the program has not been built. */
export function requireBuild(): void {
  for (const file of [program, join(projectFolder, 'dist/workflow-bundle.js')]) {
    if (!existsSync(file)) {
      throw new Error(`${file} is missing: these tests run the built program. Run "npm run build" first.`);
    }
  }
}

export function roleProcess(options: {
  name: RoleName;
  environment: NodeJS.ProcessEnv;
  readyUrl: string;
  logFolder: string;
}): RoleProcess {
  const { name, environment, readyUrl } = options;
  const logFile = join(options.logFolder, `${name}.log`);
  let running: Daemon | null = null;

  async function isReady(): Promise<boolean> {
    try {
      return (await fetch(readyUrl, { signal: AbortSignal.timeout(2_000) })).status === 200;
    } catch {
      return false;
    }
  }

  return {
    async start({ wait = true } = {}) {
      const command = { command: process.execPath, args: [program, name], cwd: projectFolder };
      running = await startDaemon({ ...command, env: environment, logFile, ownGroup: false });
      if (wait) await waitUntilReady(running, { check: isReady, limitMs: 60_000, logFile });
    },
    async kill9() {
      if (!running) return;
      const { pid, exited, hasExited } = running;
      if (!hasExited()) process.kill(pid, 'SIGKILL');
      await exited;
      running = null;
    },
    async stop() {
      await running?.stop(20_000);
      running = null;
    },
    log: () => (existsSync(logFile) ? readFileSync(logFile, 'utf8') : ''),
  };
}
