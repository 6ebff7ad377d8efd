import { createHmac } from 'node:crypto';
import { lookup as lookUp } from 'node:dns';
import { type ClientRequest, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { AppError } from '../errors';

/** An event as the receiver gets it. `at` is when it happened. */
export interface WebhookEvent {
  id: string;
  kind: string;
  at: Date;
  data: Readonly<Record<string, string | number | boolean | null>>;
}

export interface WebhookClient {
  /**
   * Posts an event. Rejects with `event-refused` if the receiver wants no more events (410), otherwise with
   * `event-retry`; the reason is the HTTP status or the error's code.
   */
  send(event: WebhookEvent): Promise<void>;
}

/** The time for a whole attempt. The specification advises 15 to 30 seconds. */
const ATTEMPT_LIMIT_MS = 15_000;
const GONE = 410;

/** Addresses that are not on the Internet: RFC 6890 and its successors, and ways to reach them through IPv6. */
const notPublic = new BlockList();
for (const [network, prefix] of [
  ...([
    ['0.0.0.0', 8],
    ['10.0.0.0', 8],
    ['100.64.0.0', 10],
    ['127.0.0.0', 8],
  ] as const),
  ...([
    ['169.254.0.0', 16],
    ['172.16.0.0', 12],
    ['192.0.0.0', 24],
    ['192.168.0.0', 16],
  ] as const),
  ...([
    ['198.18.0.0', 15],
    ['224.0.0.0', 4],
    ['240.0.0.0', 4],
  ] as const),
] as const)
  notPublic.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of [
  ...([
    ['::', 96],
    ['64:ff9b::', 96],
    ['64:ff9b:1::', 48],
    ['100::', 64],
  ] as const),
  ...([
    ['2002::', 16],
    ['fc00::', 7],
    ['fe80::', 10],
    ['ff00::', 8],
  ] as const),
] as const)
  notPublic.addSubnet(network, prefix, 'ipv6');

/** Whether an address may be reached without being allowed by name. */
export function isPublic(address: string): boolean {
  const family = isIP(address);
  return family !== 0 && !notPublic.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

/** Signs a message by the Standard Webhooks specification, once with each secret. `timestamp` is epoch seconds. */
export function signatureOf(
  secrets: readonly string[],
  { id, timestamp, body }: { id: string; timestamp: number; body: string },
): string {
  return secrets
    .map(secret => {
      const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
      return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
    })
    .join(' ');
}

/**
 * Posts events to the one receiver of the configuration, signed. The address that its name resolves to is checked at
 * the connection itself, so that a name cannot lead inside later. Redirects are not followed.
 */
export function createWebhookClient({
  url,
  secrets,
  privateHosts = [],
  now = () => new Date(),
  limitMs = ATTEMPT_LIMIT_MS,
}: {
  url: string;
  /** The current secret first, then the one that ends. */
  secrets: readonly string[];
  /** Host names and addresses that may be private, and may use http. */
  privateHosts?: readonly string[];
  now?: () => Date;
  limitMs?: number;
}): WebhookClient {
  const target = new URL(url);
  const host = target.hostname.replace(/^\[|\]$/g, '');
  const isAllowed = privateHosts.includes(host);

  const checkedLookup: LookupFunction = (name, options, done) => {
    lookUp(name, { ...options, all: true }, (error, addresses) => {
      const inside = error === null && !isAllowed && addresses.some(({ address }) => !isPublic(address));
      const problem = inside ? Object.assign(new Error('private'), { code: 'EPRIVATE' }) : error;
      const [first] = addresses ?? [];
      if (problem !== null || !first) done(problem ?? new Error('no address'), '', 0);
      else if (options.all) done(null, addresses);
      else done(null, first.address, first.family);
    });
  };

  function post(body: string, headers: Record<string, string | number>): Promise<number> {
    return new Promise((resolve, reject) => {
      const signal = AbortSignal.timeout(limitMs);
      const options = { method: 'POST', headers, lookup: checkedLookup, signal, agent: false };
      const open = target.protocol === 'https:' ? requestHttps : requestHttp;
      const request: ClientRequest = open(target, options, response => {
        response.destroy();
        resolve(response.statusCode ?? 0);
      });
      request.on('error', reject);
      request.end(body);
    });
  }

  return {
    async send({ id, kind, at, data }) {
      // An address in the URL is never looked up.
      if (isIP(host) !== 0 && !isAllowed && !isPublic(host)) throw retry('EPRIVATE');
      const body = JSON.stringify({ type: kind, timestamp: at.toISOString(), data });
      const timestamp = Math.floor(now().getTime() / 1_000);
      const status = await post(body, {
        'Content-Type': 'application/json',
        'Content-Length': Buffer.byteLength(body),
        'User-Agent': 'Paydaskent',
        'webhook-id': id,
        'webhook-timestamp': timestamp,
        'webhook-signature': signatureOf(secrets, { id, timestamp, body }),
      }).catch((error: unknown) => {
        throw retry(codeOf(error));
      });
      if (status === GONE) throw new AppError('event-refused', { reason: String(status) });
      if (status < 200 || status > 299) throw retry(String(status));
    },
  };
}

const retry = (reason: string): AppError => new AppError('event-retry', { reason });

function codeOf(error: unknown): string {
  const { code, name } = error as { code?: unknown; name?: unknown };
  if (name === 'AbortError' || name === 'TimeoutError') return 'ETIMEDOUT';
  return typeof code === 'string' && /^[A-Z0-9_]{1,40}$/.test(code) ? code : 'unknown';
}
