import { Router } from '@koa/router';
import type { Context } from 'koa';
import { DateTime } from 'luxon';
import { localDate } from '../../config/calendars';
import type { Municipality } from '../../config/municipality';
import type { TaskLinks } from '../../mail/task-link';
import type { CaseLine } from '../../reports/case-line';
import { arrivalIn, dimensions, figuresBy, figuresOf, type Scope } from '../../reports/figure-groups';
import { type Period, resolveDecision, standing } from '../../reports/figures';
import type { LinesIn } from '../../reports/kept-lines';
import { figureCells, type ReportRow } from '../../reports/report-table';
import { figureQuery, type ListedFigure, listedFigures, viewUrl } from '../../temporal/manager-views';
import { sendCsv } from '../csv-file';
import type { DeskFilter } from '../desk/case-filter';
import { createDeskDoor, type DeskDoorDeps } from '../desk/desk-door';
import { type DeskFrame, deskFrame } from '../desk/desk-pages';
import { departmentsFor, hasRight } from '../desk/rights';
import { comparedPeriods, readStatisticsQuery, type StatisticsQuery, urlOf } from './statistics-query';
import { type StatisticsLinks, statisticsView, type StatisticsView } from './statistics-view';

export interface StatisticsRouteDeps extends DeskDoorDeps {
  municipality: Municipality;
  /** The Temporal UI for managers and the line's namespace. */
  temporalUi: { url: string; namespace: string };
  linesIn: LinesIn;
  links: Pick<TaskLinks, 'nonceFor'>;
}

interface OwnDeps {
  /** Refuses a link that is not valid. */
  open: (token: string) => Promise<unknown>;
  page: (view: StatisticsView, reader: StatisticsReader) => string;
}

/** Who reads the statistics: the holder of a link, or staff with their frame. */
export type StatisticsReader = { token: string } | { desk: DeskFrame };

/** The list of staff with the cases of a figure. */
const deskViews: Readonly<Record<ListedFigure, DeskFilter['view']>> = {
  ...{ received: 'received', answered: 'answered', late: 'everLate', reopened: 'everReopened' },
  ...{ open: 'open', objected: 'objected' },
};

/** Figures of now, whenever their cases were received. */
const ofNow: readonly ListedFigure[] = ['open', 'objected'];

/**
 * `/desk/istatistik` for staff, and `/manager/:token/istatistik` for the holder of a link: the statistics, read-only, the
 * same figures and their rows as CSV, and the way to the cases behind a figure.
 */
export function statisticsRoutes(deps: StatisticsRouteDeps & OwnDeps): Router {
  const { open, linesIn, page, now, municipality, temporalUi, links, publicBaseUrl } = deps;
  const { timeZone } = municipality;

  function asked(ctx: Context) {
    const query = readStatisticsQuery(ctx.query, municipality);
    return { query, compared: comparedPeriods(query.period, timeZone, now().getTime()) };
  }

  async function show(ctx: Context, reader: StatisticsReader, linksOf: LinksOf): Promise<void> {
    const { query, compared } = asked(ctx);
    const since = Math.min(...Object.values(compared).map(({ from }: Period) => from));
    const lines = await linesIn({ from: since, to: compared.now.to });
    const view = await statisticsView(municipality, lines, query, compared, linksOf(query, compared.now));
    ctx.body = page(view, reader);
  }

  function leadToList(ctx: Context): void {
    const { query, compared } = asked(ctx);
    const figure = listedFigures.find(each => each === ctx.query['sayi']) ?? 'received';
    ctx.redirect(
      viewUrl(temporalUi.url, temporalUi.namespace, figureQuery(figure, compared.now, query.scope)),
    );
  }

  async function sendFile(ctx: Context, departments: readonly string[] | null): Promise<number> {
    const { query, compared } = asked(ctx);
    const isRows = ctx.query['satirlar'] !== undefined;
    const lines = await linesIn(compared.now);
    const rows = isRows
      ? caseRows(ofDepartments(lines, departments), compared.now, query.scope, timeZone)
      : groupRows(lines, compared.now, query.scope);
    sendCsv(ctx, `${isRows ? 'satirlar' : 'istatistik'}-${nameOf(query)}.csv`, rows);
    return rows.length;
  }

  const router = new Router();
  const tokenOf = async (ctx: Context & { params: Record<string, string> }): Promise<string> => {
    const token = ctx.params['token'] ?? '';
    await open(token);
    return token;
  };
  router
    .get('/manager/:token/istatistik', async ctx => show(ctx, { token: await tokenOf(ctx) }, linksOfManager))
    .get('/manager/:token/istatistik/liste', async ctx => {
      await tokenOf(ctx);
      leadToList(ctx);
    })
    .get('/manager/:token/istatistik.csv', async ctx => {
      await tokenOf(ctx);
      await sendFile(ctx, null);
    });

  const door = createDeskDoor(deps);
  door.add(router, 'GET /desk/istatistik', async (ctx, staff) => {
    const desk = deskFrame(staff, '/istatistik', { links, publicBaseUrl });
    await show(ctx, { desk }, linksOfStaff(timeZone, hasRight(staff.grants, 'export')));
    return { detail: nameOf(asked(ctx).query) };
  });
  door.add(router, 'GET /desk/istatistik/liste', async ctx => {
    leadToList(ctx);
    return { detail: nameOf(asked(ctx).query) };
  });
  door.add(router, 'GET /desk/istatistik.csv', async (ctx, staff) => {
    const count = await sendFile(ctx, departmentsFor(staff.grants, 'export'));
    return { detail: `${nameOf(asked(ctx).query)} ${count}` };
  });
  return router;
}

type LinksOf = (query: StatisticsQuery, period: Period) => StatisticsLinks;

/** The list in the Temporal UI. Like all links of the page, its address is relative to the page. */
const temporalLink =
  (query: StatisticsQuery): StatisticsLinks['list'] =>
  (figure, scope) =>
    `istatistik/liste${urlOf({ ...query, scope, isWhole: false })}&sayi=${figure}`;

function csvLinks(query: StatisticsQuery): StatisticsLinks['csv'] {
  const figures = `istatistik.csv${urlOf(query)}`;
  return { figures, rows: `${figures}&satirlar=evet` };
}

const linksOfManager: LinksOf = query => ({
  ...{ list: temporalLink(query), temporal: null },
  csv: csvLinks(query),
});

const linksOfStaff =
  (timeZone: string, mayExport: boolean): LinksOf =>
  (query, { from, to }) => ({
    list: (figure, scope) => {
      const days = { from: localDate(timeZone, from), to: localDate(timeZone, to - 1) };
      const filter = { view: deskViews[figure], ...scope, ...(ofNow.includes(figure) ? {} : days) };
      return `cases?${new URLSearchParams(filter).toString()}`;
    },
    temporal: temporalLink(query),
    csv: mayExport ? csvLinks(query) : null,
  });

/** Returns the cases that one of the departments had; all of them for null. */
function ofDepartments(
  lines: readonly CaseLine[],
  departments: readonly string[] | null,
): readonly CaseLine[] {
  return departments === null
    ? lines
    : lines.filter(({ turns }) => turns.some(({ desk }) => departments.includes(desk)));
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
