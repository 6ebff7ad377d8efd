import { setTimeout as pause } from 'node:timers/promises';
import { type ManagerAct, type Refusal, refusalOf } from '../../domain/case/acts';
import { isEnded } from '../../domain/case/case';
import { AppError } from '../../errors';
import type { CaseProgress } from '../../store/case-records';
import type { OpenLine } from './with-line';

/** A manager's act with who does it and why; these stay in the records, the case hears of the rest. */
export interface ManagerOrder {
  act: ManagerAct;
  actor: string;
  reason: string;
}

export type ManagerResult =
  | { type: 'done' }
  | { type: 'missing' }
  | { type: 'refused'; refusal: string }
  /** Nobody answered in time; the same act id may be sent again. */
  | { type: 'pending' };

type Deps = Pick<OpenLine, 'store' | 'line'>;

const TRIES = 3;
const TAKEN_LIMIT_MS = 15_000;

/** Why a case would refuse an act now (epoch ms UTC) as its record stands; null when it would not. */
export function wouldRefuse(progress: CaseProgress, act: ManagerAct, now: number): Refusal | null {
  return refusalOf({ ...progress, handled: [] }, act, now);
}

/**
 * Does what a manager orders: the act is kept with actor and reason first, then the case hears of it. A case whose
 * workflow has ended starts again from its record. Rejects with `temporal-unavailable`.
 */
export async function actAsManager(
  deps: Deps,
  caseNumber: string,
  order: ManagerOrder,
): Promise<ManagerResult> {
  const { store, line } = deps;
  const { act, actor, reason } = order;
  const progress = (await store.cases.get(caseNumber))?.progress;
  if (!progress) return { type: 'missing' };
  const refusal = wouldRefuse(progress, act, Date.now());
  if (refusal) return { type: 'refused', refusal };
  await store.tasks.addAction({
    actionId: act.actionId,
    caseNumber,
    task: progress.task,
    action: act.action,
    words: reason,
    reason: null,
    department: act.department ?? null,
    role: 'manager',
    actor,
    at: new Date(),
  });
  if (isEnded(progress.stage) && (await line.resumeCase(progress, act))) {
    return (await isTaken(deps, caseNumber, act)) ? { type: 'done' } : { type: 'pending' };
  }
  return tell(deps, caseNumber, act);
}

/** The act of an earlier try that nobody confirmed is recognised by its id. */
async function tell({ line }: Deps, caseNumber: string, act: ManagerAct): Promise<ManagerResult> {
  for (let tries = 1; ; tries += 1) {
    try {
      await line.act(caseNumber, act);
      return { type: 'done' };
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      if (error.code === 'act-refused') return { type: 'refused', refusal: error.reason ?? 'unknown' };
      if (error.code !== 'act-pending') throw error;
      if (tries === TRIES) return { type: 'pending' };
    }
  }
}

/** Whether the story of the case tells of the act before the wait is over. */
async function isTaken({ store }: Deps, caseNumber: string, { actionId }: ManagerAct): Promise<boolean> {
  const end = Date.now() + TAKEN_LIMIT_MS;
  for (;;) {
    const revision = (await store.cases.get(caseNumber))?.progress?.revision ?? 0;
    const facts = await store.cases.facts(caseNumber, revision);
    if (facts.some(fact => 'actionId' in fact && fact.actionId === actionId)) return true;
    if (Date.now() > end) return false;
    await pause(200);
  }
}
