import type { CaseKind } from '../domain/case/case';
import type { Plan, Priority } from '../domain/sla/sla';
import { DAY_MS } from '../domain/durations';
import type { PlanAsked } from '../domain/case/case-events';
import {
  type ClockCalendars,
  decisionClock,
  legalTimes,
  type OwnClock,
  planDeadlines,
  type PlanningRules,
  planOwnClock,
} from '../domain/sla/deadline-planning';
import { replanDeadlines } from '../domain/sla/deadline-replanning';
import { aroundTheClock, calendarFor, calendarNamed, calendarVersionOf, type Closure } from './calendars';
import type { Municipality } from './municipality';
import { departmentOf, isAnswerOnly, slaPolicyOf } from './offices';
import type { Category } from './schemas/categories';
import { TRIAGE } from './schemas/town';

/** The case whose deadlines are planned, and the closures in force. */
export interface PlanningSubject {
  municipality: Municipality;
  closures: readonly Closure[];
  category: Category;
  kind: CaseKind;
  priority: Priority;
  department: string;
}

/** Returns the first plan of a case. Times are epoch ms UTC. */
export function planFor(subject: PlanningSubject, receivedAt: number): Plan {
  const { municipality, department, priority } = subject;
  return planDeadlines({
    rules: rulesFor(subject),
    ...deskOf(municipality, department),
    priority,
    from: receivedAt,
    receivedAt,
  });
}

/**
 * Returns the plan that a case requested: of a new task, or of the remaining time. Times are epoch ms UTC.
 */
export function planAsked(
  about: Omit<PlanningSubject, 'department'>,
  receivedAt: number,
  asked: PlanAsked,
): Plan {
  const { department, from, priority = about.priority } = asked;
  const subject = { ...about, priority, department };
  const rules = rulesFor(subject);
  if ('left' in asked) {
    const { left, after: reason } = asked;
    const promisedTo = left.plan.overall?.department ?? department;
    const overallCalendars = clocksOf({ ...subject, department: promisedTo });
    return replanDeadlines({ rules, reason, left, priority, now: from, receivedAt, overallCalendars });
  }
  const desk = deskOf(about.municipality, department);
  if (asked.after === 'programme' || asked.after === 'objection') {
    const { by: legalBy } = legalTimes(rules.policy.legal, rules.office, receivedAt);
    return planOwnClock({ ...desk, legalBy }, rules, from, ownClock(about.municipality, rules, asked));
  }
  const { overall, pauses = [] } = asked;
  return planDeadlines({
    rules,
    ...desk,
    priority,
    from,
    receivedAt,
    ...(overall && {
      overall: { ...overall, pauses, calendars: clocksOf({ ...subject, department: overall.department }) },
    }),
  });
}

/** Returns the plan of a separate clock: planned work or the decision on an objection. */
function ownClock(
  { sla }: Municipality,
  { office }: PlanningRules,
  asked: Extract<PlanAsked, { after: 'programme' | 'objection' }>,
): OwnClock {
  if (asked.after === 'programme') {
    const by = asked.plannedFor;
    const steps = sla.programme.steps.map(({ days, level, to }) => ({ at: by + days * DAY_MS, level, to }));
    return { clock: 'plan', by, steps };
  }
  const { deciders, remindAt, repeat } = sla.objections;
  // The decider is fixed when the case opens. A decider who is no longer configured gets the time of the last
  // one.
  const decider = deciders.find(({ to }) => to === asked.by) ?? deciders.at(-1);
  if (!decider) throw new RangeError('The configuration has nobody who decides on objections');
  return decisionClock(office, asked.from, decider.decideMinutes, [
    { share: remindAt, level: 0, to: [asked.by] },
    { share: 1, level: 1, to: decider.lateTo, repeat },
  ]);
}

function deskOf(municipality: Municipality, department: string): Pick<Plan, 'desk' | 'triage'> {
  const { slug, name } = departmentOf(municipality, department);
  return { desk: { slug, name }, triage: slug === TRIAGE };
}

function rulesFor(subject: PlanningSubject): PlanningRules {
  const { municipality, closures, category, kind, priority } = subject;
  return {
    policy: slaPolicyOf(municipality, category, kind, priority),
    calendars: clocksOf(subject),
    office: calendarNamed(municipality, municipality.sla.officeCalendar, closures),
    urgent: isUrgent(subject),
    calendarVersion: calendarVersionOf(municipality, closures),
  };
}

/** Returns whether the clock runs around the clock. Suggestions about an urgent subject are not urgent. */
export function isUrgent({ municipality, category, kind }: PlanningSubject): boolean {
  return category.urgent && !isAnswerOnly(municipality, kind);
}

/** Urgent subjects use the calendar without closing times. */
function clocksOf(subject: PlanningSubject): ClockCalendars {
  const { municipality, closures, department } = subject;
  const around = aroundTheClock(municipality);
  return { desk: isUrgent(subject) ? around : calendarFor(municipality, department, closures), around };
}
