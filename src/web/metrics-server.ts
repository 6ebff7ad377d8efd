import type { Registry } from 'prom-client';
import { startHttpServer, type HttpServer } from './http-server';

/**
 * `/metrics` on a port of its own, so that it is never reachable where the webhook is. `host` is the loopback
 * interface unless another one is asked for.
 */
export function startMetricsServer({
  registry,
  port,
  host = '127.0.0.1',
}: {
  registry: Registry;
  port: number;
  host?: string;
}): Promise<HttpServer> {
  return startHttpServer(
    (request, response) => {
      if (request.url !== '/metrics' || request.method !== 'GET') {
        response.writeHead(404).end();
        return;
      }
      registry.metrics().then(
        text => response.writeHead(200, { 'Content-Type': registry.contentType }).end(text),
        () => response.writeHead(500).end(),
      );
    },
    { port, host },
  );
}
