import { type ParsedMail, simpleParser } from 'mailparser';
import { createHash } from 'node:crypto';
import type { Municipality } from '../config/municipality';
import type { TaskAct } from '../domain/case/acts';
import type { HandOffLetter } from '../domain/case/hand-off';
import { DAY_MS } from '../domain/durations';
import { plainText } from '../domain/plain-text';
import { AppError } from '../errors';
import type { OutboxRecord } from '../store/outbox-records';
import type { ReturnedMail } from '../store/returned-mail-records';
import type { Store } from '../store/store';
import { type LetterOutbox, loseLetter } from './letter-outbox';
import { returnedLetter } from './letters/staff-letters';

/** A mail that came back to the line's address. */
export interface MailRead {
  /** `bounce`: a delivery status notification. `automatic`: another mail that no person wrote. */
  kind: 'bounce' | 'automatic' | 'reply';
  /** The sender's address in lower case; empty if there is none. */
  from: string;
  subject: string;
  words: string;
  /** The Message-IDs that it answers or reports about, with angle brackets. */
  about: string[];
  /** The addresses that a bounce names as failed for good, in lower case, with the status code (RFC 3463). */
  failed: { address: string; status: string }[];
}

const LONGEST_WORDS = 4_000;

/** Reads a mail. A damaged one is read as far as possible. */
export async function readMail(raw: Buffer): Promise<MailRead> {
  const mail = await simpleParser(raw, { keepDeliveryStatus: true });
  const type = mail.headers.get('content-type') as { params?: Record<string, string> } | undefined;
  const isReport = type?.params?.['report-type']?.toLowerCase() === 'delivery-status';
  const parts = mail.attachments.map(({ contentType, content }) => ({ contentType, content }));
  const original = parts.find(({ contentType }) =>
    /^(message\/rfc822|text\/rfc822-headers)/.test(contentType),
  );
  const about = [mail.inReplyTo, mail.references].flat().flatMap(ids => ids?.match(/<[^<>\s]+>/g) ?? []);
  const returned = original && (await simpleParser(original.content)).messageId;
  const status = parts.find(({ contentType }) => contentType === 'message/delivery-status');
  return {
    kind: isReport ? 'bounce' : isAutomatic(mail) ? 'automatic' : 'reply',
    from: (mail.from?.value[0]?.address ?? '').toLowerCase(),
    subject: plainText(mail.subject ?? ''),
    words: withoutLinks(plainText(mail.text ?? '')).slice(0, LONGEST_WORDS),
    about: [...new Set([...(returned ? [returned] : []), ...about])],
    failed: status ? await failedIn(status.content) : [],
  };
}

/** Whether no person wrote a mail: RFC 3834, and what is used in its place. A null sender never gets an answer. */
function isAutomatic({ headers, from }: ParsedMail): boolean {
  const text = (name: string): string => {
    const value = headers.get(name);
    return typeof value === 'string' ? value.toLowerCase() : '';
  };
  // The parser gathers all headers of mailing lists under `list`.
  const marks = ['x-autoreply', 'x-autorespond', 'x-auto-response-suppress', 'list'];
  return (
    (headers.has('auto-submitted') && text('auto-submitted') !== 'no') ||
    marks.some(name => headers.has(name)) ||
    ['bulk', 'junk', 'list', 'auto_reply'].includes(text('precedence')) ||
    /^(mailer-daemon|postmaster|no-?reply)@/i.test(from?.value[0]?.address ?? 'mailer-daemon@')
  );
}

/** Returns the recipients that failed for good. The groups of fields after the first are one recipient each (RFC 3464). */
async function failedIn(status: Buffer): Promise<MailRead['failed']> {
  const groups = status.toString('utf8').split(/(?:\r?\n){2,}/);
  const failed: MailRead['failed'] = [];
  for (const group of groups) {
    const { headers } = await simpleParser(`${group.trim()}\r\n\r\n`);
    const field = (name: string): string => {
      const value = headers.get(name);
      return typeof value === 'string' ? value.trim() : '';
    };
    if (field('action').toLowerCase() !== 'failed') continue;
    for (const name of ['original-recipient', 'final-recipient']) {
      const address = field(name).split(';').at(-1)?.trim().replace(/^<|>$/g, '').toLowerCase() ?? '';
      if (address !== '')
        failed.push({ address, status: /^[245]\.\d{1,3}\.\d{1,3}/.exec(field('status'))?.[0] ?? '5.0.0' });
    }
  }
  return failed;
}

/** A quoted letter contains links that open pages without a login. */
function withoutLinks(text: string): string {
  return text.replace(/https?:\/\/[^\s<>]+/g, '[bağlantı]');
}

export interface ReturnedMailDeps {
  store: Pick<Store, 'hashId' | 'outbox' | 'deliveryFailures' | 'tasks' | 'returnedMails'>;
  gateway: {
    act(caseNumber: string, act: TaskAct): Promise<unknown>;
    returnHandOffLetter(
      caseNumber: string,
      number: number,
      returned: { letter: HandOffLetter; count: number },
    ): Promise<boolean>;
    returnCallLetter(caseNumber: string, returned: { attempt: number; at: number }): Promise<boolean>;
    mailDigestAgain(department: string, at: number): Promise<void>;
  };
  letterOutbox: LetterOutbox;
  municipality: Pick<Municipality, 'name' | 'operator'>;
  /** The line's own address, MAIL_FROM. */
  ownAddress: string;
  now?: () => Date;
}

/** The mails of one address that reach a case or the operator in a day; automatic ones, and those of people. */
const MOST_A_DAY = { automatic: 3, reply: 20 } as const;

/**
 * Returns a function that takes a mail once and returns its outcome. A bounce makes its letter a delivery failure, like a
 * refusal by the mail server. Answers to a letter of a case become a note on the case; everything else reaches the
 * operator. `kept` mails stay in the mailbox for a person: what could become a loop, and what exceeds the bounds of an
 * address. Nothing is ever sent to the sender of a mail.
 */
export function createReturnedMail({
  store,
  gateway,
  letterOutbox,
  municipality,
  ownAddress,
  now = () => new Date(),
}: ReturnedMailDeps): (raw: Buffer) => Promise<ReturnedMail['outcome']> {
  const { operator } = municipality;
  const isOwn = (address: string): boolean =>
    [ownAddress, operator.address].some(own => own.toLowerCase() === address);

  async function decide(id: string, mail: MailRead, address: string): Promise<ReturnedMail['outcome']> {
    const [letter] = await store.outbox.byMessageIds(mail.about);
    if (mail.kind === 'bounce') return takeBounce(id, mail, letter);
    const since = new Date(now().getTime() - DAY_MS);
    if ((await store.returnedMails.countOf(address, since)) >= MOST_A_DAY[mail.kind]) return 'kept';
    if (letter && (await isNoted(id, mail, letter))) return 'note';
    // The operator's own automatic answer to a letter of ours would cause the next letter.
    if (mail.kind === 'automatic' && (isOwn(mail.from) || letter?.recipient === 'operator')) return 'kept';
    await tellOperator(id, mail, letter);
    return 'operator';
  }

  async function takeBounce(
    id: string,
    mail: MailRead,
    letter: OutboxRecord | undefined,
  ): Promise<ReturnedMail['outcome']> {
    // Whoever does not know the Message-ID of a letter cannot report about it.
    if (!letter) return 'kept';
    const { to } = letter.content as { to?: { address: string } };
    const failed = mail.failed.find(({ address }) => address === to?.address.toLowerCase());
    if (!failed) return mail.failed.length === 0 ? 'delayed' : 'kept';
    // The letters that a list gathered failed with it.
    const gathered = await Promise.all((letter.gathers ?? []).map(key => store.outbox.get(key)));
    const lost = await Promise.all(
      [letter, ...gathered.filter(one => one !== null)].map(one =>
        loseLetter(store, one, failed.status, now()),
      ),
    );
    if (lost.includes(true) || (await wasSentElsewhere(letter))) return 'failure';
    if (letter.recipient === 'operator') return 'kept';
    await tellOperator(id, mail, letter);
    return 'operator';
  }

  /** Has whoever sent a letter find another way. Returns false if nobody can. */
  async function wasSentElsewhere({ key, caseNumber, about }: OutboxRecord): Promise<boolean> {
    // A fallback has no other.
    if (!about || key.endsWith(':fallback')) return false;
    switch (about.type) {
      case 'digest':
        await gateway.mailDigestAgain(about.department, about.at);
        return true;
      case 'handOff':
        return caseNumber !== null && gateway.returnHandOffLetter(caseNumber, about.number, about);
      case 'call':
        return caseNumber !== null && gateway.returnCallLetter(caseNumber, about);
    }
  }

  /** Returns false if the mail does not answer a letter about a task, or if the case accepts no note now. */
  async function isNoted(id: string, mail: MailRead, { caseNumber, order }: OutboxRecord): Promise<boolean> {
    if (!caseNumber || !order) return false;
    const title = mail.kind === 'automatic' ? 'Otomatik e-posta yanıtı' : 'E-posta yanıtı';
    await store.tasks.addAction({
      ...{ actionId: id, caseNumber, task: order.task, action: 'note', reason: null, department: null },
      ...{ words: `${title}:\n${mail.words}`, role: order.to, actor: mail.from, at: now() },
    });
    try {
      await gateway.act(caseNumber, { actionId: id, role: order.to, task: order.task, action: 'note' });
      return true;
    } catch (error) {
      if (error instanceof AppError && error.code === 'act-refused') return false;
      throw error;
    }
  }

  async function tellOperator(id: string, mail: MailRead, letter: OutboxRecord | undefined): Promise<void> {
    const caseNumber = letter?.caseNumber ?? null;
    await letterOutbox.send({
      ...{ key: `returned:${id}`, recipient: 'operator', caseNumber, to: operator, thread: `returned:${id}` },
      letter: returnedLetter(municipality, { ...mail, caseNumber, recipient: letter?.recipient ?? null }),
    });
  }

  return async raw => {
    const hashId = await store.hashId();
    const id = hashId(`mail:${createHash('sha256').update(raw).digest('hex')}`);
    const before = await store.returnedMails.get(id);
    if (before) return before.outcome;
    const mail = await readMail(raw);
    const address = hashId(`address:${mail.from}`);
    const outcome = isOurs(mail) ? 'kept' : await decide(id, mail, address);
    await store.returnedMails.add({ id, receivedAt: now(), kind: mail.kind, outcome, address });
    return outcome;
  };

  /** Whether the line itself sent a mail, for example with its own mailbox as the operator's. */
  function isOurs({ kind, from }: MailRead): boolean {
    return kind !== 'bounce' && from === ownAddress.toLowerCase();
  }
}
