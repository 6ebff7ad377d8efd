import type { Municipality } from '../../config/municipality';
import type { CaseLine } from '../../reports/case-line';
import type { Chart } from '../../reports/charts';
import { changeText, trendNames, trendsOf, type TrendNames } from '../../reports/comparison';
import { minutesText, perCaseText, shareText, starsText } from '../../reports/figure-text';
import { figuresBy, figuresOf, type Scope } from '../../reports/figure-groups';
import { answeredIn, type Figures } from '../../reports/figures';
import { onTimeShare } from '../../reports/report';
import type { ListedFigure } from '../../temporal/manager-views';
import { chartsOf, type Grouped } from './statistics-charts';
import {
  type Compared,
  fieldEntries,
  pageParts,
  type PeriodName,
  periods,
  periodText,
  type StatisticsQuery,
  urlOf,
} from './statistics-query';

/** Where the numbers of a page lead: the holder of a link and staff have different lists. */
export interface StatisticsLinks {
  /** The cases behind a number. */
  list: (figure: ListedFigure, scope: Scope) => string;
  /** The same cases in the Temporal UI; null if `list` leads there. */
  temporal: ((figure: ListedFigure, scope: Scope) => string) | null;
  /** The figures and the rows of the page as CSV; null without the right. */
  csv: { figures: string; rows: string } | null;
}

interface Choice {
  name: string;
  url: string;
  isCurrent: boolean;
}

interface Tile {
  name: string;
  value: string;
  before: string;
  lastYear: string;
  url: string | null;
  temporalUrl: string | null;
}

interface GroupRow {
  name: string;
  /** The same page about this group; null if it is already. */
  url: string | null;
  cells: { text: string; url: string | null }[];
}

interface GroupTable {
  title: string;
  rows: GroupRow[];
  /** The page with all rows; null if these are all. */
  wholeUrl: string | null;
}

export interface StatisticsView {
  title: string;
  period: string;
  /** Whether no case of the scope is known in the period. */
  isEmpty: boolean;
  periods: Choice[];
  parts: Choice[];
  /** The filters in force, and the page without each. */
  filters: { name: string; url: string }[];
  tiles: Tile[];
  trends: { text: string; url: string }[];
  charts: (Chart & { id: string })[];
  group: GroupTable;
  heads: readonly string[];
  csv: StatisticsLinks['csv'];
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

const groupTitles: Readonly<Record<keyof Scope, string>> = {
  department: 'Müdürlükler',
  subject: 'Konular',
  neighbourhood: 'Mahalleler',
};

/** Rows of a table until all are asked for. */
const MOST_ROWS = 15;
const MOST_TRENDS = 3;

/** Returns the statistics of a scope as a page shows them, from the lines of all compared periods. */
export async function statisticsView(
  municipality: Municipality,
  lines: readonly CaseLine[],
  query: StatisticsQuery,
  compared: Compared,
  links: StatisticsLinks,
): Promise<StatisticsView> {
  const { timeZone, departments, managers } = municipality;
  const { scope, part } = query;
  const { now, before, lastYear } = compared;
  const fewest = managers.fewestToRank;
  const names: TrendNames & { department: (slug: string) => string } = {
    department: slug => departments[slug]?.name ?? slug,
    ...trendNames(municipality),
  };
  const pageUrl = (to: Partial<StatisticsQuery>): string => urlOf({ ...query, ...to });
  const [current, earlier, yearAgo] = [now, before, lastYear].map(period => figuresOf(lines, period, scope));
  const figures = current ?? figuresOf([], now);
  const compare = (of: (figures: Figures) => string): Omit<Tile, 'name' | 'url' | 'temporalUrl'> => ({
    value: of(figures),
    before: of(earlier ?? figures),
    lastYear: of(yearAgo ?? figures),
  });
  const share = ({ resolve }: Figures): string =>
    resolve.onTime + resolve.late < fewest ? '–' : shareText(onTimeShare(resolve));
  const median = ({ resolveMinutes: { count, median: minutes } }: Figures): string =>
    count < fewest ? '–' : minutesText(minutes);
  const firstAnswer = ({ firstMessageMinutes: { count, median: minutes } }: Figures): string =>
    count < fewest ? '–' : minutesText(minutes);
  const triaged = (each: Figures): string =>
    each.received < fewest ? '–' : shareText(each.triaged / each.received);
  const stars = ({ ratings }: Figures): string => (ratings.count < fewest ? '–' : starsText(ratings.mean));

  const by = pageParts[part].dimension;
  const groups: Grouped = {
    now: figuresBy(lines, now, by, scope),
    before: figuresBy(lines, before, by, scope),
  };
  const groupTable = (): GroupTable => {
    const rows = [...groups.now]
      .filter(
        (entry): entry is [string, Figures] => entry[0] !== null && entry[1].received + entry[1].open > 0,
      )
      .sort(([, a], [, b]) => b.received - a.received || b.open - a.open)
      .map(([slug, each]): GroupRow => {
        const within = { ...scope, [by]: slug };
        const listed = (figure: ListedFigure, count: number) => ({
          text: String(count),
          url: count === 0 ? null : links.list(figure, within),
        });
        const plain = (text: string) => ({ text, url: null });
        return {
          name: names[by](slug),
          url: scope[by] === slug ? null : pageUrl({ scope: within }),
          cells: [
            ...[listed('received', each.received), plain(String(groups.before.get(slug)?.received ?? 0))],
            ...[listed('open', each.open), plain(String(answeredIn(each)))],
            ...[plain(share(each)), plain(median(each)), plain(String(each.reopened))],
          ],
        };
      });
    const isCut = rows.length > MOST_ROWS && !query.isWhole;
    return {
      title: groupTitles[by],
      rows: isCut ? rows.slice(0, MOST_ROWS) : rows,
      wholeUrl: isCut ? pageUrl({ isWhole: true }) : null,
    };
  };
  const tile = (name: string, of: (figures: Figures) => string, listed?: ListedFigure): Tile => ({
    ...{ name, ...compare(of) },
    url: listed ? links.list(listed, scope) : null,
    temporalUrl: listed ? (links.temporal?.(listed, scope) ?? null) : null,
  });

  return {
    title: 'İstatistik',
    period: periodText(timeZone, now),
    isEmpty: figures.received + figures.open + answeredIn(figures) === 0,
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
    parts: Object.entries(pageParts).map(([id, { name }]) => ({
      name,
      url: pageUrl({ part: id as StatisticsQuery['part'], isWhole: false }),
      isCurrent: id === part,
    })),
    tiles: [
      tile('Gelen', ({ received }) => String(received), 'received'),
      tile('Sonuçlanan', each => String(answeredIn(each)), 'answered'),
      tile('Açık', ({ open }) => String(open), 'open'),
      tile('Süresinde çözüm', share, 'late'),
      tile('Ortanca çözüm süresi', median),
      tile('Yeniden açılan', ({ reopened }) => String(reopened), 'reopened'),
      tile('İtiraz', ({ objections }) => String(objections.made), 'objected'),
      tile('Memnuniyet', stars),
      tile('İlk yanıt (ortanca)', firstAnswer),
      tile('Bildirim masasından geçen', triaged),
      tile('Kayıt başına mesaj', ({ messages, received }) => perCaseText(messages.count, received)),
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
    charts: await chartsOf(municipality, lines, { query, now, figures, groups }),
    group: groupTable(),
    heads,
    csv: links.csv,
    fewest,
  };
}
