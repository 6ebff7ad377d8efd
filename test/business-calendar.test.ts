import fc from 'fast-check';
import { join } from 'node:path';
import { calendarFor, calendarNamed } from '../src/config/calendars';
import { loadMunicipality } from '../src/config/municipality';
import { MINUTE_MS } from '../src/domain/durations';
import {
  addBusinessMinutes,
  addWorkingDays,
  businessMinutesBetween,
  isOpen,
  nextOpening,
  type BusinessCalendar,
} from '../src/domain/sla/business-calendar';
import { noteFigure } from './support/proving';

const municipality = loadMunicipality(join(__dirname, '../config/etimesgut'));
const office = calendarFor(municipality, 'fen-isleri');
const patrol = calendarFor(municipality, 'zabita');
const crew = calendarFor(municipality, 'temizlik-isleri');

/** Parses a local time in Istanbul (UTC+3 all year), such as "2027-05-14 16:00". */
function at(local: string): number {
  return Date.parse(`${local.replace(' ', 'T')}:00+03:00`);
}

function local(utcMs: number): string {
  return new Date(utcMs + 180 * MINUTE_MS).toISOString().slice(0, 16).replace('T', ' ');
}

describe('adding business minutes, by hand', () => {
  test.each<[name: string, calendar: BusinessCalendar, from: string, minutes: number, due: string]>([
    ['Tue 2026-11-24 inside the morning', office, '2026-11-24 09:00', 60, '2026-11-24 10:00'],
    ['Tue 2026-11-24 ends as lunch begins', office, '2026-11-24 11:00', 60, '2026-11-24 12:00'],
    ['Tue 2026-11-24 jumps over lunch', office, '2026-11-24 11:30', 60, '2026-11-24 13:30'],
    ['Tue 2026-11-24 starting during lunch', office, '2026-11-24 12:15', 30, '2026-11-24 13:30'],
    [
      'Tue 2026-11-24 ends with the day, not with the next',
      office,
      '2026-11-24 16:30',
      60,
      '2026-11-24 17:30',
    ],
    ['Tue 2026-11-24 one minute over the day', office, '2026-11-24 16:30', 61, '2026-11-25 08:31'],
    ['Tue 2026-11-24 before opening', office, '2026-11-24 06:00', 10, '2026-11-24 08:40'],
    ['Tue 2026-11-24 at closing', office, '2026-11-24 17:30', 10, '2026-11-25 08:40'],
    ['Fri 2026-11-27 evening over the weekend', office, '2026-11-27 20:00', 30, '2026-11-30 09:00'],
    ['Sat 2026-11-28 a whole office day', office, '2026-11-28 12:00', 480, '2026-11-30 17:30'],
    [
      'Wed 2026-10-28 half day at 12:59 before 29 October',
      office,
      '2026-10-28 12:59',
      30,
      '2026-10-30 09:00',
    ],
    ['Wed 2026-10-28 half day at 11:50', office, '2026-10-28 11:50', 20, '2026-10-30 08:40'],
    ['Thu 2026-12-31 over new year to Monday', office, '2026-12-31 17:00', 60, '2027-01-04 09:00'],
    ['Thu 2026-03-19 Ramazan arife at 11:59', office, '2026-03-19 11:59', 2, '2026-03-23 08:31'],
    ['Thu 2026-03-19 Ramazan arife at 13:00', office, '2026-03-19 13:00', 1, '2026-03-23 08:31'],
    ['Mon 2026-05-25 to after Kurban', office, '2026-05-25 17:00', 30 + 210 + 60, '2026-06-01 09:30'],
    [
      'Fri 2027-05-14 16:00 before Kurban 2027 and Youth Day',
      office,
      '2027-05-14 16:00',
      120,
      '2027-05-20 09:00',
    ],
    [
      'Wed 2027-05-19 fourth feast day and Youth Day are one day off',
      office,
      '2027-05-19 10:00',
      1,
      '2027-05-20 08:31',
    ],
    ['Mon 2027-03-08 Ramazan 2027 to Friday', office, '2027-03-08 11:00', 61, '2027-03-12 08:31'],
    [
      'Fri 2029-04-20 16:00 over 23 April, whose afternoon is arife as well',
      office,
      '2029-04-20 16:00',
      91,
      '2029-04-30 08:31',
    ],
    ['Mon 2029-04-23 stays wholly closed though an arife', office, '2029-04-23 09:00', 1, '2029-04-30 08:31'],
    ['Wed 2031-04-30 over 1 May', office, '2031-04-30 17:00', 31, '2031-05-02 08:31'],
    ['Thu 2027-07-15 national unity day', office, '2027-07-15 09:00', 1, '2027-07-16 08:31'],
    ['Sat 2028-10-28 eve on a weekend changes nothing', office, '2028-10-27 17:00', 60, '2028-10-30 09:00'],
    ['Sun 2026-11-29 the patrol works on Sundays', patrol, '2026-11-29 21:30', 60, '2026-11-30 09:00'],
    ['Thu 2026-03-19 the patrol stops at 13:00 on arife', patrol, '2026-03-19 12:59', 2, '2026-03-23 08:31'],
    ['Fri 2026-03-20 the crew works through the feast', crew, '2026-03-20 23:30', 60, '2026-03-21 00:30'],
    ['Tue 2026-11-24 a week of the crew', crew, '2026-11-24 10:00', 7 * 1440, '2026-12-01 10:00'],
    ['Tue 2026-11-24 nothing to add', office, '2026-11-24 22:00', 0, '2026-11-24 22:00'],
    ['Tue 2026-11-24 back into the morning', office, '2026-11-24 14:00', -90, '2026-11-24 11:30'],
    ['Mon 2026-11-30 back over the weekend', office, '2026-11-30 08:30', -1, '2026-11-27 17:29'],
    [
      'Thu 2027-05-20 back over Kurban 2027 and Youth Day',
      office,
      '2027-05-20 09:00',
      -120,
      '2027-05-14 16:00',
    ],
    ['Tue 2026-11-24 30 office days over new year', office, '2026-11-24 08:30', 30 * 480, '2027-01-05 17:30'],
  ])('%s', (_name, calendar, from, minutes, due) => {
    expect(local(addBusinessMinutes(calendar, at(from), minutes))).toBe(due);
  });
});

describe('the end of the n-th working day, by hand', () => {
  test.each<[name: string, from: string, days: number, due: string]>([
    ['Tue 2026-11-24 the next day is the first', '2026-11-24 09:00', 1, '2026-11-25 17:30'],
    ['Fri 2026-11-27 evening to Monday', '2026-11-27 23:59', 1, '2026-11-30 17:30'],
    ['Tue 2026-10-27 the half day of 28 October is one', '2026-10-27 09:00', 1, '2026-10-28 12:00'],
    ['Tue 2026-10-27 over 29 October', '2026-10-27 09:00', 2, '2026-10-30 17:30'],
    ['Fri 2027-05-14 over Kurban 2027 and Youth Day', '2027-05-14 09:00', 1, '2027-05-20 17:30'],
    ['Thu 2026-12-10 fifteen, over new year', '2026-12-10 10:00', 15, '2026-12-31 17:30'],
    ['Wed 2026-12-16 fifteen, with 1 January between', '2026-12-16 10:00', 15, '2027-01-07 17:30'],
  ])('%s', (_name, from, days, due) => {
    expect(local(addWorkingDays(office, at(from), days))).toBe(due);
  });

  test.each([0, -1, 1.5])('%p working days cannot be added', days => {
    expect(() => addWorkingDays(office, at('2026-11-24 09:00'), days)).toThrow(RangeError);
  });
});

describe('counting business minutes, by hand', () => {
  test.each<[name: string, from: string, to: string, minutes: number]>([
    ['an office day has 480', '2026-11-24 00:00', '2026-11-25 00:00', 480],
    ['arife 2026-05-26 has 210', '2026-05-26 00:00', '2026-05-27 00:00', 210],
    ['28 October 2027 has 210', '2027-10-28 00:00', '2027-10-29 00:00', 210],
    ['23 April 2029 has none', '2029-04-23 00:00', '2029-04-24 00:00', 0],
    ['the week of Kurban 2027 has one day and a Friday', '2027-05-15 00:00', '2027-05-22 00:00', 960],
    ['lunch has none', '2026-11-24 12:00', '2026-11-24 13:00', 0],
    ['backwards is negative', '2026-11-24 11:00', '2026-11-24 10:00', -60],
    ['an empty span has none', '2026-11-24 10:00', '2026-11-24 10:00', 0],
  ])('%s', (_name, from, to, minutes) => {
    expect(businessMinutesBetween(office, at(from), at(to))).toBe(minutes);
  });
});

describe('opening hours are half-open', () => {
  test.each<[at: string, open: boolean, next: string]>([
    ['2026-11-24 08:29', false, '2026-11-24 08:30'],
    ['2026-11-24 08:30', true, '2026-11-24 08:30'],
    ['2026-11-24 12:00', false, '2026-11-24 13:00'],
    ['2026-11-24 17:30', false, '2026-11-25 08:30'],
    ['2026-10-28 13:00', false, '2026-10-30 08:30'],
    ['2027-05-15 09:00', false, '2027-05-20 08:30'],
    ['2030-02-03 09:00', false, '2030-02-07 08:30'],
  ])('%s', (when, open, next) => {
    expect(isOpen(office, at(when))).toBe(open);
    expect(local(nextOpening(office, at(when)))).toBe(next);
  });
});

/** Reference implementation of `isOpen` for one minute, without spans. 1970-01-01 was a Thursday. */
function walkerIsOpen(calendar: BusinessCalendar, utcMs: number): boolean {
  const minutes = utcMs / MINUTE_MS + calendar.offsetMinutesAt(utcMs);
  const date = Math.floor(minutes / 1440);
  const blocks = calendar.exceptions.get(date) ?? calendar.week[(date + 3) % 7] ?? [];
  const minute = minutes - date * 1440;
  return blocks.some(({ from, to }) => from <= minute && minute < to);
}

function walkerAdd(calendar: BusinessCalendar, from: number, minutes: number): number {
  let now = from;
  for (let left = minutes; left > 0; now += MINUTE_MS) if (walkerIsOpen(calendar, now)) left -= 1;
  return now;
}

function walkerSubtract(calendar: BusinessCalendar, from: number, minutes: number): number {
  let now = from;
  for (let left = minutes; left > 0; now -= MINUTE_MS) if (walkerIsOpen(calendar, now - MINUTE_MS)) left -= 1;
  return now;
}

function walkerBetween(calendar: BusinessCalendar, from: number, to: number): number {
  let open = 0;
  for (let now = from; now < to; now += MINUTE_MS) if (walkerIsOpen(calendar, now)) open += 1;
  return open;
}

/** A zone with daylight saving time from 2027-03-14 at 02:00 to 2027-11-07. */
const summerTime = (utcMs: number): number =>
  utcMs >= Date.parse('2027-03-14T00:00Z') && utcMs < Date.parse('2027-11-07T00:00Z') ? 180 : 120;

const day = fc
  .uniqueArray(fc.integer({ min: 0, max: 1440 }), { maxLength: 6 })
  .map(marks => marks.sort((a, b) => a - b))
  .map(marks =>
    marks.flatMap((from, i) =>
      i % 2 === 0 && marks[i + 1] !== undefined ? [{ from, to: marks[i + 1] ?? 0 }] : [],
    ),
  );

const calendars = fc.record({
  name: fc.constant('random'),
  week: fc
    .tuple(day, day, day, day, day, day, day)
    .filter(week => week.flat().some(({ from, to }) => to - from >= 60)),
  exceptions: fc
    .array(fc.tuple(fc.integer({ min: 20_820, max: 21_220 }), day), { maxLength: 30 })
    .map(list => new Map(list)),
  offsetMinutesAt: fc.constantFrom(
    () => 180,
    () => -570,
  ),
});

const instants = fc
  .integer({ min: at('2027-01-01 00:00') / MINUTE_MS, max: at('2027-12-31 00:00') / MINUTE_MS })
  .map(minutes => minutes * MINUTE_MS);

/** The municipality's calendars over all years with holidays, with additional closures. */
const townCalendars = fc
  .tuple(
    fc.constantFrom('office', 'patrol', 'crew'),
    fc.array(fc.tuple(fc.integer({ min: 0, max: 2_555 }), fc.constantFrom(null, '12:15', '13:00')), {
      maxLength: 5,
    }),
  )
  .map(([name, days]) =>
    calendarNamed(
      municipality,
      name,
      days.map(([day, closedFrom]) => ({ date: dateOf(day), closedFrom, calendars: null })),
    ),
  );

function dateOf(daysFrom2026: number): string {
  return new Date(Date.UTC(2026, 0, 1 + daysFrom2026)).toISOString().slice(0, 10);
}

const townInstants = fc
  .integer({ min: at('2026-01-01 00:00') / MINUTE_MS, max: at('2032-12-01 00:00') / MINUTE_MS })
  .map(minutes => minutes * MINUTE_MS);

test('agrees with a simulation of every minute: 10,000 cases, half of them in real calendars', () => {
  const cases = fc.oneof(fc.tuple(calendars, instants), fc.tuple(townCalendars, townInstants));
  const operation = fc.constantFrom('add' as const, 'subtract' as const, 'between' as const);
  let differences = 0;
  fc.assert(
    fc.property(cases, operation, fc.nat({ max: 300 }), ([calendar, from], asked, minutes) => {
      const to = from + minutes * 5 * MINUTE_MS;
      const answers = {
        add: () => [addBusinessMinutes(calendar, from, minutes), walkerAdd(calendar, from, minutes)],
        subtract: () => [
          addBusinessMinutes(calendar, from, -minutes),
          walkerSubtract(calendar, from, minutes),
        ],
        between: () => [businessMinutesBetween(calendar, from, to), walkerBetween(calendar, from, to)],
      };
      const [answer, walked] = answers[asked]();
      if (answer !== walked || isOpen(calendar, from) !== walkerIsOpen(calendar, from)) differences += 1;
    }),
    { numRuns: 10_000 },
  );
  expect(differences).toBe(0);
  noteFigure(10_000, '0 differ');
}, 120_000);

test('agrees with the simulation at changes of daylight saving time', () => {
  const blocks = [
    { from: 0, to: 60 },
    { from: 510, to: 1050 },
    { from: 1380, to: 1440 },
  ];
  const calendar = {
    name: 'summer',
    week: Array(7).fill(blocks),
    exceptions: new Map(),
    offsetMinutesAt: summerTime,
  };
  for (const start of ['2027-03-12T08:00Z', '2027-11-05T08:00Z']) {
    const from = Date.parse(start);
    for (let minutes = 1; minutes < 3000; minutes += 37) {
      expect(addBusinessMinutes(calendar, from, minutes)).toBe(walkerAdd(calendar, from, minutes));
    }
  }
});

test('an open hour skipped by daylight saving time adds no minutes', () => {
  const nightly = {
    name: 'night',
    week: Array(7).fill([{ from: 120, to: 180 }]),
    exceptions: new Map(),
    offsetMinutesAt: summerTime,
  };
  const from = Date.parse('2027-03-13T12:00Z');
  expect(businessMinutesBetween(nightly, from, from + 24 * 60 * MINUTE_MS)).toBe(0);
});

test('adding the distance between two instants returns to the last open instant', () => {
  fc.assert(
    fc.property(instants, fc.nat({ max: 8_000 }), (from, minutes) => {
      expect(businessMinutesBetween(office, from, addBusinessMinutes(office, from, minutes))).toBe(minutes);
    }),
  );
});

test('the error for a calendar that never opens contains its name', () => {
  const never = { ...office, name: 'closed-desk', week: Array(7).fill([]), exceptions: new Map() };
  expect(() => addBusinessMinutes(never, at('2026-11-24 09:00'), 1)).toThrow(/"closed-desk" never opens/);
  expect(() => nextOpening(never, at('2026-11-24 09:00'))).toThrow(RangeError);
});

test.each([Number.NaN, Number.POSITIVE_INFINITY])('%p minutes cannot be added', minutes => {
  expect(() => addBusinessMinutes(office, at('2026-11-24 09:00'), minutes)).toThrow(RangeError);
});

test('a thousand deadlines of 15 office days are planned within a second', () => {
  const started = performance.now();
  for (let i = 0; i < 1000; i += 1) addBusinessMinutes(office, at('2026-11-24 09:00') + i * 3_600_000, 7200);
  expect(performance.now() - started).toBeLessThan(1000);
});
