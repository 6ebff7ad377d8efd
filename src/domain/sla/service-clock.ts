import { addBusinessMinutes, businessMinutesBetween, type BusinessCalendar } from './business-calendar';
import type { Pause, Target } from '../case/case';

/** The calendars on which the clocks of one task run. */
export interface ClockCalendars {
  /** The department's own hours; for an urgent subject every minute. */
  readonly desk: BusinessCalendar;
  /** Every minute of every day, for targets in calendar days. */
  readonly around: BusinessCalendar;
}

/** The calendar by which a target is counted. */
export function calendarOf({ desk, around }: ClockCalendars, target: Target): BusinessCalendar {
  return target.around ? around : desk;
}

/**
 * The first instant (epoch ms) by which a clock that began at `from` and stood during the pauses has run for
 * `minutes` of the calendar. Throws a RangeError for a calendar that never opens.
 */
export function instantAfter(
  calendar: BusinessCalendar,
  from: number,
  minutes: number,
  pauses: readonly Pause[],
): number {
  let start = from;
  let left = minutes;
  for (const pause of pauses) {
    if (pause.to <= start) continue;
    const running = pause.from > start ? businessMinutesBetween(calendar, start, pause.from) : 0;
    if (left <= running) break;
    left -= running;
    start = pause.to;
  }
  return addBusinessMinutes(calendar, start, left);
}

/** The minutes of the calendar for which a clock has run between `from` and `to`, epoch ms. */
export function minutesRun(
  calendar: BusinessCalendar,
  from: number,
  to: number,
  pauses: readonly Pause[],
): number {
  let run = businessMinutesBetween(calendar, from, to);
  for (const pause of pauses) {
    const start = Math.max(pause.from, from);
    const end = Math.min(pause.to, to);
    if (start < end) run -= businessMinutesBetween(calendar, start, end);
  }
  return run;
}
