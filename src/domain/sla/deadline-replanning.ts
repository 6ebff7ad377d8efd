import type { Overall, Plan, PlanBasis, PlanLeft, Priority, ReplanReason, Step, Target } from './sla';
import {
  byTime,
  calendarOf,
  type ClockCalendars,
  inHours,
  instantAfter,
  legalTimes,
  minutesRun,
  minutesTo,
  type PlanningRules,
  retargeted,
  withLetterTime,
} from './deadline-planning';

/**
 * Re-plans the rest of a task after a pause, a correction, a change of priority or calendar, or an extension. The
 * clocks are recalculated from their facts: start, targets and pauses. Deadlines that were met or missed do
 * not change. All times are epoch ms UTC.
 */
export function replanDeadlines(input: {
  rules: PlanningRules;
  reason: ReplanReason;
  left: PlanLeft;
  priority: Priority;
  now: number;
  receivedAt: number;
  /** The calendars of the department of the overall target. */
  overallCalendars: ClockCalendars;
}): Plan {
  const { rules, left, now } = input;
  const { plan, pauses, open } = left;
  const basis = basisOf(input);
  const overall = plan.overall && overallOf(plan.overall, input);
  const at = (step: Pick<Step, 'clock' | 'share' | 'delayMinutes'>): number => {
    if (step.clock === 'overall' && overall)
      return onOverall(overall, minutesTo(step, overall.target), input);
    const target = step.clock === 'accept' ? basis.accept : basis.resolve;
    return instantAfter(calendarOf(rules.calendars, target), basis.from, minutesTo(step, target), pauses);
  };
  const legal = legalOf(input);
  const steps = left.steps.map(step =>
    step.clock === 'legal' || (step.share === undefined && step.delayMinutes === undefined)
      ? step
      : { ...step, at: at(step) },
  );
  const target = { share: 1 };
  const resolveBy = open.includes('resolve')
    ? (left.until ?? at({ clock: 'resolve', ...target }))
    : plan.resolveBy;
  return {
    ...plan,
    acceptBy: open.includes('accept') ? at({ clock: 'accept', ...target }) : plan.acceptBy,
    resolveBy,
    lateNewsAt: inHours(rules.office, resolveBy),
    opensAt: rules.urgent ? now : inHours(rules.calendars.desk, now),
    legalBy: legal.by,
    ...(overall && { overall }),
    steps: [...steps.filter(({ clock }) => clock !== 'legal'), ...legal.steps]
      .map(step => withLetterTime(step, rules))
      .sort(byTime),
    utcOffsetMinutes: rules.calendars.desk.offsetMinutesAt(now),
    calendarVersion: rules.calendarVersion,
    basis,
  };
}

type Input = Parameters<typeof replanDeadlines>[0];

function basisOf({ rules, reason, left, priority, now, receivedAt }: Input): PlanBasis {
  const { calendars, policy } = rules;
  const { plan, pauses, open } = left;
  const before: PlanBasis = plan.basis ?? {
    policyVersion: policy.version,
    priority,
    from: receivedAt,
    accept: policy.accept,
    resolve: policy.resolve,
  };
  const changed = left.retargets === true || before.priority !== priority;
  const run = { from: before.from, now, pauses };
  const anew = (given: Target, promised: Target): Target =>
    changed ? retargeted(promised, calendars, run) : given;
  const accept = open.includes('accept') ? anew(before.accept, policy.accept) : before.accept;
  const resolve = open.includes('resolve') ? anew(before.resolve, policy.resolve) : before.resolve;
  const basis = { ...before, priority, accept, resolve, ...(changed && { policyVersion: policy.version }) };
  if (reason !== 'extend' || left.until === undefined) return basis;
  const minutes = minutesRun(calendarOf(calendars, resolve), before.from, left.until, pauses);
  return { ...basis, resolve: { ...resolve, minutes } };
}

function onOverall(
  { from, target }: Pick<Overall, 'from' | 'target'>,
  minutes: number,
  { left, overallCalendars }: Input,
): number {
  return instantAfter(calendarOf(overallCalendars, target), from, minutes, left.pauses);
}

/** The first target continues. A manager's extension and a corrected subject apply to it as well. */
function overallOf(overall: Overall, input: Input): Overall {
  const { left, overallCalendars, now, rules } = input;
  if (!left.open.includes('overall')) return overall;
  if (left.retargets) {
    const run = { from: overall.from, now, pauses: left.pauses };
    const target = retargeted(rules.policy.resolve, overallCalendars, run);
    return { ...overall, target, by: onOverall({ ...overall, target }, target.minutes, input) };
  }
  if (left.until !== undefined && left.until > overall.by) {
    const calendar = calendarOf(overallCalendars, overall.target);
    const minutes = minutesRun(calendar, overall.from, left.until, left.pauses);
    return { ...overall, target: { ...overall.target, minutes }, by: left.until };
  }
  return { ...overall, by: onOverall(overall, overall.target.minutes, input) };
}

/**
 * Deadlines in calendar days never change, and those in working days only with the calendar. A corrected subject may
 * have another legal deadline. Past deadlines stay.
 */
function legalOf({ rules, reason, left, receivedAt, now }: Input): { by: number; steps: Step[] } {
  const kept = left.steps.filter(({ clock }) => clock === 'legal');
  const { legal } = rules.policy;
  const isMoved = left.retargets === true || (legal.workingDays && reason === 'calendar');
  if (!isMoved || left.plan.legalBy <= now) return { by: left.plan.legalBy, steps: kept };
  const fresh = legalTimes(legal, rules.office, receivedAt);
  if (left.retargets && fresh.by !== left.plan.legalBy) {
    return { by: fresh.by, steps: fresh.steps.filter(({ at }) => at > now) };
  }
  const isAhead = (step: Step): boolean =>
    kept.some(({ level, to }) => level === step.level && to === step.to);
  return { by: fresh.by, steps: fresh.steps.filter(isAhead) };
}
