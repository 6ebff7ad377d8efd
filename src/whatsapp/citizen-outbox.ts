import { AppError } from '../errors';
import type { Citizen } from '../store/citizen-records';
import type { OutboxRecord, SentAs } from '../store/outbox-records';
import type { Store } from '../store/store';
import type { GraphClient } from './graph-client';
import { isRefusal, isTemplateRefusal, mayHaveArrived, refused, WINDOW_CLOSED } from './graph-failure';
import type { OutgoingContent, TemplateContent } from './outgoing';
import type { SendingGate } from './sending-gate';
import { createSendingPace } from './sending-pace';
import { isOfMeta, later, spread } from './sending-waits';

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
