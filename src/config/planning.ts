import type { CaseKind, Plan, Priority } from '../domain/case/case';
import type { PlanAsked } from '../domain/case/case-events';
import { type ClockCalendars, planDeadlines, type PlanningRules } from '../domain/sla/deadline-planning';
import { replanDeadlines } from '../domain/sla/deadline-replanning';
import { aroundTheClock, calendarFor, calendarNamed, calendarVersionOf, type Closure } from './calendars';
import type { Municipality } from './municipality';
import { departmentOf, isAnswerOnly, slaPolicyOf } from './offices';
import type { Category } from './schemas/categories';
import { TRIAGE } from './schemas/town';

/** Whose deadlines are planned, and what stands in the way of them. */
export interface PlanningSubject {
  municipality: Municipality;
  closures: readonly Closure[];
  category: Category;
  kind: CaseKind;
  priority: Priority;
  department: string;
}

/** The first plan of a case; times epoch ms UTC. */
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

/** The plan that a case asks for: a task from the start, or what is left of it; times epoch ms UTC. */
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
  const { overall, pauses = [] } = asked;
  return planDeadlines({
    rules,
    ...deskOf(about.municipality, department),
    priority,
    from,
    receivedAt,
    ...(overall && {
      overall: { ...overall, pauses, calendars: clocksOf({ ...subject, department: overall.department }) },
    }),
  });
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

/** Whether the clock runs at all hours; what somebody suggests about an urgent subject can wait. */
export function isUrgent({ municipality, category, kind }: PlanningSubject): boolean {
  return category.urgent && !isAnswerOnly(municipality, kind);
}

/** The clock of an urgent subject runs at all hours. */
function clocksOf(subject: PlanningSubject): ClockCalendars {
  const { municipality, closures, department } = subject;
  const around = aroundTheClock(municipality);
  return { desk: isUrgent(subject) ? around : calendarFor(municipality, department, closures), around };
}
