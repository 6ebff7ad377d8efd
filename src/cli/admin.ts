import type { Command } from 'commander';
import { registerCase } from './admin/case';
import { registerCases } from './admin/cases';
import { registerCheckConfig } from './admin/check-config';
import { registerKeys } from './admin/keys';
import { registerSync } from './admin/sync';

export function registerAdmin(program: Command): void {
  const admin = program.command('admin').description('look after a running line');
  registerCheckConfig(admin);
  registerSync(admin);
  registerCase(admin);
  registerCases(admin);
  registerKeys(admin);
}
