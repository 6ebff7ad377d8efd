import { categoryOf } from '../src/config/offices';
import { planAsked } from '../src/config/planning';
import { AppError } from '../src/errors';
import type { Activities } from '../workflows/contract';
import type { Deps } from './deps';

export function recordCase({ store }: Deps): Activities['recordCase'] {
  return ({ progress, facts }) => store.cases.write(progress, facts);
}

export function planTask({ store, municipality }: Deps): Activities['planTask'] {
  return async ({ caseNumber, ...asked }) => {
    const [record, closures] = await Promise.all([store.cases.get(caseNumber), store.closures.all()]);
    if (!record) throw new AppError('case-missing');
    const { category, kind, priority, receivedAt } = record.intake;
    const about = {
      municipality,
      closures,
      category: categoryOf(municipality, category.slug),
      kind,
      priority,
    };
    return planAsked(about, receivedAt.getTime(), asked);
  };
}

export function markHandled({ store, now }: Deps): Activities['noteMessages'] {
  return ({ messageIds }) => store.messages.handled(messageIds, now(), null);
}
