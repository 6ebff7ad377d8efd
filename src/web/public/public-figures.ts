import { createHash } from 'node:crypto';
import { Router } from '@koa/router';
import { DateTime } from 'luxon';
import type { Municipality } from '../../config/municipality';
import { languages } from '../../config/schemas/texts';
import type { Language } from '../../config/texts';
import { AppError, notFound } from '../../errors';
import type { CaseLine } from '../../reports/case-line';
import { barChart, type Chart, loadChart, mapChart } from '../../reports/charts';
import { figuresBy, figuresOf, published } from '../../reports/figure-groups';
import { minutesText, shareText, starsText } from '../../reports/figure-text';
import { answeredIn, type Period } from '../../reports/figures';
import type { LinesIn } from '../../reports/kept-lines';
import { onTimeShare } from '../../reports/report';
import { stepsOf } from '../../reports/series';
import { figurePaths, publicWords } from './public-words';
import { type PublicCase, publishedWeeks, type RecentDeps, recentCases } from './recent-cases';

/** What everybody may see: figures of the town in whole months, none of them about a few cases. */
export interface PublicFigures {
  period: string;
  tiles: { name: string; value: string }[];
  charts: (Chart & { id: string })[];
  /** The usual time of each subject. */
  times: { name: string; received: string; time: string }[];
  /** How to read them, one paragraph each. */
  rules: string[];
}

const MONTHS = 12;
const MOST_SUBJECTS = 12;
const MAX_AGE_S = 3_600;
const RETRY_S = 60;

/**
 * Returns the twelve whole months of which the last ended at least `delayDays` before `at` (epoch ms UTC). Single days
 * are not published: the difference between two days would be about single cases.
 */
export function publishedMonths(
  timeZone: string,
  at: number,
  delayDays: number,
): Period & { starts: number[] } {
  const end = DateTime.fromMillis(at, { zone: timeZone }).minus({ days: delayDays }).startOf('month');
  const starts = Array.from({ length: MONTHS }, (_, place) =>
    end.minus({ months: MONTHS - place }).toMillis(),
  );
  return { from: starts[0] ?? 0, to: end.toMillis(), starts };
}

/** Returns the public figures of a period; null without enough cases. */
export async function publicFigures(
  { timeZone, categories, neighbourhoods }: Municipality,
  { fewest, delayDays, without }: NonNullable<Municipality['publicFigures']>,
  all: readonly CaseLine[],
  { starts, ...period }: ReturnType<typeof publishedMonths>,
  language: Language = 'tr',
): Promise<PublicFigures | null> {
  const words = publicWords[language];
  const lines = all.filter(({ subject }) => !without.includes(subject));
  const figures = figuresOf(lines, period);
  if (figures.received < fewest) return null;
  const least = (count: number, text: string): string => (count < fewest ? '–' : text);
  const months = stepsOf(lines, period, starts)
    .filter(step => Math.min(step.received, step.answered) >= fewest)
    .map(step => ({
      ...step,
      name: DateTime.fromMillis(step.from, { zone: timeZone, locale: language }).toFormat('LLL yy'),
    }));
  const received = (by: 'subject' | 'neighbourhood'): Map<string | null, number | null> =>
    published(
      new Map([...figuresBy(lines, period, by)].map(([slug, each]) => [slug, each.received])),
      fewest,
    );
  const bySubject = received('subject');
  const byNeighbourhood = received('neighbourhood');
  const nameOf = (slug: string): string =>
    categories.find(each => each.slug === slug)?.name[language] ?? slug;
  const subjects = [...bySubject]
    .flatMap(([slug, count]) => (slug !== null && count ? [{ slug, name: nameOf(slug), count }] : []))
    .sort((a, b) => b.count - a.count)
    .slice(0, MOST_SUBJECTS);
  const solved = figuresBy(lines, period, 'subject');
  const { resolve, resolveMinutes, ratings } = figures;
  const charts: Record<string, Promise<Chart>> = {
    aylar: loadChart({ ...words.months, language }, months),
    konular: barChart(
      words.subjects,
      words.subjects.heads,
      subjects.map(({ name: subject, count }) => ({ name: subject, count })),
    ),
    harita: mapChart(
      { ...words.map, language },
      neighbourhoods.map(({ slug, name: area, area: shape }) => ({
        ...{ name: area, area: shape },
        count: byNeighbourhood.get(slug) ?? null,
      })),
    ),
  };
  return {
    period: [period.from, period.to - 1]
      .map(at => DateTime.fromMillis(at, { zone: timeZone, locale: language }).toFormat('LLLL yyyy'))
      .join(' – '),
    tiles: [
      { name: words.tiles.received, value: String(figures.received) },
      { name: words.tiles.answered, value: least(answeredIn(figures), String(answeredIn(figures))) },
      {
        name: words.tiles.onTime,
        value: least(resolve.onTime + resolve.late, shareText(onTimeShare(resolve), language)),
      },
      {
        name: words.tiles.median,
        value: least(resolveMinutes.count, minutesText(resolveMinutes.median, language)),
      },
      { name: words.tiles.ratings, value: least(ratings.count, starsText(ratings.mean, language)) },
    ],
    charts: await Promise.all(Object.entries(charts).map(async ([id, chart]) => ({ id, ...(await chart) }))),
    times: subjects.map(({ slug, name: subject, count }) => {
      const { count: samples = 0, median = null } = solved.get(slug)?.resolveMinutes ?? {};
      return { name: subject, received: String(count), time: least(samples, minutesText(median, language)) };
    }),
    rules: words.rules({ fewest, delayDays }),
  };
}

/** The page: null figures while there are too few cases, null examples while the list cannot be read. */
export interface PublicPage {
  language: Language;
  figures: PublicFigures | null;
  recent: PublicCase[] | null;
}

/** The figures do not need Temporal, so they are shown without it. */
function withoutTemporal(error: unknown): null {
  if (error instanceof AppError && error.code === 'temporal-unavailable') return null;
  throw error;
}

interface Made {
  html: string;
  etag: string;
  until: number;
}

/** `GET /seffaflik` and `GET /en/figures`: the public figures. A page is made once an hour, for everybody. */
export function publicFigureRoutes(
  deps: RecentDeps & { linesIn: LinesIn; page: (content: PublicPage) => string; now: () => Date },
): Router {
  const { municipality, linesIn, page, now } = deps;
  const { timeZone } = municipality;
  const kept = new Map<Language, { page: Promise<Made>; until: number }>();

  async function make(language: Language, at: number): Promise<Made> {
    const { publicFigures: wanted } = municipality;
    if (!wanted) throw notFound();
    const months = publishedMonths(timeZone, at, wanted.delayDays);
    const weeks = publishedWeeks(timeZone, at, wanted.delayDays);
    const from = Math.min(months.from, ...weeks.map(week => week.from));
    const lines = await linesIn({ from, to: Math.max(months.to, weeks[0]?.to ?? 0) });
    const figures = await publicFigures(municipality, wanted, lines, months, language);
    const recent = figures && (await recentCases(deps, lines, weeks, language).catch(withoutTemporal));
    const html = page({ language, figures, recent });
    const etag = createHash('sha256').update(html).digest('base64url').slice(0, 16);
    // Temporal may be back soon.
    return { html, etag, until: at + (figures && !recent ? RETRY_S : MAX_AGE_S) * 1_000 };
  }

  /** Returns the page on record. Whoever comes while it is being made waits for the same one. */
  function madeAt(language: Language, at: number): Promise<Made> {
    const known = kept.get(language);
    if (known && known.until > at) return known.page;
    const making = { page: make(language, at), until: Infinity };
    kept.set(language, making);
    making.page.then(
      ({ until }) => (making.until = until),
      () => kept.delete(language),
    );
    return making.page;
  }

  const router = new Router();
  for (const language of languages) {
    router.get(`/${figurePaths[language]}`, async ctx => {
      const at = now().getTime();
      const { html, etag, until } = await madeAt(language, at);
      ctx.type = 'html';
      ctx.status = 200;
      ctx.set('Cache-Control', `public, max-age=${Math.round((until - at) / 1_000)}`);
      ctx.etag = etag;
      if (ctx.fresh) ctx.status = 304;
      else ctx.body = html;
    });
  }
  return router;
}
