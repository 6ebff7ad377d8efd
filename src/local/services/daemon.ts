import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';

export interface DaemonOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** The log file for its output. */
  readonly logFile: string;
  /**
   * Runs it in its own process group, so that Ctrl-C does not reach it and its owner decides the order of shutdown.
   */
  readonly ownGroup: boolean;
}

/** A running child process. */
export interface Daemon {
  readonly pid: number;
  /** Resolves with the way it ended ("code 1", "signal SIGKILL"). Never rejects. */
  readonly exited: Promise<string>;
  readonly hasExited: () => boolean;
  /** Sends SIGTERM, then SIGKILL after the grace period. Resolves when it has ended. */
  readonly stop: (graceMs?: number) => Promise<void>;
  /** Sends SIGKILL. Resolves when it has ended. */
  readonly kill9: () => Promise<void>;
}

/**
 * Starts a process that runs until stopped and does not outlive a normal exit of ours.
 * @throws Error if the command cannot be started.
 */
export async function startDaemon(options: DaemonOptions): Promise<Daemon> {
  mkdirSync(dirname(options.logFile), { recursive: true });
  const log = openSync(options.logFile, 'a');
  const child = spawn(options.command, options.args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdio: ['ignore', log, log],
    detached: options.ownGroup,
  });
  closeSync(log);
  let ended = false;
  const exited = new Promise<string>(resolve => {
    child.on('exit', (code, signal) => {
      ended = true;
      process.off('exit', kill);
      resolve(signal === null ? `code ${code ?? 'unknown'}` : `signal ${signal}`);
    });
  });
  const kill = (): void => {
    child.kill('SIGKILL');
  };
  process.on('exit', kill);
  const pid = await new Promise<number>((resolve, reject) => {
    child.on('error', error => {
      process.off('exit', kill);
      reject(error);
    });
    child.on('spawn', () => resolve(child.pid ?? 0));
  });
  return {
    pid,
    exited,
    hasExited: () => ended,
    async stop(graceMs = 5_000) {
      if (ended) return;
      child.kill('SIGTERM');
      const force = setTimeout(kill, graceMs);
      await exited;
      clearTimeout(force);
    },
    async kill9() {
      if (!ended) kill();
      await exited;
    },
  };
}

/**
 * Polls until the check succeeds.
 * @throws Error with the end of the log if the process ends first or the time is up.
 */
export async function waitUntilReady(
  daemon: Daemon,
  options: { check: () => Promise<boolean>; limitMs: number; logFile: string },
): Promise<void> {
  const deadline = Date.now() + options.limitMs;
  while (!(await options.check())) {
    if (daemon.hasExited()) {
      throw new Error(`ended with ${await daemon.exited}: ${logTail(options.logFile)}`);
    }
    if (Date.now() > deadline) {
      await daemon.stop(1_000);
      throw new Error(
        `not ready within ${Math.round(options.limitMs / 1000)} s: ${logTail(options.logFile)}`,
      );
    }
    await new Promise(resolve => setTimeout(resolve, 100));
  }
}

function logTail(file: string): string {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n').slice(-3);
  return `${lines.join(' | ').slice(-240)} (log: ${file})`;
}
