import { createProgress } from '../../local/progress';
import { AlreadyRunningError } from '../../local/lock';
import { NoSourceError } from '../../local/services/source';
import { StartFailure } from './failure';
import { startLine } from './line';
import { projectRoot } from './project-root';
import { createTeardown } from './teardown';
import { welcome } from './welcome';

export interface StartFlags {
  readonly fast?: true;
}

/** Runs the line until it is interrupted or broken, stops all of it, and returns the exit code. */
export async function runStart(flags: StartFlags): Promise<number> {
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
