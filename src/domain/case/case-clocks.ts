import type { Clock, ServiceClock, SlaState, Step, WaitingLetter } from '../sla/sla';
import { DAY_MS } from '../durations';
import { type CaseState, isEnded, isOnHold, type Stage } from './case';

/** How long a citizen can ask about an ended case, in the chat and on its page. */
const STATUS_MS = 90 * DAY_MS;

/** Whether an ended case is too old for questions at `now` (epoch ms UTC). */
export function isStatusOver({ stage, endedAt }: Pick<CaseState, 'stage' | 'endedAt'>, now: number): boolean {
  return isEnded(stage) && endedAt !== null && now >= endedAt + STATUS_MS;
}

/** What the case does automatically when a deadline passes. */
export type Due =
  | { type: 'step'; step: Step }
  | { type: 'letter'; letter: WaitingLetter }
  | { type: 'alarm' }
  | { type: 'holdEnds' }
  | { type: 'waitEnded' }
  | { type: 'incidentEnds' }
  | { type: 'lateNews' }
  | { type: 'surveyReminder' }
  | { type: 'close' };

type Timed = Pick<
  CaseState,
  | 'stage'
  | 'planning'
  | 'steps'
  | 'waitingLetters'
  | 'waitEnded'
  | 'alarm'
  | 'pauseLimitAt'
  | 'incident'
  | 'lateNewsAt'
  | 'surveyReminderAt'
  | 'closeAt'
>;

/** Whether the service clock runs. It is paused on hold and while new deadlines are being planned. */
function runs(state: Pick<CaseState, 'stage' | 'planning'>): boolean {
  return !isOnHold(state.stage) && state.planning === null;
}

/** Whether nobody has accepted the task yet. At the triage desk, the first act accepts it. */
function rings({ stage }: Pick<CaseState, 'stage'>): boolean {
  return stage === 'assigned' || stage === 'triage';
}

/** Returns the next deadline (epoch ms UTC) and its action, or null if the case only waits for people. */
export function nextDeadline(state: Timed): { at: number; due: Due } | null {
  const step = runs(state) ? state.steps[0] : state.steps.find(({ clock }) => clock === 'legal');
  const [letter] = state.waitingLetters;
  const endedAt = state.waitEnded?.letterAt ?? null;
  const waits: ({ at: number; due: Due } | null)[] = [
    step ? { at: step.at, due: { type: 'step', step } } : null,
    letter ? { at: letter.at, due: { type: 'letter', letter } } : null,
    rings(state) && state.alarm ? { at: state.alarm.at, due: { type: 'alarm' } } : null,
    state.pauseLimitAt === null ? null : { at: state.pauseLimitAt, due: { type: 'holdEnds' } },
    endedAt === null ? null : { at: endedAt, due: { type: 'waitEnded' } },
    state.incident && { at: state.incident.until, due: { type: 'incidentEnds' } },
    state.lateNewsAt === null ? null : { at: state.lateNewsAt, due: { type: 'lateNews' } },
    state.surveyReminderAt === null ? null : { at: state.surveyReminderAt, due: { type: 'surveyReminder' } },
    state.closeAt === null ? null : { at: state.closeAt, due: { type: 'close' } },
  ];
  return waits.reduce((first, wait) => (wait && (!first || wait.at < first.at) ? wait : first), null);
}

/**
 * Returns the current target (epoch ms UTC): of the department, of planned work, or of the decision on an
 * objection. Returns null if there is no target or the clock is paused.
 */
export function bindingDeadline(
  state: Pick<CaseState, 'stage' | 'plan' | 'programme' | 'objection'>,
): number | null {
  const { acceptBy, resolveBy, overall } = state.plan;
  switch (state.stage) {
    case 'received':
    case 'triage':
    case 'assigned':
      return acceptBy;
    case 'accepted':
    case 'inProgress':
    case 'scheduled':
      return Math.min(resolveBy, overall?.by ?? resolveBy);
    case 'planned':
      return state.programme?.by ?? null;
    case 'objected':
      return state.objection?.decideBy ?? null;
    case 'waitingCitizen':
    case 'waitingInstitution':
    case 'duplicate':
    case 'resolved':
    case 'closed':
    case 'rejected':
    case 'handedOff':
    case 'withdrawn':
      return null;
  }
}

/** Returns the service clocks whose targets are neither met nor missed. */
export function openClocks({ reached, acceptedAt, plan }: CaseState): ServiceClock[] {
  const isOpen = (clock: Clock): boolean => (reached[clock] ?? 0) < 1;
  const clocks: ServiceClock[] = [];
  if (acceptedAt === null && isOpen('accept')) clocks.push('accept');
  if (isOpen('resolve')) clocks.push('resolve');
  if (plan.overall && isOpen('overall')) clocks.push('overall');
  return clocks;
}

/** Whether the resolve target of the current task has been missed. */
export function isMissed({ reached }: Pick<CaseState, 'reached'>): boolean {
  return (reached.resolve ?? 0) >= 1;
}

/** Returns the SLA state of an open case. The legal clock is not part of it; it has letters of its own. */
export function runningSlaState({ stage, reached, acceptedAt }: CaseState): SlaState {
  if (isOnHold(stage)) return 'paused';
  const levels = clocksOf(stage, acceptedAt).flatMap(clock => reached[clock] ?? []);
  if (levels.some(level => level > 0)) return 'breached';
  return levels.length > 0 ? 'atRisk' : 'onTrack';
}

/** Returns the clocks that determine the SLA state in a stage. */
function clocksOf(stage: Stage, acceptedAt: number | null): Clock[] {
  if (stage === 'planned') return ['plan'];
  if (stage === 'objected') return ['objection'];
  return acceptedAt === null ? ['accept', 'resolve', 'overall'] : ['resolve', 'overall'];
}
