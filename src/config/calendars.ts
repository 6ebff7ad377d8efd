import { DateTime, IANAZone } from 'luxon';
import { createHash } from 'node:crypto';
import type { BusinessCalendar, OpenBlock } from '../domain/sla/business-calendar';
import type { Municipality } from './municipality';
import { departmentOf } from './offices';
import type { Calendars, WeeklyCalendar } from './schemas/calendar';

const DAY_MS = 86_400_000;

function dayNumber(date: string): number {
  return Date.parse(`${date}T00:00Z`) / DAY_MS;
}

function minuteOf(clockTime: string): number {
  return Number(clockTime.slice(0, 2)) * 60 + Number(clockTime.slice(3, 5));
}

function blockOf(hours: string): OpenBlock {
  return { from: minuteOf(hours.slice(0, 5)), to: minuteOf(hours.slice(6)) };
}

/** Local day → minute from which it is closed; where holidays meet on one day the earlier closing holds. */
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

/** The clock of a zone; days without a change of it are remembered, since asking Intl takes 20 µs. */
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

/** An extra closure, as the records keep it; the date is local, and from `closedFrom` on it is closed ("13:00"). */
export interface Closure {
  readonly date: string;
  readonly closedFrom: string | null;
  /** Names of calendars; null for all that observe holidays. */
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

/** The version of the calendars with the extra closures that are in force, "tr-2026-11+5f1c09ab". */
export function calendarVersionOf(municipality: Municipality, closures: readonly Closure[]): string {
  const { version } = municipality.calendars;
  if (closures.length === 0) return version;
  return `${version}+${createHash('sha256').update(keyOf(closures)).digest('hex').slice(0, 8)}`;
}

/** Built once for each loaded municipality, which is frozen, and set of closures. */
const built = new WeakMap<Municipality, Map<string, BusinessCalendar>>();
/** Each change of the closures makes another set; those of before are of no use any more. */
const MOST_CALENDARS_KEPT = 100;

/**
 * A working calendar of the configuration as a value for src/domain: its weekly grid, public holidays cut out where
 * it observes them, its own exceptions over both, extra closures over all, and the clock of the municipality's
 * zone. Throws a RangeError for a calendar that does not exist.
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

/** The working calendar of a department. Throws a RangeError for a department that does not exist. */
export function calendarFor(
  municipality: Municipality,
  departmentSlug: string,
  closures: readonly Closure[] = [],
): BusinessCalendar {
  return calendarNamed(municipality, departmentOf(municipality, departmentSlug).calendar, closures);
}

/** Open every minute of every day, on the town's clock. */
export function aroundTheClock(municipality: Municipality): BusinessCalendar {
  const wholeDay = [{ from: 0, to: 1_440 }];
  return {
    name: 'around-the-clock',
    week: Array.from({ length: 7 }, () => wholeDay),
    exceptions: new Map(),
    offsetMinutesAt: clockOf(IANAZone.create(municipality.timeZone)),
  };
}

/** The first moment (epoch ms UTC) of a local date, YYYY-MM-DD, moved by so many days; null when it is no date. */
export function dayStart(timeZone: string, date: string, plusDays = 0): number | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) return null;
  const day = DateTime.fromISO(date, { zone: timeZone });
  return day.isValid ? day.plus({ days: plusDays }).startOf('day').toMillis() : null;
}

/** The moment (epoch ms UTC) of a local date and time, YYYY-MM-DDTHH:MM; null when it is none. */
export function townMoment(timeZone: string, time: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(time)) return null;
  const moment = DateTime.fromISO(time, { zone: timeZone });
  return moment.isValid ? moment.toMillis() : null;
}

/** The local date of a moment (epoch ms UTC), YYYY-MM-DD. */
export function townDay(timeZone: string, at: number): string {
  return DateTime.fromMillis(at, { zone: timeZone }).toFormat('yyyy-LL-dd');
}
