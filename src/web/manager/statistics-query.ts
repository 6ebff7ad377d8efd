import { DateTime } from 'luxon';
import type { Municipality } from '../../config/municipality';
import type { Scope } from '../../reports/figure-groups';
import type { Period } from '../../reports/figures';

/** The periods to choose from, with their names and those of the period before in a comparison. */
export const periods = {
  'yedi-gun': { name: 'Son 7 gün', since: 'önceki 7 güne göre' },
  'otuz-gun': { name: 'Son 30 gün', since: 'önceki 30 güne göre' },
  'bu-ay': { name: 'Bu ay', since: 'geçen aya göre' },
  'gecen-ay': { name: 'Geçen ay', since: 'bir önceki aya göre' },
  'bu-yil': { name: 'Bu yıl', since: 'geçen yıla göre' },
  'on-iki-ay': { name: 'Son 12 ay', since: 'önceki 12 aya göre' },
} as const;

export type PeriodName = keyof typeof periods;

/** The parts of the page, each with its charts and a table. One page with all of them would be too large for a phone. */
export const pageParts = {
  gidisat: { name: 'Gidişat', dimension: 'department' },
  konular: { name: 'Konular', dimension: 'subject' },
  mahalleler: { name: 'Mahalleler', dimension: 'neighbourhood' },
} as const satisfies Record<string, { name: string; dimension: keyof Scope }>;

type PagePart = keyof typeof pageParts;

export interface StatisticsQuery {
  period: PeriodName;
  scope: Scope;
  part: PagePart;
  /** Whether tables show all their rows. */
  isWhole: boolean;
}

/** A period with those to compare it with: the one before, and the same one a year ago. */
export interface Compared {
  now: Period;
  before: Period;
  lastYear: Period;
}

const fields = { department: 'mudurluk', subject: 'konu', neighbourhood: 'mahalle' } as const;
export const fieldEntries = Object.entries(fields) as [keyof Scope, string][];

/** Returns what a page asks for. Unknown periods and slugs are ignored, as from an old bookmark. */
export function readStatisticsQuery(
  query: Readonly<Record<string, string | string[] | undefined>>,
  { departments, categories, neighbourhoods }: Municipality,
): StatisticsQuery {
  const known: Record<keyof Scope, readonly string[]> = {
    department: Object.keys(departments),
    subject: categories.map(({ slug }) => slug),
    neighbourhood: neighbourhoods.map(({ slug }) => slug),
  };
  const scope: Scope = {};
  for (const [field, name] of fieldEntries) {
    const value = query[name];
    if (typeof value === 'string' && known[field].includes(value)) scope[field] = value;
  }
  const oneOf = <Name extends string>(field: string, names: Readonly<Record<Name, unknown>>): Name | null => {
    const value = query[field];
    return typeof value === 'string' && Object.hasOwn(names, value) ? (value as Name) : null;
  };
  return {
    period: oneOf('donem', periods) ?? 'otuz-gun',
    scope,
    part: oneOf('bolum', pageParts) ?? 'gidisat',
    isWhole: query['hepsi'] !== undefined,
  };
}

/** Returns a period up to `at` (epoch ms UTC) and those before. A month or year so far is compared with as many days. */
export function comparedPeriods(name: PeriodName, timeZone: string, at: number): Compared {
  const now = DateTime.fromMillis(Math.floor(at / 1_000) * 1_000, { zone: timeZone });
  const period = (from: DateTime, to: DateTime): Period => ({ from: from.toMillis(), to: to.toMillis() });
  const compared = (from: DateTime, to: DateTime, back: { months: number } | { days: number }): Compared => ({
    now: period(from, to),
    before: period(from.minus(back), to.minus(back)),
    lastYear: period(from.minus({ years: 1 }), to.minus({ years: 1 })),
  });
  switch (name) {
    case 'yedi-gun':
      return compared(now.startOf('day').minus({ days: 6 }), now, { days: 7 });
    case 'otuz-gun':
      return compared(now.startOf('day').minus({ days: 29 }), now, { days: 30 });
    case 'bu-ay':
      return compared(now.startOf('month'), now, { months: 1 });
    case 'gecen-ay':
      return compared(now.startOf('month').minus({ months: 1 }), now.startOf('month'), { months: 1 });
    case 'bu-yil':
      return compared(now.startOf('year'), now, { months: 12 });
    case 'on-iki-ay':
      return compared(now.startOf('day').minus({ months: 12 }), now, { months: 12 });
  }
}

/** Returns the query of a page, as `readStatisticsQuery` reads it. */
export function urlOf({ period, scope, part, isWhole }: StatisticsQuery): string {
  const chosen = fieldEntries.flatMap(([field, name]): [string, string][] => {
    const slug = scope[field];
    return slug === undefined ? [] : [[name, slug]];
  });
  const shown: [string, string][] = part === 'gidisat' ? [] : [['bolum', part]];
  const whole: [string, string][] = isWhole ? [['hepsi', 'evet']] : [];
  return `?${new URLSearchParams([['donem', period], ...chosen, ...shown, ...whole]).toString()}`;
}

/** "1 Kasım 2026 – 30 Kasım 2026". */
export function periodText(timeZone: string, { from, to }: Period): string {
  return [from, to - 1]
    .map(at => DateTime.fromMillis(at, { zone: timeZone, locale: 'tr' }).toFormat('d LLLL yyyy'))
    .join(' – ');
}
