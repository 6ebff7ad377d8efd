import type { CaseRecord } from '../src/store/case-records';
import { openingOf } from './case-opening';
import type { Deps } from './deps';

export type RestartDeps = Pick<Deps, 'store' | 'municipality' | 'line' | 'now'>;

/**
 * Starts the workflow of an open case again from its record, after Temporal has lost it: the deadlines are those of
 * the record, and what was already told is not told again. False when it runs, or has ended by its record. Safe to
 * repeat.
 */
export async function restartCase(
  deps: RestartDeps,
  { caseNumber, intake, progress }: CaseRecord,
): Promise<boolean> {
  const { store, municipality, line, now } = deps;
  if (!progress) {
    // Its workflow had not yet written: it begins from the report itself.
    const messages = await store.messages.several([intake.openedBy]);
    await line.openCase(openingOf(municipality, await store.closures.all(), caseNumber, intake, messages));
    return true;
  }
  if (progress.planning === null) return line.resumeCase(progress);
  // A plan was asked for and never came. The task stays where it was, with the steps that are still ahead.
  const steps = progress.plan.steps.filter(({ at }) => at > now().getTime());
  const back = progress.plan.triage ? ('triage' as const) : ('assigned' as const);
  const isBetween = progress.stage === 'received';
  const isNew = await line.resumeCase({
    ...progress,
    planning: null,
    ...(isBetween && { stage: back, steps }),
  });
  if (isNew) await line.changeCalendar(caseNumber);
  return isNew;
}
