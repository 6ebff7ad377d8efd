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
  /**
   * Sends the template of a message that Meta took and then reported as failed because the window was closed after
   * all. Returns whether it was sent; rejects with `whatsapp-retry` as `send` does.
   */
  mend(key: string): Promise<boolean>;
}

/** A message on its way through one call of `send`. */
interface Way {
  readonly message: CitizenMessage;
  readonly isNew: boolean;
  readonly earlierTries: number;
  /** Its turn in the citizen's pace, once it has one. */
  turn: Date | null;
  /** When it passed the gate in this call. */
  passedAt: Date | null;
}

/** The Cloud API's customer service window, less a margin for the way to Meta. */
const WINDOW_MS = 24 * 3_600_000 - 5 * 60_000;
/** Longer than a call to Meta can last, and than the echo usually takes. */
const ECHO_WAIT_MS = 30_000;

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
    if (await store.deliveryStatuses.has(key)) return true;
    const age = now().getTime() - (lastAttemptAt?.getTime() ?? 0);
    if (age >= ECHO_WAIT_MS) return false;
    throw later('awaiting-echo', ECHO_WAIT_MS - Math.max(age, 0));
  }

  /** Takes the message's turn, once, and rejects until it has come. */
  async function awaitTurn(way: Way, citizen: Citizen): Promise<void> {
    if (!way.turn) {
      const turn = await turnOf(citizen.id, now());
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
    way.passedAt = await gate.pass();
    const citizen = await store.citizens.get(citizenId);
    if (!citizen) throw new AppError('citizen-missing');
    await awaitTurn(way, citizen);
    if (!way.isNew) await store.outbox.sending(key, now());

    const inWindow = now().getTime() - citizen.lastInboundAt.getTime() <= WINDOW_MS;
    const isFree = inWindow || content.type === 'template';
    const { wamid, kind } = await sendFirst(
      citizen,
      isFree ? [content, ...outsideWindow] : outsideWindow,
      key,
    );
    await store.outbox.accepted(key, wamid, { kind, inWindow });
    await gate.works(way.passedAt);
  }

  /** Writes down how an attempt ended and returns what its caller must know. */
  async function ended({ message, earlierTries, turn, passedAt }: Way, error: unknown): Promise<unknown> {
    const { key } = message;
    if (!(error instanceof AppError) || mayHaveArrived(error)) return error;
    if (isRefusal(error)) {
      await store.outbox.failed(key, error.reason ?? 'unknown');
      if (isOfMeta(error) && passedAt) await gate.works(passedAt);
      return error;
    }
    await store.outbox.pending(key, turn);
    if (error.code !== 'whatsapp-account') return spread(error, earlierTries);
    const next = await gate.trouble(error.reason ?? 'unknown');
    return later('paused', next.getTime() - now().getTime());
  }

  async function send(message: CitizenMessage): Promise<void> {
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
    const way: Way = {
      message,
      isNew,
      earlierTries: isNew ? 0 : record.attempts,
      turn: record.notBefore,
      passedAt: null,
    };
    try {
      await attempt(way);
    } catch (error) {
      throw await ended(way, error);
    }
  }

  async function mend(key: string): Promise<boolean> {
    const record = await store.outbox.get(key);
    if (record?.state !== 'accepted' || record.sentAs?.kind === 'template') return false;
    const reports = await store.deliveryStatuses.all(key);
    if (!reports.some(({ errorCode }) => errorCode === WINDOW_CLOSED)) return false;
    const [content, ...outsideWindow] = record.outsideWindow as TemplateContent[];
    if (!content) return false;
    const { recipient: citizenId, caseNumber } = record;
    try {
      await send({ key: `${key}:template`, citizenId, caseNumber, content, outsideWindow });
      return true;
    } catch (error) {
      if (isRefusal(error)) return false;
      throw error;
    }
  }

  return { send, mend };
}

const LONGEST_WAIT_MS = 256_000;

/** Whether Meta's own number says why, and not the line. */
export function isOfMeta({ reason }: AppError): boolean {
  return /^\d+$/.test(reason ?? '');
}

/** The error that asks for the same call after a time. */
export function later(reason: string, retryAfterMs: number): AppError {
  return new AppError('whatsapp-retry', { status: 503, reason, retryAfterMs });
}

/**
 * Meta's rule for its limit per citizen: wait 4^n seconds, n counting the earlier tries. Other waits grow with them,
 * too, and differ, so that what was turned away together does not come back together.
 */
export function spread(error: AppError, earlierTries: number): AppError {
  const { code, reason, retryAfterMs } = error;
  if (code !== 'whatsapp-retry' || reason === undefined) return error;
  if (reason === PAIR_LIMIT) return later(reason, Math.min(4 ** earlierTries * 1_000, LONGEST_WAIT_MS));
  if (retryAfterMs === undefined || !isOfMeta(error)) return error;
  const grown = retryAfterMs * 2 ** Math.min(earlierTries, 5);
  const waitMs = Math.min(grown, Math.max(retryAfterMs, LONGEST_WAIT_MS));
  return later(reason, Math.round(waitMs * (1 + Math.random() / 2)));
}

/** Meta's limit for one citizen: a message in six seconds (Cloud API, pair rate limit). */
const SLOT_MS = 6_000;
/** So many messages may go out at once when the citizen got none lately: a question, its answer, an addition. */
const BURST = 4;
/** Further ahead no slot is taken: a message that comes so much too early asks again. */
const SLOTS_AHEAD = 20;

/** A message's turn: now or at a later moment; without a turn it asks again after `askAfterMs`. */
export type SendSlot = { at: Date } | { askAfterMs: number };

/**
 * The pace of messages to one citizen: one in six seconds on average, a few at once. Time is cut into slots; a
 * message takes the present one, an earlier one that was left free, or else the next to come. Workers share the pace,
 * since a slot is taken by inserting its record. Meta would allow 45 at once; the line never means to.
 */
export function createSendingPace(slots: Pick<Store['sendingSlots'], 'take'>) {
  return async (citizenId: string, now: Date): Promise<SendSlot> => {
    const present = Math.floor(now.getTime() / SLOT_MS);
    const startOf = (slot: number): Date => new Date(slot * SLOT_MS);
    for (let back = 0; back < BURST; back += 1) {
      if (await slots.take(citizenId, present - back, startOf(present - back))) return { at: now };
    }
    for (let ahead = 1; ahead <= SLOTS_AHEAD; ahead += 1) {
      const at = startOf(present + ahead);
      if (await slots.take(citizenId, present + ahead, at)) return { at };
    }
    return { askAfterMs: (SLOTS_AHEAD / 2) * SLOT_MS };
  };
}
