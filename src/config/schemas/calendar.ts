import { z } from 'zod';
import { bySlug, entry, line, localDate } from './fields';

const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'a time like 08:30, at most 24:00');
const block = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'hours like 08:30-12:00, at most 24:00')
  .refine(text => text.slice(0, 5) < text.slice(6), 'hours like 08:30-12:00 with the end after the start');

const blocks = z
  .array(block)
  .refine(
    list => list.every((text, i) => i === 0 || (list[i - 1] ?? '').slice(6) <= text.slice(0, 5)),
    'blocks in order and without overlap',
  );

const day = blocks.default([]);

/** A day of every year, 29 February included. */
export const yearlyDay = z
  .string()
  .refine(
    text => /^\d{2}-\d{2}$/.test(text) && z.iso.date().safeParse(`2024-${text}`).success,
    'month and day like 04-23',
  );
const year = z.int().min(2020).max(2100);

/** Holidays close whole days; with `closedFrom`, only the time after it. */
export const calendarSchema = entry({
  version: line,
  holidays: entry({
    firstYear: year,
    lastYear: year,
    fixed: z.array(entry({ day: yearlyDay, name: line, closedFrom: clockTime.optional() })),
    religious: z.array(
      entry({
        name: line,
        /** The eve (arife), closed from `eveClosedFrom`. The full days of the feast follow. */
        eve: localDate,
        eveClosedFrom: clockTime,
        days: z.int().positive().max(10),
      }),
    ),
  }),
  calendars: bySlug(
    entry({
      observesHolidays: z.boolean(),
      week: entry({ mon: day, tue: day, wed: day, thu: day, fri: day, sat: day, sun: day }),
      /** Dates with special hours. They override the weekly hours and holidays. */
      exceptions: z.array(entry({ date: localDate, reason: line, open: blocks })).default([]),
    }),
  ),
});

export type Calendars = z.infer<typeof calendarSchema>;
export type WeeklyCalendar = Calendars['calendars'][string];
