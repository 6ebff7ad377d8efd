import { z } from 'zod';
import type { Problem } from '../config-error';
import type { ReadFile } from '../yaml-file';
import { addressee, bySlug, count, entry, line, slug } from './fields';

const hours = z
  .string()
  .regex(
    /^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$/,
    'hours like 17:30-08:30; an end that is not after the start is on the next day',
  );
const moment = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):[0-5]\d$/, 'a local time like 2026-12-31T17:30')
  .refine(text => z.iso.datetime({ local: true }).safeParse(`${text}:00`).success, 'an existing date');

/** The people on duty, in the order in which they are alarmed. */
const persons = z
  .array(slug)
  .min(1)
  .refine(list => new Set(list).size === list.length, 'each person once');

const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

const roster = entry({
  /** Shifts by the day on which they begin. */
  week: z.array(entry({ days: z.array(z.enum(weekdays)).min(1), hours, line: persons })).default([]),
  /** Shifts that begin on a public holiday or an extra closure. */
  holidays: z.array(entry({ hours, line: persons })).default([]),
  /** Changes with a date, which precede week and holidays. */
  dates: z
    .array(
      entry({ from: moment, to: moment, line: persons, reason: line }).refine(
        ({ from, to }) => from < to,
        'an end after the start',
      ),
    )
    .default([])
    .refine(
      list =>
        list.every(one => list.every(other => one === other || one.to <= other.from || other.to <= one.from)),
      'changes that do not overlap',
    ),
});

/** duty.yaml: who is alarmed for hazards (P1) at any hour. */
export const dutySchema = entry({
  alarm: entry({
    /** The alarm is repeated at this interval until somebody accepts. */
    everyMinutes: count.max(1_440),
    /** So many letters to one person. Then it is the turn of the next in line. */
    letters: count.max(20),
    /** The longer interval after so many turns in which nobody has accepted. */
    slow: entry({ afterTurns: count.max(100), everyMinutes: count.max(1_440) }).default({
      afterTurns: 8,
      everyMinutes: 120,
    }),
  }).refine(
    ({ everyMinutes, slow }) => slow.everyMinutes >= everyMinutes,
    'a slow interval that is not shorter than everyMinutes',
  ),
  people: bySlug(addressee),
  rosters: bySlug(roster),
  /** The roster of each department. */
  departments: bySlug(slug),
});

export type Duty = z.infer<typeof dutySchema>;

/** Returns the references of duty.yaml that lead nowhere, and entries that nobody uses. */
export function dutyProblems({ value, at }: ReadFile<Duty>, departments: object | undefined): Problem[] {
  if (!value) return [];
  const { people, rosters } = value;
  const problems: Problem[] = [];
  const check = (path: readonly PropertyKey[], kind: string, slug: string, known: object): void => {
    if (!Object.hasOwn(known, slug))
      problems.push(at(path, `there is no ${kind} "${slug}"`, Object.keys(known).join(', ')));
  };
  const named = new Set<string>();
  for (const [slug, roster] of Object.entries(rosters)) {
    for (const part of ['week', 'holidays', 'dates'] as const) {
      roster[part].forEach(({ line }, i) =>
        line.forEach((person, place) => {
          named.add(person);
          check(['rosters', slug, part, i, 'line', place], 'person of duty', person, people);
        }),
      );
    }
  }
  for (const [department, roster] of Object.entries(value.departments)) {
    if (departments) check(['departments', department], 'department', department, departments);
    check(['departments', department], 'roster', roster, rosters);
  }
  for (const department of Object.keys(departments ?? {})) {
    if (!Object.hasOwn(value.departments, department)) {
      problems.push(at(['departments'], `"${department}" has no roster`, Object.keys(rosters).join(', ')));
    }
  }
  const used = new Set(Object.values(value.departments));
  for (const slug of Object.keys(rosters))
    if (!used.has(slug)) problems.push(at(['rosters', slug], `no department uses "${slug}"`));
  for (const slug of Object.keys(people))
    if (!named.has(slug)) problems.push(at(['people', slug], `no roster names "${slug}"`));
  return problems;
}
