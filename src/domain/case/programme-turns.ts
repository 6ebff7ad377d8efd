import type { Plan } from '../sla/sla';
import type { PlannedTime } from './case';
import { leaveHold, stopClocks } from './stage-changes';
import { aheadOf, type Turn } from './turn';

/**
 * The work is promised for a time ahead. That is the first answer that the law asks for (Law 3071, article 7); the
 * case sleeps until it has a real outcome, and its cluster is told the same.
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

/** The department promises another time; whoever waits hears it with the reason. */
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

/** Asks for the steps to the promised time. */
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
