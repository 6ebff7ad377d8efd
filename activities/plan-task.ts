import {
  aroundTheClock,
  calendarFor,
  calendarNamed,
  calendarVersionOf,
  type Closure,
} from '../src/config/calendars';
import type { Municipality } from '../src/config/municipality';
import { categoryOf, departmentOf, slaPolicyOf } from '../src/config/offices';
import type { Category } from '../src/config/schemas/categories';
import { TRIAGE } from '../src/config/schemas/departments';
import type { Plan, Priority } from '../src/domain/case';
import { planDeadlines, type PlanningRules } from '../src/domain/deadline-planning';
import { replanDeadlines } from '../src/domain/deadline-replanning';
import type { ClockCalendars } from '../src/domain/service-clock';
import { AppError } from '../src/errors';
import type { Activities } from './contract';
import type { Deps } from './deps';

export function planTask({ store, municipality }: Deps): Activities['planTask'] {
  return async ({ caseNumber, ...asked }) => {
    const [record, closures] = await Promise.all([store.cases.get(caseNumber), store.closures.all()]);
    if (!record) throw new AppError('case-missing');
    const { intake } = record;
    const category = categoryOf(municipality, intake.category.slug);
    const priority = asked.priority ?? intake.priority;
    const receivedAt = intake.receivedAt.getTime();
    const about = { municipality, closures, category, priority, department: asked.department };
    const rules = rulesFor(about);
    const overallCalendars = (department: string): ClockCalendars => clocksOf({ ...about, department });
    if ('left' in asked) {
      const { left, after: reason, from: now } = asked;
      const promisedTo = left.plan.overall?.department ?? asked.department;
      return replanDeadlines({
        rules,
        reason,
        left,
        priority,
        now,
        receivedAt,
        overallCalendars: overallCalendars(promisedTo),
      });
    }
    const { from, overall, pauses = [] } = asked;
    return planDeadlines({
      rules,
      ...deskOf(municipality, asked.department),
      priority,
      from,
      receivedAt,
      ...(overall && {
        overall: { ...overall, pauses, calendars: overallCalendars(overall.department) },
      }),
    });
  };
}

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

function deskOf(municipality: Municipality, department: string): Pick<Plan, 'desk' | 'triage'> {
  const { slug, name } = departmentOf(municipality, department);
  return { desk: { slug, name }, triage: slug === TRIAGE };
}

function rulesFor(subject: PlanningSubject): PlanningRules {
  const { municipality, closures, category, priority } = subject;
  return {
    policy: slaPolicyOf(municipality, category, priority),
    calendars: clocksOf(subject),
    office: calendarNamed(municipality, municipality.sla.officeCalendar, closures),
    urgent: category.urgent,
    calendarVersion: calendarVersionOf(municipality, closures),
  };
}

/** The clock of an urgent subject runs at all hours. */
function clocksOf({ municipality, closures, category, department }: PlanningSubject): ClockCalendars {
  const around = aroundTheClock(municipality);
  return { desk: category.urgent ? around : calendarFor(municipality, department, closures), around };
}
