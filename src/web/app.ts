import { Router } from '@koa/router';
import Koa from 'koa';
import helmet from 'koa-helmet';
import { languages } from '../config/schemas/texts';
import { noticePaths } from '../config/texts';
import { AppError } from '../errors';
import { errorFields, type Log } from '../logging';
import { keptLines } from '../reports/kept-lines';
import type { TaskLinks } from '../mail/task-link';
import type { Store } from '../store/store';
import type { CaseGateway } from '../temporal/case-gateway';
import { routePolicies, routesOf } from './access';
import { callRoutes, type CallRoutesDeps } from './call-routes';
import { handOffRoutes, type HandOffRoutesDeps } from './hand-off/hand-off-routes';
import { createPages, type Pages } from './html-pages';
import { createReadiness, healthRoutes } from './http';
import { bodyTimeLimit, linkRateLimit } from './limits';
import { listRoutes } from './list-routes';
import { absenceRoutes } from './desk/absence-routes';
import { type CaseListDeps, caseListRoutes } from './desk/case-list-routes';
import { type DeskCaseDeps, deskCaseRoutes } from './desk/desk-case-routes';
import { type BulkDeps, bulkRoutes } from './desk/bulk-routes';
import { createDeskPages } from './desk/desk-pages';
import { type NewReportDeps, newReportRoutes } from './desk/new-report-routes';
import { type SignInDeps, signInRoutes } from './desk/sign-in-routes';
import { talkRoutes, type TalkRoutesDeps } from './desk/talk-routes';
import { erasureRoutes, type ErasureRoutesDeps } from './desk/erasure-routes';
import { closureRoutes, type ClosureRoutesDeps } from './desk/closure-routes';
import { holdRoutes } from './desk/hold-routes';
import { incidentRoutes, type IncidentRoutesDeps } from './desk/incident-routes';
import type { StaffProvider } from './desk/staff-provider';
import { createManagerPages, type ManagerDeps, managerRoutes } from './manager/manager-page';
import type { Metrics } from './metrics';
import { statusRoutes, type StatusRoutesDeps } from './status-routes';
import { coverRoutes, type CoverRoutesDeps } from './cover/cover-routes';
import { publicFigureRoutes } from './public/public-figures';
import { mapRoutes } from './task/map-routes';
import { type TaskDeps, taskRoutes } from './task/task-routes';

export interface WebDeps
  extends
    Omit<TaskDeps, 'pages' | 'metrics' | 'now' | 'store' | 'line' | 'links'>,
    Pick<ManagerDeps, 'temporalUi'>,
    Pick<ClosureRoutesDeps, 'caseList'>,
    Pick<NewReportDeps, 'enterReport'> {
  counts: ManagerDeps['counts'] & CaseListDeps['counts'];
  store: TaskDeps['store'] &
    ManagerDeps['store'] &
    StatusRoutesDeps['store'] &
    CallRoutesDeps['store'] &
    HandOffRoutesDeps['store'] &
    CoverRoutesDeps['store'] &
    SignInDeps['store'] &
    CaseListDeps['store'] &
    DeskCaseDeps['store'] &
    BulkDeps['store'] &
    TalkRoutesDeps['store'] &
    ErasureRoutesDeps['store'] &
    Pick<Store, 'ping' | 'listLinks' | 'hashId' | 'figures'>;
  links: TaskLinks;
  gateway: TaskDeps['gateway'] &
    StatusRoutesDeps['gateway'] &
    CallRoutesDeps['gateway'] &
    HandOffRoutesDeps['gateway'] &
    SignInDeps['gateway'] &
    DeskCaseDeps['gateway'] &
    TalkRoutesDeps['gateway'] &
    ErasureRoutesDeps['gateway'] &
    IncidentRoutesDeps['gateway'] &
    ClosureRoutesDeps['gateway'] &
    Pick<CaseGateway, 'ping'>;
  /** The town's OpenID provider; staff sign in by mail without one. */
  provider?: StaffProvider | null;
  /** The routes of `/webhooks/whatsapp`. */
  webhook: Router;
  metrics: Metrics;
  log: Log;
  /** Whether the role is about to stop. `/readyz` answers 503 then. */
  isStopping?: () => boolean;
  now?: () => Date;
}

const PING_LIMIT_MS = 700;

function checkKeys(links: WebDeps['links']): void {
  if (!links.isNonce('ready', links.nonceFor('ready'))) throw new AppError('unauthorised');
}

function checkRunning(isStopping: () => boolean): void {
  if (isStopping()) throw new Error('the role stops');
}

/** `GET /` tells people who type the line's address how to reach it; the privacy notice has a page in each language. */
function homeRoutes(pages: Pages): Router {
  const router = new Router();
  router.get('/', ctx => {
    ctx.type = 'html';
    ctx.body = pages.home();
  });
  for (const language of languages) {
    router.get(`/${noticePaths[language]}`, ctx => {
      ctx.type = 'html';
      ctx.body = pages.privacy(language);
    });
  }
  return router;
}

/** Returns the error page for people. Programs get an empty body, except behind links, which only people open. */
function failurePage(
  {
    pages,
    managerPages,
    deskPages,
  }: Record<'managerPages' | 'deskPages', Pick<Pages, 'failure'>> & { pages: Pages },
  { path, isBrowser }: { path: string; isBrowser: boolean },
  status: number,
): string | null {
  const [, kind, token] = path.split('/');
  if (kind === 'manager') return managerPages.failure(status);
  if (kind === 'desk') return deskPages.failure(status);
  if (token !== undefined && kind === 'k') return pages.failure(status, 'institution');
  if (token !== undefined && kind === 't') return pages.failure(status, 'department', 'task');
  if (token !== undefined && ['d', 'c'].includes(kind ?? '')) return pages.failure(status);
  return (token !== undefined && kind === 's') || isBrowser ? pages.statusFailure(status) : null;
}

/** Creates the Koa application of the web role. Throws a RangeError for a route without an access policy. */
export function createWebApp({
  webhook,
  log,
  isStopping = () => false,
  now = () => new Date(),
  provider = null,
  ...deps
}: WebDeps): Koa {
  const { store, gateway, links, metrics, municipality } = deps;
  const pages = createPages(municipality, deps.say);
  const managerPages = createManagerPages(municipality);
  const deskPages = createDeskPages(municipality, deps.publicBaseUrl);
  // Without Temporal reports are stored and handed over later. Without the records nothing can be accepted.
  const readiness = createReadiness([
    { name: 'store', isVital: true, check: () => store.ping(PING_LIMIT_MS) },
    { name: 'temporal', isVital: false, check: () => gateway.ping(PING_LIMIT_MS) },
    { name: 'keys', isVital: true, check: async () => checkKeys(links) },
    { name: 'running', isVital: true, check: async () => checkRunning(isStopping) },
  ]);
  const linesIn = keptLines(store.figures);
  const routers = [
    webhook,
    healthRoutes(readiness),
    homeRoutes(pages),
    mapRoutes(),
    ...[taskRoutes, coverRoutes, listRoutes, statusRoutes, callRoutes, handOffRoutes].map(routes =>
      routes({ ...deps, pages, now }),
    ),
    publicFigureRoutes({ ...deps, linesIn, page: pages.figures, now }),
    managerRoutes({ ...deps, linesIn, managerPages, now }),
    signInRoutes({ ...deps, provider, deskPages, now }),
    caseListRoutes({ ...deps, deskPages, now }),
    deskCaseRoutes({ ...deps, deskPages, now }),
    talkRoutes({ ...deps, deskPages, now }),
    erasureRoutes({ ...deps, deskPages, now }),
    ...[incidentRoutes, absenceRoutes, closureRoutes, holdRoutes].map(routes =>
      routes({ ...deps, deskPages, now }),
    ),
    newReportRoutes({ ...deps, deskPages, now }),
    bulkRoutes({ ...deps, deskPages, now }),
  ];
  for (const route of routers.flatMap(routesOf)) {
    if (!(route in routePolicies)) throw new RangeError(`The route ${route} has no access policy`);
  }

  const app = new Koa();
  app.on('error', (error: unknown, ctx?: Koa.Context) => {
    const matched: unknown = ctx?.['_matchedRoute'];
    log.error({ ...errorFields(error), route: matched }, 'request failed');
  });
  app.use(requestLog(log, metrics));
  for (const header of securityHeaders(
    [...pages.styleHashes, deskPages.styleHash, managerPages.chartStyleHash],
    provider?.origin ?? null,
  ))
    app.use(header);
  app.use(
    errorHandler((request, status) => failurePage({ pages, managerPages, deskPages }, request, status)),
  );
  app.use(bareLinks(deps.publicBaseUrl));
  app.use(linkRateLimit(links)).use(bodyTimeLimit());
  for (const router of routers) app.use(router.routes()).use(router.allowedMethods());
  return app;
}

/** Returns the public part of an error: its status. */
function statusOf(error: unknown): number {
  if (!(error instanceof Error)) return 500;
  if ('status' in error && typeof error.status === 'number') return error.status;
  // The driver's errors for an unreachable database, which is temporary.
  return error.name.startsWith('Mongo') ? 503 : 500;
}

/**
 * Handles errors by Koa's contract: `status` decides the response, and only errors that are not the client's are
 * logged. People get a page, programs an empty body.
 */
export function errorHandler(
  pageFor: (request: { path: string; isBrowser: boolean }, status: number) => string | null,
): Koa.Middleware {
  return async (ctx, next) => {
    try {
      await next();
      if ((ctx.status === 404 || ctx.status === 405) && !ctx.body) ctx.throw(ctx.status);
    } catch (error) {
      const status = statusOf(error);
      ctx.status = status;
      const isBrowser = ctx.get('Accept').includes('text/html');
      const page = pageFor({ path: ctx.path, isBrowser }, status);
      if (page !== null) ctx.type = 'html';
      ctx.body = page ?? '';
      if (status >= 500) ctx.app.emit('error', error, ctx);
    }
  };
}

/** A link with extra characters from copying: punctuation, quotes, blanks, a slash. */
const COPIED_ALONG = /^\/(t|d|s|c|k|manager)\/([\w.-]*[\w-])[^\w-]+$/;

/** Redirects such a link to the bare link once, keeping the method. */
function bareLinks(publicBaseUrl: string): Koa.Middleware {
  return async (ctx, next) => {
    const [, kind, token] = COPIED_ALONG.exec(decoded(ctx.path)) ?? [];
    if (kind === undefined || token === undefined) {
      await next();
      return;
    }
    ctx.status = ctx.method === 'GET' || ctx.method === 'HEAD' ? 302 : 308;
    ctx.redirect(`${publicBaseUrl}/${kind}/${token}${ctx.search}`);
  };
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

const quiet: readonly string[] = ['/healthz', '/readyz'];

/** Logs and measures each request under its route pattern, because a URL may contain a token. */
function requestLog(log: Log, metrics: Pick<Metrics, 'httpDuration'>): Koa.Middleware {
  return async (ctx, next) => {
    const start = performance.now();
    await next();
    const ms = performance.now() - start;
    const matched: unknown = ctx['_matchedRoute'];
    const route = typeof matched === 'string' ? matched : 'none';
    const { method, status } = ctx;
    metrics.httpDuration.observe({ method, route, status }, ms / 1_000);
    const line = { method, route, status, ms: Math.round(ms) };
    if (quiet.includes(route)) log.debug(line, 'request');
    else log.info(line, 'request');
  };
}

/**
 * Headers of every response: no scripts, no third-party content, no frames, no referrer (it may contain a
 * token), no caching. `styleHashes` are the CSP sources of the pages' style sheets, `provider` is the origin of the OpenID
 * provider.
 */
function securityHeaders(styleHashes: string[], provider: string | null): Koa.Middleware[] {
  return [
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'none'"],
          styleSrc: styleHashes,
          imgSrc: ["'self'"],
          mediaSrc: ["'self'"],
          // Signing out leads on to the provider, and browsers apply this to redirects as well.
          formAction: [
            "'self'",
            ...(provider === null ? [] : [({ url = '' }) => (url.startsWith('/desk') ? provider : "'self'")]),
          ],
          frameAncestors: ["'none'"],
          baseUri: ["'none'"],
        },
      },
      referrerPolicy: { policy: 'no-referrer' },
      xFrameOptions: { action: 'deny' },
    }),
    async (ctx, next) => {
      ctx.set('Cache-Control', 'no-store');
      ctx.set('X-Robots-Tag', 'noindex, nofollow');
      await next();
    },
  ];
}
