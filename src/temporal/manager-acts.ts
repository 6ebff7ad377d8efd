import { setTimeout as pause } from 'node:timers/promises';
import { correctionOf, type CorrectionProblem } from '../config/correction';
import type { Municipality } from '../config/municipality';
import { type Correction, type ManagerAct, type Refusal, refusalOf } from '../domain/case/acts';
import { type CaseProgress, isEnded } from '../domain/case/case';
import { AppError } from '../errors';
import { askedIn, correctable } from '../store/corrections';
import type { Store } from '../store/store';
import type { TaskActionRecord } from '../store/task-records';
import type { CaseGateway } from './case-gateway';

/** A manager's act with actor and reason. These two stay in the records; the workflow receives the rest. */
export interface ManagerOrder {
  act: ManagerAct;
  actor: string;
  reason: string;
  /** Values of the act that only the records may know. */
  kept?: Partial<TaskActionRecord>;
}

export type ManagerResult =
  | { type: 'done' }
  | { type: 'missing' }
  | { type: 'refused'; refusal: string }
  /** No answer in time; the same act id may be sent again. */
  | { type: 'pending' };

/** What a manager's act needs. */
interface ActDeps {
  store: Pick<Store, 'cases' | 'tasks'>;
  gateway: Pick<CaseGateway, 'act' | 'resumeCase'>;
}

const TRIES = 3;
const TAKEN_LIMIT_MS = 15_000;

/** Returns why a case would refuse an act now (epoch ms UTC), judging by its record; null if it would accept it. */
export function wouldRefuse(progress: CaseProgress, act: ManagerAct, now: number): Refusal | null {
  return refusalOf({ ...progress, handled: [] }, act, now);
}

/**
 * Executes a manager's act: stores it with actor and reason, then sends it to the workflow. Restarts the workflow of
 * an ended case from its record. Rejects with `temporal-unavailable`.
 */
export async function actAsManager(
  deps: ActDeps,
  caseNumber: string,
  order: ManagerOrder,
): Promise<ManagerResult> {
  const { store, gateway } = deps;
  const { act, actor, reason, kept } = order;
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
    ...kept,
    role: 'manager',
    actor,
    at: new Date(),
  });
  if (isEnded(progress.stage) && (await gateway.resumeCase(progress, { taking: act }))) {
    return (await isTaken(deps, caseNumber, act)) ? { type: 'done' } : { type: 'pending' };
  }
  return tell(deps, caseNumber, act);
}

/** An unconfirmed act of an earlier attempt is recognised by its id. */
async function tell({ gateway }: ActDeps, caseNumber: string, act: ManagerAct): Promise<ManagerResult> {
  for (let tries = 1; ; tries += 1) {
    try {
      await gateway.act(caseNumber, act);
      return { type: 'done' };
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      if (error.code === 'act-refused') return { type: 'refused', refusal: error.reason ?? 'unknown' };
      if (error.code !== 'act-pending') throw error;
      if (tries === TRIES) return { type: 'pending' };
    }
  }
}

/** Waits for the act to appear in the audit trail. Returns whether it did. */
async function isTaken({ store }: ActDeps, caseNumber: string, { actionId }: ManagerAct): Promise<boolean> {
  const end = Date.now() + TAKEN_LIMIT_MS;
  for (;;) {
    const revision = (await store.cases.get(caseNumber))?.progress?.revision ?? 0;
    const facts = await store.cases.facts(caseNumber, revision);
    if (facts.some(fact => 'actionId' in fact && fact.actionId === actionId)) return true;
    if (Date.now() > end) return false;
    await pause(200);
  }
}

interface CorrectionOrder {
  actionId: string;
  actor: string;
  reason: string;
  /** The new values as they are stored. */
  kept: Parameters<typeof askedIn>[0];
  /** The revision that the manager has seen. */
  revision?: number;
}

/**
 * Corrects a case as a manager, as it was at a revision: the given one, otherwise the present one. Returns the result
 * with what the correction changes, or why there is nothing to correct. Rejects with `temporal-unavailable`.
 */
export async function correctAsManager(
  deps: ActDeps & { store: Pick<Store, 'messages'>; municipality: Municipality },
  caseNumber: string,
  { actionId, actor, reason, kept, revision }: CorrectionOrder,
): Promise<
  | { problem: CorrectionProblem | 'missing' }
  | { result: ManagerResult; act: ManagerAct; correction: Correction }
> {
  const { store, municipality } = deps;
  const record = await store.cases.get(caseNumber);
  if (!record?.progress) return { problem: 'missing' };
  const { intake, progress } = record;
  const about = correctable({ intake, progress }, await store.messages.several(progress.messageIds));
  const found = correctionOf(municipality, about, askedIn(kept));
  if ('problem' in found) return found;
  const { correction } = found;
  const seen = revision ?? progress.revision;
  const act: ManagerAct = { actionId, by: 'manager', action: 'correct', correction, seen };
  return { result: await actAsManager(deps, caseNumber, { act, actor, reason, kept }), act, correction };
}
