import { isOnHold, type Outcome } from './case';
import type { CitizenNews } from './case-events';
import type { CloseReason } from './case-facts';
import { endHold } from './holds';
import { termsOf } from './terms';
import type { Turn } from './turn';

/** How a department's work ends; what is withdrawn or joined to another case ends otherwise. */
type WorkOutcome = Exclude<Outcome, 'withdrawn' | 'duplicate'>;

const newsOf: Readonly<Record<WorkOutcome, CitizenNews>> = {
  resolved: 'resolved',
  partlyResolved: 'partlyResolved',
  planned: 'planned',
  rejected: 'rejected',
  handedOff: 'passedOn',
};

/**
 * Stops both clocks: the citizen has an answer, which also meets the legal duty (Law 3071, article 7). While the
 * service clock `stood`, its deadlines could not pass.
 */
function leaveDesk(turn: Turn, stood: boolean): void {
  const { state, now } = turn;
  stopClocks(turn);
  state.resolvedAt = now;
  state.slaState = state.everBreached || (!stood && now > state.plan.resolveBy) ? 'missed' : 'met';
}

/** Nothing more comes by itself, and a plan that is still on its way is void. */
export function stopClocks(turn: Turn): void {
  const { state } = turn;
  state.steps = [];
  state.waitingLetters = [];
  state.planning = null;
  state.plannedFor = null;
}

/** Ends the department's work with an outcome: the citizen is told and, where something was to be mended, asked. */
export function end(turn: Turn, outcome: WorkOutcome, actionId: string | null, stood: boolean): void {
  const { state, now } = turn;
  leaveDesk(turn, stood);
  state.outcome = outcome;
  state.outcomeActionId = actionId;
  switch (outcome) {
    case 'resolved':
    case 'partlyResolved':
    case 'planned': {
      const { answerEnds, surveyReminderAfterMs } = termsOf(state);
      if (answerEnds) {
        close(turn, 'answered');
        break;
      }
      state.stage = 'resolved';
      state.closeAt = now + state.closeAfterMs;
      state.surveyReminderAt = surveyReminderAfterMs === null ? null : now + surveyReminderAfterMs;
      break;
    }
    case 'rejected':
    case 'handedOff':
      state.stage = outcome;
      state.endedAt = now;
      break;
  }
  const news = state.stage === 'closed' ? 'answered' : newsOf[outcome];
  turn.issue({ type: 'tellCitizen', news, ...(actionId !== null && { actionId }) });
  tellMembers(turn, outcome, actionId);
}

/**
 * Ends the pause, if there is one, because the case moves on without coming back to the desk's clock. Returns whether
 * the clock stood.
 */
export function leaveHold(turn: Turn, actionId: string): boolean {
  const { stage, planning } = turn.state;
  if (!isOnHold(stage)) return planning !== null;
  endHold(turn, 'department', actionId);
  return true;
}

export function close(turn: Turn, reason: CloseReason): void {
  const { state, now } = turn;
  state.stage = 'closed';
  state.closeAt = null;
  state.surveyReminderAt = null;
  state.endedAt = now;
  turn.record({ type: 'closed', reason });
}

/** One resolution answers every case of a cluster, each in its own workflow. */
export function tellMembers(turn: Turn, outcome: Outcome, actionId: string | null): void {
  const { state } = turn;
  for (const caseNumber of state.members) {
    turn.issue({ type: 'tellCase', caseNumber, news: { type: 'leaderEnded', outcome, actionId } });
  }
  state.members = [];
}
