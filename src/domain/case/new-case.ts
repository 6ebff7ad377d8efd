import type { CaseState, NewCase } from './case';

/** The case as it is before its first turn. */
export function newCaseState(input: NewCase): CaseState {
  const { photoMessageIds: _photos, leader: _leader, ...known } = input;
  return {
    ...known,
    stage: 'received',
    outcome: null,
    task: 0,
    plan: input.plan,
    steps: [],
    waitingLetters: [],
    reached: {},
    slaState: 'onTrack',
    everBreached: false,
    escalationLevel: 0,
    reopenCount: 0,
    rerouteCount: 0,
    acceptedAt: null,
    resolvedAt: null,
    endedAt: null,
    closeAt: null,
    surveyReminderAt: null,
    plannedFor: null,
    pausedSince: null,
    pauseLimitAt: null,
    stageBefore: null,
    waitingFor: null,
    pauses: [],
    leader: null,
    members: [],
    outcomeActionId: null,
    feedback: null,
    planning: null,
    revision: 0,
    effects: 0,
    handled: [...input.messageIds],
  };
}

/**
 * The state of a case that goes on in another run. What an older run or record did not know yet has the value of a
 * new case; `handled` is not part of a record, and acts of before can then no longer be recognised.
 */
export function carriedState(opening: NewCase, carried: Partial<CaseState>): CaseState {
  return { ...newCaseState(opening), ...carried };
}

/** What a case was opened with, as far as its state still tells; its photos have been asked for long ago. */
export function openingFrom(state: CaseState): NewCase {
  const { caseNumber, citizenId, kind, category, priority, neighbourhood, institution } = state;
  const { receivedAt, messageIds, plan, closeAfterMs, terms } = state;
  return {
    caseNumber,
    citizenId,
    kind,
    category,
    priority,
    neighbourhood,
    institution,
    receivedAt,
    messageIds,
    photoMessageIds: [],
    plan,
    closeAfterMs,
    ...(terms && { terms }),
  };
}
