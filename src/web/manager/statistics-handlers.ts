import type { Context } from 'koa';
import { DateTime } from 'luxon';
import type { CaseLine } from '../../reports/case-line';
import { arrivalIn, dimensions, figuresBy, figuresOf, type Scope } from '../../reports/figure-groups';
import { type Period, resolveDecision, standing } from '../../reports/figures';
import type { LinesIn } from '../../reports/kept-lines';
import { figureCells, type ReportRow } from '../../reports/report-table';
import type { Municipality } from '../../config/municipality';
import { figureQuery, listedFigures, viewUrl } from '../../temporal/manager-views';
import { sendCsv } from '../csv-file';
import {
  comparedPeriods,
  readStatisticsQuery,
  type StatisticsQuery,
  statisticsView,
  type StatisticsView,
} from './statistics-view';

interface StatisticsDeps {
  municipality: Municipality;
  /** The Temporal UI for managers and the line's namespace. */
  temporalUi: { url: string; namespace: string };
  linesIn: LinesIn;
  now: () => Date;
}

/**
 * The statistics, read-only: the page, the cases behind one of its figures, and the same figures and their rows as CSV.
 * `openCases` returns the address of our own list of open cases; without it they are in the Temporal UI as well.
 */
export function statisticsHandlers({ linesIn, now, municipality, temporalUi }: StatisticsDeps) {
  const asked = (ctx: Context) => {
    const query = readStatisticsQuery(ctx.query, municipality);
    return { query, compared: comparedPeriods(query.period, municipality.timeZone, now().getTime()) };
  };
  return {
    async page(ctx: Context, render: (view: StatisticsView) => string): Promise<void> {
      const { query, compared } = asked(ctx);
      const since = Math.min(...Object.values(compared).map(({ from }: Period) => from));
      const lines = await linesIn({ from: since, to: compared.now.to });
      ctx.body = render(await statisticsView(municipality, lines, query, compared));
    },

    list(ctx: Context, openCases?: (scope: Scope) => string): void {
      const { query, compared } = asked(ctx);
      const figure = listedFigures.find(each => each === ctx.query['sayi']) ?? 'received';
      if (figure === 'open' && openCases) return ctx.redirect(openCases(query.scope));
      const list = figureQuery(figure, compared.now, query.scope);
      ctx.redirect(viewUrl(temporalUi.url, temporalUi.namespace, list));
    },

    async csv(ctx: Context): Promise<void> {
      const { query, compared } = asked(ctx);
      const lines = await linesIn(compared.now);
      const isRows = ctx.query['satirlar'] !== undefined;
      const rows = isRows
        ? caseRows(lines, compared.now, query.scope, municipality.timeZone)
        : groupRows(lines, compared.now, query.scope);
      sendCsv(ctx, `${isRows ? 'satirlar' : 'istatistik'}-${nameOf(query)}.csv`, rows);
    },
  };
}

const nameOf = ({ period, scope }: StatisticsQuery): string =>
  [period, ...Object.values<string>({ ...scope })].join('-');

/** One row for the whole scope, and one for each group of each dimension. */
function groupRows(lines: readonly CaseLine[], period: Period, scope: Scope): ReportRow[] {
  return [
    { group: 'all', value: null, ...figureCells(figuresOf(lines, period, scope)) },
    ...dimensions.flatMap(group =>
      [...figuresBy(lines, period, group, scope)].map(([value, figures]) => ({
        ...{ group, value },
        ...figureCells(figures),
      })),
    ),
  ];
}

/** One row for each case that was received in the period, by local time. */
function caseRows(
  lines: readonly CaseLine[],
  { from, to }: Period,
  scope: Scope,
  timeZone: string,
): ReportRow[] {
  const local = (at: number | undefined): string | null =>
    at === undefined ? null : DateTime.fromMillis(at, { zone: timeZone }).toFormat('yyyy-MM-dd HH:mm');
  return lines
    .filter(line => line.receivedAt >= from && line.receivedAt < to && arrivalIn(line, scope) !== null)
    .sort((a, b) => a.receivedAt - b.receivedAt)
    .map(line => {
      const answer = standing(line, to);
      const turn = line.turns.at(-1);
      const decision = turn ? resolveDecision(turn, to) : null;
      return {
        received: local(line.receivedAt),
        department: turn?.desk ?? null,
        subject: line.subject,
        neighbourhood: line.neighbourhood,
        institution: line.institution,
        source: line.source,
        kind: line.kind,
        outcome: answer?.outcome ?? null,
        answered: local(answer?.at),
        onTime: decision ? Number(decision.isOnTime) : null,
        resolveMinutes: turn?.resolveMinutes ?? null,
        reopened: line.reopenings.length,
        rating: line.stars?.rating ?? null,
      };
    });
}
