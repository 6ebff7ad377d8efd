import { addBusinessMinutes, type BusinessCalendar } from './business-calendar';
import type { CaseState, Named, Plan, Role, SlaState, Step } from './case';

const DAY_MS = 86_400_000;

/** The targets and the ladder that bind one case, from the configuration. */
export interface SlaPolicy {
  acceptMinutes: number;
  resolveMinutes: number;
  /** Shares of a target at which somebody is told: 0.75 is a reminder, 1 the breach. Levels rise with the share. */
  ladder: readonly { share: number; level: number; to: Role }[];
  legal: {
    /** Calendar days until an answer is due (Law 3071, article 7). */
    days: number;
    steps: readonly { day: number; level: number; to: Role }[];
  };
}

/**
 * Plans one task: accept and resolve in the department's business time from `from`, the legal answer in calendar
 * days from `receivedAt`. All times epoch ms UTC. Steps of the legal clock that are already past are left out: a
 * reroute must not repeat them.
 */
export function planDeadlines(input: {
  policy: SlaPolicy;
  calendar: BusinessCalendar;
  calendarVersion: string;
  desk: Named;
  triage: boolean;
  from: number;
  receivedAt: number;
}): Plan {
  const { policy, calendar, desk, from, receivedAt } = input;
  const after = (minutes: number): number => addBusinessMinutes(calendar, from, minutes);
  const rungs = (clock: 'accept' | 'resolve', minutes: number): Step[] =>
    policy.ladder.map(({ share, level, to }) => ({ clock, level, to, at: after(minutes * share) }));
  const legal = policy.legal.steps
    .map(({ day, level, to }): Step => ({ clock: 'legal', level, to, at: receivedAt + day * DAY_MS }))
    .filter(step => step.at > from);
  return {
    desk,
    triage: input.triage,
    acceptBy: after(policy.acceptMinutes),
    resolveBy: after(policy.resolveMinutes),
    legalBy: receivedAt + policy.legal.days * DAY_MS,
    steps: [
      ...rungs('accept', policy.acceptMinutes),
      ...rungs('resolve', policy.resolveMinutes),
      ...legal,
    ].sort((a, b) => a.at - b.at),
    utcOffsetMinutes: calendar.offsetMinutesAt(from),
    calendarVersion: input.calendarVersion,
  };
}

/** The next moment at which the case has to act by itself, epoch ms UTC; null when it only waits for people. */
export function nextDeadline(
  state: Pick<CaseState, 'steps' | 'closeAt'>,
): { at: number; step: Step | null } | null {
  const [step] = state.steps;
  if (step) return { at: step.at, step };
  return state.closeAt === null ? null : { at: state.closeAt, step: null };
}

/** The target the department works towards now, epoch ms UTC; null when none binds. */
export function bindingDeadline(state: Pick<CaseState, 'stage' | 'plan'>): number | null {
  switch (state.stage) {
    case 'received':
    case 'triage':
    case 'assigned':
      return state.plan.acceptBy;
    case 'accepted':
      return state.plan.resolveBy;
    case 'resolved':
    case 'closed':
    case 'rejected':
    case 'handedOff':
      return null;
  }
}

/** How the service clock stands after a step of the ladder was reached. The legal clock has its own letters. */
export function slaStateAfter(step: Step, before: SlaState): SlaState {
  if (step.clock === 'legal') return before;
  return step.level === 0 ? (before === 'onTrack' ? 'atRisk' : before) : 'breached';
}
