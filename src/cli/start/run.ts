import { createProgress } from '../../local/progress';
import type { Progress } from '../../local/progress';
import { AlreadyRunningError } from '../../local/lock';
import { NoSourceError } from '../../local/services/source';
import { StartFailure } from './failure';
import { startLine } from './line';
import { projectRoot } from './project-root';
import { createTeardown } from './teardown';
import type { Teardown } from './teardown';
import { welcome } from './welcome';

export interface StartFlags {
  readonly fast?: true;
}

/** How a run ended: the exit code, and what the user must know. */
interface Ending {
  readonly code: number;
  readonly words?: string;
}

/** Runs the line until it is interrupted or broken, stops all of it, and returns the exit code. */
export async function runStart(flags: StartFlags): Promise<number> {
  const progress = createProgress(process.stdout);
  const teardown = createTeardown();
  const interrupted = interruption(() => progress.say('Stopping.'));
  const ending = await Promise.race([run(flags, progress, teardown), interrupted]).catch(
    (error: unknown): Ending => ({ code: 1, words: explain(error) }),
  );
  if (ending.words !== undefined) process.stderr.write(`${ending.words}\n`);
  await teardown.run();
  return ending.code;
}

async function run(flags: StartFlags, progress: Progress, teardown: Teardown): Promise<Ending> {
  const line = await startLine({
    root: projectRoot(),
    environment: process.env,
    fast: flags.fast === true,
    progress,
    teardown,
  });
  progress.say(welcome(line));
  return { code: 1, words: await line.broken };
}

/**
 * Resolves at the first sign that the user wants an end. The terminal, npm and the bootstrap may each pass
 * the same Ctrl-C on, so only a signal some seconds later counts as impatience. A bootstrap that was killed
 * closes its channel to us.
 */
function interruption(onFirst: () => void): Promise<Ending> {
  return new Promise(resolve => {
    let first: number | undefined;
    const onSignal = (): void => {
      if (first === undefined) onFirst();
      first ??= Date.now();
      if (Date.now() - first > 3_000) process.exit(1);
      resolve({ code: 0 });
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
    process.on('disconnect', onSignal);
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
