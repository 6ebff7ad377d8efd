import { isEnded, isWithDepartment, type CaseState, type FeedbackAnswer, type NewCase } from './case';
import type { CaseEvent } from './case-events';
import { act } from './department-acts';
import { assign, leaveForPlanning, mail, startTask } from './desk-turns';
import { timePassed } from './ladder';
import { Turn } from './turn';

/** The case as it is before its first turn. */
export function newCaseState(input: NewCase): CaseState {
  const { photoMessageIds, ...known } = input;
  return {
    ...known,
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
