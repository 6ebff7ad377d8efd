import type { Plan, Priority } from '../domain/case';
import { planDeadlines, type PlanningRules } from '../domain/deadline-planning';
import type { ClockCalendars } from '../domain/service-clock';
import { aroundTheClock, calendarFor, calendarNamed, calendarVersionOf, type Closure } from './calendars';
import type { Municipality } from './municipality';
import { departmentOf, slaPolicyOf } from './offices';
import type { Category } from './schemas/categories';
import { TRIAGE } from './schemas/departments';

/** Whose deadlines are planned, and what stands in the way of them. */
export interface PlanningSubject {
  municipality: Municipality;
  closures: readonly Closure[];
  category: Category;
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

/** The desk of a plan. Throws a RangeError for a department that does not exist. */
export function deskOf(municipality: Municipality, department: string): Pick<Plan, 'desk' | 'triage'> {
  const { slug, name } = departmentOf(municipality, department);
  return { desk: { slug, name }, triage: slug === TRIAGE };
}

/** Everything that a department's deadlines are made from, at a priority of a subject. */
export function rulesFor(subject: PlanningSubject): PlanningRules {
  const { municipality, closures, category, priority } = subject;
  return {
    policy: slaPolicyOf(municipality, category, priority),
    calendars: clocksOf(subject),
    office: calendarNamed(municipality, municipality.sla.officeCalendar, closures),
    urgent: category.urgent,
    calendarVersion: calendarVersionOf(municipality, closures),
  };
}

/** The calendars of a department's clocks; the clock of an urgent subject runs at all hours. */
export function clocksOf({ municipality, closures, category, department }: PlanningSubject): ClockCalendars {
  const around = aroundTheClock(municipality);
  return { desk: category.urgent ? around : calendarFor(municipality, department, closures), around };
}
