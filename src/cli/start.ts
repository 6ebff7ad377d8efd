import type { Command } from 'commander';
import { createProgress } from '../local/progress';
import { NoSourceError } from '../local/services/source';
import { AlreadyRunningError } from '../local/lock';
import { StartFailure } from './start/failure';
import { startLine } from './start/line';
import { projectRoot } from './start/project-root';
import { createTeardown } from './start/teardown';
import { welcome } from './start/welcome';

interface StartFlags {
  readonly fast?: true;
}

/** Adds `start`: the whole line on this machine, until Ctrl-C. */
export function registerStart(program: Command): void {
  program
    .command('start')
    .description('run the whole line on this machine: services, web, worker, phone and mailbox')
    .option('--fast', 'shrink all targets, so that reminder, breach and escalations come within two minutes')
    .action(async (flags: StartFlags) => {
      process.exit(await runStart(flags));
    });
}

async function runStart(flags: StartFlags): Promise<number> {
  const progress = createProgress(process.stdout);
  const teardown = createTeardown();
  const interrupted = interruption();
  try {
    const running = run(flags, progress, teardown);
    return await Promise.race([running, interrupted]);
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`);
    return 1;
  } finally {
    progress.say('Stopping.');
    await teardown.run();
  }
}

async function run(
  flags: StartFlags,
  progress: ReturnType<typeof createProgress>,
  teardown: ReturnType<typeof createTeardown>,
): Promise<number> {
  const line = await startLine({
    root: projectRoot(),
    environment: process.env,
    fast: flags.fast === true,
    progress,
    teardown,
  });
  progress.say(welcome(line));
  const outcome = line.broken.then(reason => {
    process.stderr.write(`${reason}\n`);
    return 1;
  });
  return outcome;
}

/**
 * Resolves with the exit code of an ordered end. The terminal, npm and the bootstrap may each pass
 * the same Ctrl-C on, so only a signal some seconds later counts as impatience.
 */
function interruption(): Promise<number> {
  return new Promise(resolve => {
    let first: number | undefined;
    const onSignal = (): void => {
      first ??= Date.now();
      if (Date.now() - first > 3_000) process.exit(1);
      resolve(0);
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  });
}

/** Expected failures carry their whole message; others are shown with where they happened. */
function explain(error: unknown): string {
  if (
    error instanceof StartFailure ||
    error instanceof NoSourceError ||
    error instanceof AlreadyRunningError
  ) {
    return error.message;
  }
  if (!(error instanceof Error)) return String(error);
  if ((error as NodeJS.ErrnoException).code === 'ENOSPC') {
    return 'The disk is full. Free at least 1 GB and start again; the data are kept.';
  }
  return error.stack ?? error.message;
}
