import type { Plan, Role } from './case';
import type { LetterKind, LetterOrder } from './case-events';
import type { Turn } from './turn';

/** Gives the task to the desk of the plan: a new turn with clocks of its own. */
export function assign(turn: Turn, plan: Plan): void {
  const { state } = turn;
  state.stage = plan.triage ? 'triage' : 'assigned';
  state.task += 1;
  state.plan = plan;
  state.steps = plan.steps;
  state.slaState = 'onTrack';
  state.escalationLevel = 0;
  state.acceptedAt = null;
  turn.record({
    type: 'planned',
    desk: plan.desk.slug,
    acceptBy: plan.acceptBy,
    resolveBy: plan.resolveBy,
    legalBy: plan.legalBy,
    calendarVersion: plan.calendarVersion,
  });
}

/** Orders a letter about the current task. */
export function mail(
  turn: Turn,
  letter: LetterKind,
  to: Role,
  occasion: Pick<LetterOrder, 'rung' | 'added'> = {},
): void {
  const { plan, task } = turn.state;
  turn.issue({ type: 'mail', letter, to, department: plan.desk.slug, task, ...occasion });
}

/** Goes on after a reroute or a reopening, once the new task has been planned. */
export function startTask(turn: Turn, plan: Plan, after: 'reroute' | 'reopen'): void {
  assign(turn, plan);
  if (after === 'reroute') {
    turn.issue({ type: 'tellCitizen', news: 'rerouted' });
    mail(turn, 'task', 'department');
    return;
  }
  turn.issue({ type: 'tellCitizen', news: 'reopened' });
  mail(turn, 'reopened', 'department');
  mail(turn, 'reopened', 'chief');
}

/** Between two desks nobody can act, until the next task is planned. */
export function leaveForPlanning(turn: Turn): void {
  turn.state.stage = 'received';
  turn.state.steps = [];
}

/** Stops both clocks: the citizen has an answer, which also meets the legal duty (Law 3071, article 7). */
export function leaveDesk(turn: Turn): void {
  const { state, now } = turn;
  state.steps = [];
  state.resolvedAt = now;
  state.slaState = state.everBreached || now > state.plan.resolveBy ? 'missed' : 'met';
}
