import type { FeedbackAnswer, Outcome } from '../domain/case/case';
import { DAY_MS } from '../domain/durations';
import { type BusinessCalendar, businessMinutesBetween } from '../domain/sla/business-calendar';
import type { Clock, ServiceClock } from '../domain/sla/sla';
import type { CaseReading, DeskTurn, Dispute, HandedOff, Happening } from './case-story';

/** A half-open period, epoch ms UTC. */
export interface Period {
  from: number;
  to: number;
}

export interface OnTime {
  onTime: number;
  late: number;
}

/** The distribution of samples; null without samples. */
export interface Spread {
  count: number;
  median: number | null;
  p90: number | null;
}

/** The upper bounds of the age groups, in whole days. The last group is unbounded. */
export const ageGroups = [3, 7, 15, 30] as const;

/** Objections to outcomes. They are not part of the department's own clocks. */
interface ObjectionFigures {
  /** Made in the period. */
  made: number;
  /** Decided or withdrawn in the period. */
  accepted: number;
  confirmed: number;
  withdrawn: number;
  /** Waiting for a decision at the end of the period, and those of them that are late. */
  waiting: number;
  overdue: number;
}

/** Planned work. */
interface ProgrammeFigures {
  /** Waiting for its date at the end of the period, and those of them whose date has passed. */
  waiting: number;
  overdue: number;
  /** How often a promised date was changed in the period. */
  moved: number;
}

/** Calls that replace messages which WhatsApp did not deliver. */
interface CallFigures {
  /** Requested in the period. */
  asked: number;
  /** Ended in the period. `unreached` includes calls without a number and without a report. */
  reached: number;
  unreached: number;
  wrongNumber: number;
  /** The message arrived before the call. */
  arrived: number;
  /** Open at the end of the period. */
  waiting: number;
}

/** The hand-offs to an institution. */
export interface HandOffFigures {
  /** Begun in the period, and those of them that the institution has answered. */
  count: number;
  answered: number;
  /** Calendar days to the first answer; null without one. */
  medianDays: number | null;
  /** Of them: done, not responsible, without an answer in the end, and not passed on by our desk. */
  done: number;
  notOurs: number;
  silent: number;
  notPassedOn: number;
  /** Still watched at the end of the period, whenever they began. */
  waiting: number;
}

/** Returns the hand-offs to an institution. Those that were recalled do not count. */
export function handOffFigures(
  readings: readonly CaseReading[],
  period: Period,
  institution: string,
): HandOffFigures {
  const own = readings
    .flatMap(reading => reading.handOffs)
    .filter(handOff => handOff.institution === institution && handOff.end?.how !== 'recalled');
  const begun = own.filter(({ at }) => within(period, at));
  const days = begun.flatMap(daysToAnswer);
  const ends = countBy(begun.flatMap(({ end }) => end?.how ?? []));
  const { done = 0, notOurs = 0, silent = 0, notPassedOn = 0 } = ends;
  return {
    ...{ count: begun.length, answered: days.length, medianDays: quantile(days, 0.5) },
    ...{ done, notOurs, silent, notPassedOn },
    waiting: own.filter(({ end }) => end === null).length,
  };
}

function daysToAnswer({ at, answeredAt }: HandedOff): number[] {
  return answeredAt === null ? [] : [(answeredAt - at) / DAY_MS];
}

/** The statistics of a department or the whole municipality in a period. */
export interface Figures {
  /** Cases received. For a department this includes cases rerouted to it. */
  received: number;
  /** Cases open at the end of the period. */
  open: number;
  /** Cases answered in the period and not reopened before its end. */
  answered: Partial<Record<Outcome, number>>;
  /** Tasks whose acceptance was decided in the period: accepted, or breached. */
  accept: OnTime;
  /** Tasks that were solved or breached in the period. Rejected, handed-off and planned ones are only in `answered`. */
  resolve: OnTime;
  /** The department's business minutes from task to acceptance and to answer, without pauses. */
  acceptMinutes: Spread;
  resolveMinutes: Spread;
  objections: ObjectionFigures;
  programme: ProgrammeFigures;
  calls: CallFigures;
  /** Breaches and escalations of the department's clocks by ladder level. */
  breaches: Partial<Record<string, number>>;
  /** Warnings before the legal limit (Law 3071). */
  legalWarnings: number;
  resolutions: number;
  reopened: number;
  opinions: Record<FeedbackAnswer, number>;
  /** Ratings of citizens, 1 to 5. */
  ratings: { count: number; mean: number | null };
  /** Ages of the open cases in days, and their number per age group. */
  backlog: { median: number | null; oldest: number | null; groups: number[] };
}

/** The scope of the statistics: the whole municipality or one department. */
type Scope = string | null;

const within = ({ from, to }: Period, at: number | null): at is number =>
  at !== null && from <= at && at < to;

/**
 * Returns the statistics of a period for one department, or for the municipality if `desk` is null. A case that
 * visited two departments counts for both, and once for the municipality. The readings must end at the end of the
 * period.
 */
export function figuresOf(
  readings: readonly CaseReading[],
  period: Period,
  desk: Scope,
  calendarOf: (desk: string) => BusinessCalendar,
): Figures {
  const isOurs = (happening: Pick<Happening, 'desk'>): boolean => desk === null || happening.desk === desk;
  const isNow = (happening: Happening): boolean => within(period, happening.at) && isOurs(happening);
  const turns = readings.flatMap(reading => reading.turns).filter(isOurs);
  const rungs = readings.flatMap(reading => reading.rungs).filter(isNow);
  const answers = readings.flatMap(({ answer }) => (answer && isNow(answer) ? [answer.outcome] : []));
  const opinions = readings.flatMap(reading => reading.opinions).filter(isNow);
  const stars = readings.flatMap(reading => reading.stars ?? []).filter(isNow);
  return {
    received: readings.filter(reading => within(period, cameAt(reading, desk))).length,
    open: openOf(readings, desk).length,
    answered: countBy(answers),
    accept: onTime(turns, period, 'accept'),
    resolve: onTime(turns, period, 'resolve'),
    acceptMinutes: spread(turns, period, 'acceptedAt', calendarOf),
    resolveMinutes: spread(turns, period, 'answeredAt', calendarOf),
    objections: objectionsOf(readings, period, isOurs),
    programme: programmeOf(readings, period, isOurs),
    calls: callsOf(readings, period, isOurs),
    breaches: countBy(rungs.filter(({ clock }) => isServiceClock(clock)).map(({ level }) => String(level))),
    legalWarnings: rungs.filter(({ clock }) => clock === 'legal').length,
    resolutions: readings.flatMap(reading => reading.resolutions).filter(isNow).length,
    reopened: readings.flatMap(reading => reading.reopenings).filter(isNow).length,
    opinions: { solved: 0, partly: 0, unsolved: 0, ...countBy(opinions.map(({ answer }) => answer)) },
    ratings: {
      count: stars.length,
      mean: stars.length === 0 ? null : stars.reduce((sum, { rating }) => sum + rating, 0) / stars.length,
    },
    backlog: backlogOf(openOf(readings, desk), period.to),
  };
}

function isServiceClock(clock: Clock): clock is ServiceClock {
  return clock === 'accept' || clock === 'resolve' || clock === 'overall';
}

function objectionsOf(
  readings: readonly CaseReading[],
  period: Period,
  isOurs: (dispute: Dispute) => boolean,
): ObjectionFigures {
  const disputes = readings.flatMap(reading => reading.disputes).filter(isOurs);
  const ended = countBy(disputes.flatMap(({ end }) => (end && within(period, end.at) ? [end.how] : [])));
  const waiting = disputes.filter(({ end }) => end === null);
  return {
    made: disputes.filter(({ at }) => within(period, at)).length,
    ...{ accepted: 0, confirmed: 0, withdrawn: 0, ...ended },
    waiting: waiting.length,
    overdue: waiting.filter(({ decideBy }) => decideBy !== null && decideBy < period.to).length,
  };
}

function programmeOf(
  readings: readonly CaseReading[],
  period: Period,
  isOurs: (happening: Pick<Happening, 'desk'>) => boolean,
): ProgrammeFigures {
  const waiting = readings.flatMap(({ programme }) => programme ?? []).filter(isOurs);
  const moved = readings.flatMap(({ postponements }) => postponements).filter(isOurs);
  return {
    waiting: waiting.length,
    overdue: waiting.filter(({ by }) => by < period.to).length,
    moved: moved.filter(({ at }) => within(period, at)).length,
  };
}

function callsOf(
  readings: readonly CaseReading[],
  period: Period,
  isOurs: (happening: Pick<Happening, 'desk'>) => boolean,
): CallFigures {
  const calls = readings.flatMap(reading => reading.calls).filter(isOurs);
  const ends = countBy(calls.flatMap(({ end }) => (end && within(period, end.at) ? [end.how] : [])));
  const { reached = 0, wrongNumber = 0, arrived = 0, unreached = 0, unanswered = 0, noNumber = 0 } = ends;
  return {
    asked: calls.filter(({ at }) => within(period, at)).length,
    ...{ reached, wrongNumber, arrived },
    unreached: unreached + unanswered + noNumber,
    waiting: calls.filter(({ end }) => end === null).length,
  };
}

/** Returns when a case first reached the scope; null if never. */
function cameAt({ receivedAt, turns }: CaseReading, desk: Scope): number | null {
  return desk === null ? receivedAt : (turns.find(turn => turn.desk === desk)?.startedAt ?? null);
}

function openOf(readings: readonly CaseReading[], desk: Scope): CaseReading[] {
  const open = readings.filter(({ answer }) => answer === null);
  return desk === null ? open : open.filter(({ turns }) => turns.at(-1)?.desk === desk);
}

/** Answers that solve nothing yet: they are counted apart, not as in time. */
const apart: readonly (Outcome | null)[] = ['rejected', 'handedOff', 'planned'];

/**
 * A target is decided when it is met or breached, whichever is first. A task that ended before does not count. An
 * answer that was reopened before the end of the period was not in time.
 */
function onTime(turns: readonly DeskTurn[], period: Period, clock: 'accept' | 'resolve'): OnTime {
  const count = { onTime: 0, late: 0 };
  for (const turn of turns) {
    const overdueAt = turn.overdueAt[clock];
    const doneAt = clock === 'accept' ? turn.acceptedAt : turn.answeredAt;
    if (overdueAt !== null) count.late += within(period, overdueAt) ? 1 : 0;
    else if (!within(period, doneAt)) continue;
    else if (clock === 'accept') count.onTime += 1;
    else if (turn.reopened) count.late += 1;
    else if (!apart.includes(turn.outcome)) count.onTime += 1;
  }
  return count;
}

function spread(
  turns: readonly DeskTurn[],
  period: Period,
  until: 'acceptedAt' | 'answeredAt',
  calendarOf: (desk: string) => BusinessCalendar,
): Spread {
  const samples = turns.flatMap(turn => {
    const end = turn[until];
    return within(period, end) ? [workingMinutes(turn, end, calendarOf(turn.desk))] : [];
  });
  return { count: samples.length, median: quantile(samples, 0.5), p90: quantile(samples, 0.9) };
}

function workingMinutes({ startedAt, waits }: DeskTurn, end: number, calendar: BusinessCalendar): number {
  const waited = waits
    .filter(({ from }) => from < end)
    .map(({ from, to }) => businessMinutesBetween(calendar, from, Math.min(to ?? end, end)));
  return businessMinutesBetween(calendar, startedAt, end) - waited.reduce((sum, minutes) => sum + minutes, 0);
}

function backlogOf(open: readonly CaseReading[], at: number): Figures['backlog'] {
  const ages = open.map(({ receivedAt }) => (at - receivedAt) / DAY_MS);
  const groups = Array.from({ length: ageGroups.length + 1 }, () => 0);
  for (const age of ages) {
    const group = ageGroups.findIndex(end => Math.floor(age) <= end);
    const place = group === -1 ? ageGroups.length : group;
    groups[place] = (groups[place] ?? 0) + 1;
  }
  return { median: quantile(ages, 0.5), oldest: quantile(ages, 1), groups };
}

function countBy<Key extends string>(keys: readonly Key[]): Partial<Record<Key, number>> {
  const counts: Partial<Record<Key, number>> = {};
  for (const key of keys) counts[key] = (counts[key] ?? 0) + 1;
  return counts;
}

/**
 * Returns the quantile (share 0 to 1) of unsorted samples with linear interpolation, like PERCENTILE in spreadsheets;
 * null without samples.
 */
export function quantile(samples: readonly number[], share: number): number | null {
  const sorted = [...samples].sort((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const low = sorted[Math.floor(place)];
  const high = sorted[Math.ceil(place)];
  if (low === undefined || high === undefined) return null;
  return low + (high - low) * (place - Math.floor(place));
}
