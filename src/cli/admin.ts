import type { Command } from 'commander';
import { registerBlock } from './admin/block';
import { registerCase } from './admin/case';
import { registerCases } from './admin/cases';
import { registerCheckConfig } from './admin/check-config';
import { registerDeadLetters } from './admin/dead-letters';
import { registerDeadline } from './admin/deadline';
import { registerClassify } from './admin/classify';
import { registerKeys } from './admin/keys';
import { registerClosure } from './admin/closure';
import { registerManagerCommands } from './admin/manager-commands';
import { registerManagerLink } from './admin/manager-link';
import { registerMessages } from './admin/messages';
import { registerReport } from './admin/report';
import { registerSending } from './admin/sending';
import { registerSync } from './admin/sync';
import { registerViews } from './admin/views';
import { registerTemplates } from './admin/templates';

export function registerAdmin(program: Command): void {
  const admin = program.command('admin').description('look after a running line');
  registerCheckConfig(admin);
  registerSync(admin);
  registerTemplates(admin);
  registerCase(admin);
  registerBlock(admin);
  registerCases(admin);
  registerDeadline(admin);
  registerMessages(admin);
  registerSending(admin);
  registerDeadLetters(admin);
  registerKeys(admin);
  registerReport(admin);
  registerViews(admin);
  registerManagerLink(admin);
  registerClassify(admin);
  registerManagerCommands(admin);
  registerClosure(admin);
}
