import { userInfo } from 'node:os';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { DateTime } from 'luxon';
import { dayStart, localDate } from '../../config/calendars';
import { readEnv } from '../../config/env';
import { loadMunicipality, type Municipality } from '../../config/municipality';
import { readCaseNumber } from '../../domain/identifiers';
import { oneLine, plainText } from '../../domain/plain-text';
import type { Store } from '../../store/store';
import { withStore } from './connections';

/** The error message for an invalid case number. */
export function noCaseNumber(typed: string): string {
  return `"${typed}" is not a case number. A case number is the prefix of the town and two groups of four, for example ABC-7F3K-92QX.`;
}

/** Validates the case number and opens the records for a command. */
export async function withCaseNumber(
  typed: string,
  work: (store: Store, caseNumber: string) => Promise<void>,
): Promise<void> {
  const caseNumber = readCaseNumber(typed);
  if (!caseNumber) {
    console.error(noCaseNumber(typed));
    process.exitCode = 1;
    return;
  }
  await withStore(store => work(store, caseNumber));
}

const LONGEST_ACTOR = 200;

/** Parses the name of the actor, one line. Throws commander's InvalidArgumentError if it contains no letters. */
export function actorName(value: string): string {
  return some(oneLine(value, LONGEST_ACTOR));
}

/** Parses the reason of a decision. Throws commander's InvalidArgumentError if it is empty. */
export function reasonText(value: string): string {
  return some(plainText(value));
}

function some(words: string): string {
  if (words === '') throw new InvalidArgumentError('Give at least one word.');
  return words;
}

/** Ends the command at a value that the configuration does not have, and lists those that it has. */
export function mustBeKnown(
  command: Command,
  kind: string,
  given: string | readonly string[] | undefined,
  known: readonly string[],
): void {
  const unknown = [given ?? []].flat().find(value => !known.includes(value));
  if (unknown !== undefined) command.error(`There is no ${kind} "${unknown}". Known: ${known.join(', ')}.`);
}

/** Who uses a command, and why, as given by its options. */
export interface Reader {
  actor?: string;
  reason?: string;
}

/** Adds the options that say who uses a command and why, for the audit trail. */
export function traced(command: Command): Command {
  return command
    .option('--reason <words>', 'the reason, for the audit trail (default: ADMIN_REASON)', reasonText)
    .option('--actor <name>', 'who, for the audit trail (default: ADMIN_ACTOR or the login name)', actorName);
}

/** Returns who uses a command, and why; the reason is empty if none is given. */
export function actorOf({ actor, reason }: Reader): { at: Date; actor: string; reason: string } {
  const { ADMIN_ACTOR, ADMIN_REASON } = readEnv('actor');
  return { at: new Date(), actor: actor ?? ADMIN_ACTOR ?? loginName(), reason: reason ?? ADMIN_REASON ?? '' };
}

/** The same for a command that reads personal data. Returns null and ends the command if there is no reason. */
export function readerOf(given: Reader): ReturnType<typeof actorOf> | null {
  const found = actorOf(given);
  if (found.reason !== '') return found;
  console.error('Personal data are read: give --reason, or set ADMIN_REASON. It is kept in the audit trail.');
  process.exitCode = 1;
  return null;
}

function loginName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container can run under a number without a name.
    return 'unknown';
  }
}

/** A date, or a date and time, with or without a zone; seconds and their fractions are optional. */
const ISO = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}([.,]\d{1,3})?)?(Z|[+-]\d{2}(:?\d{2})?)?)?$/i;

/**
 * Parses an ISO 8601 time to epoch ms UTC. Without Z or offset it is local to `timeZone`; without a time it is the
 * start of the day. Throws a RangeError with the mistake and the accepted formats.
 */
export function readInstant(text: string, timeZone: string): number {
  const shape = 'a time like 2027-05-14T16:00, 2027-05-14T16:00+03:00 or 2027-05-14T13:00Z';
  const given = text.trim();
  if (!ISO.test(given)) throw new RangeError(`"${text}" is not an ISO time; allowed: ${shape}`);
  const read = DateTime.fromISO(given.replace(' ', 'T').replace(',', '.'), { zone: timeZone });
  if (!read.isValid) {
    throw new RangeError(`"${text}" does not exist (${read.invalidExplanation}); allowed: ${shape}`);
  }
  return read.toMillis();
}

/** Formats an instant as ISO 8601 in the zone, "2027-05-20T09:00:00+03:00", with fractions only if not zero. */
export function writeInstant(at: number, timeZone: string): string {
  const iso = DateTime.fromMillis(at, { zone: timeZone }).toISO({ suppressMilliseconds: true });
  if (iso === null) throw new RangeError(`Invalid instant: ${at}`);
  return iso;
}

/** Returns the time zone of the town. */
export function townZone(): string {
  return loadMunicipality(readEnv('admin').CONFIG_DIR).timeZone;
}

/** Parses a local day of the town, YYYY-MM-DD. Returns its start. Throws commander's InvalidArgumentError. */
export function startOfDay(typed: string): Date {
  return midnight(typed, 0);
}

/** Parses a local day of the town, YYYY-MM-DD. Returns its end, the following midnight. Throws the same. */
export function endOfDay(typed: string): Date {
  return midnight(typed, 1);
}

/** Parses the last day of something that lasts until a day that is not over yet. Returns its end. Throws the same. */
export function endOfLaterDay(typed: string): Date {
  const end = endOfDay(typed);
  if (end.getTime() <= Date.now()) throw new InvalidArgumentError('The day is in the past.');
  return end;
}

function midnight(typed: string, plusDays: 0 | 1): Date {
  const at = dayStart(townZone(), typed, plusDays);
  if (at === null) throw new InvalidArgumentError('A day looks like 2026-12-01. Give an existing date.');
  return new Date(at);
}

/** Returns the last day, YYYY-MM-DD, of something that ends at a local midnight. */
export function lastDayBefore(end: Date, timeZone: string): string {
  return localDate(timeZone, end.getTime() - 1);
}

const USUAL_DAYS = 30;

export interface DaysAsked {
  from?: string;
  to?: string;
}

export function firstDay(): Option {
  const words = `first day, YYYY-MM-DD; the last ${USUAL_DAYS} days when left out`;
  return new Option('--from <date>', words).argParser(date);
}

export function lastDay(): Option {
  return new Option('--to <date>', 'last day, YYYY-MM-DD; default: today').argParser(date);
}

function date(value: string): string {
  if (dayStart('UTC', value) === null) throw new InvalidArgumentError('A date looks like 2026-11-25.');
  return value;
}

/**
 * Returns the requested local days, both inclusive, as a period in epoch ms UTC. Ends the command if the last day is
 * before the first.
 */
export function daysOf(
  command: Command,
  { timeZone }: Pick<Municipality, 'timeZone'>,
  { from, to }: DaysAsked,
): { first: string; last: string; period: { from: number; to: number } } {
  const last = to ?? localDate(timeZone, Date.now());
  const first = from ?? localDate(timeZone, dayStart(timeZone, last, 1 - USUAL_DAYS) ?? 0);
  const period = { from: dayStart(timeZone, first) ?? 0, to: dayStart(timeZone, last, 1) ?? 0 };
  if (period.from >= period.to) command.error(`The period ends before it begins: ${first} to ${last}.`);
  return { first, last, period };
}
