import Router, { type RouterContext } from '@koa/router';
import getRawBody from 'raw-body';
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { errorFields, type Log } from '../logging';
import type { Intake } from '../whatsapp/intake';

export interface WebhookDeps {
  intake: (body: Buffer) => ReturnType<Intake>;
  /** Several secrets are valid during a rotation. */
  appSecrets: readonly string[];
  verifyToken: string;
  log: Pick<Log, 'warn' | 'error'>;
  /** Epoch ms. */
  now?: () => number;
}

/** Meta sends up to 3 MB; the margin covers both meanings of "MB". */
const LARGEST_BODY = 3 * 1024 * 1024 + 256 * 1024;
const CHALLENGE = /^[\x21-\x7e]{1,256}$/;

/** Requests that did not come from Meta, answered before they are paced. */
const STRANGERS_BURST = 20;
const STRANGERS_PER_SECOND = 1;
const SUM_EVERY_MS = 60_000;

/**
 * Meta's webhook: handshake and deliveries. Responses have no body: 200 if all items are stored, 401 for a wrong
 * signature, 413 and 400 for unreadable bodies, 503 if an item could not be stored. Many requests without Meta's
 * secrets get 429 and are logged as a sum each minute; Meta's own are never paced.
 */
export function webhookRoutes({ intake, appSecrets, verifyToken, log, now }: WebhookDeps): Router {
  const router = new Router({ prefix: '/webhooks/whatsapp' });
  const handshakes = createStrangers('webhook handshake rejected', log, now);
  const forgeries = createStrangers('webhook signature invalid', log, now);

  router.get('/', ctx => {
    const { 'hub.mode': mode, 'hub.verify_token': token, 'hub.challenge': challenge } = ctx.query;
    const right = mode === 'subscribe' && typeof token === 'string' && isSame(token, verifyToken);
    if (!right || typeof challenge !== 'string' || !CHALLENGE.test(challenge)) {
      answer(ctx, handshakes.statusOfNext(403));
      return;
    }
    ctx.type = 'text/plain';
    ctx.body = challenge;
  });

  router.post('/', async ctx => {
    let body: Buffer;
    try {
      body = await getRawBody(ctx.req, { length: ctx.get('content-length') || null, limit: LARGEST_BODY });
    } catch (error) {
      log.warn(errorFields(error), 'webhook body rejected');
      // Otherwise the rest of the body would be parsed as the next request.
      ctx.set('connection', 'close');
      answer(ctx, statusOf(error));
      return;
    }
    if (!isSigned(body, ctx.get('x-hub-signature-256'), appSecrets)) {
      answer(ctx, forgeries.statusOfNext(401));
      return;
    }
    try {
      await intake(body);
      answer(ctx, 200);
    } catch (error) {
      // Meta redelivers everything without a 200 response for seven days.
      log.error(errorFields(error), 'webhook not stored');
      answer(ctx, 503);
    }
  });

  return router;
}

/** Counts requests of strangers: paces their answers, and logs the first at once and the others as sums. */
function createStrangers(event: string, log: WebhookDeps['log'], now: () => number = Date.now) {
  let left = STRANGERS_BURST;
  let countedAt = now();
  let unlogged = 0;
  let summing: NodeJS.Timeout | undefined;

  function logSum(): void {
    summing = undefined;
    if (unlogged === 0) return;
    log.warn({ requests: unlogged }, event);
    unlogged = 0;
    summing = setTimeout(logSum, SUM_EVERY_MS).unref();
  }

  return {
    /** Returns the given status, or 429 if there were too many of these requests. */
    statusOfNext(status: number): number {
      const at = now();
      left = Math.min(STRANGERS_BURST, left + ((at - countedAt) / 1_000) * STRANGERS_PER_SECOND);
      countedAt = at;
      unlogged += 1;
      if (!summing) logSum();
      if (left < 1) return 429;
      left -= 1;
      return status;
    },
  };
}

function answer(ctx: RouterContext, status: number): void {
  ctx.body = '';
  ctx.status = status;
}

function statusOf(error: unknown): number {
  return error instanceof Error && 'status' in error && error.status === 413 ? 413 : 400;
}

/** Compares digests of equal length, so that the time reveals nothing about the word. */
function isSame(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

const HEADER = /^sha256=([0-9a-f]{64})$/;

/**
 * Returns whether Meta signed these bytes with one of the app secrets (`X-Hub-Signature-256`). Several secrets are
 * valid during a rotation. A repeated header or a missing secret counts as unsigned.
 */
export function isSigned(body: Buffer, header: string | undefined, secrets: readonly string[]): boolean {
  const [, hex] = HEADER.exec(header ?? '') ?? [];
  if (hex === undefined) return false;
  const given = Buffer.from(hex, 'hex');
  const matches = secrets
    .filter(secret => secret !== '')
    .map(secret => timingSafeEqual(createHmac('sha256', secret).update(body).digest(), given));
  return matches.includes(true);
}
