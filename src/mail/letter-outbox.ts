import { createTransport } from 'nodemailer';
import { createHash } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { Municipality } from '../config/municipality';
import type { LetterOrder } from '../domain/case/case-events';
import { MINUTE_MS } from '../domain/durations';
import { AppError, isMailRefusal } from '../errors';
import type { OtherLetter, OutboxRecord } from '../store/outbox-records';
import type { SendingPause } from '../store/sending-records';
import type { Store } from '../store/store';
import type { Letter } from './letters/letter-frame';
import { composeLetter } from './letters/letters';

export interface MailAddress {
  readonly name: string;
  readonly address: string;
}

export interface OutgoingMail {
  /** One letter has one recipient, because each contains its own link. */
  to: MailAddress;
  subject: string;
  text: string;
  html: string;
  /** With angle brackets. */
  messageId: string;
  references?: readonly string[];
  /** Adds the headers by which mail programs mark it as important. */
  urgent?: boolean;
  attachments?: readonly { filename: string; content: Buffer; contentType: string; cid?: string }[];
}

export interface Mailer {
  /** The sender's domain, used in Message-IDs. */
  readonly domain: string;
  /**
   * Sends a letter and returns the server's reply, at most 200 characters. Rejects with `mail-refused` (reason: the
   * reply code) if the server rejects it permanently, otherwise with `mail-retry`. Errors have no cause, because
   * servers quote addresses in replies.
   */
  send(mail: OutgoingMail): Promise<string>;
  close(): void;
}

const CONNECT_LIMIT_MS = 10_000;
const SILENCE_LIMIT_MS = 20_000;
/** Less than the activity time-out, so that a letter is never sent after its activity has timed out. */
const SEND_LIMIT_MS = 25_000;
const CONNECTIONS = 5;
/** Mail servers close idle connections after some minutes; ours are closed earlier. */
const IDLE_LIMIT_MS = MINUTE_MS;
const ANSWER_KEPT = 200;

/**
 * Returns whether the server rejected this letter, as opposed to an unreachable, busy or misconfigured server. A
 * wrong password must not drop letters.
 */
function refusalCode(error: unknown): string | null {
  const { code, responseCode } = error as { code?: string; responseCode?: number };
  const isAboutLetter = code === 'EENVELOPE' || code === 'EMESSAGE';
  // RFC 5321: 5yz is permanent, except 503, which concerns the session.
  const isFinal = responseCode !== undefined && responseCode >= 500 && responseCode !== 503;
  return isAboutLetter && isFinal ? String(responseCode) : null;
}

function reasonOf(error: unknown): string {
  const { code, responseCode } = error as { code?: unknown; responseCode?: number };
  if (responseCode) return String(responseCode);
  return typeof code === 'string' && /^[A-Z0-9_]{1,40}$/.test(code) ? code : 'unknown';
}

/**
 * Sends letters over SMTP. Connections are reused. If the server closed one before any command of a letter, the
 * letter uses a new connection; otherwise it fails with `mail-retry`.
 */
export function createMailer({
  smtpUrl,
  from,
  sendLimitMs = SEND_LIMIT_MS,
}: {
  smtpUrl: string;
  from: MailAddress;
  /** The time-out of one attempt. */
  sendLimitMs?: number;
}): Mailer {
  const transport = createTransport({
    url: smtpUrl,
    pool: true,
    maxConnections: CONNECTIONS,
    idleTimeout: IDLE_LIMIT_MS,
    connectionTimeout: CONNECT_LIMIT_MS,
    greetingTimeout: CONNECT_LIMIT_MS,
    dnsTimeout: CONNECT_LIMIT_MS,
    socketTimeout: SILENCE_LIMIT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    domain: from.address.slice(from.address.lastIndexOf('@') + 1),
    async send({ to, subject, text, html, messageId, references = [], urgent = false, attachments = [] }) {
      try {
        const { response } = await transport.sendMail({
          from: { ...from },
          to: { ...to },
          subject,
          text,
          html,
          messageId,
          references: [...references],
          ...(references[0] !== undefined && { inReplyTo: references[0] }),
          ...(urgent && { priority: 'high' as const }),
          attachments: [...attachments],
          // RFC 3834: suppresses automatic replies such as out-of-office notes.
          headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
          signal: AbortSignal.timeout(sendLimitMs),
        });
        return response.slice(0, ANSWER_KEPT);
      } catch (error) {
        const refusal = refusalCode(error);
        if (refusal !== null) throw new AppError('mail-refused', { reason: refusal });
        throw new AppError('mail-retry', { reason: reasonOf(error) });
      }
    },
    close: () => transport.close(),
  };
}

export interface LetterToSend {
  /** The idempotency key: case number and effect number. */
  key: string;
  /** Role and department, such as `chief:fen-isleri`. */
  recipient: string;
  caseNumber: string | null;
  to: MailAddress;
  /** What the letter of a case is about, stored to compose it again. */
  order?: LetterOrder;
  /** The keys of the letters that it gathers. */
  gathers?: string[];
  /** What a letter is about that is not about a task. */
  about?: OtherLetter;
  letter: Letter;
  /** Groups letters in the recipient's mailbox; usually the case number. */
  thread: string;
}

export interface LetterOutbox {
  /** Stores a letter as pending. The content is composed when a later `send` with its key sends it. */
  reserve(letter: Omit<LetterToSend, 'letter' | 'thread'>): Promise<void>;
  /**
   * Sends a letter unless it was accepted before. Rejects with `mail-retry` if the caller should retry, and
   * with `mail-refused` (reason: the reply code) if the server rejected it permanently. After the server has
   * accepted a letter, recording that is retried for `recordLimitMs`, because a retry of the call would send
   * the letter again. While another call may still be sending or recording, rejects with `mail-retry` and
   * `retryAfterMs`. Only a crash in between causes a second copy, with the same Message-ID.
   */
  send(letter: LetterToSend): Promise<void>;
}

const KEPT_DIGITS = 32;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5_000;
/** An attempt that began longer ago has ended, unless it still waits to record an acceptance. */
const UNCLEAR_FOR_MS = MINUTE_MS;
/** Together with the send, this is less than the activity time-out. */
const RECORD_LIMIT_MS = 4 * MINUTE_MS;

export function createLetterOutbox({
  store,
  mailer,
  now = () => new Date(),
  recordLimitMs = RECORD_LIMIT_MS,
  pause = setTimeout,
}: {
  store: Pick<Store, 'outbox'>;
  mailer: Pick<Mailer, 'send' | 'domain'>;
  now?: () => Date;
  recordLimitMs?: number;
  /**
   * Waits between two attempts to record, in ms. A worker sends its heartbeat here. Rejects when the worker
   * stops.
   */
  pause?: (ms: number) => Promise<unknown>;
}): LetterOutbox {
  const messageIdOf = (name: string): string =>
    `<${createHash('sha256').update(name).digest('hex').slice(0, KEPT_DIGITS)}@${mailer.domain}>`;

  async function recordAccepted(key: string, answer: string): Promise<void> {
    const end = now().getTime() + recordLimitMs;
    for (let waitMs = FIRST_PAUSE_MS; ; waitMs = Math.min(2 * waitMs, LONGEST_PAUSE_MS)) {
      try {
        await store.outbox.accepted(key, answer);
        return;
      } catch (error) {
        if (now().getTime() > end) throw error;
      }
      await pause(waitMs);
    }
  }

  /** Sends a letter. If that fails, no acceptance can follow: records that a retry may send it at once. */
  async function sent(key: string, mail: OutgoingMail): Promise<string> {
    try {
      return await mailer.send(mail);
    } catch (error) {
      const isRefused = isMailRefusal(error);
      if (isRefused) await store.outbox.failed(key, error.reason ?? 'unknown');
      else await store.outbox.pending(key);
      throw error;
    }
  }

  /** The letter is not stored, because it contains a link, of which the store keeps only the hash. */
  function prepared(
    { key, recipient, caseNumber, to, order, gathers, about }: Omit<LetterToSend, 'letter' | 'thread'>,
    subject = '',
  ) {
    const content = { to: { ...to }, subject, messageId: messageIdOf(`letter:${key}`) };
    return store.outbox.prepare({
      ...{ key, channel: 'mail', recipient, caseNumber, content, createdAt: now() },
      ...(order && { order }),
      ...(gathers && { gathers }),
      ...(about && { about }),
    });
  }

  return {
    async reserve(letter) {
      await prepared(letter);
    },

    async send({ letter, thread, ...about }) {
      const { key, to } = about;
      const messageId = messageIdOf(`letter:${key}`);
      const { subject, text, html, pictures, urgent = false } = letter;
      const { state, errorCode, lastAttemptAt } = await prepared(about, subject);
      if (state === 'accepted') return;
      if (state === 'failed') throw new AppError('mail-refused', { reason: errorCode ?? 'unknown' });
      const age = now().getTime() - (lastAttemptAt?.getTime() ?? 0);
      if (state === 'sending' && age < UNCLEAR_FOR_MS) {
        const retryAfterMs = UNCLEAR_FOR_MS - Math.max(age, 0);
        throw new AppError('mail-retry', { reason: 'under-way', retryAfterMs });
      }
      await store.outbox.sending(key, now());
      const attachments = pictures.map(({ id, jpeg }, place) => ({
        filename: `foto-${place + 1}.jpg`,
        content: jpeg,
        contentType: 'image/jpeg',
        cid: id,
      }));
      const references = [messageIdOf(`thread:${thread}`)];
      await recordAccepted(
        key,
        await sent(key, { to, subject, text, html, messageId, references, urgent, attachments }),
      );
    },
  };
}

/** The outbox key of a letter of a case, or of its copy for whoever is on duty. */
const CASE_LETTER = /^(.{12}):(\d{1,9})(?::duty)?$/;

/**
 * Records that a letter did not arrive, with the code of its failure. A letter of a case becomes a delivery failure: the
 * case finds another way for it. Returns false for other letters.
 */
export async function loseLetter(
  store: Pick<Store, 'outbox' | 'deliveryFailures'>,
  { key, order }: Pick<OutboxRecord, 'key' | 'order'>,
  code: string,
  receivedAt: Date,
): Promise<boolean> {
  await store.outbox.failed(key, code);
  const [, caseNumber, effect] = CASE_LETTER.exec(key) ?? [];
  if (!order || caseNumber === undefined) return false;
  const about = { key, caseNumber, effect: Number(effect), recipient: order.to };
  await store.deliveryFailures.add({ ...about, receivedAt, reported: false });
  return true;
}

export interface SendingAlarmDeps {
  municipality: Municipality;
  letterOutbox: LetterOutbox;
  now?: () => Date;
}

/** Notifies the operator that WhatsApp rejects all messages, once per pause. Idempotent. */
export function createSendingAlarm({ municipality, letterOutbox, now = () => new Date() }: SendingAlarmDeps) {
  return async ({ since, reason }: SendingPause): Promise<void> => {
    const key = `sending-paused:${since.getTime()}`;
    const about = { municipality, now: now().getTime(), caseNumber: 'WhatsApp', reason };
    await letterOutbox.send({
      key,
      recipient: 'operator',
      caseNumber: null,
      to: municipality.operator,
      letter: composeLetter('sendingPaused', about),
      thread: key,
    });
  };
}
