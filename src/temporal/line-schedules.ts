import type { Municipality } from '../config/municipality';
import { digestSchedules } from './digest-schedules';
import { reconcileSchedules, weeklyLetterSchedules } from './manager-schedules';
import type { LineSchedule } from './schedules';

/** One maker for each kind of work; none of its schedules when the municipality has no use for it. */
const makers: readonly ((municipality: Municipality) => readonly LineSchedule[])[] = [
  digestSchedules,
  weeklyLetterSchedules,
  reconcileSchedules,
];

/** Everything that the line does by the clock. */
export function lineSchedules(municipality: Municipality): LineSchedule[] {
  return makers.flatMap(make => make(municipality));
}
