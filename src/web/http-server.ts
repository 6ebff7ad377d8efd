import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HttpServer {
  /** The port it listens on; the one asked for, or a free one when 0 was asked for. */
  readonly port: number;
  /** Takes no new requests and resolves when those under way are answered, after ten seconds in any case. */
  stop(): Promise<void>;
}

const HEADERS_LIMIT_MS = 10_000;
const REQUEST_LIMIT_MS = 20_000;
const IDLE_LIMIT_MS = 65_000;
const CHECK_INTERVAL_MS = 2_000;
const LONGEST_HEADERS = 16 * 1024;
const DRAIN_LIMIT_MS = 10_000;
const IDLE_SWEEP_MS = 50;

/**
 * Listens on a port; slow senders are cut off, after `requestLimitMs` when their request is not complete by then.
 * Rejects when the port cannot be had.
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
    stop: () =>
      new Promise(resolve => {
        const cut = setTimeout(() => server.closeAllConnections(), DRAIN_LIMIT_MS);
        // A kept-alive connection whose request was still under way becomes idle only later.
        const sweep = setInterval(() => server.closeIdleConnections(), IDLE_SWEEP_MS);
        server.close(() => {
          clearTimeout(cut);
          clearInterval(sweep);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}
