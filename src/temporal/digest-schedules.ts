import type { CalendarSpec } from '@temporalio/client';
import { calendarFor } from '../config/calendars';
import type { Municipality } from '../config/municipality';
import type { LineSchedule } from './schedules';

const weekdays = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'] as const;

/** A list of yesterday helps nobody. */
const CATCH_UP_MS = 3 * 3_600_000;

function minuteOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
}

/** When the digest of a department goes out: on each working day at its opening, but not before `digest.earliest`. */
function digestTimes(municipality: Municipality, department: string): CalendarSpec[] {
  const earliest = minuteOf(municipality.digest.earliest);
  return calendarFor(municipality, department).week.flatMap((blocks, day): CalendarSpec[] => {
    const open = blocks.find(({ to }) => to > earliest);
    const dayOfWeek = weekdays[day];
    if (!open || !dayOfWeek) return [];
    const minute = Math.max(open.from, earliest);
    return [{ dayOfWeek, hour: Math.floor(minute / 60), minute: minute % 60 }];
  });
}

/** The daily list of open tasks, one schedule for each department; on a holiday its run sends nothing. */
export function digestSchedules(municipality: Municipality): LineSchedule[] {
  return Object.values(municipality.departments).flatMap(({ slug, name }): LineSchedule[] => {
    const at = digestTimes(municipality, slug);
    if (at.length === 0) return [];
    return [
      {
        id: `digest-${slug}`,
        workflow: 'departmentDigest',
        input: { department: slug },
        at,
        timeZone: municipality.timeZone,
        catchUpMs: CATCH_UP_MS,
        summary: `Günlük görev listesi · ${name}`,
      },
    ];
  });
}
