import { spawn } from 'node:child_process';
import { accessSync, constants, readdirSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly limitMs: number;
  /** The download folder. The command is killed if nothing grows there. */
  readonly download?: { readonly folder: string; readonly stallMs: number };
}

/**
 * Runs a command and returns its standard output.
 * @throws Error with the last output if the command fails, stalls, is missing or times out.
 */
export function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const kill = (): void => {
      child.kill('SIGKILL');
    };
    process.on('exit', kill);
    let stdout = '';
    let words = '';
    let givenUp: string | undefined;
    const giveUp = (reason: string): void => {
      givenUp = reason;
      kill();
    };
    const limit = setTimeout(
      () => giveUp(`gave up after ${Math.round(options.limitMs / 1000)} s`),
      options.limitMs,
    );
    const stall = options.download && watchGrowth(options.download, giveUp);
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      words = (words + chunk.toString()).slice(-4_000);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      words = (words + chunk.toString()).slice(-4_000);
    });
    const settle = (): void => {
      process.off('exit', kill);
      clearTimeout(limit);
      clearInterval(stall);
    };
    child.on('error', (error: NodeJS.ErrnoException) => {
      settle();
      reject(error.code === 'ENOENT' ? new Error(`${command} is not installed`) : error);
    });
    child.on('close', code => {
      settle();
      if (code === 0) resolve(stdout);
      else reject(new Error(givenUp ?? lastWords(words, code)));
    });
  });
}

function watchGrowth(
  { folder, stallMs }: { folder: string; stallMs: number },
  giveUp: (reason: string) => void,
): NodeJS.Timeout {
  let size = folderSize(folder);
  return setInterval(() => {
    const grown = folderSize(folder);
    if (grown === size) giveUp(`no answer from the network for ${Math.round(stallMs / 1000)} s`);
    size = grown;
  }, stallMs);
}

function folderSize(folder: string): number {
  try {
    return readdirSync(folder, { recursive: true }).reduce<number>(
      (sum, name) => sum + statSync(join(folder, name.toString())).size,
      0,
    );
  } catch {
    return 0;
  }
}

/** Returns the line with the cause: an error line, otherwise the last line. */
function lastWords(words: string, code: number | null): string {
  const lines = words.split('\n').filter(line => line.trim() !== '');
  const telling =
    lines.findLast(line => /ENOSPC|no space left/i.test(line)) ??
    lines.findLast(line => /error|not found|no module/i.test(line)) ??
    lines.at(-1);
  return telling ?? `ended with code ${code ?? 'none'}`;
}

/** Returns the full path of a program on PATH, or undefined. */
export function onPath(program: string): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter(folder => folder !== '')
    .map(folder => join(folder, program))
    .find(isExecutable);
}

/** Returns whether the file exists and is executable. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
