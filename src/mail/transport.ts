import { createTransport } from 'nodemailer';
import { MINUTE_MS } from '../domain/durations';
import { AppError } from '../errors';

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
    async send({ to, subject, text, html, messageId, references = [], attachments = [] }) {
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
