import { DAY_MS, MINUTE_MS } from '../durations';

/** Minutes of the local day, half-open: 08:30–12:00 is [510, 720). The end of the day is 1440. */
export interface OpenBlock {
  readonly from: number;
  readonly to: number;
}

/** A named business calendar: weekly hours, and dates with different hours. */
export interface BusinessCalendar {
  readonly name: string;
  /** Seven days, Monday first. Blocks are ordered and do not overlap. */
  readonly week: readonly (readonly OpenBlock[])[];
  /** Keyed by local date as days since 1970-01-01. An empty list is a closed day. */
  readonly exceptions: ReadonlyMap<number, readonly OpenBlock[]>;
  /** Returns the UTC offset in minutes at this instant (epoch ms). */
  readonly offsetMinutesAt: (utcMs: number) => number;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** Longer than any real closure. A calendar without an open minute in this time never opens. */
const LONGEST_CLOSURE_DAYS = 800;

/** Returns the day of the week of a local day (days since 1970-01-01), Monday = 0. */
export function weekday(localDay: number): number {
  return (((localDay + 3) % 7) + 7) % 7;
}

function localDayAt(calendar: BusinessCalendar, utcMs: number): number {
  return Math.floor((utcMs + calendar.offsetMinutesAt(utcMs) * MINUTE_MS) / DAY_MS);
}

/**
 * Converts local time to UTC. A skipped time becomes the instant of the clock change; an ambiguous time becomes the
 * earlier instant.
 */
function toUtc(calendar: BusinessCalendar, localMs: number): number {
  const before = calendar.offsetMinutesAt(localMs - DAY_MS) * MINUTE_MS;
  const after = calendar.offsetMinutesAt(localMs + DAY_MS) * MINUTE_MS;
  if (before === after) return localMs - before;
  const early = localMs - Math.max(before, after);
  const late = localMs - Math.min(before, after);
  if (early + calendar.offsetMinutesAt(early) * MINUTE_MS === localMs) return early;
  if (late + calendar.offsetMinutesAt(late) * MINUTE_MS === localMs) return late;
  return changeBetween(calendar, early, late);
}

function changeBetween(calendar: BusinessCalendar, start: number, end: number): number {
  let low = start;
  let high = end;
  const offset = calendar.offsetMinutesAt(start);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (calendar.offsetMinutesAt(middle) === offset) low = middle;
    else high = middle;
  }
  return high;
}

/** Returns the open spans of one local day as UTC instants. */
function spansOf(calendar: BusinessCalendar, localDay: number): Span[] {
  const blocks = calendar.exceptions.get(localDay) ?? calendar.week[weekday(localDay)] ?? [];
  if (blocks.length === 0) return [];
  const midnight = localDay * DAY_MS;
  const before = calendar.offsetMinutesAt(midnight - DAY_MS);
  const steady = before === calendar.offsetMinutesAt(midnight + 2 * DAY_MS);
  const instant = (minute: number): number => {
    const local = midnight + minute * MINUTE_MS;
    return steady ? local - before * MINUTE_MS : toUtc(calendar, local);
  };
  return blocks.map(block => ({ start: instant(block.from), end: instant(block.to) }));
}

/** Yields the open spans that end after `from`. Throws if the calendar stays closed for years. */
function* spansAfter(calendar: BusinessCalendar, from: number): Generator<Span, never> {
  let closedDays = 0;
  for (let day = localDayAt(calendar, from); closedDays <= LONGEST_CLOSURE_DAYS; day += 1) {
    closedDays += 1;
    for (const span of spansOf(calendar, day)) {
      if (span.end <= from || span.end <= span.start) continue;
      closedDays = 0;
      yield span;
    }
  }
  throw neverOpens(calendar, from);
}

/** Yields the open spans that begin before `to`, backwards. Throws if the calendar was closed for years. */
function* spansBefore(calendar: BusinessCalendar, to: number): Generator<Span, never> {
  let closedDays = 0;
  for (let day = localDayAt(calendar, to); closedDays <= LONGEST_CLOSURE_DAYS; day -= 1) {
    closedDays += 1;
    for (const span of spansOf(calendar, day).reverse()) {
      if (span.start >= to || span.end <= span.start) continue;
      closedDays = 0;
      yield span;
    }
  }
  throw neverOpens(calendar, to);
}

function neverOpens({ name }: BusinessCalendar, from: number): RangeError {
  return new RangeError(
    `Calendar "${name}" never opens: no open minute within ${LONGEST_CLOSURE_DAYS} days of ` +
      new Date(from).toISOString(),
  );
}

/** Returns whether `at` (epoch ms) is in an open block, including its start but not its end. */
export function isOpen(calendar: BusinessCalendar, at: number): boolean {
  return spansOf(calendar, localDayAt(calendar, at)).some(span => span.start <= at && at < span.end);
}

/** Returns the first open instant at or after `at`, epoch ms. Throws a RangeError for a calendar that never opens. */
export function nextOpening(calendar: BusinessCalendar, at: number): number {
  return Math.max(at, spansAfter(calendar, at).next().value.start);
}

/**
 * Returns the first instant (epoch ms) by which `minutes` open minutes have passed since `from`. Minutes may
 * be fractional. The result is a closing time rather than the next opening: 60 minutes from 16:30 is 17:30.
 * Zero returns `from`. Negative minutes return the last instant from which that many open minutes lead to
 * `from`. Throws a RangeError if `minutes` is not finite or the calendar never opens.
 */
export function addBusinessMinutes(calendar: BusinessCalendar, from: number, minutes: number): number {
  if (!Number.isFinite(minutes)) {
    throw new RangeError(`Business minutes to add must be a finite number, not ${minutes}`);
  }
  let left = Math.round(Math.abs(minutes) * MINUTE_MS);
  if (left === 0) return from;
  const isForward = minutes > 0;
  const spans = isForward ? spansAfter(calendar, from) : spansBefore(calendar, from);
  for (;;) {
    const span = spans.next().value;
    const start = isForward ? Math.max(from, span.start) : span.start;
    const end = isForward ? span.end : Math.min(from, span.end);
    if (left <= end - start) return isForward ? start + left : end - left;
    left -= end - start;
  }
}

/**
 * Returns the open minutes in [from, to), both epoch ms. Fractional if they are not whole minutes, negative if
 * reversed.
 */
export function businessMinutesBetween(calendar: BusinessCalendar, from: number, to: number): number {
  if (to < from) return -businessMinutesBetween(calendar, to, from);
  let open = 0;
  const lastDay = localDayAt(calendar, to);
  for (let day = localDayAt(calendar, from); day <= lastDay; day += 1) {
    for (const span of spansOf(calendar, day)) {
      open += Math.max(0, Math.min(to, span.end) - Math.max(from, span.start));
    }
  }
  return open / MINUTE_MS;
}

/**
 * Returns the end (epoch ms) of the `days`-th working day after the local day of `from`. A working day has at
 * least one open minute and ends when it closes; half days count. Throws a RangeError if `days` is below one
 * or the calendar never opens.
 */
export function addWorkingDays(calendar: BusinessCalendar, from: number, days: number): number {
  if (!(Number.isInteger(days) && days > 0)) {
    throw new RangeError(`Working days to add must be a whole number from 1, not ${days}`);
  }
  let closedDays = 0;
  let left = days;
  for (let day = localDayAt(calendar, from) + 1; closedDays <= LONGEST_CLOSURE_DAYS; day += 1) {
    const last = spansOf(calendar, day).findLast(({ start, end }) => end > start);
    closedDays = last ? 0 : closedDays + 1;
    if (!last) continue;
    left -= 1;
    if (left === 0) return last.end;
  }
  throw neverOpens(calendar, from);
}
