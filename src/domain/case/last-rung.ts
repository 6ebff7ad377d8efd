import type { Role } from '../sla/sla';
import type { CaseProgress } from './case';
import type { CaseFact } from './case-events';

/** Facts that do not move a case: what others said about it, and what the line did by itself. */
const still: ReadonlySet<CaseFact['type']> = new Set<CaseFact['type']>([
  'reminded',
  'alarmed',
  'noted',
  'managerNoted',
  'instructed',
  'informed',
  'handedOver',
  'citizenAdded',
  'memberJoined',
  'memberLeft',
  'placed',
  'prioritised',
  'corrected',
  'replanned',
  'latenessTold',
  'notDelivered',
  'arrivedLate',
  'fileLost',
  'called',
]);

/** The last step of a ladder that found nobody. */
export interface LastRung {
  /** Epoch ms UTC. */
  at: number;
  to: Role;
}

/**
 * Returns the last step of the ladder of a case that has not moved since; null while the ladder goes on, or once the
 * case has moved.
 */
export function lastRungOf(
  { steps }: Pick<CaseProgress, 'steps'>,
  facts: readonly CaseFact[],
): LastRung | null {
  const last = facts.findLast(({ type }) => !still.has(type));
  if (last?.type === 'escalatedByManager') return { at: last.at, to: last.to };
  if (last?.type !== 'breached' && last?.type !== 'escalated') return null;
  return steps.some(({ clock }) => clock === last.clock) ? null : { at: last.at, to: last.to };
}
