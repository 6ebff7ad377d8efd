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
}

/** Meta sends up to 3 MB; the margin covers both meanings of "MB". */
const LARGEST_BODY = 3 * 1024 * 1024 + 256 * 1024;
const CHALLENGE = /^[\x21-\x7e]{1,256}$/;

/**
 * Meta's webhook: handshake and deliveries. Responses have no body: 200 if all items are stored, 401 for a wrong
 * signature, 413 and 400 for unreadable bodies, 503 if an item could not be stored.
 */
export function webhookRoutes({ intake, appSecrets, verifyToken, log }: WebhookDeps): Router {
  const router = new Router({ prefix: '/webhooks/whatsapp' });

  router.get('/', ctx => {
    const { 'hub.mode': mode, 'hub.verify_token': token, 'hub.challenge': challenge } = ctx.query;
    const right = mode === 'subscribe' && typeof token === 'string' && isSame(token, verifyToken);
    if (!right || typeof challenge !== 'string' || !CHALLENGE.test(challenge)) {
      log.warn('webhook handshake rejected');
      answer(ctx, 403);
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
      log.warn('webhook signature invalid');
      answer(ctx, 401);
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
