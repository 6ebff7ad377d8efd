import type { Command } from 'commander';
import { factWords, slaWords, stageWords } from '../../domain/case/case-labels';
import { localTime } from '../../domain/local-time';
import { bindingDeadline, nextDeadline } from '../../domain/sla/sla';
import type { CaseRecord } from '../../store/case-records';
import type { CaseFact } from '../../domain/case/case-events';
import { withCaseNumber } from './with-case-number';

export function registerCase(admin: Command): void {
  admin
    .command('case')
    .description('show one case: its record, deadlines and timeline')
    .argument('<number>', 'the case number, PK-XXXX-XXXX')
    .option('--json', 'as JSON, times in UTC')
    .action(async (typed: string, { json }: { json?: boolean }) => {
      await withCaseNumber(typed, async (store, caseNumber) => {
        const record = await store.cases.get(caseNumber);
        if (!record) {
          console.error(`There is no case ${caseNumber}.`);
          process.exitCode = 1;
          return;
        }
        const facts = await store.cases.facts(caseNumber, record.progress?.revision ?? 0);
        console.log(json ? asJson(record, facts) : caseText(record, facts));
      });
    });
}

function asJson(record: CaseRecord, facts: CaseFact[]): string {
  const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());
  const { progress } = record;
  const deadlines = progress && {
    binding: iso(bindingDeadline(progress)),
    acceptBy: iso(progress.plan.acceptBy),
    resolveBy: iso(progress.plan.resolveBy),
    legalBy: iso(progress.plan.legalBy),
    next: iso(nextDeadline(progress)?.at ?? null),
    steps: progress.steps.map(step => ({ ...step, at: iso(step.at) })),
  };
  const timeline = facts.map(fact => ({ ...fact, at: iso(fact.at) }));
  return JSON.stringify({ ...record, deadlines, timeline }, null, 2);
}

function caseText({ caseNumber, intake, progress }: CaseRecord, facts: CaseFact[]): string {
  if (!progress) return `${caseNumber}: stored, its workflow has not written yet.`;
  const time = (at: number): string => localTime(at, progress.plan.utcOffsetMinutes);
  const due = bindingDeadline(progress);
  const lines = [
    `${caseNumber}  ${intake.category.name}${intake.neighbourhood ? ` · ${intake.neighbourhood.name}` : ''}`,
    `Aşama        ${stageWords[progress.stage]}`,
    `Müdürlük     ${progress.institution?.name ?? progress.plan.desk.name}`,
    `Alındı       ${time(progress.receivedAt)}`,
    `Hizmet       ${slaWords[progress.slaState]}${due === null ? '' : `, hedef ${time(due)}`}`,
    `Kabul / Çözüm ${time(progress.plan.acceptBy)} / ${time(progress.plan.resolveBy)}`,
    `Yasal süre   ${time(progress.plan.legalBy)}`,
    `Yönlendirme  ${Math.round(intake.confidence * 100)} %${intake.matchedWords.length ? ` (${intake.matchedWords.join(', ')})` : ''}`,
    '',
    ...facts.map(fact => `  ${time(fact.at)}  ${factWords(fact)}`),
  ];
  return lines.join('\n');
}
