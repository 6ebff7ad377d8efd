import { isEnded } from '../domain/case/case';
import type { Citizen } from './citizen-records';
import type { ErasureRequest } from './erasure-records';
import type { Store } from './store';

/** A case that a request cannot touch yet. */
interface StayingCase {
  caseNumber: string;
  why: 'open' | 'hold';
  /** The legal limit of the answer or the end of the hold; null for a case that has just been opened. */
  until: Date | null;
}

/** What a request would erase, and what must stay. */
export interface ErasurePlan {
  /** The person to erase; null for a request about one case, or if the person is gone already. */
  citizen: Citizen | null;
  /** Ended cases to anonymise. */
  ended: string[];
  /** Open cases and cases under a legal hold: they stay, and the person with them. */
  staying: StayingCase[];
  /** The end of the legal hold on the person; null without one. */
  heldUntil: Date | null;
}

/** Returns what a request about a citizen or a case would erase now. */
export async function planErasure(
  store: Store,
  { citizenId, caseNumber }: Pick<ErasureRequest, 'citizenId' | 'caseNumber'>,
  at: Date,
): Promise<ErasurePlan> {
  const citizen = citizenId === null ? null : await store.citizens.get(citizenId);
  const holds = await store.retention.heldAt(at);
  const ends = citizen ? [citizen.id, ...citizen.formerIds].flatMap(id => holds.get(id) ?? []) : [];
  const heldUntil = ends.toSorted((a, b) => b.getTime() - a.getTime())[0] ?? null;
  const plan: ErasurePlan = { citizen, ended: [], staying: [], heldUntil };
  const named = caseNumber === null ? [] : [caseNumber];
  const numbers = citizen ? citizen.cases.map(own => own.caseNumber) : named;
  for (const number of numbers) {
    const record = await store.cases.get(number);
    if (!record || record.intake.anonymisedAt) continue;
    const { progress } = record;
    const held = holds.get(number) ?? heldUntil;
    if (!progress || !isEnded(progress.stage)) {
      const until = progress && new Date(progress.plan.legalBy);
      plan.staying.push({ caseNumber: number, why: 'open', until });
    } else if (held) plan.staying.push({ caseNumber: number, why: 'hold', until: held });
    else plan.ended.push(number);
  }
  return plan;
}

/** Whether the person must stay for now. */
export function mustStay({ staying, heldUntil }: ErasurePlan): boolean {
  return staying.length > 0 || heldUntil !== null;
}

/**
 * Carries out a request as far as possible now: ended cases are anonymised; the person goes once no open case and no
 * legal hold needs them. Returns whether it is done. Idempotent.
 */
export async function carryOutErasure(store: Store, request: ErasureRequest, at: Date): Promise<boolean> {
  const plan = await planErasure(store, request, at);
  const { citizen, ended } = plan;
  const isLeaving = citizen !== null && !mustStay(plan);
  const cases = isLeaving ? citizen.cases.map(({ caseNumber }) => caseNumber) : ended;
  await store.erasureList.add([
    ...cases.map(caseNumber => ({ caseNumber })),
    ...(isLeaving ? [citizen.id, ...citizen.formerIds] : []).map(citizenId => ({ citizenId })),
  ]);
  await store.caseErasure.anonymise(ended, at);
  if (mustStay(plan)) {
    await store.erasureRequests.delayed(request.id);
    return false;
  }
  if (citizen) await eraseWhole(store, citizen, at);
  await store.erasureRequests.done(request.id, at);
  return true;
}

/** Erases a person, and with them what else they have asked for. */
async function eraseWhole(store: Store, citizen: Citizen, at: Date): Promise<void> {
  await store.personErasure.erase(citizen);
  await store.erasureRequests.doneOf([citizen.id, ...citizen.formerIds], at);
}

/**
 * Erases again what the erasure list names, after a backup was restored. Returns how many people and cases were back.
 * Idempotent.
 */
export async function reapplyErasures(store: Store, at: Date): Promise<{ people: number; cases: number }> {
  const { count, has } = await store.erasureList.read();
  if (count === 0) return { people: 0, cases: 0 };
  const back: string[] = [];
  for await (const { id, isAnonymous } of store.personErasure.caseNumbers()) {
    if (!isAnonymous && has({ caseNumber: id })) back.push(id);
  }
  await store.caseErasure.anonymise(back, at);
  let people = 0;
  for await (const citizenId of store.personErasure.citizenIds()) {
    const citizen = has({ citizenId }) ? await store.citizens.get(citizenId) : null;
    if (!citizen) continue;
    await eraseWhole(store, citizen, at);
    people += 1;
  }
  return { people, cases: back.length };
}
