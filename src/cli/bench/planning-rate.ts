import { loadMunicipality } from '../../config/municipality';
import { planFor } from '../../config/planning';
import type { Category } from '../../config/schemas/categories';

const MEASURED_MS = 2_000;
const HOUR_MS = 3_600_000;
/** Moments through a whole year, holidays and nights among them. */
const FIRST = Date.UTC(2027, 0, 1);
const MOMENTS = 8_760;

/** Plans of a new case a second, in one thread: every subject in turn, at every hour of a year. */
export function planningsPerSecond(configFolder: string): number {
  const municipality = loadMunicipality(configFolder);
  const owned = municipality.categories.flatMap((category: Category) =>
    'department' in category.owner ? [{ category, department: category.owner.department }] : [],
  );
  const begin = performance.now();
  let done = 0;
  while (performance.now() - begin < MEASURED_MS) {
    for (const { category, department } of owned) {
      const { kind, priority } = category;
      planFor(
        { municipality, closures: [], category, kind, priority, department },
        FIRST + (done % MOMENTS) * HOUR_MS,
      );
      done += 1;
    }
  }
  return (done * 1_000) / (performance.now() - begin);
}
