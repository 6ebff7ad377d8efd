import type { Command } from 'commander';
import {
  calendarNamed,
  calendarVersionOf,
  holidaysKnownUntil,
  isHazard,
  localDate,
  planFor,
} from '../../config/calendars';
import { readEnv } from '../../config/env';
import { loadMunicipality, type Municipality } from '../../config/municipality';
import { ownerOf } from '../../config/offices';
import { addBusinessMinutes } from '../../domain/sla/business-calendar';
import { priorities, type Priority } from '../../domain/sla/sla';
import { readInstant, writeInstant } from './arguments';

interface Options {
  from?: string;
  calendar?: string;
  minutes?: string;
  category?: string;
  priority?: string;
}

/** About eighty years of office hours; a bound for the computation. */
const MOST_MINUTES = 9_999_999;

const help = `
Give either --calendar with --minutes, or --category with or without --priority.
A time without Z or offset is local; so are all times that are printed. The working hours are those of
the municipality's folder; extra closures of the records are not asked for.

  deadline --calendar office --from 2027-05-14T16:00 --minutes 120
    {"calendar","from","minutes","due"}: the first instant by which so many minutes of the calendar have
    passed. Negative minutes go back, no minutes are "from" itself.
  deadline --category pothole --priority p2 --from 2027-05-14T16:00
    {"category","priority","from","department","acceptBy","resolveBy","legalBy","steps"}: the deadlines of a
    report received then. A subject of an institution has "institution" and no service deadlines.`;

export function registerDeadline(admin: Command): void {
  admin
    .command('deadline')
    .description('compute deadlines from a calendar and minutes, or from a subject and its targets')
    .option('--from <time>', 'ISO time to count from')
    .option('--calendar <name>', 'a calendar of calendar.yaml')
    .option('--minutes <number>', 'business minutes, a whole number')
    .option('--category <slug>', 'a subject of categories.yaml')
    .option('--priority <p1…p4>', "default: the subject's own")
    .addHelpText('after', help)
    .action((options: Options) => {
      const municipality = loadMunicipality(readEnv('checks').CONFIG_DIR);
      try {
        console.log(JSON.stringify(answerTo(municipality, options), null, 2));
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        console.error(error.message);
        process.exitCode = 1;
      }
    });
}

function answerTo(municipality: Municipality, options: Options): object {
  const { timeZone } = municipality;
  const from = readInstant(given('--from', options.from), timeZone);
  if ((options.calendar === undefined) === (options.category === undefined)) {
    throw new RangeError('Give either --calendar and --minutes, or --category and --priority.');
  }
  if (options.calendar !== undefined) {
    if (options.priority !== undefined) throw new RangeError('--priority goes with --category.');
    return byCalendar(municipality, options.calendar, given('--minutes', options.minutes), from);
  }
  if (options.minutes !== undefined) throw new RangeError('--minutes goes with --calendar.');
  return bySubject(municipality, given('--category', options.category), options.priority, from);
}

function given(name: string, value: string | undefined): string {
  if (value === undefined) throw new RangeError(`${name} is missing; see --help.`);
  return value;
}

function byCalendar(municipality: Municipality, name: string, text: string, from: number): object {
  const known = Object.keys(municipality.calendars.calendars);
  if (!known.includes(name)) {
    throw new RangeError(`There is no calendar "${name}"; allowed: ${known.join(', ')}.`);
  }
  if (!/^[+-]?\d+$/.test(text.trim()) || Math.abs(Number(text)) > MOST_MINUTES) {
    throw new RangeError(
      `--minutes is "${text}"; allowed: a whole number like 120, at most ${MOST_MINUTES}.`,
    );
  }
  const minutes = Number(text);
  const iso = (at: number): string => writeInstant(at, municipality.timeZone);
  const due = addBusinessMinutes(calendarNamed(municipality, name), from, minutes);
  return {
    ...{ calendar: name, from: iso(from), minutes, due: iso(due) },
    ...noteFor(municipality, name, due),
  };
}

function bySubject(
  municipality: Municipality,
  slug: string,
  named: string | undefined,
  from: number,
): object {
  const category = municipality.categories.find(known => known.slug === slug);
  if (!category) {
    const known = municipality.categories.map(({ slug: name }) => name).join(', ');
    throw new RangeError(`There is no subject "${slug}"; allowed: ${known}.`);
  }
  const priority = priorityOf(named) ?? category.priority;
  const iso = (at: number): string => writeInstant(at, municipality.timeZone);
  const about = { category: slug, priority, from: iso(from) };
  const owner = ownerOf(municipality, category);
  if ('institution' in owner) {
    return {
      ...about,
      department: null,
      institution: owner.institution.slug,
      acceptBy: null,
      resolveBy: null,
    };
  }
  const department = owner.department.slug;
  const { kind } = category;
  const subject = { municipality, closures: [], category, kind, priority, department };
  const plan = planFor(subject, from);
  return {
    ...about,
    department,
    institution: null,
    calendar: isHazard(municipality, kind, priority) ? 'around-the-clock' : owner.department.calendar,
    acceptBy: iso(plan.acceptBy),
    resolveBy: iso(plan.resolveBy),
    legalBy: iso(plan.legalBy),
    steps: plan.steps.map(({ clock, level, to, also = [], at, letterAt }) => ({
      clock,
      level,
      to: [to, ...also],
      at: iso(at),
      letterAt: iso(letterAt ?? at),
    })),
    policyVersion: municipality.sla.version,
    calendarVersion: calendarVersionOf(municipality, []),
    ...noteFor(municipality, owner.department.calendar, Math.max(plan.legalBy, plan.resolveBy)),
  };
}

/** Returns a note if the calendar observes holidays and an instant is beyond those that are configured. */
function noteFor(municipality: Municipality, calendar: string, at: number): { note?: string } {
  const ends = holidaysKnownUntil(municipality);
  if (at < ends || !municipality.calendars.calendars[calendar]?.observesHolidays) return {};
  const last = localDate(municipality.timeZone, ends - 1);
  return { note: `calendar.yaml has no public holidays after ${last}: later days count as without any.` };
}

function priorityOf(named: string | undefined): Priority | undefined {
  if (named === undefined) return undefined;
  const found = priorities.find(priority => priority === named.toLowerCase());
  if (!found) throw new RangeError(`There is no priority "${named}"; allowed: ${priorities.join(', ')}.`);
  return found;
}
