import { DateTime, IANAZone } from 'luxon';
import { createHash } from 'node:crypto';
import type { CaseKind } from '../domain/case/case';
import type { PlanAsked } from '../domain/case/case-events';
import { DAY_MS } from '../domain/durations';
import type { BusinessCalendar, OpenBlock } from '../domain/sla/business-calendar';
import {
  type ClockCalendars,
  decisionClock,
  legalTimes,
  type OwnClock,
  planDeadlines,
  type PlanningRules,
  planOwnClock,
  retargeted,
} from '../domain/sla/deadline-planning';
import { replanDeadlines } from '../domain/sla/deadline-replanning';
import type { Overall, Plan, Priority, Target } from '../domain/sla/sla';
import type { Municipality } from './municipality';
import { departmentOf, isAnswerOnly, slaPolicyOf } from './offices';
import type { Calendars, WeeklyCalendar } from './schemas/calendar';
import type { Category } from './schemas/categories';
import { TRIAGE } from './schemas/town';

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

/** Ramazan and Kurban Bayramı: a year with fewer feasts is not complete. Some years have three. */
const FEASTS_A_YEAR = 2;

/**
 * Returns the instant (epoch ms UTC) from which the public holidays are unknown: the end of the last year of
 * calendar.yaml before which no year lacks a feast.
 */
export function holidaysKnownUntil({ calendars: { holidays }, timeZone }: Municipality): number {
  const { firstYear, lastYear, religious } = holidays;
  const feastsOf = (year: number): number => religious.filter(({ eve }) => eve.startsWith(`${year}-`)).length;
  let year = firstYear;
  while (year <= lastYear && (religious.length === 0 || feastsOf(year) >= FEASTS_A_YEAR)) year += 1;
  return DateTime.fromObject({ year }, { zone: timeZone }).startOf('year').toMillis();
}

/** Maps a local day (days since 1970-01-01) to the minute from which the municipality is closed, by holiday or closure. */
export function closingsOf({ calendars }: Municipality, closures: readonly Closure[]): Map<number, number> {
  const closings = holidayClosings(calendars);
  for (const { date, closedFrom, calendars: named } of closures) {
    if (named) continue;
    const day = dayNumber(date);
    const from = closedFrom === null ? 0 : minuteOf(closedFrom);
    closings.set(day, Math.min(from, closings.get(day) ?? from));
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
export function clockOf(timeZone: string): (utcMs: number) => number {
  const zone = IANAZone.create(timeZone);
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
  return { name, week, exceptions, offsetMinutesAt: clockOf(municipality.timeZone) };
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
function aroundTheClock(municipality: Municipality): BusinessCalendar {
  const wholeDay = [{ from: 0, to: 1_440 }];
  return {
    name: 'around-the-clock',
    week: Array.from({ length: 7 }, () => wholeDay),
    exceptions: new Map(),
    offsetMinutesAt: clockOf(municipality.timeZone),
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

/** The case whose deadlines are planned, and the closures in force. */
export interface PlanningSubject {
  municipality: Municipality;
  closures: readonly Closure[];
  category: Category;
  kind: CaseKind;
  priority: Priority;
  /** Whether clocks run and letters are sent at any hour. Defaults to whether kind and priority make it a hazard. */
  hazard?: boolean;
  department: string;
}

/** Returns the first plan of a case. Times are epoch ms UTC. */
export function planFor(subject: PlanningSubject, receivedAt: number): Plan {
  const { municipality, department, priority } = subject;
  return planDeadlines({
    rules: rulesFor(subject),
    ...deskOf(municipality, department),
    priority,
    from: receivedAt,
    receivedAt,
  });
}

/**
 * Returns the plan that a case requested: of a new task, or of the remaining time. Times are epoch ms UTC.
 */
export function planAsked(
  about: Omit<PlanningSubject, 'department'>,
  receivedAt: number,
  asked: PlanAsked,
): Plan {
  const { department, from, priority = about.priority } = asked;
  const subject = { ...about, priority, department };
  const rules = rulesFor(subject);
  if ('left' in asked) {
    const { left, after: reason } = asked;
    const promisedTo = left.plan.overall?.department ?? department;
    const overallCalendars = clocksOf({ ...subject, department: promisedTo });
    return replanDeadlines({ rules, reason, left, priority, now: from, receivedAt, overallCalendars });
  }
  const desk = deskOf(about.municipality, department);
  if (asked.after === 'programme' || asked.after === 'objection') {
    const { by: legalBy } = legalTimes(rules.policy.legal, rules.office, receivedAt);
    return planOwnClock({ ...desk, legalBy }, rules, from, ownClock(about.municipality, rules, asked));
  }
  const { overall, pauses = [], retargets = false } = asked;
  const calendars = clocksOf({ ...subject, department: overall?.department ?? department });
  const target = (promised: Omit<Overall, 'by'>): Target =>
    retargets
      ? retargeted(rules.policy.resolve, calendars, { from: promised.from, now: from, pauses })
      : promised.target;
  return planDeadlines({
    rules,
    ...desk,
    priority,
    from,
    receivedAt,
    ...(overall && { overall: { ...overall, target: target(overall), pauses, calendars } }),
  });
}

/** Returns the plan of a separate clock: planned work or the decision on an objection. */
function ownClock(
  { sla }: Municipality,
  { office }: PlanningRules,
  asked: Extract<PlanAsked, { after: 'programme' | 'objection' }>,
): OwnClock {
  if (asked.after === 'programme') {
    const by = asked.plannedFor;
    const steps = sla.programme.steps.map(({ days, level, to }) => ({ at: by + days * DAY_MS, level, to }));
    return { clock: 'plan', by, steps };
  }
  const { deciders, remindAt, repeat } = sla.objections;
  // The decider is fixed when the case opens. If that decider is no longer configured, the last one's time applies.
  const decider = deciders.find(({ to }) => to === asked.by) ?? deciders.at(-1);
  if (!decider) throw new RangeError('The configuration has no decider of objections');
  return decisionClock(office, asked.from, decider.decideMinutes, [
    { share: remindAt, level: 0, to: [asked.by] },
    { share: 1, level: 1, to: decider.lateTo, repeat },
  ]);
}

function deskOf(municipality: Municipality, department: string): Pick<Plan, 'desk' | 'triage'> {
  const { slug, name } = departmentOf(municipality, department);
  return { desk: { slug, name }, triage: slug === TRIAGE };
}

function rulesFor(subject: PlanningSubject): PlanningRules {
  const { municipality, closures, category, kind, priority } = subject;
  return {
    policy: slaPolicyOf(municipality, category, kind, priority),
    calendars: clocksOf(subject),
    office: calendarNamed(municipality, municipality.sla.officeCalendar, closures),
    urgent: isUrgent(subject),
    calendarVersion: calendarVersionOf(municipality, closures),
  };
}

/** Whether a report is a hazard by its subject or words: P1, unless it only asks for an answer. */
export function isHazard(municipality: Municipality, kind: CaseKind, priority: Priority): boolean {
  return priority === 'p1' && !isAnswerOnly(municipality, kind);
}

function isUrgent({ municipality, kind, priority, hazard }: PlanningSubject): boolean {
  return hazard ?? isHazard(municipality, kind, priority);
}

/** Hazards use the calendar without closing times. */
function clocksOf(subject: PlanningSubject): ClockCalendars {
  const { municipality, closures, department } = subject;
  const around = aroundTheClock(municipality);
  return { desk: isUrgent(subject) ? around : calendarFor(municipality, department, closures), around };
}
