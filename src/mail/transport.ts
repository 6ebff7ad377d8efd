import { createTransport } from 'nodemailer';
import { AppError } from '../errors';

export interface MailAddress {
  readonly name: string;
  readonly address: string;
}

export interface OutgoingMail {
  /** One letter, one recipient: each carries a link of its own. */
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
  /** The domain of the sender, which names the letters. */
  readonly domain: string;
  /**
   * Hands a letter to the mail server and returns its answer, at most 200 characters. Rejects with `mail-refused`
   * (the reply code as reason) when the server will never take it, else with `mail-retry`. The errors carry no
   * cause: servers quote addresses in their answers.
   */
  send(mail: OutgoingMail): Promise<string>;
  close(): void;
}

const CONNECT_LIMIT_MS = 10_000;
const SILENCE_LIMIT_MS = 20_000;
/** Below the time an activity has: what is given up here must not be sent behind its back. */
const SEND_LIMIT_MS = 25_000;
const CONNECTIONS = 5;
/** Mail servers end connections after some minutes of silence; ours end before. */
const IDLE_LIMIT_MS = 60_000;
const ANSWER_KEPT = 200;

/**
 * A refusal of this letter, as against a server that is unreachable, busy or badly set up: a wrong password must
 * not make letters be given up.
 */
function refusalCode(error: unknown): string | null {
  const { code, responseCode } = error as { code?: string; responseCode?: number };
  const isAboutLetter = code === 'EENVELOPE' || code === 'EMESSAGE';
  // RFC 5321: 5yz is final, except 503, which is about the state of the session.
  const isFinal = responseCode !== undefined && responseCode >= 500 && responseCode !== 503;
  return isAboutLetter && isFinal ? String(responseCode) : null;
}

function reasonOf(error: unknown): string {
  const { code, responseCode } = error as { code?: unknown; responseCode?: number };
  if (responseCode) return String(responseCode);
  return typeof code === 'string' && /^[A-Z0-9_]{1,40}$/.test(code) ? code : 'unknown';
}

/**
 * Sends letters over the SMTP server behind `smtpUrl`. Connections are kept for the next letters; one that the
 * server has dropped meanwhile is replaced when nothing of a letter had been said on it, else the letter fails
 * with `mail-retry`.
 */
export function createMailer({
  smtpUrl,
  from,
  sendLimitMs = SEND_LIMIT_MS,
}: {
  smtpUrl: string;
  from: MailAddress;
  /** A letter that is not through within this time is given up for now. */
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
          // RFC 3834: asks other programs not to answer, out-of-office notes among them.
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
