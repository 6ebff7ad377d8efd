import type { Act } from './acts';
import { isOnHold, isWithDepartment, type CaseState, type NewCase } from './case';
import type { CaseEvent } from './case-events';
import { onCitizenAdded, onFeedback } from './citizen-turns';
import { departmentAct } from './department-acts';
import { assign, sendLetter, onPlanned, replan } from './desk-turns';
import { follow, onLeaderEnded, onMemberJoined, onMemberLeft, onWithdrawn } from './followers';
import { onTimePassed } from './ladder';
import { managerAct } from './manager-acts';
import { newCaseState } from './new-case';
import { refusalOf } from './stage-table';
import { Turn } from './turn';

/** The event that opens a case, and the case after it: what its search attributes are from the first moment. */
export function openedEvent({ photoMessageIds, leader }: NewCase): Extract<CaseEvent, { type: 'opened' }> {
  return { type: 'opened', photoMessageIds, ...(leader !== undefined && { leader }) };
}

export function openedCase(input: NewCase): CaseState {
  return takeTurn(newCaseState(input), openedEvent(input), input.receivedAt).state;
}

/**
 * The life of a case as a function of values. `now` is epoch ms UTC. An event that comes twice (same message or
 * action id) or too late changes nothing; an illegal act throws, so callers ask `refusalOf` first.
 */
export function takeTurn(before: CaseState, event: CaseEvent, now: number): Turn {
  const turn = new Turn(before, now);
  switch (event.type) {
    case 'opened':
      open(turn, event.photoMessageIds, event.leader);
      break;
    case 'acted':
      if (turn.isFirst(event.act.actionId)) act(turn, before, event.act);
      break;
    case 'planned':
      onPlanned(turn, event.plan, event.after, event.effect);
      break;
    case 'citizenAdded':
      onCitizenAdded(turn, event.messageIds, event.photoMessageIds);
      break;
    case 'feedback':
      if (turn.isFirst(event.messageId)) onFeedback(turn, event.messageId, event.answer);
      break;
    case 'withdrawn':
      if (turn.isFirst(event.messageId)) onWithdrawn(turn, event.messageId);
      break;
    case 'calendarChanged':
      calendarChanged(turn);
      break;
    case 'memberJoined':
      onMemberJoined(turn, event.member);
      break;
    case 'memberLeft':
      onMemberLeft(turn, event.member);
      break;
    case 'leaderEnded':
      onLeaderEnded(turn, event.outcome, event.actionId);
      break;
    case 'notDelivered':
      turn.record({ type: 'notDelivered', undelivered: event.undelivered, recipient: event.recipient });
      break;
    case 'photoLost':
      turn.record({ type: 'photoLost', messageId: event.messageId });
      break;
    case 'timePassed':
      onTimePassed(turn);
      break;
  }
  return turn;
}

function open(turn: Turn, photoMessageIds: string[], leader: string | undefined): void {
  const { state, now } = turn;
  turn.record({ type: 'opened', desk: state.plan.desk.slug });
  if (state.institution) {
    state.stage = 'handedOff';
    state.outcome = 'handedOff';
    state.endedAt = now;
    turn.record({ type: 'handedOff', institution: state.institution.slug });
    turn.issue({ type: 'tellCitizen', news: 'handedOff' });
  } else if (leader !== undefined) {
    assign(turn, state.plan);
    follow(turn, leader);
    turn.issue({ type: 'tellCitizen', news: 'known' });
  } else {
    assign(turn, state.plan);
    turn.issue({ type: 'tellCitizen', news: 'acknowledged' });
    sendLetter(turn, 'task', 'department');
  }
  for (const messageId of photoMessageIds) turn.issue({ type: 'keepPhoto', messageId });
}

function act(turn: Turn, before: CaseState, given: Act): void {
  const refusal = refusalOf(before, given, turn.now);
  if (refusal) throw new Error(`act ${given.action} refused: ${refusal}`);
  if (given.by === 'manager') managerAct(turn, given);
  else departmentAct(turn, given);
}

/** A case that waits takes the new calendar into account when it goes on. */
function calendarChanged(turn: Turn): void {
  const { stage, planning } = turn.state;
  if (isWithDepartment(stage) && !isOnHold(stage) && planning === null) replan(turn, 'calendar');
}
