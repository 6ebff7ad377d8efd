import type { Command } from 'commander';
import type { StartFlags } from './start/run';

/** Adds `start`: the whole line on this machine, until Ctrl-C. */
export function registerStart(program: Command): void {
  program
    .command('start')
    .description('run the whole line on this machine: services, web, worker, phone and mailbox')
    .option('--demo', 'play one report from the message to the closed case, then end')
    .option('--fast', 'shrink all targets, so that reminder, breach and escalations come within two minutes')
    .action(async (flags: StartFlags) => {
      // Loaded only here: it needs packages that a production installation does not have.
      const { runStart } = await import('./start/run.js');
      process.exit(await runStart(flags));
    });
}
