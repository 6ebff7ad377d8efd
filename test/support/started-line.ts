import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StartedProcess } from '../../src/local/lock';
import { until } from './until';

/** A line started by the `start` command. */
export interface StartedLine {
  readonly output: () => string;
  /** Resolves when the output contains the text; fails if the line ends first. */
  readonly says: (text: string, limitMs?: number) => Promise<void>;
  /** The processes it started, from its lock file. */
  readonly children: () => readonly StartedProcess[];
  readonly signal: (name: NodeJS.Signals) => void;
  readonly exitCode: Promise<number | null>;
}

/** Variables of the environment that would change which parts the line starts. */
const foreign = /^(MONGODB|TEMPORAL|WHATSAPP|SMTP|MAIL|LINK|CONFIG|PUBLIC|PORT|TEST)/;

export function startLineIn(project: string, env: Readonly<Record<string, string>>): StartedLine {
  const own = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  const child = spawn(process.execPath, ['dist/src/cli/main.js', 'start'], {
    cwd: project,
    env: { ...Object.fromEntries(own), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let ended = false;
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exitCode = once(child, 'close').then(([code]: unknown[]) => {
    ended = true;
    return typeof code === 'number' ? code : null;
  });
  return {
    output: () => output,
    async says(text, limitMs = 90_000) {
      await until(() => ended || output.includes(text), `"${text}" in the output`, limitMs);
      if (!output.includes(text)) throw new Error(`ended without saying "${text}":\n${output}`);
    },
    children() {
      const lock = readFileSync(join(project, '.local/start.lock'), 'utf8');
      return (JSON.parse(lock) as { children: StartedProcess[] }).children;
    },
    signal: name => child.kill(name),
    exitCode,
  };
}
