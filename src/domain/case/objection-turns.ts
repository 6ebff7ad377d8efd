import type { Decider, Plan } from '../sla/sla';
import { isEnded } from './case';
import { runningSlaState } from './case-clocks';
import { isLastDecision, objectionRefusal, objectionTermsOf } from './acts';
import { planProgramme } from './programme-turns';
import { bringBack } from './stage-changes';
import { aheadOf, leaveForPlanning, sendLetter, type Turn } from './turn';

/**
 * Applies an objection to the outcome. If no objection is possible, the citizen gets the reason. Returns
 * whether the objection was accepted.
 */
export function onObjected(turn: Turn, messageId: string): boolean {
  const { state, now } = turn;
  const refusal = objectionRefusal(state, now);
  if (refusal) {
    turn.issue({ type: 'tellCitizen', news: 'notObjectable', refusal });
    return false;
  }
  const { deciders } = objectionTermsOf(state);
  state.messageIds = [...state.messageIds, messageId];
  state.answered = null;
  askDecision(turn, deciders[Math.min(state.objectionCount, deciders.length - 1)], messageId);
  return true;
}

/** The citizen is dissatisfied and the reopen limit is reached: ask the last decider. */
export function askLastDecider(turn: Turn): void {
  askDecision(turn, objectionTermsOf(turn.state).deciders.at(-1), null);
}

function askDecision(turn: Turn, by: Decider = 'deputyMayor', messageId: string | null): void {
  const { state, now } = turn;
  const { stage: stageBefore, slaState: slaBefore, plan } = state;
  const { objection: _earlier, ...reached } = state.reached;
  state.objection = { by, since: now, decideBy: null, stageBefore, slaBefore };
  state.objectionCount += 1;
  state.stage = 'objected';
  state.slaState = 'onTrack';
  state.reached = reached;
  state.steps = [];
  state.waitingLetters = [];
  state.closeAt = null;
  state.surveyReminderAt = null;
  state.endedAt = null;
  const { objectionCount: count, outcome } = state;
  turn.record({ type: 'objected', messageId, count, to: by, outcome, desk: plan.desk.slug });
  planDecision(turn);
}

/** Requests the deadline of the decision, counted from the objection. */
export function planDecision(turn: Turn): void {
  const { objection, plan, priority } = turn.state;
  if (objection === null) return;
  const { by, since: from } = objection;
  turn.issue({ type: 'plan', after: 'objection', department: plan.desk.slug, from, priority, by });
  turn.state.planning = turn.state.effects;
}

/** Applies the deadline of the decision. The first deadline is announced to everybody concerned. */
export function onDecisionPlanned(turn: Turn, plan: Plan): void {
  const { state } = turn;
  const { objection } = state;
  if (objection === null) return;
  const isFirst = objection.decideBy === null;
  state.objection = { ...objection, decideBy: plan.resolveBy };
  state.steps = aheadOf(turn, 'objection', plan.steps);
  if (!isFirst && objection.decideBy === plan.resolveBy) return;
  turn.record({
    type: 'objectionPlanned',
    decideBy: plan.resolveBy,
    calendarVersion: plan.calendarVersion,
    ...(plan.basis && { policyVersion: plan.basis.policyVersion }),
  });
  if (!isFirst) return;
  turn.issue({ type: 'tellCitizen', news: 'objected' });
  sendLetter(turn, 'objection', objection.by);
  sendLetter(turn, 'objection', 'department');
}

/**
 * Confirms the outcome. The case returns to its stage before the objection, and the citizen gets the reasons.
 */
export function confirmOutcome(turn: Turn, actionId: string): void {
  const { state } = turn;
  const { objection } = state;
  if (objection === null) return;
  const isFinal = isLastDecision(state);
  turn.record({ type: 'confirmed', actionId, by: objection.by, isFinal });
  state.outcomeIsFinal = isFinal;
  settle(turn);
  turn.issue({ type: 'tellCitizen', news: 'outcomeConfirmed', actionId });
  sendLetter(turn, 'confirmed', 'department', { actionId });
}

/** Reopens the case at the same or another department. */
export function overturnOutcome(turn: Turn, actionId: string, department: string | undefined): void {
  const { state } = turn;
  const desk = department ?? state.plan.desk.slug;
  const by = state.objection?.by ?? 'deputyMayor';
  bringBack(turn);
  turn.record({ type: 'overturned', actionId, by, department: desk });
  turn.record({ type: 'reopened', count: state.reopenCount });
  leaveForPlanning(turn, desk, 'decision', actionId);
}

/** The citizen accepts the outcome, so no decision is needed. */
export function withdrawObjection(turn: Turn): void {
  turn.record({ type: 'objectionWithdrawn' });
  settle(turn);
  turn.issue({ type: 'tellCitizen', news: 'objectionWithdrawn' });
}

/** Returns to the stage before the objection. A planned case is still planned. */
function settle(turn: Turn): void {
  const { state, now } = turn;
  const { stageBefore = 'closed', slaBefore = 'met' } = state.objection ?? {};
  state.objection = null;
  state.planning = null;
  state.steps = [];
  state.waitingLetters = [];
  state.slaState = slaBefore;
  if (stageBefore === 'planned') {
    state.stage = 'planned';
    state.slaState = runningSlaState(state);
    planProgramme(turn);
    return;
  }
  state.stage = isEnded(stageBefore) ? stageBefore : 'closed';
  state.endedAt = now;
}
