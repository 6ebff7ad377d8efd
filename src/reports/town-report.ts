import { calendarFor, type Closure } from '../config/calendars';
import type { Municipality } from '../config/municipality';
import type { CaseStory } from './case-story';
import type { Period } from './figures';
import { reportOf, type Report } from './report';

/** The report of a period for all departments of the municipality, by their own calendars with the extra closures. */
export function townReport(
  { municipality, closures }: { municipality: Municipality; closures: readonly Closure[] },
  period: Period,
  stories: readonly CaseStory[],
): Report {
  return reportOf({
    stories,
    period,
    departments: Object.values(municipality.departments),
    fewest: municipality.managers.fewestToRank,
    calendarOf: slug => calendarFor(municipality, slug, closures),
  });
}
