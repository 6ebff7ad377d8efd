#!/usr/bin/env node
import { Command } from 'commander';
import { describeProblems } from '../config/config-error';
import { registerAdmin } from './admin';
import { registerStage } from './stage';
import { registerStart } from './start';
import { registerWeb } from './web';
import { registerWorker } from './worker';

const program = new Command('paydaskent')
  .description('The citizen-report line of a municipality on WhatsApp.')
  .showHelpAfterError();

registerStart(program);
registerStage(program);
registerWeb(program);
registerWorker(program);
registerAdmin(program);

program.parseAsync().catch((error: unknown) => {
  const problems = describeProblems(error);
  console.error(problems ?? error);
  process.exit(1);
});
