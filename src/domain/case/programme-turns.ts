import type { Plan } from '../sla/sla';
import type { PlannedTime } from './case';
import { leaveHold, stopClocks } from './stage-changes';
import { aheadOf, type Turn } from './turn';

/**
 * Plans the work for a later date. A promised date is an answer in the sense of Law 3071, article 7. The case
 * is inactive until that date, and its cluster gets the same news.
 */
export function putOnProgramme(turn: Turn, actionId: string, time: PlannedTime): void {
  const { state, now } = turn;
  leaveHold(turn, actionId);
  stopClocks(turn);
  state.stage = 'planned';
  state.outcome = 'planned';
  state.outcomeActionId = actionId;
  state.resolvedAt = now;
  state.programme = time;
  state.escalationLevel = 0;
  restart(turn);
  const { by: plannedFor, precision } = time;
  turn.record({ type: 'plannedAhead', actionId, desk: state.plan.desk.slug, plannedFor, precision });
  tell(turn, actionId, false);
}

/** Changes the promised date. All waiting citizens get the new date and the reason. */
export function movePlan(turn: Turn, actionId: string, time: PlannedTime): void {
  const { state } = turn;
  state.programme = time;
  state.outcomeActionId = actionId;
  restart(turn);
  const { by: plannedFor, precision } = time;
  turn.record({ type: 'planMoved', actionId, desk: state.plan.desk.slug, plannedFor, precision });
  tell(turn, actionId, true);
}

function restart(turn: Turn): void {
  const { state } = turn;
  const { plan: _earlier, ...reached } = state.reached;
  state.reached = reached;
  state.slaState = 'onTrack';
  state.steps = [];
  state.waitingLetters = [];
  planProgramme(turn);
}

/** Requests the steps up to the promised date. */
export function planProgramme(turn: Turn): void {
  const { state, now } = turn;
  if (state.programme === null) return;
  const { plan, priority, programme } = state;
  turn.issue({
    type: 'plan',
    after: 'programme',
    department: plan.desk.slug,
    from: now,
    priority,
    plannedFor: programme.by,
  });
  state.planning = state.effects;
}

export function onProgrammePlanned(turn: Turn, plan: Plan): void {
  const { state } = turn;
  if (state.stage === 'planned') state.steps = aheadOf(turn, 'plan', plan.steps);
}

function tell(turn: Turn, actionId: string, moved: boolean): void {
  turn.issue({ type: 'tellCitizen', news: moved ? 'planMoved' : 'planned', actionId });
  for (const caseNumber of turn.state.members) {
    turn.issue({ type: 'tellCase', caseNumber, news: { type: 'leaderPlanned', actionId, moved } });
  }
}
