import type { Named } from '../named';
import type {
  Clock,
  LegalPolicy,
  Overall,
  Pause,
  Plan,
  Priority,
  Role,
  Rung,
  SlaPolicy,
  Step,
  Target,
} from './sla';
import { DAY_MS } from '../durations';
import {
  addBusinessMinutes,
  addWorkingDays,
  type BusinessCalendar,
  businessMinutesBetween,
  isOpen,
  nextOpening,
} from './business-calendar';

/** The calendars of the clocks of one task. */
export interface ClockCalendars {
  /** The department's hours, or every minute for an urgent subject. */
  readonly desk: BusinessCalendar;
  /** Every minute of every day, for targets in calendar days. */
  readonly around: BusinessCalendar;
}

/** Returns the calendar of a target. */
export function calendarOf({ desk, around }: ClockCalendars, target: Target): BusinessCalendar {
  return target.around ? around : desk;
}

/**
 * Returns the instant (epoch ms) at which a clock, started at `from` and paused during `pauses`, has run for
 * `minutes` of the calendar. Throws a RangeError for a calendar that never opens.
 */
export function instantAfter(
  calendar: BusinessCalendar,
  from: number,
  minutes: number,
  pauses: readonly Pause[],
): number {
  let start = from;
  let left = minutes;
  for (const pause of pauses) {
    if (pause.to <= start) continue;
    const running = pause.from > start ? businessMinutesBetween(calendar, start, pause.from) : 0;
    if (left <= running) break;
    left -= running;
    start = pause.to;
  }
  return addBusinessMinutes(calendar, start, left);
}

/** Returns the calendar minutes for which a clock has run between `from` and `to` (epoch ms). */
export function minutesRun(
  calendar: BusinessCalendar,
  from: number,
  to: number,
  pauses: readonly Pause[],
): number {
  let run = businessMinutesBetween(calendar, from, to);
  for (const pause of pauses) {
    const start = Math.max(pause.from, from);
    const end = Math.min(pause.to, to);
    if (start < end) run -= businessMinutesBetween(calendar, start, end);
  }
  return run;
}

/**
 * The minimum that remains of a target that becomes shorter while its clock runs. Otherwise a task could be late
 * immediately.
 */
const LEAST_SHARE_LEFT = 0.25;

/** Returns a target that replaces that of a clock running since `from` (epoch ms UTC): its time so far counts. */
export function retargeted(
  promised: Target,
  calendars: ClockCalendars,
  { from, now, pauses }: { from: number; now: number; pauses: readonly Pause[] },
): Target {
  const run = minutesRun(calendarOf(calendars, promised), from, now, pauses);
  const least = promised.minutes * LEAST_SHARE_LEFT;
  return { ...promised, minutes: run + Math.max(promised.minutes - run, least) };
}

/**
 * A breach of the overall clock sends one letter to the chief. Only the department's own clocks have a
 * ladder.
 */
const overallLadder: readonly Rung[] = [{ share: 1, level: 1, to: ['chief'] }];

/** All inputs of planning except the case. */
export interface PlanningRules {
  policy: SlaPolicy;
  calendars: ClockCalendars;
  /** Office hours: letters to superiors wait for them, and they define working days. */
  office: BusinessCalendar;
  /** Whether letters are sent at any hour. */
  urgent: boolean;
  calendarVersion: string;
}

/** Returns the position of a step in clock minutes since the start. */
export function minutesTo(step: Pick<Step, 'share' | 'delayMinutes'>, target: Target): number {
  return step.share === undefined ? target.minutes + (step.delayMinutes ?? 0) : step.share * target.minutes;
}

/** Returns the step with the time at which its letters may be sent. */
export function withLetterTime(step: Step, { urgent, calendars, office }: PlanningRules): Step {
  const { letterAt: _, ...bare } = step;
  if (urgent) return bare;
  const letterAt = inHours(step.to === 'department' ? calendars.desk : office, step.at);
  return letterAt === step.at ? bare : { ...bare, letterAt };
}

/**
 * Returns the instant itself if it is in or at the end of office hours, otherwise the next opening. Deadlines
 * often fall on the end of a working day, when people are still at work.
 */
export function inHours(hours: BusinessCalendar, at: number): number {
  return isOpen(hours, at) || isOpen(hours, at - 1) ? at : nextOpening(hours, at);
}

export function byTime(a: Step, b: Step): number {
  return a.at - b.at || a.level - b.level;
}

function recipients([to, ...also]: readonly Role[]): Pick<Step, 'to' | 'also'> {
  return { to: to ?? 'department', ...(also.length > 0 && { also }) };
}

/** Returns the steps of one clock with their repetitions. */
function stepsOf(
  clock: Clock,
  ladder: readonly Rung[],
  target: Target,
  at: (minutes: number) => number,
): Step[] {
  return ladder.flatMap(({ share, delayMinutes, level, to, repeat }) => {
    const place = share === undefined ? { delayMinutes: delayMinutes ?? 0 } : { share };
    const first = minutesTo(place, target);
    const again = Array.from({ length: repeat?.times ?? 0 }, (_, turn) => ({
      delayMinutes: first - target.minutes + (turn + 1) * (repeat?.everyMinutes ?? 0),
    }));
    return [place, ...again].map(place => ({
      clock,
      level,
      ...recipients(to),
      at: at(minutesTo(place, target)),
      ...place,
    }));
  });
}

/** Returns the legal deadline from receipt, in calendar days or working days. */
export function legalTimes(
  legal: LegalPolicy,
  office: BusinessCalendar,
  receivedAt: number,
): { by: number; steps: Step[] } {
  const after = (days: number): number =>
    legal.workingDays ? addWorkingDays(office, receivedAt, days) : receivedAt + days * DAY_MS;
  return {
    by: after(legal.days),
    steps: legal.steps.map(({ day, level, to }) => ({
      clock: 'legal',
      level,
      ...recipients(to),
      at: after(day),
    })),
  };
}

/**
 * Plans a task from `from`: accept and resolve targets on the department's clock, the legal deadline from
 * `receivedAt`, and the overall target if there is one. All times are epoch ms UTC. Past steps of the legal
 * and overall clocks are left out, because a reroute must not repeat them.
 */
export function planDeadlines(input: {
  rules: PlanningRules;
  desk: Named;
  triage: boolean;
  priority: Priority;
  from: number;
  receivedAt: number;
  /** The first resolve target, with the calendars of its department. */
  overall?: Omit<Overall, 'by'> & { calendars: ClockCalendars; pauses: readonly Pause[] };
}): Plan {
  const { rules, desk, from, priority } = input;
  const { policy, calendars, office } = rules;
  const { accept, resolve } = policy;
  const on =
    (target: Target) =>
    (minutes: number): number =>
      instantAfter(calendarOf(calendars, target), from, minutes, []);
  const legal = legalTimes(policy.legal, office, input.receivedAt);
  const overall = input.overall && overallTimes(input.overall);
  const steps = [
    ...stepsOf('accept', policy.ladder, accept, on(accept)),
    ...stepsOf('resolve', policy.ladder, resolve, on(resolve)),
    ...(overall?.steps ?? []).filter(step => step.at > from),
    ...legal.steps.filter(step => step.at > from),
  ];
  const resolveBy = on(resolve)(resolve.minutes);
  return {
    desk,
    triage: input.triage,
    acceptBy: on(accept)(accept.minutes),
    resolveBy,
    legalBy: legal.by,
    lateNewsAt: inHours(office, resolveBy),
    ...(overall && { overall: overall.overall }),
    steps: steps.map(step => withLetterTime(step, rules)).sort(byTime),
    utcOffsetMinutes: calendars.desk.offsetMinutesAt(from),
    calendarVersion: rules.calendarVersion,
    basis: { policyVersion: policy.version, priority, from, accept, resolve },
  };
}

function overallTimes(given: NonNullable<Parameters<typeof planDeadlines>[0]['overall']>): {
  overall: Overall;
  steps: Step[];
} {
  const { calendars, pauses, ...known } = given;
  const { from, target } = known;
  const at = (minutes: number): number => instantAfter(calendarOf(calendars, target), from, minutes, pauses);
  return {
    overall: { ...known, by: at(target.minutes) },
    steps: stepsOf('overall', overallLadder, target, at),
  };
}

/** A clock in addition to those of the task: for planned work or an objection. */
export interface OwnClock {
  clock: 'plan' | 'objection';
  /** Its end, epoch ms UTC. */
  by: number;
  steps: readonly { readonly at: number; readonly level: number; readonly to: readonly Role[] }[];
}

/** Returns the clock for the decision on an objection, in office minutes from `from` (epoch ms UTC). */
export function decisionClock(
  office: BusinessCalendar,
  from: number,
  decideMinutes: number,
  ladder: readonly Rung[],
): OwnClock {
  const at = (minutes: number): number => addBusinessMinutes(office, from, minutes);
  const target = { minutes: decideMinutes, around: false };
  const steps = stepsOf('objection', ladder, target, at);
  return {
    clock: 'objection',
    by: at(decideMinutes),
    steps: steps.map(({ level, to, also = [], at }) => ({ level, to: [to, ...also], at })),
  };
}

/** Returns the plan of a separate clock. Past reminders are left out. */
export function planOwnClock(
  task: Pick<Plan, 'desk' | 'triage' | 'legalBy'>,
  rules: PlanningRules,
  from: number,
  { clock, by, steps }: OwnClock,
): Plan {
  return {
    ...task,
    acceptBy: by,
    resolveBy: by,
    steps: steps
      .filter(({ at, level }) => level > 0 || at > from)
      .map(({ at, level, to }) => withLetterTime({ clock, level, ...recipients(to), at }, rules))
      .sort(byTime),
    utcOffsetMinutes: rules.calendars.desk.offsetMinutesAt(from),
    calendarVersion: rules.calendarVersion,
  };
}
