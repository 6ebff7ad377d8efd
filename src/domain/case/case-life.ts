import { type Due, nextDeadline, runningSlaState } from './case-clocks';
import { type CaseState, isOnHold, isOnService, type NewCase, newCaseState, termsOf } from './case';
import { DAY_MS } from '../durations';
import type { Step } from '../sla/sla';
import { refusalOf } from './acts';
import { onAnswerUndone } from './answer-undone';
import type { CaseEvent, LetterKind } from './case-events';
import {
  addObjection,
  follow,
  onCalled,
  onCitizenAdded,
  onFeedback,
  onLeaderCorrected,
  onLeaderEnded,
  onLeaderPlanned,
  onMemberJoined,
  onMemberLeft,
  onWithdrawn,
} from './citizen-turns';
import { departmentAct, managerAct, onCitizenCorrected } from './desk-acts';
import { onHandOffMoved, onPassedOn } from './hand-off-turns';
import { joinIncident, onIncidentRead, readIncident } from './incident-turns';
import { onDecisionPlanned, onObjected, planDecision } from './objection-turns';
import { onProgrammePlanned, planProgramme } from './programme-turns';
import { close, resume } from './stage-changes';
import { adopt, assign, onTaskPlanned, promise, replan, sendLetter, Turn } from './turn';

/**
 * Returns the event that opens a case. Applied to a new state, it also yields the first search attributes.
 */
export function openedEvent({
  fileMessageIds,
  leader,
  incident,
}: NewCase): Extract<CaseEvent, { type: 'opened' }> {
  return {
    type: 'opened',
    fileMessageIds,
    ...(leader !== undefined && { leader }),
    ...(incident && { incident }),
  };
}

export function openedCase(input: NewCase): CaseState {
  return takeTurn(newCaseState(input), openedEvent(input), input.receivedAt).state;
}

/**
 * Applies an event to a case. `now` is epoch ms UTC. Repeated events (same message or action id) and late
 * events change nothing. Throws for an illegal act, so call `refusalOf` first.
 */
export function takeTurn(before: CaseState, event: CaseEvent, now: number): Turn {
  const turn = new Turn(before, now);
  switch (event.type) {
    case 'opened':
      open(turn, event);
      break;
    case 'acted':
      if (turn.isFirst(event.act.actionId)) act(turn, before, event);
      break;
    case 'planned':
      onPlanned(turn, event);
      break;
    case 'citizenAdded':
      onCitizenAdded(turn, event);
      break;
    case 'citizenCorrected':
      onCitizenCorrected(turn, event);
      break;
    case 'feedback':
      if (turn.isFirst(event.messageId)) onFeedback(turn, event);
      break;
    case 'withdrawn':
      if (turn.isFirst(event.messageId)) onWithdrawn(turn, event.messageId);
      break;
    case 'objected':
      if (!turn.isFirst(event.messageId)) break;
      if (!onObjected(turn, event.messageId) && event.inWords) addObjection(turn, event.messageId);
      break;
    case 'answerUndone':
      if (turn.isFirst(event.messageId)) onAnswerUndone(turn, event.messageId);
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
    case 'leaderPlanned':
      onLeaderPlanned(turn, event.actionId, event.moved);
      break;
    case 'incidentMoved':
      readIncident(turn);
      break;
    case 'incidentRead':
      onIncidentRead(turn, event.until);
      break;
    case 'leaderCorrected':
      if (turn.isFirst(event.actionId)) onLeaderCorrected(turn, event);
      break;
    case 'notDelivered':
      turn.record({ type: 'notDelivered', undelivered: event.undelivered, recipient: event.recipient });
      break;
    case 'arrivedLate':
      turn.record({ type: 'arrivedLate', undelivered: event.undelivered });
      break;
    case 'fileLost':
      turn.record({ type: 'fileLost', messageId: event.messageId });
      break;
    case 'called':
      onCalled(turn, event.news);
      break;
    case 'passedOn':
      onPassedOn(turn, event);
      break;
    case 'handOffMoved':
      onHandOffMoved(turn, event.news);
      break;
    case 'timePassed':
      onTimePassed(turn, event.inHours === true);
      break;
  }
  return turn;
}

function open(
  turn: Turn,
  { fileMessageIds, leader, incident, passesOn }: Extract<CaseEvent, { type: 'opened' }>,
): void {
  const { state, now } = turn;
  turn.record({ type: 'opened', desk: state.plan.desk.slug });
  if (incident) {
    joinIncident(turn, incident);
  } else if (state.institution) {
    state.stage = 'handedOff';
    state.outcome = 'handedOff';
    state.endedAt = now;
    turn.record({ type: 'handedOff', institution: state.institution.slug });
    if (passesOn) turn.issue({ type: 'passOn', institution: state.institution.slug });
    else turn.issue({ type: 'tellCitizen', news: 'handedOff' });
  } else if (leader !== undefined) {
    assign(turn, state.plan);
    follow(turn, leader);
    turn.issue({ type: 'tellCitizen', news: 'known' });
  } else {
    assign(turn, state.plan);
    turn.issue({ type: 'tellCitizen', news: 'acknowledged' });
    sendLetter(turn, 'task', 'department');
  }
  for (const messageId of fileMessageIds) turn.issue({ type: 'keepFile', messageId });
}

function act(
  turn: Turn,
  before: CaseState,
  {
    act: given,
    alarms = false,
    passesOn = false,
    guides = false,
    places = false,
  }: Extract<CaseEvent, { type: 'acted' }>,
): void {
  const refusal = refusalOf(before, given, turn.now);
  if (refusal) throw new Error(`Act ${given.action} refused: ${refusal}`);
  // An answer that somebody has acted on can no longer be undone.
  turn.state.answered = null;
  if (given.by === 'manager') managerAct(turn, given, { alarms, passesOn, guides, places });
  else departmentAct(turn, given, { passesOn, guides, places });
}

/** Applies the requested plan. A plan that was superseded by a later request is ignored. */
function onPlanned(turn: Turn, event: Extract<CaseEvent, { type: 'planned' }>): void {
  const { state } = turn;
  const { plan, after, effect, actionId } = event;
  if (effect !== undefined && effect !== state.planning) return;
  state.planning = null;
  switch (after) {
    case 'reroute':
    case 'reassign':
    case 'reopen':
    case 'takeBack':
    case 'decision':
    case 'returned':
      onTaskPlanned(turn, plan, after, actionId);
      return;
    case 'resume':
    case 'priority':
    case 'extend':
    case 'calendar':
    case 'correct':
      adopt(turn, plan, after, actionId);
      return;
    case 'programme':
      onProgrammePlanned(turn, plan);
      return;
    case 'objection':
      onDecisionPlanned(turn, plan);
  }
}

/** Re-plans for a changed calendar. A case on hold uses the new calendar when it resumes. */
function calendarChanged(turn: Turn): void {
  const { stage, planning } = turn.state;
  if (planning !== null) return;
  if (stage === 'planned') planProgramme(turn);
  else if (stage === 'objected') planDecision(turn);
  else if (isOnService(stage) && !isOnHold(stage)) replan(turn, 'calendar');
}

/** Runs every due step once, in order of time, including several that passed at once. */
function onTimePassed(turn: Turn, inHours: boolean): void {
  const { state, now } = turn;
  for (let next = nextDeadline(state); next && next.at <= now; next = nextDeadline(state)) {
    take(turn, next.due, inHours);
  }
}

function take(turn: Turn, due: Due, inHours: boolean): void {
  const { state } = turn;
  switch (due.type) {
    case 'step':
      state.steps = state.steps.filter(step => step !== due.step);
      climb(turn, due.step);
      return;
    case 'letter':
      state.waitingLetters = state.waitingLetters.slice(1);
      sendLetters(turn, due.letter.step);
      return;
    case 'alarm':
      ring(turn);
      return;
    case 'holdEnds':
      resume(turn, 'limit');
      if (inHours) state.waitEnded = { letterAt: null };
      else sendLetter(turn, 'holdEnded', 'department');
      return;
    case 'waitEnded':
      state.waitEnded = null;
      sendLetter(turn, 'holdEnded', 'department');
      return;
    case 'incidentEnds':
      readIncident(turn);
      return;
    case 'surveyReminder':
      state.surveyReminderAt = null;
      turn.record({ type: 'surveyRepeated' });
      turn.issue({
        type: 'tellCitizen',
        news: 'surveyReminder',
        ...(state.outcomeActionId !== null && { actionId: state.outcomeActionId }),
      });
      return;
    case 'lateNews':
      tellLateness(turn);
      return;
    case 'close':
      close(turn, state.feedback === null || state.feedback === 'solved' ? 'silence' : 'undecided');
      return;
  }
}

/**
 * Repeats the alarm. After enough letters to one person, it is the turn of the next in line. After enough turns it
 * slows down: letters that nobody answers for hours would bury everything else in a mailbox.
 */
function ring(turn: Turn): void {
  const { state, now } = turn;
  const { everyMs, letters, slow = null } = { everyMs: DAY_MS, letters: 1, ...termsOf(state).alarm };
  const { turn: last, sent } = state.alarm ?? { turn: 0, sent: 0 };
  const isEnough = sent >= letters;
  const [place, times] = isEnough ? [last + 1, 1] : [last, sent + 1];
  const wait = slow && place >= slow.afterTurns ? slow.everyMs : everyMs;
  state.alarm = { turn: place, sent: times, at: now + wait };
  turn.record({ type: 'alarmed', turn: place, times });
  sendLetter(turn, 'alarm', 'department', { turn: place });
}

const FIRST_BREACH = 1;

/**
 * Notifies the citizen once that a promised date has passed. A later target that is already known counts as
 * the new promise.
 */
function tellLateness(turn: Turn): void {
  const { state, now } = turn;
  const promised = state.lateNewsAt ?? now;
  promise(state);
  if ((state.lateNewsAt ?? 0) <= promised) state.lateNewsAt = null;
  turn.record({ type: 'latenessTold', promised });
  turn.issue({ type: 'tellCitizen', news: 'late' });
}

function climb(turn: Turn, step: Step): void {
  const { state, now } = turn;
  const type = step.level === 0 ? 'reminded' : step.level === FIRST_BREACH ? 'breached' : 'escalated';
  const wasReached = (state.reached[step.clock] ?? 0) >= FIRST_BREACH;
  state.reached = { ...state.reached, [step.clock]: Math.max(step.level, state.reached[step.clock] ?? 0) };
  state.slaState = runningSlaState(state);
  if (step.clock === 'plan' && step.level === FIRST_BREACH && !wasReached) {
    turn.issue({ type: 'tellCitizen', news: 'planPassed' });
  }
  if (step.clock !== 'legal' && step.clock !== 'objection' && step.level > 0) {
    state.everBreached = true;
    state.escalationLevel = Math.max(state.escalationLevel, step.level);
  }
  turn.record({ type, clock: step.clock, level: step.level, to: step.to, lateMs: now - step.at });
  if (step.letterAt !== undefined && step.letterAt > now) {
    const letters = [...state.waitingLetters, { at: step.letterAt, step }];
    state.waitingLetters = letters.sort((a, b) => a.at - b.at);
  } else {
    sendLetters(turn, step);
  }
}

function sendLetters(turn: Turn, { clock, level, to, also = [] }: Step): void {
  const letter: LetterKind = level === 0 ? 'reminder' : level === 1 ? 'breach' : 'escalation';
  for (const role of [to, ...also]) sendLetter(turn, letter, role, { rung: { clock, level } });
}
