import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';

export interface DaemonOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Everything it prints is appended here. */
  readonly logFile: string;
  /**
   * Gives it a process group of its own, so that Ctrl-C in the terminal does not reach it and
   * whoever started it decides the order of stopping.
   */
  readonly ownGroup: boolean;
}

/** A process kept running beside ours. */
export interface Daemon {
  readonly pid: number;
  /** Resolves, never rejects, with words on how it ended ("code 1", "signal SIGKILL"). */
  readonly exited: Promise<string>;
  readonly hasExited: () => boolean;
  /** Ends it: SIGTERM, and SIGKILL after the grace time. Resolves when it is gone. */
  readonly stop: (graceMs?: number) => Promise<void>;
}

/**
 * Starts a process that stays until stopped, and that does not outlive a normal end of ours.
 * @throws Error when the command cannot be started at all.
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
  };
}

/**
 * Polls until the check holds.
 * @throws Error with the end of its log when the process ends first or the time runs out.
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
