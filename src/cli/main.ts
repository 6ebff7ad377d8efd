#!/usr/bin/env node
import { Command } from 'commander';
import { describeProblems } from '../config/config-error';
import { registerAdmin } from './admin';
import { registerSandbox } from './sandbox';
import type { StartFlags } from './start/run';

const program = new Command('paydaskent')
  .description('The citizen-report line of a municipality on WhatsApp.')
  .showHelpAfterError();

registerStart(program);
registerSandbox(program);
registerAdmin(program);

// Loaded per role, so that each role starts faster.
program
  .command('web')
  .description('serve the webhook and the task pages')
  .action(async () => (await import('./web.js')).runWeb());
program
  .command('worker')
  .description('run the workflows and activities of conversations and cases')
  .action(async () => (await import('./worker.js')).runWorker());

program.parseAsync().catch((error: unknown) => {
  console.error(describeProblems(error) ?? error);
  process.exit(1);
});

/** Adds `start`: runs the whole line on this machine until Ctrl-C. */
function registerStart(program: Command): void {
  program
    .command('start')
    .description('run the whole line on this machine: services, web, worker, phone and mailbox')
    .option('--demo', 'play one report from the message to the closed case, then stop')
    .option(
      '--fast',
      'shrink all targets to one minute to accept and three to resolve, to see the whole ladder',
    )
    .action(async (flags: StartFlags) => {
      // Loaded lazily, because it needs development packages.
      const { runStart } = await import('./start/run.js');
      process.exit(await runStart(flags));
    });
}
