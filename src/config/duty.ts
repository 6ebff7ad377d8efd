import { type DutyRoster, onDuty, type Shift } from '../domain/sla/duty';
import type { Role } from '../domain/sla/sla';
import { type Closure, closingsOf, clockOf, townMoment } from './calendars';
import type { Municipality } from './municipality';
import { departmentOf } from './offices';

const DAY_MINUTES = 1_440;
const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

function minuteOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
}

/** An end that is not after the start is on the next day. */
function shiftOf({ hours, line }: { hours: string; line: readonly string[] }): Shift {
  const [from, to] = [minuteOf(hours.slice(0, 5)), minuteOf(hours.slice(6))];
  return { from, to: to > from ? to : to + DAY_MINUTES, line };
}

function rosterOf(municipality: Municipality, department: string, closures: readonly Closure[]): DutyRoster {
  const { duty, timeZone } = municipality;
  const { week = [], holidays = [], dates = [] } = duty.rosters[duty.departments[department] ?? ''] ?? {};
  const instant = (local: string): number => townMoment(timeZone, local) ?? 0;
  return {
    week: weekdays.map(day => week.filter(({ days }) => days.includes(day)).map(shiftOf)),
    holidays: holidays.map(shiftOf),
    dates: dates.map(({ from, to, line }) => ({ from: instant(from), to: instant(to), line })),
    closings: closingsOf(municipality, closures),
    offsetMinutesAt: clockOf(timeZone),
  };
}

/** Somebody who is alarmed, with the role of their task link. */
export interface OnDuty {
  readonly role: Role;
  readonly name: string;
  readonly address: string;
}

/**
 * Returns the people on duty for a department at an instant (epoch ms UTC), in the order of the roster; empty if
 * the department works as usual then.
 */
export function peopleOnDuty(
  municipality: Municipality,
  department: string,
  closures: readonly Closure[],
  at: number,
): OnDuty[] {
  return onDuty(rosterOf(municipality, department, closures), at).flatMap(slug => {
    const person = municipality.duty.people[slug];
    return person ? [{ role: 'department' as const, ...person }] : [];
  });
}

/** Returns everybody whom a hazard alarms in turn: the people on duty or the department, then its superiors. */
export function alarmLine(
  municipality: Municipality,
  department: string,
  closures: readonly Closure[],
  at: number,
): [OnDuty, ...OnDuty[]] {
  const { mail, chief, deputyMayor } = departmentOf(municipality, department);
  const [first, ...others] = peopleOnDuty(municipality, department, closures, at);
  return [
    first ?? { role: 'department', ...mail },
    ...others,
    { role: 'chief', ...chief },
    { role: 'deputyMayor', ...deputyMayor },
  ];
}
