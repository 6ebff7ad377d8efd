import type { Outcome } from '../domain/case/case';
import type { Figures, Spread } from './figures';
import { onTimeShare, type Report } from './report';

const outcomes: readonly Outcome[] = [
  'resolved',
  'partlyResolved',
  'planned',
  'rejected',
  'handedOff',
  'withdrawn',
  'duplicate',
];

/** One line of a report for programs: names as in the JSON, shares from 0 to 1, minutes and days as numbers. */
export type ReportRow = Record<string, string | number | null>;

/** The town first, then each department: one flat row of figures for each. */
export function reportRows({ town, departments }: Report): ReportRow[] {
  return [
    { department: 'all', rank: null, ...cells(town) },
    ...departments.map(({ slug, rank, figures }) => ({ department: slug, rank, ...cells(figures) })),
  ];
}

function cells(figures: Figures): ReportRow {
  const { answered, accept, resolve, breaches, backlog, opinions, ratings } = figures;
  const levels = ['1', '2', '3'];
  const [upTo3 = 0, upTo7 = 0, upTo15 = 0, upTo30 = 0, over30 = 0] = backlog.groups;
  return {
    received: figures.received,
    open: figures.open,
    ...Object.fromEntries(outcomes.map(outcome => [outcome, answered[outcome] ?? 0])),
    acceptedOnTime: accept.onTime,
    acceptedLate: accept.late,
    acceptedOnTimeShare: rounded(onTimeShare(accept), 4),
    resolvedOnTime: resolve.onTime,
    resolvedLate: resolve.late,
    resolvedOnTimeShare: rounded(onTimeShare(resolve), 4),
    ...minutes('accept', figures.acceptMinutes),
    ...minutes('resolve', figures.resolveMinutes),
    ...Object.fromEntries(levels.map(level => [`breachesLevel${level}`, breaches[level] ?? 0])),
    legalWarnings: figures.legalWarnings,
    resolutions: figures.resolutions,
    reopened: figures.reopened,
    reopenRate: rounded(reopenRate(figures), 4),
    ...opinions,
    ratings: ratings.count,
    meanRating: rounded(ratings.mean, 2),
    backlogMedianDays: rounded(backlog.median, 2),
    backlogOldestDays: rounded(backlog.oldest, 2),
    ...{ upTo3Days: upTo3, upTo7Days: upTo7, upTo15Days: upTo15, upTo30Days: upTo30, over30Days: over30 },
  };
}

/** Reopenings for each work that was said to be done in the period; null when there was none. */
export function reopenRate({ reopened, resolutions }: Figures): number | null {
  return resolutions === 0 ? null : reopened / resolutions;
}

function minutes(name: string, { count, median, p90 }: Spread): ReportRow {
  return {
    [`${name}Count`]: count,
    [`${name}MedianMinutes`]: rounded(median, 1),
    [`${name}P90Minutes`]: rounded(p90, 1),
  };
}

function rounded(value: number | null, digits: number): number | null {
  return value === null ? null : Number(value.toFixed(digits));
}
