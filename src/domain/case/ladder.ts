import type { Step } from './case';
import type { LetterKind } from './case-events';
import { sendLetter } from './desk-turns';
import { close } from './endings';
import { resume } from './holds';
import { nextDeadline, runningSlaState, type Due } from '../sla/sla';
import type { Turn } from './turn';

/** Takes everything that is due, each once and in order of time, also when time has passed several unseen. */
export function onTimePassed(turn: Turn): void {
  const { state, now } = turn;
  for (let next = nextDeadline(state); next && next.at <= now; next = nextDeadline(state)) {
    take(turn, next.due);
  }
}

function take(turn: Turn, due: Due): void {
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
    case 'holdEnds':
      resume(turn, 'limit');
      sendLetter(turn, 'holdEnded', 'department');
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
    case 'close':
      close(turn, state.feedback === null || state.feedback === 'solved' ? 'silence' : 'undecided');
      return;
  }
}

function climb(turn: Turn, step: Step): void {
  const { state, now } = turn;
  const type = step.level === 0 ? 'reminded' : step.level === 1 ? 'breached' : 'escalated';
  state.reached = { ...state.reached, [step.clock]: Math.max(step.level, state.reached[step.clock] ?? 0) };
  state.slaState = runningSlaState(state);
  if (step.clock !== 'legal' && step.level > 0) {
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
