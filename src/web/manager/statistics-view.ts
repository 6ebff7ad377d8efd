import { DateTime } from 'luxon';
import { calendarNamed } from '../../config/calendars';
import type { Municipality } from '../../config/municipality';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../domain/durations';
import type { CaseLine } from '../../reports/case-line';
import { barChart, type Chart, hoursChart, loadChart, mapChart, shareChart } from '../../reports/charts';
import { changeText, trendsOf, type TrendNames } from '../../reports/comparison';
import { ageGroupLabels, daysText, minutesText, shareText, starsText } from '../../reports/figure-text';
import { figuresBy, figuresOf, type Scope } from '../../reports/figure-groups';
import type { Figures, Period } from '../../reports/figures';
import { onTimeShare } from '../../reports/report';
import { hoursOf, stepsOf } from '../../reports/series';
import type { ListedFigure } from '../../temporal/manager-views';

/** The periods to choose from, with their names and those of the period before in a comparison. */
const periods = {
  'yedi-gun': { name: 'Son 7 gün', since: 'önceki 7 güne göre' },
  'otuz-gun': { name: 'Son 30 gün', since: 'önceki 30 güne göre' },
  'bu-ay': { name: 'Bu ay', since: 'geçen aya göre' },
  'gecen-ay': { name: 'Geçen ay', since: 'bir önceki aya göre' },
  'bu-yil': { name: 'Bu yıl', since: 'geçen yıla göre' },
  'on-iki-ay': { name: 'Son 12 ay', since: 'önceki 12 aya göre' },
} as const;

export type PeriodName = keyof typeof periods;

export interface StatisticsQuery {
  period: PeriodName;
  scope: Scope;
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
const fieldEntries = Object.entries(fields) as [keyof Scope, string][];

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
  const period = query['donem'];
  const isKnown = typeof period === 'string' && Object.hasOwn(periods, period);
  const isWhole = query['hepsi'] !== undefined;
  return { period: isKnown ? (period as PeriodName) : 'otuz-gun', scope, isWhole };
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

interface Tile {
  name: string;
  value: string;
  before: string;
  lastYear: string;
  url: string | null;
}

interface GroupRow {
  name: string;
  /** The same page about this group; null if it is already. */
  url: string | null;
  /** Its cases of the period in the Temporal UI. */
  casesUrl: string;
  cells: string[];
}

interface GroupTable {
  title: string;
  rows: GroupRow[];
  /** The page with all rows; null if these are all. */
  wholeUrl: string | null;
}

/** The figures of each value of a dimension, in a period and the one before. */
type Grouped = Record<'now' | 'before', ReadonlyMap<string | null, Figures>>;

export interface StatisticsView {
  title: string;
  period: string;
  /** Whether no case of the scope is known in the period. */
  isEmpty: boolean;
  periods: { name: string; url: string; isCurrent: boolean }[];
  /** The filters in force, and the page without each. */
  filters: { name: string; url: string }[];
  tiles: Tile[];
  trends: { text: string; url: string }[];
  charts: (Chart & { id: string })[];
  groups: GroupTable[];
  heads: readonly string[];
  csvUrl: string;
  rowsUrl: string;
  fewest: number;
}

const heads = [
  'Gelen',
  'Önceki',
  'Açık',
  'Sonuçlanan',
  'Süresinde',
  'Ortanca süre',
  'Yeniden açılan',
] as const;

/** The first Monday of 1970, in local time. */
const FIRST_MONDAY = 4 * DAY_MS;

const MOST_SUBJECTS = 12;
/** Rows of a table until all are asked for. */
const MOST_ROWS = 15;
const MOST_TRENDS = 3;

const total = ({ answered }: Figures): number =>
  Object.values(answered).reduce((sum, count) => sum + count, 0);

/** Returns the statistics of a scope as a page shows them, from the lines of all compared periods. */
export async function statisticsView(
  municipality: Municipality,
  lines: readonly CaseLine[],
  query: StatisticsQuery,
  compared: Compared,
): Promise<StatisticsView> {
  const { timeZone, departments, categories, neighbourhoods, managers } = municipality;
  const { scope } = query;
  const { now, before, lastYear } = compared;
  const fewest = managers.fewestToRank;
  const names: TrendNames & { department: (slug: string) => string } = {
    department: slug => departments[slug]?.name ?? slug,
    subject: slug => categories.find(each => each.slug === slug)?.name.tr ?? slug,
    neighbourhood: slug => neighbourhoods.find(each => each.slug === slug)?.name ?? slug,
  };
  const pageUrl = (to: Partial<StatisticsQuery>): string => urlOf({ ...query, ...to });
  const listUrl = (figure: ListedFigure, within: Scope): string =>
    `istatistik/liste${urlOf({ ...query, scope: within, isWhole: false })}&sayi=${figure}`;

  const [current, earlier, yearAgo] = [now, before, lastYear].map(period => figuresOf(lines, period, scope));
  const figures = current ?? figuresOf([], now);
  const compare = (of: (figures: Figures) => string): Omit<Tile, 'name' | 'url'> => ({
    value: of(figures),
    before: of(earlier ?? figures),
    lastYear: of(yearAgo ?? figures),
  });
  const share = ({ resolve }: Figures): string =>
    resolve.onTime + resolve.late < fewest ? '–' : shareText(onTimeShare(resolve));
  const median = ({ resolveMinutes: { count, median: minutes } }: Figures): string =>
    count < fewest ? '–' : minutesText(minutes);
  const stars = ({ ratings }: Figures): string => (ratings.count < fewest ? '–' : starsText(ratings.mean));

  const grouped = (by: keyof Scope): Grouped => ({
    now: figuresBy(lines, now, by, scope),
    before: figuresBy(lines, before, by, scope),
  });
  const groups = {
    department: grouped('department'),
    subject: grouped('subject'),
    neighbourhood: grouped('neighbourhood'),
  };
  const groupTable = (title: string, by: keyof Scope): GroupTable => {
    const rows = [...groups[by].now]
      .filter(
        (entry): entry is [string, Figures] => entry[0] !== null && entry[1].received + entry[1].open > 0,
      )
      .sort(([, a], [, b]) => b.received - a.received || b.open - a.open)
      .map(([slug, each]): GroupRow => {
        const within = { ...scope, [by]: slug };
        return {
          name: names[by](slug),
          url: scope[by] === slug ? null : pageUrl({ scope: within }),
          casesUrl: listUrl('received', within),
          cells: [
            ...[String(each.received), String(groups[by].before.get(slug)?.received ?? 0), String(each.open)],
            ...[String(total(each)), share(each), median(each), String(each.reopened)],
          ],
        };
      });
    const isCut = rows.length > MOST_ROWS && !query.isWhole;
    return {
      title,
      rows: isCut ? rows.slice(0, MOST_ROWS) : rows,
      wholeUrl: isCut ? pageUrl({ isWhole: true }) : null,
    };
  };

  return {
    title: 'İstatistik',
    period: periodText(timeZone, now),
    isEmpty: figures.received + figures.open + total(figures) === 0,
    periods: Object.entries(periods).map(([period, { name }]) => ({
      name,
      url: pageUrl({ period: period as PeriodName }),
      isCurrent: period === query.period,
    })),
    filters: fieldEntries.flatMap(([field]) => {
      const slug = scope[field];
      const { [field]: _, ...others } = scope;
      return slug === undefined ? [] : [{ name: names[field](slug), url: pageUrl({ scope: others }) }];
    }),
    tiles: [
      { name: 'Gelen', ...compare(({ received }) => String(received)), url: listUrl('received', scope) },
      { name: 'Sonuçlanan', ...compare(each => String(total(each))), url: null },
      { name: 'Açık', ...compare(({ open }) => String(open)), url: listUrl('open', scope) },
      { name: 'Süresinde çözüm', ...compare(share), url: listUrl('late', scope) },
      { name: 'Ortanca çözüm süresi', ...compare(median), url: null },
      { name: 'Yeniden açılan', ...compare(({ reopened }) => String(reopened)), url: null },
      { name: 'İtiraz', ...compare(({ objections }) => String(objections.made)), url: null },
      { name: 'Memnuniyet', ...compare(stars), url: null },
    ],
    trends: [
      ...(earlier && Math.min(figures.received, earlier.received) >= fewest
        ? [
            {
              text: `Toplam bildirim ${periods[query.period].since} ${changeText(figures.received, earlier.received)} (${earlier.received} → ${figures.received}).`,
              url: pageUrl({}),
            },
          ]
        : []),
      ...trendsOf(lines, compared, {
        ...{ scope, fewest, limit: MOST_TRENDS, names },
        since: periods[query.period].since,
      }).map(({ text, scope: within }) => ({ text, url: pageUrl({ scope: { ...scope, ...within } }) })),
    ],
    charts: await chartsOf(municipality, lines, { query, now, names, figures, groups }),
    groups: [
      groupTable('Müdürlükler', 'department'),
      groupTable('Konular', 'subject'),
      groupTable('Mahalleler', 'neighbourhood'),
    ],
    heads,
    csvUrl: `istatistik.csv${urlOf(query)}`,
    rowsUrl: `istatistik.csv${urlOf(query)}&satirlar=evet`,
    fewest,
  };
}

/** Returns the query of a page, as `readStatisticsQuery` reads it. */
function urlOf({ period, scope, isWhole }: StatisticsQuery): string {
  const chosen = fieldEntries.flatMap(([field, name]): [string, string][] => {
    const slug = scope[field];
    return slug === undefined ? [] : [[name, slug]];
  });
  const whole: [string, string][] = isWhole ? [['hepsi', 'evet']] : [];
  return `?${new URLSearchParams([['donem', period], ...chosen, ...whole]).toString()}`;
}

async function chartsOf(
  municipality: Municipality,
  lines: readonly CaseLine[],
  given: {
    query: StatisticsQuery;
    now: Period;
    names: TrendNames;
    figures: Figures;
    groups: Record<'subject' | 'neighbourhood', Grouped>;
  },
): Promise<(Chart & { id: string })[]> {
  const { query, now, names, figures, groups } = given;
  const { timeZone, neighbourhoods } = municipality;
  const { scope } = query;
  const { starts, isWeekly } = stepsWithin(timeZone, now);
  const steps = stepsOf(lines, now, starts, scope).map(step => ({
    ...step,
    name: DateTime.fromMillis(step.from, { zone: timeZone, locale: 'tr' }).toFormat('d LLL'),
    share: onTimeShare(step),
  }));
  const [by, step] = isWeekly ? ['haftaya', 'Hafta'] : ['güne', 'Gün'];
  const subjects = [...groups.subject.now]
    .filter(([, { received }]) => received > 0)
    .sort(([, a], [, b]) => b.received - a.received)
    .slice(0, MOST_SUBJECTS)
    .map(([slug, { received }]) => ({
      name: names.subject(slug ?? ''),
      count: received,
      before: groups.subject.before.get(slug)?.received ?? 0,
    }));
  const areas = neighbourhoods.map(({ slug, name, area }) => ({
    ...{ name, area },
    count: groups.neighbourhood.now.get(slug)?.received ?? 0,
  }));
  const busiest = [...areas].sort((a, b) => b.count - a.count)[0];
  const ages = ageGroupLabels().map((name, place) => ({ name, count: figures.backlog.groups[place] ?? 0 }));
  const { offsetMinutesAt } = calendarNamed(municipality, municipality.sla.officeCalendar);
  const hourOf = (at: number): number =>
    Math.floor((at + offsetMinutesAt(at) * MINUTE_MS - FIRST_MONDAY) / HOUR_MS) % (7 * 24);
  const charts: Record<string, Promise<Chart>> = {
    yuk: loadChart(
      {
        step,
        title: `Gelen ve sonuçlanan, ${by} göre`,
        description: `Sütunlar gelen ${figures.received}, çizgi sonuçlanan ${total(figures)} bildirimi gösterir.`,
      },
      steps,
    ),
    sure: shareChart(
      {
        step,
        title: `Süresinde çözüm oranı, ${by} göre`,
        description: `Dönemin tamamında ${shareText(onTimeShare(figures.resolve))}.`,
      },
      steps,
    ),
    konular: barChart(
      {
        title: 'En çok bildirilen konular',
        description: 'Çubuk bu dönemi, turuncu işaret önceki dönemi gösterir.',
      },
      ['Konu', 'Gelen', 'Önceki'],
      subjects,
    ),
    yas: barChart(
      {
        title: 'Açık kayıtların yaşı',
        description: `${figures.open} açık kayıt; en eskisi ${daysText(figures.backlog.oldest)}.`,
      },
      ['Yaş', 'Açık kayıt'],
      ages,
    ),
    saatler: hoursChart(
      {
        title: 'Bildirimlerin geldiği saatler',
        description: 'Kare büyüdükçe o saatte gelen bildirim artar.',
      },
      hoursOf(lines, now, hourOf, scope),
    ),
    harita: mapChart(
      {
        title: 'Mahallelere göre gelen bildirim',
        description: busiest?.count
          ? `Renk zeminden ayrıldıkça bildirim artar. En çok: ${busiest.name}, ${busiest.count}.`
          : 'Bu dönemde mahallesi bilinen bildirim yok.',
      },
      areas,
    ),
  };
  return Promise.all(Object.entries(charts).map(async ([id, chart]) => ({ id, ...(await chart) })));
}

/** Returns the starts of the local days of a period up to 31 days, otherwise of its weeks. */
function stepsWithin(timeZone: string, { from, to }: Period): { starts: number[]; isWeekly: boolean } {
  const isWeekly = to - from > 32 * DAY_MS;
  const unit = isWeekly ? 'week' : 'day';
  const starts: number[] = [];
  for (
    let at = DateTime.fromMillis(from, { zone: timeZone }).startOf(unit);
    at.toMillis() < to;
    at = at.plus(isWeekly ? { weeks: 1 } : { days: 1 })
  )
    starts.push(at.toMillis());
  return { starts, isWeekly };
}

/** "1 Kasım 2026 – 30 Kasım 2026". */
function periodText(timeZone: string, { from, to }: Period): string {
  return [from, to - 1]
    .map(at => DateTime.fromMillis(at, { zone: timeZone, locale: 'tr' }).toFormat('d LLLL yyyy'))
    .join(' – ');
}
