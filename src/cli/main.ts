#!/usr/bin/env node
import { Command } from 'commander';
import { describeProblems } from '../config/config-error';
import { registerAdmin } from './admin';
import { registerBench } from './bench';
import { registerSandbox } from './stage';
import { registerStart } from './start';

const program = new Command('paydaskent')
  .description('The citizen-report line of a municipality on WhatsApp.')
  .showHelpAfterError();

registerStart(program);
registerSandbox(program);
registerAdmin(program);
registerBench(program);

// Each role loads its own half of the program, so that the others start quickly.
program
  .command('web')
  .description('serve the webhook and the task pages')
  .action(async () => (await import('./web.js')).runWeb());
program
  .command('worker')
  .description('run conversations and cases: the role that does the work')
  .action(async () => (await import('./worker.js')).runWorker());

program.parseAsync().catch((error: unknown) => {
  console.error(describeProblems(error) ?? error);
  process.exit(1);
});
