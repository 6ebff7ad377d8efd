import type { Municipality } from '../config/municipality';
import type { LineSchedule } from './schedules';

/** One maker for each schedule; null when the municipality has no use for it. */
const makers: readonly ((municipality: Municipality) => LineSchedule | null)[] = [];

/** Everything that the line does by the clock. */
export function lineSchedules(municipality: Municipality): LineSchedule[] {
  return makers.flatMap(make => make(municipality) ?? []);
}
