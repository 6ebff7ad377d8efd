import { DAY_MS, MINUTE_MS } from '../domain/durations';
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
  store: Pick<Store, 'outbox' | 'citizens' | 'deliveryStatuses' | 'sendingSlots' | 'workPhotos'>;
  graph: Pick<GraphClient, 'send' | 'upload'>;
  gate: SendingGate;
  now?: () => Date;
}

export interface CitizenMessage {
  /** The idempotency key. Meta echoes it in each status webhook. */
  key: string;
  citizenId: string;
  caseNumber: string | null;
  content: OutgoingContent;
  /** Templates for a closed 24-hour window, best first. */
  outsideWindow?: readonly TemplateContent[];
  /** Whether the citizen must hear the content by telephone if the message does not arrive. */
  byPhone?: boolean;
  /** Whether the message is only stored, to be read out in a call. `send` then rejects with `whatsapp-refused`. */
  onlyByPhone?: boolean;
}

export interface CitizenOutbox {
  /**
   * Sends a message at most once per key. Rejects with `whatsapp-retry` if the caller should retry after
   * `retryAfterMs`; with `whatsapp-refused` if Meta will never accept it (reason `window-closed`: the citizen has not
   * written for 24 hours and no template was given); with `citizen-missing`.
   */
  send(message: CitizenMessage): Promise<void>;
  /**
   * Sends the template of a message that Meta accepted but later reported as failed because the window was closed.
   * Returns whether it was sent. Rejects with `whatsapp-retry` like `send`.
   */
  mend(key: string): Promise<boolean>;
}

/** The state of one `send` call. */
interface Way {
  readonly message: CitizenMessage;
  readonly isNew: boolean;
  readonly earlierTries: number;
  /** The reserved send slot, if any. */
  turn: Date | null;
  /** When it passed the sending gate in this call. */
  passedAt: Date | null;
}

/** The Cloud API's customer service window, minus a margin for latency. */
const WINDOW_MS = DAY_MS - 5 * MINUTE_MS;
/** Whether a citizen wrote lately enough to get any message; templates only otherwise. */
export function isInWindow({ lastInboundAt }: Pick<Citizen, 'lastInboundAt'>, now: Date): boolean {
  return now.getTime() - lastInboundAt.getTime() <= WINDOW_MS;
}

/** The end of the key of a template that replaces a message. */
const MENDED = ':template';
/** Longer than a request to Meta can take, and longer than its status webhook usually takes. */
const ECHO_WAIT_MS = 30_000;

/**
 * Sends messages to citizens, each stored first. Meta has no idempotency keys. After an attempt without a
 * response, the outbox therefore waits for the status webhook before it sends again, so that a duplicate
 * requires the loss of both. A message costs four store operations up to Meta's response.
 */
export function createCitizenOutbox({
  store,
  graph,
  gate,
  now = () => new Date(),
}: CitizenOutboxDeps): CitizenOutbox {
  const turnOf = createSendingPace(store.sendingSlots);

  /** Returns whether an earlier attempt with unknown end arrived. Rejects while this is undecided. */
  async function hasArrived({ key, lastAttemptAt }: OutboxRecord): Promise<boolean> {
    if (await store.deliveryStatuses.has(key)) return true;
    const age = now().getTime() - (lastAttemptAt?.getTime() ?? 0);
    if (age >= ECHO_WAIT_MS) return false;
    throw later('awaiting-echo', ECHO_WAIT_MS - Math.max(age, 0));
  }

  /** Reserves a send slot once, and rejects until its time. */
  async function awaitTurn(way: Way, citizen: Citizen): Promise<void> {
    if (!way.turn) {
      const turn = await turnOf(citizen.id, now());
      if ('askAfterMs' in turn) throw later('paced', turn.askAfterMs);
      way.turn = turn.at;
    }
    const waitMs = way.turn.getTime() - now().getTime();
    if (waitMs > 0) throw later('paced', waitMs);
  }

  /**
   * Uploads the picture of a message. If that fails, the message is sent as text, because the outcome matters
   * more than its picture.
   */
  async function pictured(content: OutgoingContent): Promise<OutgoingContent> {
    if (content.type !== 'buttons' || content.pictureId === undefined) return content;
    const picture = await store.workPhotos.shown(content.pictureId, 'jpeg');
    if (!picture) return content;
    try {
      return { ...content, imageId: await graph.upload(picture.jpeg) };
    } catch (error) {
      if (error instanceof AppError && error.code !== 'whatsapp-account') return content;
      throw error;
    }
  }

  /** Sends the first content that Meta accepts. Returns its message id and kind. */
  async function sendFirst(
    citizen: Citizen,
    [content, ...others]: readonly OutgoingContent[],
    key: string,
  ): Promise<{ wamid: string; kind: SentAs['kind'] }> {
    if (!content) throw refused('window-closed');
    try {
      return { wamid: await graph.send(citizen, await pictured(content), key), kind: content.type };
    } catch (error) {
      const isOther = isTemplateRefusal(error) || (isRefusal(error) && error.reason === WINDOW_CLOSED);
      if (!isOther || others.length === 0) throw error;
      return sendFirst(citizen, others, key);
    }
  }

  async function attempt(way: Way): Promise<void> {
    const { key, citizenId, content, outsideWindow = [], onlyByPhone } = way.message;
    if (onlyByPhone) throw refused('only-by-phone');
    way.passedAt = await gate.pass();
    const citizen = await store.citizens.get(citizenId);
    if (!citizen) throw new AppError('citizen-missing');
    if (isNumberWrong(citizen)) throw refused(NUMBER_WRONG);
    await awaitTurn(way, citizen);
    if (!way.isNew) await store.outbox.sending(key, now());

    const inWindow = isInWindow(citizen, now());
    const isFree = inWindow || content.type === 'template';
    const { wamid, kind } = await sendFirst(
      citizen,
      isFree ? [content, ...outsideWindow] : outsideWindow,
      key,
    );
    await store.outbox.accepted(key, wamid, { kind, inWindow });
    await gate.works(way.passedAt);
  }

  /** Records the end of an attempt and returns the error for the caller. */
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
    const { key, citizenId, caseNumber, content, outsideWindow = [], byPhone } = message;
    const { record, isNew } = await store.outbox.begin({
      key,
      channel: 'whatsapp',
      recipient: citizenId,
      caseNumber,
      content,
      outsideWindow: [...outsideWindow],
      ...(byPhone !== undefined && { byPhone }),
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
    const mended = `${key}${MENDED}`;
    // The template may have failed as well.
    if ((await store.deliveryStatuses.all(mended)).some(({ status }) => status === 'failed')) return false;
    try {
      await send({ key: mended, citizenId, caseNumber, content, outsideWindow });
      return true;
    } catch (error) {
      if (isRefusal(error)) return false;
      throw error;
    }
  }

  return { send, mend };
}

const LONGEST_WAIT_MS = 256_000;

/** The reason of a refusal because the citizen's number belongs to somebody else. */
const NUMBER_WRONG = 'number-wrong';

/** Whether the number was found to belong to somebody else, and nobody has written from it since. */
export function isNumberWrong({
  numberWrongAt,
  lastInboundAt,
}: Pick<Citizen, 'numberWrongAt' | 'lastInboundAt'>): boolean {
  return numberWrongAt !== null && lastInboundAt <= numberWrongAt;
}

/** Whether the reason is an error number of Meta. */
function isOfMeta({ reason }: AppError): boolean {
  return /^\d+$/.test(reason ?? '');
}

/** Returns the error that asks the caller to retry after a delay. */
function later(reason: string, retryAfterMs: number): AppError {
  return new AppError('whatsapp-retry', { status: 503, reason, retryAfterMs });
}

/**
 * Meta's rule for its pair rate limit: wait 4^n seconds after n attempts. Other delays grow as well and are
 * randomised, so that messages rejected together do not retry together.
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

/** Meta's pair rate limit: one message per citizen in six seconds (Cloud API). */
const SLOT_MS = 6_000;
/** The burst size for a citizen without recent messages: a question, its answer, an addition. */
export const PAIR_BURST = 4;
/** No slot is reserved farther ahead. Such a message retries later. */
const SLOTS_AHEAD = 20;

/** A send slot: now, at a later time, or none yet (retry after `askAfterMs`). */
export type SendSlot = { at: Date } | { askAfterMs: number };

/**
 * The rate limit per citizen: one message in six seconds on average, with small bursts. Time is divided into slots; a
 * message reserves the current one, an earlier free one, or the next. Workers share the limit, because a slot is
 * reserved by inserting its record. Meta would allow bursts of 45; the line stays far below.
 */
export function createSendingPace(slots: Pick<Store['sendingSlots'], 'take'>) {
  return async (citizenId: string, now: Date): Promise<SendSlot> => {
    const present = Math.floor(now.getTime() / SLOT_MS);
    const startOf = (slot: number): Date => new Date(slot * SLOT_MS);
    for (let back = 0; back < PAIR_BURST; back += 1) {
      if (await slots.take(citizenId, present - back, startOf(present - back))) return { at: now };
    }
    for (let ahead = 1; ahead <= SLOTS_AHEAD; ahead += 1) {
      const at = startOf(present + ahead);
      if (await slots.take(citizenId, present + ahead, at)) return { at };
    }
    return { askAfterMs: (SLOTS_AHEAD / 2) * SLOT_MS };
  };
}
