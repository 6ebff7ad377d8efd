import { DAY_MS } from '../durations';
import { type CaseState, type ObjectionTerms, termsOf } from './case';

/** Why an objection is not possible. */
export type ObjectionRefusal =
  'stillOpen' | 'followsAnother' | 'underWay' | 'withdrawn' | 'emergency' | 'final' | 'tooLate';

/** Objection rules of cases that were opened before these rules were stored with the case. */
const earlierObjections: ObjectionTerms = { withinMs: 7 * DAY_MS, deciders: ['chief', 'deputyMayor'] };

export function objectionTermsOf(state: Pick<CaseState, 'terms'>): ObjectionTerms {
  return termsOf(state).objections ?? earlierObjections;
}

type Disputed = Pick<
  CaseState,
  'stage' | 'terms' | 'outcomeIsFinal' | 'endedAt' | 'resolvedAt' | 'receivedAt'
>;

/** Returns until when the outcome can be disputed, epoch ms UTC. */
export function objectionsUntil(state: Disputed): number {
  return (state.endedAt ?? state.resolvedAt ?? state.receivedAt) + objectionTermsOf(state).withinMs;
}

/** Whether the decision on the current objection is final. */
export function isLastDecision(state: Pick<CaseState, 'terms' | 'objection'>): boolean {
  return state.objection?.by === objectionTermsOf(state).deciders.at(-1);
}

/** Returns why the citizen cannot object at `now` (epoch ms UTC), or null if it is possible. */
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
      // A resolved case needs no time limit: its survey closes it.
      return state.stage !== 'resolved' && now > objectionsUntil(state) ? 'tooLate' : null;
  }
}
