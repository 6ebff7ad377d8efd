import { createHash } from 'node:crypto';
import { Router } from '@koa/router';
import { DateTime } from 'luxon';
import type { Municipality } from '../../config/municipality';
import { notFound } from '../../errors';
import type { CaseLine } from '../../reports/case-line';
import { barChart, type Chart, loadChart, mapChart } from '../../reports/charts';
import { figuresBy, figuresOf, published } from '../../reports/figure-groups';
import { minutesText, shareText, starsText } from '../../reports/figure-text';
import { answeredIn, type Period } from '../../reports/figures';
import type { LinesIn } from '../../reports/kept-lines';
import { onTimeShare } from '../../reports/report';
import { stepsOf } from '../../reports/series';

/** What everybody may see: figures of the town in whole months, none of them about a few cases. */
export interface PublicFigures {
  period: string;
  tiles: { name: string; value: string }[];
  charts: (Chart & { id: string })[];
  /** The usual time of each subject. */
  times: { name: string; received: string; time: string }[];
  fewest: number;
  delayDays: number;
}

const MONTHS = 12;
const MOST_SUBJECTS = 12;
const MAX_AGE_S = 3_600;

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
): Promise<PublicFigures | null> {
  const lines = all.filter(({ subject }) => !without.includes(subject));
  const figures = figuresOf(lines, period);
  if (figures.received < fewest) return null;
  const least = (count: number, text: string): string => (count < fewest ? '–' : text);
  const months = stepsOf(lines, period, starts)
    .filter(step => Math.min(step.received, step.answered) >= fewest)
    .map(step => ({
      ...step,
      name: DateTime.fromMillis(step.from, { zone: timeZone, locale: 'tr' }).toFormat('LLL yy'),
    }));
  const received = (by: 'subject' | 'neighbourhood'): Map<string | null, number | null> =>
    published(
      new Map([...figuresBy(lines, period, by)].map(([slug, each]) => [slug, each.received])),
      fewest,
    );
  const bySubject = received('subject');
  const byNeighbourhood = received('neighbourhood');
  const nameOf = (slug: string): string => categories.find(each => each.slug === slug)?.name.tr ?? slug;
  const subjects = [...bySubject]
    .flatMap(([slug, count]) => (slug !== null && count ? [{ slug, name: nameOf(slug), count }] : []))
    .sort((a, b) => b.count - a.count)
    .slice(0, MOST_SUBJECTS);
  const solved = figuresBy(lines, period, 'subject');
  const { resolve, resolveMinutes, ratings } = figures;
  const charts: Record<string, Promise<Chart>> = {
    aylar: loadChart(
      {
        title: 'Gelen ve sonuçlanan bildirimler, aya göre',
        description: `Sütunlar gelen, çizgi sonuçlanan bildirimleri gösterir. Az bildirimli aylar yoktur.`,
        step: 'Ay',
      },
      months,
    ),
    konular: barChart(
      { title: 'En çok bildirilen konular', description: 'On iki ayda gelen bildirimler.' },
      ['Konu', 'Gelen'],
      subjects.map(({ name: subject, count }) => ({ name: subject, count })),
    ),
    harita: mapChart(
      {
        title: 'Mahallelere göre bildirimler',
        description:
          'Renk zeminden ayrıldıkça bildirim artar. Az bildirim olan mahallelerin sayısı yayımlanmaz.',
      },
      neighbourhoods.map(({ slug, name: area, area: shape }) => ({
        ...{ name: area, area: shape },
        count: byNeighbourhood.get(slug) ?? null,
      })),
    ),
  };
  return {
    period: [period.from, period.to - 1]
      .map(at => DateTime.fromMillis(at, { zone: timeZone, locale: 'tr' }).toFormat('LLLL yyyy'))
      .join(' – '),
    tiles: [
      { name: 'Gelen bildirim', value: String(figures.received) },
      { name: 'Sonuçlanan', value: least(answeredIn(figures), String(answeredIn(figures))) },
      {
        name: 'Süresinde çözüm',
        value: least(resolve.onTime + resolve.late, shareText(onTimeShare(resolve))),
      },
      {
        name: 'Ortanca çözüm süresi',
        value: least(resolveMinutes.count, minutesText(resolveMinutes.median)),
      },
      { name: 'Memnuniyet', value: least(ratings.count, starsText(ratings.mean)) },
    ],
    charts: await Promise.all(Object.entries(charts).map(async ([id, chart]) => ({ id, ...(await chart) }))),
    times: subjects.map(({ slug, name: subject, count }) => {
      const { count: samples = 0, median = null } = solved.get(slug)?.resolveMinutes ?? {};
      return { name: subject, received: String(count), time: least(samples, minutesText(median)) };
    }),
    ...{ fewest, delayDays },
  };
}

/** `GET /seffaflik`: the public figures. The page is made once an hour, for everybody. */
export function publicFigureRoutes({
  municipality,
  linesIn,
  page,
  now,
}: {
  municipality: Municipality;
  linesIn: LinesIn;
  page: (figures: PublicFigures | null) => string;
  now: () => Date;
}): Router {
  let made: { html: string; etag: string; until: number } | null = null;
  return new Router().get('/seffaflik', async ctx => {
    const { publicFigures: wanted, timeZone } = municipality;
    if (!wanted) throw notFound();
    const at = now().getTime();
    if (!made || made.until <= at) {
      const months = publishedMonths(timeZone, at, wanted.delayDays);
      const html = page(await publicFigures(municipality, wanted, await linesIn(months), months));
      const etag = createHash('sha256').update(html).digest('base64url').slice(0, 16);
      made = { html, etag, until: at + MAX_AGE_S * 1_000 };
    }
    ctx.type = 'html';
    ctx.status = 200;
    ctx.set('Cache-Control', `public, max-age=${MAX_AGE_S}`);
    ctx.etag = made.etag;
    if (ctx.fresh) ctx.status = 304;
    else ctx.body = made.html;
  });
}
