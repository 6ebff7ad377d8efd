import type { Outcome } from '../domain/case/case';
import { outcomeLabels } from '../domain/case/case-labels';
import {
  ageGroupLabels,
  aligned,
  callsText,
  daysText,
  minutesText,
  objectionsText,
  programmeText,
  shareText,
  starsText,
} from './figure-text';
import { answeredIn, type Figures, type Spread } from './figures';
import { onTimeShare, type Report } from './report';

interface Column {
  head: string;
  of: (figures: Figures) => string;
}

const columns: readonly Column[] = [
  { head: 'Gelen', of: ({ received }) => String(received) },
  { head: 'Açık', of: ({ open }) => String(open) },
  { head: 'Sonuç', of: each => String(answeredIn(each)) },
  { head: 'Sür. kabul', of: ({ accept }) => shareText(onTimeShare(accept)) },
  { head: 'Sür. çözüm', of: ({ resolve }) => shareText(onTimeShare(resolve)) },
  { head: 'Ortanca', of: ({ resolveMinutes }) => minutesText(resolveMinutes.median) },
  { head: '%90', of: ({ resolveMinutes }) => minutesText(resolveMinutes.p90) },
  { head: 'Aşım 1/2/3', of: ({ breaches }) => levels(breaches) },
  { head: 'Yen. açma', of: figures => shareText(reopenRate(figures)) },
  { head: 'Puan', of: ({ ratings }) => starsText(ratings.mean) },
  { head: 'En eski', of: ({ backlog }) => daysText(backlog.oldest) },
];

/**
 * Formats the report in Turkish as a table for a terminal with 140 columns. Prints the given `period`
 * unchanged.
 */
export function reportTable(report: Report, period: string): string {
  const { town, departments, fewest } = report;
  const rows = [
    ['Sıra', 'Müdürlük', ...columns.map(({ head }) => head)],
    ['', 'Tüm belediye', ...columns.map(({ of }) => of(town))],
    ...departments.map(({ rank, name, figures }) => [
      rank === null ? '–' : String(rank),
      name,
      ...columns.map(({ of }) => of(figures)),
    ]),
  ];
  return [
    `Bildirim raporu: ${period}`,
    '',
    ...aligned(rows, [1]),
    '',
    `Sonuçlar: ${outcomeList(town.answered)}`,
    `Vatandaş: çözüldü ${town.opinions.solved}, kısmen ${town.opinions.partly}, çözülmedi ${town.opinions.unsolved}; ${town.ratings.count} puan`,
    `Açık kayıtların yaşı: ${ageList(town.backlog.groups)}`,
    `Yasal süre (3071) uyarıları: ${town.legalWarnings}`,
    `İtirazlar: ${objectionsText(town)}`,
    `Program: ${programmeText(town)}`,
    `Telefonla bilgilendirme: ${callsText(town)}`,
    ...institutionTable(report),
    '',
    'Ortanca ve %90: görevin verilmesinden sonuca, müdürlüğün çalışma saatiyle, beklemeler düşülerek.',
    `Sıra: süresinde çözüm oranına göre; en az ${fewest} sonucu olmayan müdürlük sıralanmaz.`,
  ].join('\n');
}

/** Returns the hand-offs as a table by institution; nothing without any. */
function institutionTable({ institutions }: Report): string[] {
  if (institutions.length === 0) return [];
  const rows = institutions.map(institution => [
    institution.name,
    String(institution.count),
    shareText(institution.answeredShare),
    daysText(institution.medianDays),
    String(institution.waiting),
    String(institution.done),
    String(institution.notOurs),
    String(institution.silent),
    String(institution.notPassedOn),
  ]);
  const head = [
    'Kurum',
    'İletilen',
    'Yanıtlanan',
    'Ortanca',
    'Bekleyen',
    'Sonuç',
    'Görevli değil',
    'Yanıtsız',
  ];
  return ['', ...aligned([[...head, 'İletilemeyen'], ...rows], [0])];
}

function levels(breaches: Figures['breaches']): string {
  return ['1', '2', '3'].map(level => breaches[level] ?? 0).join('/');
}

function outcomeList(answered: Figures['answered']): string {
  const parts = (Object.keys(answered) as Outcome[]).map(
    outcome => `${outcomeLabels[outcome]} ${answered[outcome] ?? 0}`,
  );
  return parts.length > 0 ? parts.join(', ') : 'yok';
}

/** "0–3 gün 12, 4–7 gün 3, …" */
function ageList(groups: readonly number[]): string {
  return ageGroupLabels()
    .map((words, place) => `${words} ${groups[place] ?? 0}`)
    .join(', ');
}

const outcomes: readonly Outcome[] = [
  'resolved',
  'partlyResolved',
  'planned',
  'rejected',
  'handedOff',
  'withdrawn',
  'duplicate',
];

/** One CSV row. Keys are as in the JSON, shares are 0 to 1, minutes and days are numbers. */
export type ReportRow = Record<string, string | number | null>;

/** Returns one row for the municipality, then one for each department. */
export function reportRows({ town, departments }: Report): ReportRow[] {
  return [
    { department: 'all', rank: null, ...figureCells(town) },
    ...departments.map(({ slug, rank, figures }) => ({ department: slug, rank, ...figureCells(figures) })),
  ];
}

/** Returns the cells of one group. */
export function figureCells(figures: Figures): ReportRow {
  const { answered, accept, resolve, legal, breaches, backlog, opinions, ratings } = figures;
  const levels = ['1', '2', '3'];
  const [upTo3 = 0, upTo7 = 0, upTo15 = 0, upTo30 = 0, over30 = 0] = backlog.groups;
  return {
    received: figures.received,
    triaged: figures.triaged,
    open: figures.open,
    ...Object.fromEntries(outcomes.map(outcome => [outcome, answered[outcome] ?? 0])),
    acceptedOnTime: accept.onTime,
    acceptedLate: accept.late,
    acceptedOnTimeShare: rounded(onTimeShare(accept), 4),
    resolvedOnTime: resolve.onTime,
    resolvedLate: resolve.late,
    resolvedOnTimeShare: rounded(onTimeShare(resolve), 4),
    legalOnTime: legal.onTime,
    legalLate: legal.late,
    ...minutes('accept', figures.acceptMinutes),
    ...minutes('resolve', figures.resolveMinutes),
    ...Object.fromEntries(levels.map(level => [`breachesLevel${level}`, breaches[level] ?? 0])),
    legalWarnings: figures.legalWarnings,
    ...prefixed('objections', figures.objections),
    ...prefixed('programme', figures.programme),
    ...prefixed('calls', figures.calls),
    ...prefixed('handOffs', figures.handOffs),
    messages: figures.messages.count,
    templates: figures.messages.templates,
    ...minutes('firstMessage', figures.firstMessageMinutes),
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

/** Reopenings per result of the period; null without results. */
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

/** Returns cells with a common prefix, such as `objectionsMade`. */
function prefixed(prefix: string, counts: object): ReportRow {
  const nameOf = (name: string): string => `${prefix}${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  return Object.fromEntries(
    Object.entries(counts as Record<string, number | null>).map(([name, count]) => [
      nameOf(name),
      rounded(count, 2),
    ]),
  );
}

function rounded(value: number | null, digits: number): number | null {
  return value === null ? null : Number(value.toFixed(digits));
}

type Cell = string | number | null;

/** How a text begins that a spreadsheet would run as a formula. */
const formula = /^[=+\-@\t\r]/;

/**
 * Formats rows as CSV (RFC 4180) with a header line, decimal points, and empty fields for null. A text that a spreadsheet
 * would run as a formula gets an apostrophe in front.
 */
export function csvOf(rows: readonly Readonly<Record<string, Cell>>[]): string {
  const names = Object.keys(rows[0] ?? {});
  const cell = (value: Cell | undefined): string => {
    const plain = String(value ?? '');
    const text = typeof value === 'string' && formula.test(plain) ? `'${plain}` : plain;
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const lines = rows.map(row => names.map(name => cell(row[name])).join(','));
  return [names.join(','), ...lines].join('\r\n');
}
