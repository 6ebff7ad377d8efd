import { DateTime } from 'luxon';
import { calendarNamed } from '../../config/calendars';
import type { Municipality } from '../../config/municipality';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../domain/durations';
import type { CaseLine } from '../../reports/case-line';
import { barChart, type Chart, hoursChart, loadChart, mapChart, shareChart } from '../../reports/charts';
import { ageGroupLabels, daysText, shareText } from '../../reports/figure-text';
import { answeredIn, type Figures, type Period } from '../../reports/figures';
import { onTimeShare } from '../../reports/report';
import { hoursOf, stepsOf } from '../../reports/series';
import type { StatisticsQuery } from './statistics-query';

/** The first Monday of 1970, in local time. */
const FIRST_MONDAY = 4 * DAY_MS;

const MOST_SUBJECTS = 12;

/** The figures of each value of the part's dimension, in a period and the one before. */
export type Grouped = Record<'now' | 'before', ReadonlyMap<string | null, Figures>>;

interface Given {
  query: StatisticsQuery;
  now: Period;
  figures: Figures;
  groups: Grouped;
}

/** Returns the charts of a part of the page by their ids. */
export async function chartsOf(
  municipality: Municipality,
  lines: readonly CaseLine[],
  given: Given,
): Promise<(Chart & { id: string })[]> {
  const charts = chartsOfPart[given.query.part](municipality, lines, given);
  return Promise.all(Object.entries(charts).map(async ([id, chart]) => ({ id, ...(await chart) })));
}

type Charts = Record<string, Promise<Chart>>;
type ChartsOf = (municipality: Municipality, lines: readonly CaseLine[], given: Given) => Charts;

const chartsOfPart: Record<StatisticsQuery['part'], ChartsOf> = {
  gidisat({ timeZone }, lines, { query: { scope }, now, figures }) {
    const { starts, isWeekly } = stepsWithin(timeZone, now);
    const steps = stepsOf(lines, now, starts, scope).map(step => ({
      ...step,
      name: DateTime.fromMillis(step.from, { zone: timeZone, locale: 'tr' }).toFormat('d LLL'),
      share: onTimeShare(step),
    }));
    const [by, step] = isWeekly ? ['haftaya', 'Hafta'] : ['güne', 'Gün'];
    const ages = ageGroupLabels().map((name, place) => ({ name, count: figures.backlog.groups[place] ?? 0 }));
    return {
      yuk: loadChart(
        {
          step,
          title: `Gelen ve sonuçlanan, ${by} göre`,
          description: `Sütunlar gelen ${figures.received}, çizgi sonuçlanan ${answeredIn(figures)} bildirimi gösterir.`,
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
      yas: barChart(
        {
          title: 'Açık kayıtların yaşı',
          description: `${figures.open} açık kayıt; en eskisi ${daysText(figures.backlog.oldest)}.`,
        },
        ['Yaş', 'Açık kayıt'],
        ages,
      ),
    };
  },

  konular(municipality, lines, { query: { scope }, now, groups }) {
    const nameOf = (slug: string | null): string =>
      municipality.categories.find(each => each.slug === slug)?.name.tr ?? slug ?? '';
    const subjects = [...groups.now]
      .filter(([, { received }]) => received > 0)
      .sort(([, a], [, b]) => b.received - a.received)
      .slice(0, MOST_SUBJECTS)
      .map(([slug, { received }]) => ({
        name: nameOf(slug),
        count: received,
        before: groups.before.get(slug)?.received ?? 0,
      }));
    const { offsetMinutesAt } = calendarNamed(municipality, municipality.sla.officeCalendar);
    const hourOf = (at: number): number =>
      Math.floor((at + offsetMinutesAt(at) * MINUTE_MS - FIRST_MONDAY) / HOUR_MS) % (7 * 24);
    return {
      konular: barChart(
        {
          title: 'En çok bildirilen konular',
          description: 'Çubuk bu dönemi, turuncu işaret önceki dönemi gösterir.',
        },
        ['Konu', 'Gelen', 'Önceki'],
        subjects,
      ),
      saatler: hoursChart(
        {
          title: 'Bildirimlerin geldiği saatler',
          description: 'Kare büyüdükçe o saatte gelen bildirim artar.',
        },
        hoursOf(lines, now, hourOf, scope),
      ),
    };
  },

  mahalleler({ neighbourhoods }, _lines, { groups }) {
    const areas = neighbourhoods.map(({ slug, name, area }) => ({
      ...{ name, area },
      count: groups.now.get(slug)?.received ?? 0,
    }));
    const busiest = [...areas].sort((a, b) => b.count - a.count)[0];
    return {
      harita: mapChart(
        {
          title: 'Mahallelere göre gelen bildirim',
          description: busiest?.count
            ? `En çok: ${busiest.name}, ${busiest.count}.`
            : 'Bu dönemde mahallesi bilinen bildirim yok.',
        },
        areas,
      ),
    };
  },
};

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
