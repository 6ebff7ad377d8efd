import { AppError } from '../errors';
import type { Citizen } from '../store/citizen-records';
import type { OutboxRecord, SentAs } from '../store/outbox-records';
import type { Store } from '../store/store';
import type { GraphClient } from './graph-client';
import {
  isRefusal,
  isTemplateRefusal,
  mayHaveArrived,
  PAIR_LIMIT,
  refused,
  WINDOW_CLOSED,
} from './graph-failure';
import type { OutgoingContent, TemplateContent } from './outgoing';
import type { SendingGate } from './sending-gate';
import { createSendingPace } from './sending-pace';

export interface CitizenOutboxDeps {
  store: Pick<Store, 'outbox' | 'citizens' | 'deliveryStatuses' | 'sendingSlots'>;
  graph: Pick<GraphClient, 'send'>;
  gate: SendingGate;
  now?: () => Date;
}

export interface CitizenMessage {
  /** Makes the message happen once; Meta echoes it with each status. */
  key: string;
  citizenId: string;
  caseNumber: string | null;
  content: OutgoingContent;
  /** What is sent instead when the 24-hour window has closed: the best first, then what may replace it. */
  outsideWindow?: readonly TemplateContent[];
}

export interface CitizenOutbox {
  /**
   * Sends a message once, however often it is called. Rejects with `whatsapp-retry` when it should be called again,
   * not before `retryAfterMs`; with `whatsapp-refused` when Meta will never take the message (reason `window-closed`:
   * the citizen has not written for 24 hours and no template was given); with `citizen-missing`.
   */
  send(message: CitizenMessage): Promise<void>;
}

/** A message on its way through one call of `send`. */
interface Way {
  readonly message: CitizenMessage;
  readonly isNew: boolean;
  readonly earlierTries: number;
  /** Its turn in the citizen's pace, once it has one. */
  turn: Date | null;
}

/** The Cloud API's customer service window, less a margin for the way to Meta. */
const WINDOW_MS = 24 * 3_600_000 - 5 * 60_000;
/** Longer than a call to Meta can last, and than the echo usually takes. */
const ECHO_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 256_000;

/**
 * Messages to citizens, each written down before it is sent. Meta knows no idempotency key: when an attempt ended
 * without an answer, its echo is awaited before the message is sent again, so that a double is possible only when
 * the answer and the echo are both lost. From the first record to Meta's answer a message costs four operations of
 * the store.
 */
export function createCitizenOutbox({
  store,
  graph,
  gate,
  now = () => new Date(),
}: CitizenOutboxDeps): CitizenOutbox {
  const turnOf = createSendingPace(store.sendingSlots);

  /** Whether the earlier attempt, of which no end is known, arrived; rejects while that is still open. */
  async function hasArrived({ key, lastAttemptAt }: OutboxRecord): Promise<boolean> {
    if (await store.deliveryStatuses.furthest(key)) return true;
    const age = now().getTime() - (lastAttemptAt?.getTime() ?? 0);
    if (age >= ECHO_WAIT_MS) return false;
    throw later('awaiting-echo', ECHO_WAIT_MS - Math.max(age, 0));
  }

  /** Takes the message's turn, once, and rejects until it has come. */
  async function awaitTurn(way: Way): Promise<void> {
    if (!way.turn) {
      const turn = await turnOf(way.message.citizenId, now());
      if ('askAfterMs' in turn) throw later('paced', turn.askAfterMs);
      way.turn = turn.at;
    }
    const waitMs = way.turn.getTime() - now().getTime();
    if (waitMs > 0) throw later('paced', waitMs);
  }

  /** The first of the contents that Meta takes, and what it is called there. */
  async function sendFirst(
    citizen: Citizen,
    [content, ...others]: readonly OutgoingContent[],
    key: string,
  ): Promise<{ wamid: string; kind: SentAs['kind'] }> {
    if (!content) throw refused('window-closed');
    try {
      return { wamid: await graph.send(citizen, content, key), kind: content.type };
    } catch (error) {
      const isOther = isTemplateRefusal(error) || (isRefusal(error) && error.reason === WINDOW_CLOSED);
      if (!isOther || others.length === 0) throw error;
      return sendFirst(citizen, others, key);
    }
  }

  async function attempt(way: Way): Promise<void> {
    const { key, citizenId, content, outsideWindow = [] } = way.message;
    await gate.pass();
    const citizen = await store.citizens.get(citizenId);
    if (!citizen) throw new AppError('citizen-missing');
    await awaitTurn(way);
    if (!way.isNew) await store.outbox.sending(key, now());

    const inWindow = now().getTime() - citizen.lastInboundAt.getTime() <= WINDOW_MS;
    const isFree = inWindow || content.type === 'template';
    const { wamid, kind } = await sendFirst(
      citizen,
      isFree ? [content, ...outsideWindow] : outsideWindow,
      key,
    );
    await store.outbox.accepted(key, wamid, { kind, inWindow });
    await gate.works();
  }

  /** Writes down how an attempt ended and returns what its caller must know. */
  async function ended({ message, earlierTries, turn }: Way, error: unknown): Promise<unknown> {
    const { key } = message;
    if (!(error instanceof AppError) || mayHaveArrived(error)) return error;
    if (isRefusal(error)) {
      await store.outbox.failed(key, error.reason ?? 'unknown');
      if (isOfMeta(error)) await gate.works();
      return error;
    }
    await store.outbox.pending(key, turn);
    if (error.code !== 'whatsapp-account') return spread(error, earlierTries);
    const next = await gate.trouble(error.reason ?? 'unknown');
    return later('paused', next.getTime() - now().getTime());
  }

  return {
    async send(message) {
      const { key, citizenId, caseNumber, content, outsideWindow = [] } = message;
      const { record, isNew } = await store.outbox.begin({
        key,
        channel: 'whatsapp',
        recipient: citizenId,
        caseNumber,
        content,
        outsideWindow: [...outsideWindow],
        createdAt: now(),
      });
      if (!isNew) {
        if (record.state === 'accepted') return;
        if (record.state === 'failed') throw refused(record.errorCode ?? 'unknown');
        if (record.state === 'sending' && (await hasArrived(record))) {
          await store.outbox.accepted(key, null);
          return;
        }
      }
      const way = { message, isNew, earlierTries: isNew ? 0 : record.attempts, turn: record.notBefore };
      try {
        await attempt(way);
      } catch (error) {
        throw await ended(way, error);
      }
    },
  };
}

/** Whether Meta's own number says why, and not the line. */
function isOfMeta({ reason }: AppError): boolean {
  return /^\d+$/.test(reason ?? '');
}

function later(reason: string, retryAfterMs: number): AppError {
  return new AppError('whatsapp-retry', { status: 503, reason, retryAfterMs });
}

/**
 * Meta's rule for its limit per citizen: wait 4^n seconds, n counting the earlier tries. Other waits grow with them,
 * too, and differ, so that what was turned away together does not come back together.
 */
function spread(error: AppError, earlierTries: number): AppError {
  const { code, reason, retryAfterMs } = error;
  if (code !== 'whatsapp-retry' || reason === undefined) return error;
  if (reason === PAIR_LIMIT) return later(reason, Math.min(4 ** earlierTries * 1_000, LONGEST_WAIT_MS));
  if (retryAfterMs === undefined || !isOfMeta(error)) return error;
  const grown = retryAfterMs * 2 ** Math.min(earlierTries, 5);
  const waitMs = Math.min(grown, Math.max(retryAfterMs, LONGEST_WAIT_MS));
  return later(reason, Math.round(waitMs * (1 + Math.random() / 2)));
}
