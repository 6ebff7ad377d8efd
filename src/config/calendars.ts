import { DateTime, IANAZone } from 'luxon';
import { createHash } from 'node:crypto';
import { DAY_MS } from '../domain/durations';
import type { BusinessCalendar, OpenBlock } from '../domain/sla/business-calendar';
import type { Municipality } from './municipality';
import { departmentOf } from './offices';
import type { Calendars, WeeklyCalendar } from './schemas/calendar';

function dayNumber(date: string): number {
  return Date.parse(`${date}T00:00Z`) / DAY_MS;
}

function minuteOf(clockTime: string): number {
  return Number(clockTime.slice(0, 2)) * 60 + Number(clockTime.slice(3, 5));
}

function blockOf(hours: string): OpenBlock {
  return { from: minuteOf(hours.slice(0, 5)), to: minuteOf(hours.slice(6)) };
}

/**
 * Maps a local day to the minute from which it is closed. When two holidays fall on one day, the earlier closing
 * wins.
 */
function holidayClosings({ holidays }: Calendars): Map<number, number> {
  const closings = new Map<number, number>();
  const close = (day: number, from: number): void => {
    closings.set(day, Math.min(from, closings.get(day) ?? from));
  };
  for (let year = holidays.firstYear; year <= holidays.lastYear; year += 1) {
    for (const { day, closedFrom } of holidays.fixed) {
      close(dayNumber(`${year}-${day}`), closedFrom === undefined ? 0 : minuteOf(closedFrom));
    }
  }
  for (const { eve, eveClosedFrom, days } of holidays.religious) {
    close(dayNumber(eve), minuteOf(eveClosedFrom));
    for (let day = 1; day <= days; day += 1) close(dayNumber(eve) + day, 0);
  }
  return closings;
}

function weekOf({ week }: WeeklyCalendar): OpenBlock[][] {
  return [week.mon, week.tue, week.wed, week.thu, week.fri, week.sat, week.sun].map(day => day.map(blockOf));
}

function cutAt(blocks: readonly OpenBlock[], minute: number): OpenBlock[] {
  return blocks
    .filter(({ from }) => from < minute)
    .map(({ from, to }) => ({ from, to: Math.min(to, minute) }));
}

/**
 * Returns a function from epoch ms to the zone's UTC offset in minutes. It caches days without an offset change,
 * because each Intl call takes 20 µs.
 */
function clockOf(zone: IANAZone): (utcMs: number) => number {
  const steady = new Map<number, number>();
  return utcMs => {
    const day = Math.floor(utcMs / DAY_MS);
    const known = steady.get(day);
    if (known !== undefined) return known;
    const offset = zone.offset(utcMs);
    if (zone.offset(day * DAY_MS) === offset && zone.offset((day + 1) * DAY_MS) === offset)
      steady.set(day, offset);
    return offset;
  };
}

/** An extra closure as stored: a local date, closed from `closedFrom` ("13:00") to midnight. */
export interface Closure {
  readonly date: string;
  readonly closedFrom: string | null;
  /** Calendar names; null applies it to every calendar that observes holidays. */
  readonly calendars: readonly string[] | null;
}

function build(municipality: Municipality, name: string, closures: readonly Closure[]): BusinessCalendar {
  const calendar = municipality.calendars.calendars[name];
  if (calendar === undefined) throw new RangeError(`The configuration has no calendar "${name}"`);
  const week = weekOf(calendar);
  const exceptions = new Map<number, readonly OpenBlock[]>();
  const usual = (day: number): readonly OpenBlock[] =>
    exceptions.get(day) ?? week[(new Date(day * DAY_MS).getUTCDay() + 6) % 7] ?? [];
  if (calendar.observesHolidays) {
    for (const [day, closedFrom] of holidayClosings(municipality.calendars)) {
      exceptions.set(day, cutAt(usual(day), closedFrom));
    }
  }
  for (const { date, open } of calendar.exceptions) exceptions.set(dayNumber(date), open.map(blockOf));
  for (const { date, closedFrom, calendars } of closures) {
    if (calendars ? !calendars.includes(name) : !calendar.observesHolidays) continue;
    const day = dayNumber(date);
    exceptions.set(day, cutAt(usual(day), closedFrom === null ? 0 : minuteOf(closedFrom)));
  }
  return { name, week, exceptions, offsetMinutesAt: clockOf(IANAZone.create(municipality.timeZone)) };
}

function keyOf(closures: readonly Closure[]): string {
  return closures
    .map(({ date, closedFrom, calendars }) => `${date}/${closedFrom ?? ''}/${calendars?.join('+') ?? ''}`)
    .sort()
    .join(' ');
}

/** Returns the calendar version including the extra closures in force, such as "tr-2026-11+5f1c09ab". */
export function calendarVersionOf(municipality: Municipality, closures: readonly Closure[]): string {
  const { version } = municipality.calendars;
  if (closures.length === 0) return version;
  return `${version}+${createHash('sha256').update(keyOf(closures)).digest('hex').slice(0, 8)}`;
}

/** Cache per municipality (which is frozen) and set of closures. */
const built = new WeakMap<Municipality, Map<string, BusinessCalendar>>();
/** Each change of the closures adds a key, and old keys are not read again. This limit bounds the cache. */
const MOST_CALENDARS_KEPT = 100;

/**
 * Returns a calendar of the configuration as a value for src/domain. Precedence from low to high: weekly hours,
 * public holidays (if observed), the calendar's own exceptions, extra closures. Offsets follow the municipality's
 * time zone.
 * @throws RangeError if the calendar does not exist.
 */
export function calendarNamed(
  municipality: Municipality,
  name: string,
  closures: readonly Closure[] = [],
): BusinessCalendar {
  const known = built.get(municipality) ?? new Map<string, BusinessCalendar>();
  built.set(municipality, known);
  const key = `${name} ${keyOf(closures)}`;
  const calendar = known.get(key) ?? build(municipality, name, closures);
  if (known.size >= MOST_CALENDARS_KEPT) known.clear();
  known.set(key, calendar);
  return calendar;
}

/** Returns the calendar of a department. Throws a RangeError if the department does not exist. */
export function calendarFor(
  municipality: Municipality,
  departmentSlug: string,
  closures: readonly Closure[] = [],
): BusinessCalendar {
  return calendarNamed(municipality, departmentOf(municipality, departmentSlug).calendar, closures);
}

/** Returns a calendar that is open at every minute, in the municipality's time zone. */
export function aroundTheClock(municipality: Municipality): BusinessCalendar {
  const wholeDay = [{ from: 0, to: 1_440 }];
  return {
    name: 'around-the-clock',
    week: Array.from({ length: 7 }, () => wholeDay),
    exceptions: new Map(),
    offsetMinutesAt: clockOf(IANAZone.create(municipality.timeZone)),
  };
}

/** Returns the start (epoch ms UTC) of a local date, YYYY-MM-DD, plus `plusDays`; null for an invalid date. */
export function dayStart(timeZone: string, date: string, plusDays = 0): number | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) return null;
  const day = DateTime.fromISO(date, { zone: timeZone });
  return day.isValid ? day.plus({ days: plusDays }).startOf('day').toMillis() : null;
}

/** Returns the instant (epoch ms UTC) of a local date and time, YYYY-MM-DDTHH:MM; null if it is invalid. */
export function townMoment(timeZone: string, time: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(time)) return null;
  const moment = DateTime.fromISO(time, { zone: timeZone });
  return moment.isValid ? moment.toMillis() : null;
}

/** Returns the local date, YYYY-MM-DD, of an instant (epoch ms UTC). */
export function localDate(timeZone: string, at: number): string {
  return DateTime.fromMillis(at, { zone: timeZone }).toFormat('yyyy-LL-dd');
}
