import {
  isEnded,
  isWithDepartment,
  type CaseState,
  type FeedbackAnswer,
  type NewCase,
  type Plan,
  type Role,
  type Step,
} from './case';
import type { Act, CaseEvent, LetterKind, LetterOrder } from './case-events';
import { slaStateAfter } from './sla';
import { refusalOf } from './stage-table';
import { Turn } from './turn';

/** The case as it is before its first turn. */
export function newCaseState(input: NewCase): CaseState {
  return {
    caseNumber: input.caseNumber,
    citizenId: input.citizenId,
    kind: input.kind,
    category: input.category,
    priority: input.priority,
    neighbourhood: input.neighbourhood,
    institution: input.institution,
    receivedAt: input.receivedAt,
    messageIds: input.messageIds,
    closeAfterMs: input.closeAfterMs,
    stage: 'received',
    outcome: null,
    task: 0,
    plan: input.plan,
    steps: [],
    slaState: 'onTrack',
    everBreached: false,
    escalationLevel: 0,
    reopenCount: 0,
    rerouteCount: 0,
    acceptedAt: null,
    resolvedAt: null,
    closeAt: null,
    feedback: null,
    revision: 0,
    effects: 0,
    handled: [...input.messageIds],
  };
}

/** The event that opens a case, and the case after it: what its search attributes are from the first moment. */
export function openingOf(input: NewCase): Extract<CaseEvent, { type: 'opened' }> {
  return { type: 'opened', photoMessageIds: input.photoMessageIds };
}

export function openedCase(input: NewCase): CaseState {
  return takeTurn(newCaseState(input), openingOf(input), input.receivedAt).state;
}

/**
 * The life of a case as a function of values. `now` is epoch ms UTC. An event that comes twice (same message or
 * action id) or too late changes nothing; an illegal act throws, so callers ask `refusalOf` first.
 */
export function takeTurn(before: CaseState, event: CaseEvent, now: number): Turn {
  const turn = new Turn(before, now);
  switch (event.type) {
    case 'opened':
      open(turn, event.photoMessageIds);
      break;
    case 'acted':
      if (turn.isFirst(event.act.actionId)) act(turn, before, event.act);
      break;
    case 'planned':
      startTask(turn, event.plan, event.after);
      break;
    case 'citizenAdded':
      citizenAdded(turn, event.messageIds, event.photoMessageIds);
      break;
    case 'feedback':
      if (turn.isFirst(event.messageId)) feedback(turn, event.messageId, event.answer);
      break;
    case 'notDelivered':
      turn.record({ type: 'notDelivered', undelivered: event.undelivered, recipient: event.recipient });
      break;
    case 'photoLost':
      turn.record({ type: 'photoLost', messageId: event.messageId });
      break;
    case 'timePassed':
      timePassed(turn);
      break;
  }
  return turn;
}

function open(turn: Turn, photoMessageIds: string[]): void {
  const { state } = turn;
  turn.record({ type: 'opened', desk: state.plan.desk.slug });
  if (state.institution) {
    state.stage = 'handedOff';
    state.outcome = 'handedOff';
    turn.record({ type: 'handedOff', institution: state.institution.slug });
    turn.issue({ type: 'tellCitizen', news: 'handedOff' });
  } else {
    assign(turn, state.plan);
    turn.issue({ type: 'tellCitizen', news: 'acknowledged' });
    mail(turn, 'task', 'department');
  }
  for (const messageId of photoMessageIds) turn.issue({ type: 'keepPhoto', messageId });
}

/** Gives the task to the desk of the plan: a new turn with clocks of its own. */
function assign(turn: Turn, plan: Plan): void {
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

function mail(
  turn: Turn,
  letter: LetterKind,
  to: Role,
  occasion: Pick<LetterOrder, 'rung' | 'added'> = {},
): void {
  const { plan, task } = turn.state;
  turn.issue({ type: 'mail', letter, to, department: plan.desk.slug, task, ...occasion });
}

function act(turn: Turn, before: CaseState, given: Act): void {
  const refusal = refusalOf(before, given);
  if (refusal) throw new Error(`act ${given.action} refused: ${refusal}`);
  const { state, now } = turn;
  const { actionId } = given;
  const desk = state.plan.desk.slug;
  switch (given.action) {
    case 'accept':
      state.stage = 'accepted';
      state.acceptedAt = now;
      state.steps = state.steps.filter(step => step.clock !== 'accept');
      state.slaState = 'onTrack';
      turn.record({ type: 'accepted', actionId, desk });
      break;
    case 'resolve':
      leaveDesk(turn);
      state.stage = 'resolved';
      state.outcome = 'resolved';
      state.closeAt = now + state.closeAfterMs;
      turn.record({ type: 'resolved', actionId, desk });
      turn.issue({ type: 'tellCitizen', news: 'resolved', actionId });
      break;
    case 'reject':
      leaveDesk(turn);
      state.stage = 'rejected';
      state.outcome = 'rejected';
      turn.record({ type: 'rejected', actionId, desk });
      turn.issue({ type: 'tellCitizen', news: 'rejected', actionId });
      break;
    case 'reroute': {
      const department = given.department ?? desk;
      state.rerouteCount += 1;
      leaveForPlanning(turn);
      turn.record({ type: 'rerouted', actionId, from: desk, to: department });
      turn.issue({ type: 'plan', department, after: 'reroute', from: now });
      break;
    }
    case 'note':
      turn.record({ type: 'noted', actionId, desk });
      break;
  }
}

/** Between two desks nobody can act, until the next task is planned. */
function leaveForPlanning(turn: Turn): void {
  turn.state.stage = 'received';
  turn.state.steps = [];
}

/** Stops both clocks: the citizen has an answer, which also meets the legal duty (Law 3071, article 7). */
function leaveDesk(turn: Turn): void {
  const { state, now } = turn;
  state.steps = [];
  state.resolvedAt = now;
  state.slaState = state.everBreached || now > state.plan.resolveBy ? 'missed' : 'met';
}

function startTask(turn: Turn, plan: Plan, after: 'reroute' | 'reopen'): void {
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

function citizenAdded(turn: Turn, messageIds: string[], photoMessageIds: string[]): void {
  const fresh = messageIds.filter(id => turn.isFirst(id));
  if (fresh.length === 0) return;
  if (isEnded(turn.state.stage)) {
    turn.issue({ type: 'tellCitizen', news: 'alreadyClosed' });
    return;
  }
  turn.state.messageIds = [...turn.state.messageIds, ...fresh];
  turn.record({ type: 'citizenAdded', messageIds: fresh });
  for (const messageId of photoMessageIds.filter(id => fresh.includes(id)))
    turn.issue({ type: 'keepPhoto', messageId });
  turn.issue({ type: 'tellCitizen', news: 'added' });
  if (isWithDepartment(turn.state.stage)) mail(turn, 'citizenAdded', 'department', { added: fresh });
}

function feedback(turn: Turn, messageId: string, answer: FeedbackAnswer): void {
  const { state, now } = turn;
  if (state.stage !== 'resolved') {
    // A tap on an old question: nothing changes, but the citizen hears how things stand.
    turn.issue({ type: 'tellCitizen', news: isEnded(state.stage) ? 'alreadyClosed' : 'status' });
    return;
  }
  state.feedback = answer;
  state.closeAt = null;
  turn.record({ type: 'feedback', messageId, answer });
  if (answer === 'solved') {
    state.stage = 'closed';
    turn.record({ type: 'closed', reason: 'confirmed' });
    turn.issue({ type: 'tellCitizen', news: 'closed' });
    return;
  }
  state.outcome = null;
  state.resolvedAt = null;
  state.reopenCount += 1;
  leaveForPlanning(turn);
  turn.record({ type: 'reopened', count: state.reopenCount });
  turn.issue({ type: 'plan', department: state.plan.desk.slug, after: 'reopen', from: now });
}

/** Takes every step that is due, each once and in order, also when time has passed several of them unseen. */
function timePassed(turn: Turn): void {
  const { state, now } = turn;
  while (state.steps[0] && state.steps[0].at <= now) {
    const [step, ...ahead] = state.steps as [Step, ...Step[]];
    state.steps = ahead;
    climb(turn, step);
  }
  if (state.closeAt !== null && state.closeAt <= now && !isEnded(state.stage)) {
    state.stage = 'closed';
    state.closeAt = null;
    turn.record({ type: 'closed', reason: 'silence' });
  }
}

function climb(turn: Turn, step: Step): void {
  const { state, now } = turn;
  const [type, letter] =
    step.level === 0
      ? (['reminded', 'reminder'] as const)
      : step.level === 1
        ? (['breached', 'breach'] as const)
        : (['escalated', 'escalation'] as const);
  state.slaState = slaStateAfter(step, state.slaState);
  if (step.clock !== 'legal' && step.level > 0) {
    state.everBreached = true;
    state.escalationLevel = Math.max(state.escalationLevel, step.level);
  }
  turn.record({ type, clock: step.clock, level: step.level, to: step.to, lateMs: now - step.at });
  mail(turn, letter, step.to, { rung: { clock: step.clock, level: step.level } });
}
