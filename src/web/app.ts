import type { Router } from '@koa/router';
import Koa from 'koa';
import { AppError } from '../errors';
import { errorFields, type Log } from '../logging';
import type { TaskLinks } from '../mail/task-link';
import type { Store } from '../store/store';
import type { CaseGateway } from '../temporal/line';
import { routePolicies, routesOf } from './access';
import { bodyTimeLimit } from './body-time';
import { errorHandler } from './error-handler';
import { healthRoutes } from './health-routes';
import { linkRateLimit } from './link-pace';
import { listRoutes } from './list-routes';
import { createManagerPages } from './manager/manager-page';
import { managerRoutes, type ManagerDeps } from './manager/manager-routes';
import { mapRoutes } from './task/map-routes';
import type { Metrics } from './metrics';
import { createReadiness } from './readiness';
import { requestLog } from './request-log';
import { securityHeaders } from './security-headers';
import { statusRoutes } from './status-routes';
import { createPages, type Pages } from './html-pages';
import { taskRoutes, type TaskDeps } from './task/task-routes';

export interface WebDeps
  extends
    Omit<TaskDeps, 'pages' | 'metrics' | 'now' | 'store' | 'line' | 'links'>,
    Pick<ManagerDeps, 'counts' | 'temporalUi'> {
  store: TaskDeps['store'] & ManagerDeps['store'] & Pick<Store, 'ping' | 'listLinks' | 'statusLinks'>;
  links: TaskLinks;
  line: TaskDeps['line'] & Pick<CaseGateway, 'ping'>;
  /** The routes of `/webhooks/whatsapp`. */
  webhook: Router;
  metrics: Metrics;
  log: Log;
  now?: () => Date;
}

const PING_LIMIT_MS = 700;

function checkKeys(links: WebDeps['links']): void {
  if (!links.isNonce('ready', links.nonceFor('ready'))) throw new AppError('unauthorised');
}

/** People get a page, programs nothing. */
function failurePage(
  pages: Pages,
  managerPages: Pick<Pages, 'failure'>,
  path: string,
  status: number,
): string | null {
  const [, kind, token] = path.split('/');
  if (token === undefined && kind !== 'manager') return null;
  switch (kind) {
    case 't':
    case 'd':
      return pages.failure(status);
    case 's':
      return pages.statusFailure(status);
    case 'manager':
      return managerPages.failure(status);
    default:
      return null;
  }
}

/**
 * The web role as a Koa application. Throws a RangeError when a route has no policy: who may use it must have been
 * decided before it is served.
 */
export function createWebApp({ webhook, log, now = () => new Date(), ...deps }: WebDeps): Koa {
  const { store, line, links, metrics, municipality } = deps;
  const pages = createPages(municipality, deps.say);
  const managerPages = createManagerPages(municipality);
  // Without Temporal reports are still taken in and told later; without the records nothing can be promised.
  const readiness = createReadiness([
    { name: 'store', isVital: true, check: () => store.ping(PING_LIMIT_MS) },
    { name: 'temporal', isVital: false, check: () => line.ping(PING_LIMIT_MS) },
    { name: 'keys', isVital: true, check: async () => checkKeys(links) },
  ]);
  const routers = [
    webhook,
    healthRoutes(readiness),
    mapRoutes(),
    ...[taskRoutes, listRoutes, statusRoutes].map(routes => routes({ ...deps, pages, now })),
    managerRoutes({ ...deps, managerPages, now }),
  ];
  for (const route of routers.flatMap(routesOf)) {
    if (!(route in routePolicies)) throw new RangeError(`Nobody has decided who may use ${route}`);
  }

  const app = new Koa();
  app.on('error', (error: unknown, ctx?: Koa.Context) => {
    const matched: unknown = ctx?.['_matchedRoute'];
    log.error({ ...errorFields(error), route: matched }, 'request failed');
  });
  app.use(requestLog(log, metrics));
  for (const header of securityHeaders([pages.styleHash, managerPages.styleHash])) app.use(header);
  app.use(errorHandler((path, status) => failurePage(pages, managerPages, path, status)));
  app.use(linkRateLimit(links)).use(bodyTimeLimit());
  for (const router of routers) app.use(router.routes()).use(router.allowedMethods());
  return app;
}
