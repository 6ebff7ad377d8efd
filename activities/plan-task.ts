import { calendarFor } from '../src/config/calendars';
import type { Municipality } from '../src/config/municipality';
import { categoryOf, departmentOf, slaPolicyOf } from '../src/config/offices';
import { TRIAGE } from '../src/config/schemas/departments';
import type { Named, Plan } from '../src/domain/case';
import { planDeadlines } from '../src/domain/sla';
import { AppError } from '../src/errors';
import type { Activities } from './contract';
import type { Deps } from './deps';

export function planTask({ store, municipality }: Deps): Activities['planTask'] {
  return async ({ caseNumber, department, from }) => {
    const record = await store.cases.get(caseNumber);
    if (!record) throw new AppError('case-missing');
    const { category, receivedAt } = record.intake;
    return planFor(municipality, category, department, from, receivedAt.getTime());
  };
}

/** The plan of a department's task with a subject; times epoch ms UTC. */
export function planFor(
  municipality: Municipality,
  category: Named,
  department: string,
  from: number,
  receivedAt: number,
): Plan {
  const { slug, name } = departmentOf(municipality, department);
  return planDeadlines({
    policy: slaPolicyOf(municipality, categoryOf(municipality, category.slug)),
    calendar: calendarFor(municipality, department),
    calendarVersion: municipality.calendars.version,
    desk: { slug, name },
    triage: slug === TRIAGE,
    from,
    receivedAt,
  });
}
