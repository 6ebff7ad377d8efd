import { DAY_MS, MINUTE_MS } from '../durations';
import { weekday } from './business-calendar';

/** A shift in minutes of the local day on which it begins. Above 1440 it ends on the next day. */
export interface Shift {
  readonly from: number;
  readonly to: number;
  /** Who is on duty, by slug: the first is alarmed first. */
  readonly line: readonly string[];
}

/** Who answers the hazards of a department outside its usual work. */
export interface DutyRoster {
  /** Seven days, Monday first. */
  readonly week: readonly (readonly Shift[])[];
  /** The shifts that begin on a public holiday. They precede those of the week. */
  readonly holidays: readonly Shift[];
  /** Changes with a date, from `from` to `to` (epoch ms UTC, half-open). They precede everything else. */
  readonly dates: readonly Shift[];
  /** The minute from which a local day (days since 1970-01-01) is a holiday. */
  readonly closings: ReadonlyMap<number, number>;
  /** Returns the UTC offset in minutes at this instant (epoch ms). */
  readonly offsetMinutesAt: (utcMs: number) => number;
}

const DAY_MINUTES = 1_440;

const covers =
  (at: number) =>
  ({ from, to }: Shift): boolean =>
    from <= at && at < to;

/** Returns who is on duty at an instant (epoch ms UTC), in order; empty if the department works as usual. */
export function onDuty(roster: DutyRoster, at: number): readonly string[] {
  const { week, holidays, dates, closings, offsetMinutesAt } = roster;
  const local = at + offsetMinutesAt(at) * MINUTE_MS;
  const today = Math.floor(local / DAY_MS);
  const minute = Math.floor((local - today * DAY_MS) / MINUTE_MS);
  const fromHoliday = (day: number): Shift[] => {
    const closedFrom = closings.get(day);
    if (closedFrom === undefined) return [];
    return holidays.map(shift => ({ ...shift, from: Math.max(shift.from, closedFrom) }));
  };
  const fromWeek = (day: number): readonly Shift[] => week[weekday(day)] ?? [];
  // A shift of yesterday may reach into today.
  const found =
    dates.find(covers(at)) ??
    fromHoliday(today).find(covers(minute)) ??
    fromHoliday(today - 1).find(covers(minute + DAY_MINUTES)) ??
    fromWeek(today).find(covers(minute)) ??
    fromWeek(today - 1).find(covers(minute + DAY_MINUTES));
  return found?.line ?? [];
}
