import { Router } from '@koa/router';
import Koa from 'koa';
import type { Registry } from 'prom-client';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { errorFields, type Log } from '../logging';

export interface HttpServer {
  /** The listen port; a free one if 0 was requested. */
  readonly port: number;
  /**
   * Closes each connection after its next response for `lameDuckMs`, so that clients and load balancers move
   * on, then stops listening. Resolves when running requests have ended, at most ten seconds later.
   */
  stop(lameDuckMs?: number): Promise<void>;
}

const HEADERS_LIMIT_MS = 10_000;
const REQUEST_LIMIT_MS = 20_000;
const IDLE_LIMIT_MS = 65_000;
const CHECK_INTERVAL_MS = 2_000;
const LONGEST_HEADERS = 16 * 1024;
const DRAIN_LIMIT_MS = 10_000;
const IDLE_SWEEP_MS = 50;

/**
 * Listens on a port. Closes connections whose request is incomplete after `requestLimitMs`. Rejects if the port is
 * not available.
 */
export async function startHttpServer(
  listener: RequestListener,
  { port, host, requestLimitMs = REQUEST_LIMIT_MS }: { port: number; host?: string; requestLimitMs?: number },
): Promise<HttpServer> {
  const server = createServer(
    {
      headersTimeout: HEADERS_LIMIT_MS,
      requestTimeout: requestLimitMs,
      keepAliveTimeout: IDLE_LIMIT_MS,
      connectionsCheckingInterval: CHECK_INTERVAL_MS,
      maxHeaderSize: LONGEST_HEADERS,
    },
    listener,
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host }, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return {
    port: (server.address() as AddressInfo).port,
    async stop(lameDuckMs = 0) {
      server.prependListener('request', (_, response) => response.setHeader('Connection', 'close'));
      await pause(lameDuckMs);
      await new Promise<void>(resolve => {
        const cut = setTimeout(() => server.closeAllConnections(), DRAIN_LIMIT_MS);
        // A keep-alive connection becomes idle only after its running request.
        const sweep = setInterval(() => server.closeIdleConnections(), IDLE_SWEEP_MS);
        server.close(() => {
          clearTimeout(cut);
          clearInterval(sweep);
          resolve();
        });
        server.closeIdleConnections();
      });
    },
  };
}

/** A dependency of the role. `check` rejects if it is unusable. */
export interface Part {
  name: 'store' | 'temporal' | 'keys' | 'whatsapp' | 'mailbox' | 'running' | 'tasks';
  check: () => Promise<void>;
  /** Whether the role cannot work without it. */
  isVital: boolean;
}

export interface Readiness {
  /** `degraded`: the role works, but an optional dependency is down. */
  status: 'ready' | 'degraded' | 'unready';
  parts: Record<string, 'ok' | 'away'>;
}

const KEPT_MS = 1_000;

/** Returns the state of the dependencies, checked at most once per second. */
export function createReadiness(parts: readonly Part[], now = Date.now): () => Promise<Readiness> {
  let last: { at: number; answer: Promise<Readiness> } | undefined;

  async function ask(): Promise<Readiness> {
    const answers = await Promise.allSettled(parts.map(part => part.check()));
    const isAway = (place: number): boolean => answers[place]?.status === 'rejected';
    const away = parts.filter((_, place) => isAway(place));
    return {
      status: away.some(part => part.isVital) ? 'unready' : away.length > 0 ? 'degraded' : 'ready',
      parts: Object.fromEntries(parts.map(({ name }, place) => [name, isAway(place) ? 'away' : 'ok'])),
    };
  }

  return () => {
    if (!last || now() - last.at >= KEPT_MS) last = { at: now(), answer: ask() };
    return last.answer;
  };
}

/**
 * `/healthz` responds while the process runs. `/readyz` lists unavailable dependencies, with 503 if one is required.
 */
export function healthRoutes(readiness: () => Promise<Readiness>): Router {
  const router = new Router();
  router.get('/healthz', ctx => {
    ctx.body = { status: 'alive' };
  });
  router.get('/readyz', async ctx => {
    const state = await readiness();
    ctx.status = state.status === 'unready' ? 503 : 200;
    ctx.body = state;
  });
  return router;
}

/** `/healthz` and `/readyz` for a role without other routes. */
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

/** `/metrics` on a separate port, so that it is not reachable where the webhook is. `host` defaults to loopback. */
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
