import { InvalidArgumentError, type Command } from 'commander';
import { slaStates, stages } from '../../domain/case/case';
import { localTime } from '../../domain/local-time';
import { bindingDeadline } from '../../domain/sla/sla';
import type { CaseFilter, CaseRecord } from '../../store/case-records';
import { withStore } from './with-store';

const MOST_CASES = 200;

function oneOf(allowed: readonly string[]) {
  return (value: string): string => {
    if (!allowed.includes(value)) throw new InvalidArgumentError(`Allowed: ${allowed.join(', ')}.`);
    return value;
  };
}

export function registerCases(admin: Command): void {
  admin
    .command('cases')
    .description(`list cases, newest first, at most ${MOST_CASES}`)
    .option('--stage <stage>', `one of ${stages.join(', ')}`, oneOf(stages))
    .option('--department <slug>', 'the department that has the task')
    .option('--sla <state>', `one of ${slaStates.join(', ')}`, oneOf(slaStates))
    .option('--json', 'as JSON, one case a line')
    .action(async ({ json, ...filter }: CaseFilter & { json?: boolean }) => {
      const found = await withStore(store => store.cases.list(filter, MOST_CASES));
      for (const record of found) console.log(json ? JSON.stringify(record) : caseLine(record));
      if (!json) console.log(`${found.length} cases${found.length === MOST_CASES ? ' or more' : ''}`);
    });
}

function caseLine({ caseNumber, intake, progress }: CaseRecord): string {
  if (!progress) return `${caseNumber}  not yet written`;
  const due = bindingDeadline(progress);
  const parts = [
    caseNumber,
    progress.stage.padEnd(10),
    (progress.institution ? '' : progress.slaState).padEnd(8),
    (progress.institution ?? progress.plan.desk).slug.padEnd(20),
    (due === null ? '' : localTime(due, progress.plan.utcOffsetMinutes)).padEnd(17),
    intake.category.name,
  ];
  return parts.join('  ');
}
