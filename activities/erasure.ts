import { heartbeat } from '@temporalio/activity';
import { isEnded } from '../src/domain/case/case';
import type { Citizen } from '../src/store/citizen-records';
import type { ErasureRequest } from '../src/store/erasure-records';
import type { Store } from '../src/store/store';
import type { RetentionActivities } from '../workflows/contract';
import type { Deps } from './deps';

/** What a request would erase, and what must stay. */
export interface ErasurePlan {
  /** The person to erase; null for a request about one case, or if the person is gone already. */
  citizen: Citizen | null;
  /** Ended cases to anonymise. */
  ended: string[];
  /** Open cases: they stay until they end, and the person with them. */
  open: string[];
  /** Cases under a legal hold, and whether the person is under one. */
  held: string[];
  isHeld: boolean;
}

/** Returns what a request about a citizen or a case would erase now. */
export async function planErasure(
  store: Store,
  { citizenId, caseNumber }: Pick<ErasureRequest, 'citizenId' | 'caseNumber'>,
  at: Date,
): Promise<ErasurePlan> {
  const citizen = citizenId === null ? null : await store.citizens.get(citizenId);
  const holds = await store.retention.heldAt(at);
  const ids = citizen ? [citizen.id, ...citizen.formerIds] : [];
  const plan: ErasurePlan = { citizen, ended: [], open: [], held: [], isHeld: ids.some(id => holds.has(id)) };
  const numbers = citizen
    ? citizen.cases.map(own => own.caseNumber)
    : caseNumber === null
      ? []
      : [caseNumber];
  for (const number of numbers) {
    const record = await store.cases.get(number);
    if (!record || record.intake.anonymisedAt) continue;
    if (!record.progress || !isEnded(record.progress.stage)) plan.open.push(number);
    else if (plan.isHeld || holds.has(number)) plan.held.push(number);
    else plan.ended.push(number);
  }
  return plan;
}

/**
 * Carries out a request as far as possible now: ended cases are anonymised; the person goes once no open case and no
 * legal hold needs them. Returns whether it is done. Idempotent.
 */
export async function carryOutErasure(store: Store, request: ErasureRequest, at: Date): Promise<boolean> {
  const { citizen, ended, open, held, isHeld } = await planErasure(store, request, at);
  await store.caseErasure.anonymise(ended, at);
  if (open.length > 0 || held.length > 0 || isHeld) return false;
  if (citizen) await store.personErasure.erase(citizen);
  await store.erasureRequests.done(request.id, at);
  return true;
}

/** Carries out the requests that an open case, a hold or a crash has delayed. */
export function finishErasures({
  store,
  now,
}: Pick<Deps, 'store' | 'now'>): RetentionActivities['finishErasures'] {
  return async () => {
    let done = 0;
    for (const request of await store.erasureRequests.waiting()) {
      if (await carryOutErasure(store, request, now())) done += 1;
      heartbeat();
    }
    return { done };
  };
}
