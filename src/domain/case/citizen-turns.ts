import { rememberBefore } from './answer-undone';
import {
  isEnded,
  isHeldByIncident,
  isOnService,
  isWithDepartment,
  type Outcome,
  raised,
  type Stage,
  termsOf,
} from './case';
import type { CaseEvent, PlaceTold, LeaderCorrected } from './case-events';
import type { CallNews } from './citizen-call';
import { askLastDecider, withdrawObjection } from './objection-turns';
import { bringBack, close, end, endHold, hold, resume, stopClocks, tellMembers } from './stage-changes';
import { leaveForPlanning, replan, sendLetter, takeCorrection, type Turn } from './turn';

type Added = Extract<CaseEvent, { type: 'citizenAdded' }>;

/** Adds later messages to the case. They also answer an open question of the department. */
export function onCitizenAdded(
  turn: Turn,
  { messageIds, fileMessageIds, quietly, toDesk, reasons, afterEnd, placed }: Added,
): void {
  const { state } = turn;
  const isReason = reasons === true && state.stage === 'closed';
  const isLate = isReason || (afterEnd === true && hearsAfterEnd(state.stage));
  // An ended case continues from its record, which does not tell the handled messages.
  const fresh = messageIds.filter(id => turn.isFirst(id) && !(isLate && state.messageIds.includes(id)));
  if (fresh.length === 0) return;
  if (isEnded(state.stage) && !isLate) {
    turn.issue({ type: 'tellCitizen', news: 'alreadyClosed' });
    return;
  }
  join(turn, fresh, fileMessageIds);
  if (afterEnd && isEnded(state.stage)) {
    passOnAfterEnd(turn, fresh);
    if (!quietly) turn.issue({ type: 'tellCitizen', news: 'heardAfterEnd' });
    return;
  }
  if (placed) place(turn, placed);
  if (!quietly) turn.issue({ type: 'tellCitizen', news: 'added' });
  if (isReason) sendLetter(turn, 'lowRating', 'department', { added: fresh });
  else passOn(turn, fresh, toDesk);
}

/** Adds the text of an impossible objection to a case that is still open. */
export function addObjection(turn: Turn, messageId: string): void {
  if (isEnded(turn.state.stage)) return;
  join(turn, [messageId], []);
  passOn(turn, [messageId]);
}

/** Applies the place of a later pin. The department decides whether to reroute the case. */
function place(turn: Turn, { neighbourhood, institution, ...told }: PlaceTold): void {
  turn.state.neighbourhood = neighbourhood ?? turn.state.neighbourhood;
  turn.record({
    type: 'placed',
    neighbourhood: neighbourhood?.slug ?? null,
    institution: institution?.slug ?? null,
    ...told,
  });
}

/** Notifies those who work on the case of new messages. */
function passOn(turn: Turn, fresh: string[], toDesk = false): void {
  const { state } = turn;
  // Nobody has a task for it.
  if (isHeldByIncident(state)) return;
  if (state.stage === 'waitingCitizen') {
    resume(turn, 'answered');
    sendLetter(turn, 'citizenAnswered', 'department', { added: fresh });
  } else if (isWithDepartment(state.stage)) {
    sendLetter(turn, 'citizenAdded', 'department', { added: fresh });
  } else if (state.objection !== null) {
    sendLetter(turn, 'citizenAdded', state.objection.by, { added: fresh });
  } else if (state.stage === 'resolved' && (toDesk || state.terms?.objections)) {
    // The desk still reads replies to an outcome while the case can change.
    sendLetter(turn, 'citizenAdded', 'department', { added: fresh });
  }
}

/** Whether somebody still reads what a citizen writes about a case that has ended. */
export function hearsAfterEnd(stage: Stage): boolean {
  return stage === 'closed' || stage === 'rejected' || stage === 'handedOff';
}

/**
 * Passes messages about a case with an outcome on to whoever gave it: the institution or the desk that passes the matter
 * on, the decider of an objection, otherwise the department. `actionId` is the correction in them.
 */
export function passOnAfterEnd(turn: Turn, fresh: string[], actionId?: string): void {
  const { caseNumber, leader, stage, handOff, objection } = turn.state;
  if (isHeldByIncident(turn.state)) return;
  if (stage === 'handedOff') {
    if (handOff === null || handOff.awaits === null) return;
    turn.issue({
      type: 'passAddition',
      // A follower was handed off together with its leading case.
      caseNumber: leader ?? caseNumber,
      number: handOff.number,
      messageIds: fresh,
    });
    return;
  }
  const to = objection?.by ?? 'department';
  if (actionId === undefined) sendLetter(turn, 'citizenAdded', to, { added: fresh });
  else sendLetter(turn, 'corrected', to, { added: fresh, actionId });
}

/** Adds messages to the case. */
export function join(turn: Turn, fresh: string[], fileMessageIds: string[]): void {
  const { state } = turn;
  state.messageIds = [...state.messageIds, ...fresh];
  turn.record({ type: 'citizenAdded', messageIds: fresh });
  for (const messageId of fileMessageIds.filter(id => fresh.includes(id)))
    turn.issue({ type: 'keepFile', messageId });
}

/**
 * Applies the citizen's feedback. Negative feedback reopens the case up to its limit. After that, a manager
 * decides.
 */
export function onFeedback(
  turn: Turn,
  { messageId, answer, with: sent }: Extract<CaseEvent, { type: 'feedback' }>,
): void {
  const { state, now } = turn;
  const fresh = sent?.messageIds.filter(id => id === messageId || turn.isFirst(id)) ?? [];
  if (sent && fresh.length > 0 && !isEnded(state.stage)) join(turn, fresh, sent.fileMessageIds);
  if (state.stage === 'objected' && answer === 'solved') {
    turn.record({ type: 'feedback', messageId, answer });
    state.feedback = answer;
    withdrawObjection(turn);
    return;
  }
  if (state.stage !== 'resolved') {
    // The question is outdated: nothing changes, but the citizen gets the current status.
    turn.issue({ type: 'tellCitizen', news: isEnded(state.stage) ? 'alreadyClosed' : 'status' });
    return;
  }
  rememberBefore(turn);
  state.feedback = answer;
  state.surveyReminderAt = null;
  turn.record({ type: 'feedback', messageId, answer });
  if (answer === 'solved') {
    close(turn, 'confirmed');
    turn.issue({ type: 'tellCitizen', news: 'closed' });
    return;
  }
  if (state.reopenCount >= termsOf(state).reopenLimit) {
    if (termsOf(state).objections) {
      askLastDecider(turn);
      return;
    }
    state.closeAt = now + state.closeAfterMs;
    turn.record({ type: 'decisionAsked', count: state.reopenCount });
    turn.issue({ type: 'tellCitizen', news: 'managerDecides' });
    sendLetter(turn, 'decision', 'deputyMayor');
    return;
  }
  bringBack(turn);
  turn.record({ type: 'reopened', count: state.reopenCount });
  leaveForPlanning(turn, state.plan.desk.slug, 'reopen');
}

/**
 * Records a step of a call. What the citizen said on the phone reaches the department, and answers its open
 * question.
 */
export function onCalled(turn: Turn, { at, said, ...news }: CallNews): void {
  const { state } = turn;
  if (state.call !== null && at <= state.call.at) return;
  state.call = { step: news.step, at };
  turn.record({ type: 'called', ...news });
  if (!said || news.step !== 'reached' || news.actionId === undefined) return;
  if (state.stage === 'waitingCitizen') resume(turn, 'answered');
  if (isWithDepartment(state.stage)) sendLetter(turn, 'called', 'department', { actionId: news.actionId });
}

/** Makes the case follow another one. Its service clock pauses until the leading case ends. */
export function follow(turn: Turn, leader: string, actionId?: string): void {
  const { state } = turn;
  const desk = state.plan.desk.slug;
  const act = actionId !== undefined && { actionId };
  state.leader = leader;
  turn.record({ type: 'joined', leader, desk, ...act });
  hold(turn, 'duplicate', { until: null, ...act });
  turn.issue({ type: 'tellCase', caseNumber: leader, news: { type: 'memberJoined' } });
}

/** Reverses a join completely. The case becomes a separate task again with its remaining times. */
export function separate(turn: Turn, actionId?: string): void {
  const { state } = turn;
  const leader = state.leader ?? '';
  const act = actionId !== undefined && { actionId };
  turn.record({ type: 'separated', leader, desk: state.plan.desk.slug, ...act });
  if (actionId !== undefined) {
    turn.issue({ type: 'tellCase', caseNumber: leader, news: { type: 'memberLeft' } });
  }
  state.leader = null;
  const { movesTo = null } = state;
  if (movesTo) {
    endHold(turn, 'separated', actionId);
    state.movesTo = null;
    turn.record({
      type: 'rerouted',
      actionId: movesTo.actionId,
      from: state.plan.desk.slug,
      to: movesTo.department,
    });
    leaveForPlanning(turn, movesTo.department, 'reroute');
    return;
  }
  resume(turn, 'separated', actionId);
  sendLetter(turn, 'task', 'department');
}

/** Adds a follower to this case. If this case has ended, the follower gets its outcome immediately. */
export function onMemberJoined(turn: Turn, member: string): void {
  const { state } = turn;
  const isOpen = state.stage === 'received' || (isWithDepartment(state.stage) && state.stage !== 'duplicate');
  if (!isOpen) {
    const outcome = state.stage === 'duplicate' ? 'duplicate' : (state.outcome ?? 'withdrawn');
    const actionId = state.outcomeActionId;
    turn.issue({ type: 'tellCase', caseNumber: member, news: { type: 'leaderEnded', outcome, actionId } });
    return;
  }
  if (state.members.includes(member)) return;
  state.members = [...state.members, member];
  turn.record({ type: 'memberJoined', member });
  if (state.members.length + 1 === termsOf(state).reportsToRaise) raisePriority(turn);
}

function raisePriority(turn: Turn): void {
  const { state } = turn;
  const from = state.priority;
  const to = raised[from];
  if (from === to) return;
  state.priority = to;
  turn.record({ type: 'prioritised', from, to });
  // While the case is between two desks, its next task is already being planned: only the priority changes.
  if (isOnService(state.stage)) replan(turn, 'priority');
}

export function onMemberLeft(turn: Turn, member: string): void {
  const { state } = turn;
  if (!state.members.includes(member)) return;
  state.members = state.members.filter(known => known !== member);
  turn.record({ type: 'memberLeft', member });
}

/**
 * Applies the leading case's outcome to the follower. If the problem is still open, the follower becomes a
 * separate case.
 */
export function onLeaderEnded(turn: Turn, outcome: Outcome | null, actionId: string | null): void {
  const { state } = turn;
  if (state.stage !== 'duplicate') return;
  if (outcome === null || outcome === 'withdrawn' || outcome === 'duplicate') {
    separate(turn);
    return;
  }
  turn.record({ type: 'followed', leader: state.leader ?? '', outcome, leaderActionId: actionId });
  endHold(turn, 'separated');
  end(turn, outcome, actionId, true);
}

/**
 * The leading case's work is planned for a later date. The follower's citizen is notified, and the case
 * continues to follow.
 */
export function onLeaderPlanned(turn: Turn, actionId: string, moved: boolean): void {
  if (turn.state.stage !== 'duplicate') return;
  turn.issue({ type: 'tellCitizen', news: moved ? 'planMoved' : 'planned', actionId });
}

/**
 * Takes over what the leading case was corrected to. Its targets and its department apply if the case is separated
 * later. The place stays: it is where this citizen reported the problem.
 */
export function onLeaderCorrected(turn: Turn, corrected: LeaderCorrected): void {
  const { state } = turn;
  const { actionId, retargets, hazard, department } = corrected;
  if (state.stage !== 'duplicate') return;
  const subject = corrected.subject?.slug === state.category.slug ? undefined : corrected.subject;
  const priority = corrected.priority === state.priority ? undefined : corrected.priority;
  const desk = state.plan.desk.slug;
  if (department !== undefined) state.movesTo = department === desk ? null : { department, actionId };
  const isShared = corrected.place?.from === (state.neighbourhood?.slug ?? null);
  const place = isShared && corrected.place ? { neighbourhood: corrected.place.neighbourhood } : undefined;
  if (!subject && !priority && !place) return;
  takeCorrection(turn, actionId, { subject, priority, place });
  if (hazard !== undefined) state.hazard = hazard;
  state.retargets ||= retargets;
}

/** Withdraws the citizen's report. Other reports of the same problem continue without it. */
export function onWithdrawn(turn: Turn, messageId: string): void {
  const { state, now } = turn;
  const { stage } = state;
  if (isEnded(stage)) {
    turn.issue({ type: 'tellCitizen', news: 'alreadyClosed' });
    return;
  }
  if (stage === 'objected') {
    withdrawObjection(turn);
    return;
  }
  turn.record({ type: 'withdrawn', messageId });
  const isHeld = isHeldByIncident(state);
  if (stage === 'resolved') {
    close(turn, 'withdrawn');
    turn.issue({ type: 'tellCitizen', news: 'closed' });
    return;
  }
  if (state.leader !== null && !isHeld) {
    turn.issue({ type: 'tellCase', caseNumber: state.leader, news: { type: 'memberLeft' } });
  }
  if (state.pausedSince !== null) endHold(turn, 'answered');
  stopClocks(turn);
  state.incident = null;
  state.programme = null;
  state.resolvedAt = null;
  state.stage = 'withdrawn';
  state.outcome = 'withdrawn';
  state.endedAt = now;
  state.slaState = state.everBreached ? 'missed' : 'met';
  turn.issue({ type: 'tellCitizen', news: 'withdrawn' });
  if (isWithDepartment(stage) && stage !== 'duplicate' && !isHeld)
    sendLetter(turn, 'withdrawn', 'department');
  tellMembers(turn, 'withdrawn', null);
}
