import { DAY_MS } from '../durations';
import { type CaseState, type ObjectionTerms, termsOf } from './case';

/** Why an outcome cannot be disputed. */
export type ObjectionRefusal =
  'stillOpen' | 'followsAnother' | 'underWay' | 'withdrawn' | 'emergency' | 'final' | 'tooLate';

/** What binds cases that were opened before objections had rules of their own. */
const earlierObjections: ObjectionTerms = { withinMs: 7 * DAY_MS, deciders: ['chief', 'deputyMayor'] };

export function objectionTermsOf(state: Pick<CaseState, 'terms'>): ObjectionTerms {
  return termsOf(state).objections ?? earlierObjections;
}

type Disputed = Pick<
  CaseState,
  'stage' | 'terms' | 'outcomeIsFinal' | 'endedAt' | 'resolvedAt' | 'receivedAt'
>;

/** Until when the outcome of a case can be disputed, epoch ms UTC. */
export function objectionsUntil(state: Disputed): number {
  return (state.endedAt ?? state.resolvedAt ?? state.receivedAt) + objectionTermsOf(state).withinMs;
}

/** Returns whether the decision on the current objection is the last one: nobody is left to turn to. */
export function isLastDecision(state: Pick<CaseState, 'terms' | 'objection'>): boolean {
  return state.objection?.by === objectionTermsOf(state).deciders.at(-1);
}

/** Why the citizen cannot dispute the outcome of a case at `now` (epoch ms UTC); null when that is possible. */
export function objectionRefusal(state: Disputed, now: number): ObjectionRefusal | null {
  switch (state.stage) {
    case 'received':
    case 'triage':
    case 'assigned':
    case 'accepted':
    case 'inProgress':
    case 'scheduled':
    case 'waitingCitizen':
    case 'waitingInstitution':
      return 'stillOpen';
    case 'duplicate':
      return 'followsAnother';
    case 'objected':
      return 'underWay';
    case 'withdrawn':
      return 'withdrawn';
    case 'planned':
    case 'resolved':
    case 'closed':
    case 'rejected':
    case 'handedOff':
      if (termsOf(state).emergency) return 'emergency';
      if (state.outcomeIsFinal) return 'final';
      // The survey of a resolved case closes it by itself.
      return state.stage !== 'resolved' && now > objectionsUntil(state) ? 'tooLate' : null;
  }
}
