import { InvalidArgumentError, Option, type Command } from 'commander';
import type { Municipality } from '../../config/municipality';
import { townDay, dayStart } from '../../config/calendars';

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
  return new Option('--to <date>', 'last day, YYYY-MM-DD; today when left out').argParser(date);
}

function date(value: string): string {
  if (dayStart('UTC', value) === null) throw new InvalidArgumentError('A date looks like 2026-11-25.');
  return value;
}

/**
 * The days asked for, both included, as a span of time on the town's clock, epoch ms UTC. Ends the command when
 * the last day comes before the first.
 */
export function daysOf(
  command: Command,
  { timeZone }: Pick<Municipality, 'timeZone'>,
  { from, to }: DaysAsked,
): { first: string; last: string; period: { from: number; to: number } } {
  const last = to ?? townDay(timeZone, Date.now());
  const first = from ?? townDay(timeZone, dayStart(timeZone, last, 1 - USUAL_DAYS) ?? 0);
  const period = { from: dayStart(timeZone, first) ?? 0, to: dayStart(timeZone, last, 1) ?? 0 };
  if (period.from >= period.to) command.error(`The period ends before it begins: ${first} to ${last}.`);
  return { first, last, period };
}
