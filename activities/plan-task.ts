import { categoryOf } from '../src/config/offices';
import { clocksOf, deskOf, rulesFor } from '../src/config/planning';
import { planDeadlines } from '../src/domain/deadline-planning';
import { replanDeadlines } from '../src/domain/deadline-replanning';
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
    if ('left' in asked) {
      const { left, after: reason, from: now } = asked;
      const promisedTo = left.plan.overall?.department ?? asked.department;
      const overallCalendars = clocksOf({ ...about, department: promisedTo });
      return replanDeadlines({
        rules,
        reason,
        left,
        priority,
        now,
        receivedAt,
        overallCalendars,
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
        overall: { ...overall, pauses, calendars: clocksOf({ ...about, department: overall.department }) },
      }),
    });
  };
}
