import { TRIAGE } from '../config/schemas/town';
import type { FeedbackAnswer, Outcome } from '../domain/case/case';
import { DAY_MS, MINUTE_MS } from '../domain/durations';
import type { CaseLine, LineTurn } from './case-line';
import type { GivenAnswer, Dispute, HandedOff, Programme } from './case-story';

/** A half-open period, epoch ms UTC, on whole seconds. */
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

/** The hand-offs to institutions. Those that were recalled do not count. */
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

/** The statistics of a group of cases in a period. */
export interface Figures {
  /** Cases received. For a department this includes cases rerouted to it. */
  received: number;
  /** Of them: those that the triage desk had to sort first. */
  triaged: number;
  /** Cases open at the end of the period. */
  open: number;
  /** Cases answered in the period and not reopened before its end. */
  answered: Partial<Record<Outcome, number>>;
  /** Tasks whose acceptance was decided in the period: accepted, or breached. */
  accept: OnTime;
  /** Tasks that were solved or breached in the period. Rejected, handed-off and planned ones are only in `answered`. */
  resolve: OnTime;
  /** Cases that were solved or passed their limit of Law 3071 in the period, counted in the same way. */
  legal: OnTime;
  /** The department's business minutes from task to acceptance and to answer, without pauses. */
  acceptMinutes: Spread;
  resolveMinutes: Spread;
  objections: ObjectionFigures;
  programme: ProgrammeFigures;
  calls: CallFigures;
  handOffs: HandOffFigures;
  /** Breaches and escalations of the department's clocks by ladder level. */
  breaches: Partial<Record<string, number>>;
  /** Warnings before the legal limit (Law 3071). */
  legalWarnings: number;
  resolutions: number;
  reopened: number;
  opinions: Record<FeedbackAnswer, number>;
  /** Ratings of citizens, 1 to 5. */
  ratings: { count: number; mean: number | null };
  /** Messages to the citizens of the received cases, and those of them sent as a template, for which Meta charges. */
  messages: { count: number; templates: number };
  /** Minutes of the clock from the report to the first message about it. */
  firstMessageMinutes: Spread;
  /** Ages of the open cases in days, and their number per age group. */
  backlog: { median: number | null; oldest: number | null; groups: number[] };
}

/** The upper bounds of the age groups, in whole days. The last group is unbounded. */
export const ageGroups = [3, 7, 15, 30] as const;

/** Returns the outcome of a case at a time (exclusive); null while it is open. */
export function standing({ answers }: Pick<CaseLine, 'answers'>, at: number): GivenAnswer | null {
  return answers.findLast(answer => answer.at < at && isYet(answer.endedAt, at)) ?? null;
}

/** Returns how many cases were answered, whatever their outcome. */
export function answeredIn({ answered }: Pick<Figures, 'answered'>): number {
  return Object.values(answered).reduce((sum, count) => sum + count, 0);
}

/** Whether a time has not come before `to`. */
const isYet = (at: number | null, to: number): boolean => at === null || at >= to;

/** The scope of a sum over all departments, the happenings without one included. */
export const everyDesk = null;

/** Answers that solve nothing yet, or not by us: they are counted apart, not as in time. */
const apart: readonly (Outcome | null)[] = ['rejected', 'handedOff', 'planned'];
const unsolved: readonly Outcome[] = ['rejected', 'handedOff', 'planned', 'withdrawn', 'duplicate'];

/**
 * Returns whether a task was solved in time, as known at the end of a period (exclusive), and when that was decided; null
 * if it is not decided, or if its answer counts apart. An answer that was reopened by then was not in time.
 */
export function resolveDecision(
  { overdueAt, answeredAt, reopenedAt, outcome }: LineTurn,
  to: number,
): { at: number; isOnTime: boolean } | null {
  if (overdueAt.resolve !== null && overdueAt.resolve < to) return { at: overdueAt.resolve, isOnTime: false };
  if (answeredAt === null || answeredAt >= to) return null;
  if (!isYet(reopenedAt, to)) return { at: answeredAt, isOnTime: false };
  return apart.includes(outcome) ? null : { at: answeredAt, isOnTime: true };
}

/** Sums up the cases of one group in one pass. */
export class Tally {
  private readonly samples = {
    accept: [] as number[],
    resolve: [] as number[],
    firstMessage: [] as number[],
    handOffDays: [] as number[],
    ages: [] as number[],
  };
  private readonly counts = {
    ...{ received: 0, triaged: 0, open: 0, legalWarnings: 0, resolutions: 0, reopened: 0 },
    answered: {} as Partial<Record<Outcome, number>>,
    accept: { onTime: 0, late: 0 },
    resolve: { onTime: 0, late: 0 },
    legal: { onTime: 0, late: 0 },
    objections: { made: 0, accepted: 0, confirmed: 0, withdrawn: 0, waiting: 0, overdue: 0 },
    programme: { waiting: 0, overdue: 0, moved: 0 },
    calls: { asked: 0, reached: 0, unreached: 0, wrongNumber: 0, arrived: 0, waiting: 0 },
    handOffs: { count: 0, done: 0, notOurs: 0, silent: 0, notPassedOn: 0, waiting: 0 },
    breaches: {} as Partial<Record<string, number>>,
    opinions: { solved: 0, partly: 0, unsolved: 0 },
    messages: { count: 0, templates: 0 },
  };
  private stars = { count: 0, sum: 0 };

  constructor(private readonly period: Period) {}

  private isNow(at: number | null): at is number {
    return at !== null && at >= this.period.from && at < this.period.to;
  }

  /** Adds what happened to a case at one department, or at all of them. `own`: hand-offs to its institution only. */
  add(line: CaseLine, desk: string | null, own = false): void {
    const { counts, period } = this;
    const isOurs = (other: { desk: string | null }): boolean => desk === everyDesk || other.desk === desk;
    const isOursNow = (other: { at: number; desk: string | null }): boolean =>
      this.isNow(other.at) && isOurs(other);
    this.addReceipt(line, desk);
    const answer = standing(line, period.to);
    const current = line.turns.findLast(({ startedAt }) => startedAt < period.to);
    const isHere = desk === everyDesk || current?.desk === desk;
    if (!answer && isHere) {
      counts.open += 1;
      this.samples.ages.push((period.to - line.receivedAt) / DAY_MS);
    }
    if (answer && isOursNow(answer)) count(counts.answered, answer.outcome);
    if (isHere) this.addLegal(line);
    for (const turn of line.turns) if (isOurs(turn)) this.addTurn(turn);
    for (const rung of line.rungs) {
      if (!isOursNow(rung)) continue;
      if (rung.clock === 'legal') counts.legalWarnings += 1;
      else if (rung.clock === 'accept' || rung.clock === 'resolve' || rung.clock === 'overall')
        count(counts.breaches, String(rung.level));
    }
    for (const resolution of line.resolutions) if (isOursNow(resolution)) counts.resolutions += 1;
    for (const reopening of line.reopenings) if (isOursNow(reopening)) counts.reopened += 1;
    for (const opinion of line.opinions) if (isOursNow(opinion)) counts.opinions[opinion.answer] += 1;
    if (line.stars && isOursNow(line.stars)) {
      this.stars = { count: this.stars.count + 1, sum: this.stars.sum + line.stars.rating };
    }
    for (const dispute of line.disputes) if (isOurs(dispute)) this.addDispute(dispute);
    for (const programme of line.programmes) if (isOurs(programme)) this.addProgramme(programme);
    for (const moved of line.postponements) if (isOursNow(moved)) counts.programme.moved += 1;
    for (const call of line.calls) if (isOurs(call)) this.addCall(call);
    for (const handOff of line.handOffs) {
      if (isHere && (!own || handOff.institution === line.institution)) this.addHandOff(handOff);
    }
  }

  private addReceipt(line: CaseLine, desk: string | null): void {
    const { turns, receivedAt, messages, templates, firstMessageAt } = line;
    const at = desk === everyDesk ? receivedAt : (turns.find(turn => turn.desk === desk)?.startedAt ?? null);
    if (!this.isNow(at)) return;
    this.counts.received += 1;
    if (turns[0]?.desk === TRIAGE) this.counts.triaged += 1;
    this.counts.messages.count += messages;
    this.counts.messages.templates += templates;
    if (firstMessageAt !== null)
      this.samples.firstMessage.push(Math.max(0, firstMessageAt - receivedAt) / MINUTE_MS);
  }

  private addTurn(turn: LineTurn): void {
    const { acceptedAt, answeredAt, overdueAt, acceptMinutes, resolveMinutes } = turn;
    if (this.isNow(acceptedAt) && acceptMinutes !== null) this.samples.accept.push(acceptMinutes);
    if (this.isNow(answeredAt) && resolveMinutes !== null) this.samples.resolve.push(resolveMinutes);
    // A target is decided when it is met or breached, whichever is first. A task that ended before does not count.
    const isMissed = (by: number | null): by is number => by !== null && by < this.period.to;
    if (isMissed(overdueAt.accept)) this.counts.accept.late += this.isNow(overdueAt.accept) ? 1 : 0;
    else if (this.isNow(acceptedAt)) this.counts.accept.onTime += 1;
    const decision = resolveDecision(turn, this.period.to);
    if (decision && this.isNow(decision.at)) this.counts.resolve[decision.isOnTime ? 'onTime' : 'late'] += 1;
  }

  /** Law 3071, article 7: an answer within the limit, which a promised date is too. One that was reopened is none. */
  private addLegal({ legalBy, answers }: CaseLine): void {
    const { to } = this.period;
    if (legalBy === null) return;
    const inTime = answers.findLast(
      ({ at, endedAt }, place) =>
        at <= legalBy && at < to && (isYet(endedAt, to) || answers[place + 1]?.at === endedAt),
    );
    if (!inTime) this.counts.legal.late += this.isNow(legalBy) ? 1 : 0;
    else if (this.isNow(inTime.at) && !unsolved.includes(inTime.outcome)) this.counts.legal.onTime += 1;
  }

  private addDispute({ at, decideBy, end }: Dispute): void {
    const { objections } = this.counts;
    if (at >= this.period.to) return;
    if (this.isNow(at)) objections.made += 1;
    if (end && this.isNow(end.at)) objections[end.how] += 1;
    if (!isYet(end?.at ?? null, this.period.to)) return;
    objections.waiting += 1;
    if (decideBy !== null && decideBy < this.period.to) objections.overdue += 1;
  }

  private addProgramme({ at, by, endedAt }: Programme): void {
    const { programme } = this.counts;
    if (at >= this.period.to || !isYet(endedAt, this.period.to)) return;
    programme.waiting += 1;
    if (by < this.period.to) programme.overdue += 1;
  }

  private addCall({ at, end }: CaseLine['calls'][number]): void {
    const { calls } = this.counts;
    if (at >= this.period.to) return;
    if (this.isNow(at)) calls.asked += 1;
    if (isYet(end?.at ?? null, this.period.to)) calls.waiting += 1;
    if (!end || !this.isNow(end.at)) return;
    if (end.how === 'reached' || end.how === 'wrongNumber' || end.how === 'arrived') calls[end.how] += 1;
    else calls.unreached += 1;
  }

  addHandOff({ at, answeredAt, end }: HandedOff): void {
    const { handOffs } = this.counts;
    const { to } = this.period;
    const how = end && end.at < to ? end.how : null;
    if (at >= to || how === 'recalled') return;
    if (how === null) handOffs.waiting += 1;
    if (!this.isNow(at)) return;
    handOffs.count += 1;
    if (answeredAt !== null && answeredAt < to) this.samples.handOffDays.push((answeredAt - at) / DAY_MS);
    if (how !== null) handOffs[how] += 1;
  }

  figures(): Figures {
    const { counts, samples, stars } = this;
    return {
      ...counts,
      acceptMinutes: spreadOf(samples.accept),
      resolveMinutes: spreadOf(samples.resolve),
      firstMessageMinutes: spreadOf(samples.firstMessage),
      handOffs: {
        ...counts.handOffs,
        answered: samples.handOffDays.length,
        medianDays: quantile(ascending(samples.handOffDays), 0.5),
      },
      ratings: { count: stars.count, mean: stars.count === 0 ? null : stars.sum / stars.count },
      backlog: backlogOf(samples.ages),
    };
  }
}

function spreadOf(samples: readonly number[]): Spread {
  const sorted = ascending(samples);
  return { count: samples.length, median: quantile(sorted, 0.5), p90: quantile(sorted, 0.9) };
}

function backlogOf(ages: readonly number[]): Figures['backlog'] {
  const groups = Array.from({ length: ageGroups.length + 1 }, () => 0);
  for (const age of ages) {
    const group = ageGroups.findIndex(end => Math.floor(age) <= end);
    const place = group === -1 ? ageGroups.length : group;
    groups[place] = (groups[place] ?? 0) + 1;
  }
  const sorted = ascending(ages);
  return { median: quantile(sorted, 0.5), oldest: quantile(sorted, 1), groups };
}

function count<Key extends string>(counts: Partial<Record<Key, number>>, key: Key): void {
  counts[key] = (counts[key] ?? 0) + 1;
}

function ascending(samples: readonly number[]): Float64Array {
  return Float64Array.from(samples).sort();
}

/**
 * Returns the quantile (share 0 to 1) of sorted samples with linear interpolation, like PERCENTILE in spreadsheets; null
 * without samples.
 */
export function quantile(sorted: ArrayLike<number>, share: number): number | null {
  const place = (sorted.length - 1) * share;
  const low = sorted[Math.floor(place)];
  const high = sorted[Math.ceil(place)];
  if (low === undefined || high === undefined) return null;
  return low + (high - low) * (place - Math.floor(place));
}
