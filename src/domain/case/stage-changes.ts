import { runningSlaState } from './case-clocks';
import { type HoldStage, isOnHold, type Outcome, termsOf } from './case';
import type { Named } from '../named';
import type { CitizenNews, CloseReason, ResumeReason } from './case-events';
import { replan, startAlarm, type Turn } from './turn';

/**
 * Pauses the service clock. Moving from one hold to another continues the pause. The legal clock keeps
 * running.
 */
export function hold(
  turn: Turn,
  stage: HoldStage,
  given: { until: number | null; institution?: Named; actionId?: string },
): void {
  const { state, now } = turn;
  const { until, institution, actionId } = given;
  state.stageBefore ??= state.stage;
  state.pausedSince ??= now;
  state.pauseLimitAt = until;
  state.waitingFor = institution ?? null;
  state.stage = stage;
  state.slaState = 'paused';
  state.waitEnded = null;
  state.waitingLetters = state.waitingLetters.filter(({ step }) => step.clock === 'legal');
  turn.record({
    type: 'paused',
    stage,
    until,
    desk: state.plan.desk.slug,
    ...(institution && { institution: institution.slug }),
    ...(actionId !== undefined && { actionId }),
  });
}

/** Ends the pause, records it, and restores the stage before it. */
export function endHold(turn: Turn, reason: ResumeReason, actionId?: string): void {
  const { state, now } = turn;
  const from = state.pausedSince ?? now;
  state.stage = state.stageBefore ?? 'assigned';
  state.pauses = [...state.pauses, { from, to: now }];
  state.pausedSince = null;
  state.pauseLimitAt = null;
  state.stageBefore = null;
  state.waitingFor = null;
  turn.record({
    type: 'resumed',
    reason,
    pausedMs: now - from,
    desk: state.plan.desk.slug,
    ...(actionId !== undefined && { actionId }),
  });
}

/** Resumes the service clock with its remaining time. */
export function resume(turn: Turn, reason: ResumeReason, actionId?: string): void {
  endHold(turn, reason, actionId);
  startAlarm(turn);
  turn.state.slaState = runningSlaState(turn.state);
  replan(turn, 'resume');
}

/** Outcomes of a department's work. `withdrawn` and `duplicate` have their own paths. */
type WorkOutcome = Exclude<Outcome, 'withdrawn' | 'duplicate'>;

const newsOf: Readonly<Record<WorkOutcome, CitizenNews>> = {
  resolved: 'resolved',
  partlyResolved: 'partlyResolved',
  planned: 'planned',
  rejected: 'rejected',
  handedOff: 'passedOn',
};

/**
 * Stops both clocks: the citizen has an answer, which also meets the legal duty (Law 3071, article 7). If the
 * service clock was paused (`stood`), its deadlines could not pass.
 */
function leaveDesk(turn: Turn, stood: boolean): void {
  const { state, now } = turn;
  stopClocks(turn);
  // The outcome replaces the news of its end.
  state.incident = null;
  state.resolvedAt = now;
  state.slaState = state.everBreached || (!stood && now > state.plan.resolveBy) ? 'missed' : 'met';
}

/** Cancels all deadlines and ignores a plan that has been requested. */
export function stopClocks(turn: Turn): void {
  const { state } = turn;
  state.steps = [];
  state.waitingLetters = [];
  state.waitEnded = null;
  state.planning = null;
  state.plannedFor = null;
  state.lateNewsAt = null;
}

/**
 * Ends the department's work with an outcome. The citizen is notified, and asked for feedback where something
 * had to be fixed. With an `institution`, the matter is passed on to it first, see `onPassedOn`.
 */
export function end(
  turn: Turn,
  outcome: WorkOutcome,
  actionId: string | null,
  stood: boolean,
  institution?: string,
): void {
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
  if (institution !== undefined) {
    turn.issue({ type: 'passOn', institution });
    return;
  }
  const news = state.stage === 'closed' ? 'answered' : newsOf[outcome];
  turn.issue({ type: 'tellCitizen', news, ...(actionId !== null && { actionId }) });
  tellMembers(turn, outcome, actionId);
}

/**
 * Ends a pause when the case moves on without returning to the desk's clock. Returns whether the clock was
 * paused.
 */
export function leaveHold(turn: Turn, actionId: string): boolean {
  const { stage, planning } = turn.state;
  if (stage === 'planned') {
    turn.state.programme = null;
    return true;
  }
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

/** Announces the outcome to every case of the cluster. Each applies it in its own workflow. */
export function tellMembers(turn: Turn, outcome: Outcome, actionId: string | null): void {
  const { state } = turn;
  for (const caseNumber of state.members) {
    turn.issue({ type: 'tellCase', caseNumber, news: { type: 'leaderEnded', outcome, actionId } });
  }
  state.members = [];
}

/** Reopens the case as if it had not been resolved. Breaches are kept. */
export function bringBack(turn: Turn): void {
  clearOutcome(turn);
  turn.state.reopenCount += 1;
}

/** Removes the outcome, so that the case can be planned anew. An open hand-off ends. */
export function clearOutcome(turn: Turn): void {
  const { state } = turn;
  recall(turn);
  state.outcome = null;
  state.outcomeActionId = null;
  state.resolvedAt = null;
  state.endedAt = null;
  state.closeAt = null;
  state.surveyReminderAt = null;
  state.institution = null;
  state.programme = null;
  state.objection = null;
  state.outcomeIsFinal = false;
  state.pauses = [];
}

/** Ends the hand-off if it is still open: the institution need not act any more. */
export function recall(turn: Turn): void {
  const { state, now } = turn;
  if (state.handOff === null || state.handOff.awaits === null) return;
  const { members, ...before } = state.handOff;
  const news = { ...before, at: Math.max(now, before.at + 1), step: 'recalled', awaits: null } as const;
  state.handOff = { ...news, members };
  turn.record({ type: 'handOff', ...withoutTime(news) });
  turn.issue({ type: 'recall', number: news.number });
}

function withoutTime<T extends { at: number }>({ at: _, ...rest }: T): Omit<T, 'at'> {
  return rest;
}
