import { createHash } from 'node:crypto';
import type { Municipality } from '../config/municipality';
import { AppError } from '../errors';
import type { SendingPause } from '../store/sending-records';
import type { Store } from '../store/store';
import type { Letter } from './letters/letter-frame';
import { composeLetter } from './letters/letters';
import type { MailAddress, Mailer } from './transport';

export interface LetterToSend {
  /** The idempotency key: case number and effect number. */
  key: string;
  /** Role and department, such as `chief:fen-isleri`. */
  recipient: string;
  caseNumber: string | null;
  to: MailAddress;
  letter: Letter;
  /** Groups letters in the recipient's mailbox; usually the case number. */
  thread: string;
}

export interface LetterOutbox {
  /**
   * Sends a letter unless it was accepted before. Rejects with `mail-retry` if the caller should retry, and with
   * `mail-refused` (reason: the reply code) if the server rejected it permanently. A crash during the send causes a
   * second copy with the same Message-ID.
   */
  send(letter: LetterToSend): Promise<void>;
}

const KEPT_DIGITS = 32;

export function createLetterOutbox({
  store,
  mailer,
  now = () => new Date(),
}: {
  store: Pick<Store, 'outbox'>;
  mailer: Pick<Mailer, 'send' | 'domain'>;
  now?: () => Date;
}): LetterOutbox {
  const messageIdOf = (name: string): string =>
    `<${createHash('sha256').update(name).digest('hex').slice(0, KEPT_DIGITS)}@${mailer.domain}>`;

  return {
    async send({ key, recipient, caseNumber, to, letter, thread }) {
      const messageId = messageIdOf(`letter:${key}`);
      // The letter is not stored, because it contains the task link, of which the store keeps only the hash.
      const content = { to: { ...to }, subject: letter.subject, messageId };
      const { state, errorCode } = await store.outbox.prepare({
        key,
        channel: 'mail',
        recipient,
        caseNumber,
        content,
        createdAt: now(),
      });
      if (state === 'accepted') return;
      if (state === 'failed') throw new AppError('mail-refused', { reason: errorCode ?? 'unknown' });
      await store.outbox.sending(key);
      try {
        const { subject, text, html, pictures } = letter;
        const answer = await mailer.send({
          to,
          subject,
          text,
          html,
          messageId,
          references: [messageIdOf(`thread:${thread}`)],
          attachments: pictures.map(({ id, jpeg }, place) => ({
            filename: `foto-${place + 1}.jpg`,
            content: jpeg,
            contentType: 'image/jpeg',
            cid: id,
          })),
        });
        await store.outbox.accepted(key, answer);
      } catch (error) {
        if (error instanceof AppError && error.code === 'mail-refused') {
          await store.outbox.failed(key, error.reason ?? 'unknown');
        }
        throw error;
      }
    },
  };
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
