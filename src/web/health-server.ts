import Koa from 'koa';
import { errorFields, type Log } from '../logging';
import { healthRoutes } from './health-routes';
import { startHttpServer, type HttpServer } from './http-server';
import { createReadiness, type Part } from './readiness';

/** `/healthz` and `/readyz` for a role that serves nothing else. */
export function createHealthServer({
  parts,
  port,
  host,
  log,
}: {
  parts: readonly Part[];
  port: number;
  host?: string;
  log: Log;
}): Promise<HttpServer> {
  const app = new Koa();
  app.on('error', (error: unknown) => log.error(errorFields(error), 'health request failed'));
  app.use(healthRoutes(createReadiness(parts)).routes());
  const handle = app.callback();
  return startHttpServer((request, response) => void handle(request, response), {
    port,
    ...(host !== undefined && { host }),
  });
}
