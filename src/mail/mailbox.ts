import { ImapFlow } from 'imapflow';
import { setTimeout as pause } from 'node:timers/promises';
import { errorFields, type Log } from '../logging';
import type { ReturnedMail } from '../store/returned-mail-records';

const CONNECT_LIMIT_MS = 10_000;
const SILENCE_LIMIT_MS = 60_000;
/** Mails of one visit. The rest waits for the next one. */
const MOST_AT_ONCE = 50;
/** Enough for text and headers of a bounce; the rest is attachments. */
const MOST_BYTES = 1024 * 1024;

export interface MailboxDeps {
  /** `imaps://user:password@host:993/INBOX` or `imap://…`, which must offer STARTTLS except on this machine. */
  url: string;
  take: (raw: Buffer) => Promise<ReturnedMail['outcome']>;
  log: Pick<Log, 'info' | 'warn'>;
  /** The pause between two visits, in ms. */
  everyMs: number;
}

export interface Mailbox {
  /** Throws if the latest visit failed. */
  check(): void;
  /** Resolves when the current visit has ended. */
  stop(): Promise<void>;
}

function clientOf(address: string): { client: ImapFlow; folder: string } {
  const { protocol, hostname, port, username, password, pathname } = new URL(address);
  const secure = protocol === 'imaps:';
  const isLocal = ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
  const client = new ImapFlow({
    host: hostname,
    port: port === '' ? (secure ? 993 : 143) : Number(port),
    secure,
    ...(!secure && { doSTARTTLS: !isLocal }),
    auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) },
    connectionTimeout: CONNECT_LIMIT_MS,
    greetingTimeout: CONNECT_LIMIT_MS,
    socketTimeout: SILENCE_LIMIT_MS,
    // Its log contains addresses and text.
    logger: false,
    disableAutoIdle: true,
  });
  // Every error also rejects the call that is under way.
  client.on('error', () => undefined);
  return { client, folder: decodeURIComponent(pathname.slice(1)) || 'INBOX' };
}

/**
 * Takes each unread mail of the mailbox once, and marks it as read when its outcome is stored. Those that are left for a
 * person are also flagged. A mail that fails is tried again at the next visit and holds up no other. Rejects with the
 * first error.
 */
async function visit({ url, take, log }: MailboxDeps, signal: AbortSignal): Promise<void> {
  const { client, folder } = clientOf(url);
  let firstError: Error | undefined;
  try {
    await client.connect();
    await client.mailboxOpen(folder);
    const unread = (await client.search({ seen: false }, { uid: true })) || [];
    for (const uid of unread.slice(0, MOST_AT_ONCE)) {
      if (signal.aborted) break;
      const query = { source: { maxLength: MOST_BYTES } };
      const mail = await client.fetchOne(String(uid), query, { uid: true });
      if (!mail || !mail.source) continue;
      try {
        const outcome = await take(mail.source);
        const flags = outcome === 'kept' ? ['\\Seen', '\\Flagged'] : ['\\Seen'];
        await client.messageFlagsAdd(String(uid), flags, { uid: true });
        log.info({ outcome }, 'returned mail taken');
      } catch (error) {
        firstError ??= error instanceof Error ? error : new Error('not read');
      }
    }
  } finally {
    await client.logout().catch(() => client.close());
  }
  if (firstError !== undefined) throw firstError;
}

/** Visits the mailbox again and again. Several workers may visit the same one, since each mail is taken once. */
export function startMailbox(deps: MailboxDeps): Mailbox {
  const stopping = new AbortController();
  let trouble: Error | null = null;

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await visit(deps, stopping.signal);
        trouble = null;
      } catch (error) {
        trouble = new Error('The mailbox cannot be read');
        deps.log.warn(troubleFields(error), 'mailbox not read, next visit retries');
      }
      await pause(deps.everyMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }

  const running = run();
  return {
    check() {
      if (trouble) throw trouble;
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

/** Servers quote names in their replies, so only codes are logged. */
function troubleFields(error: unknown): object {
  const { code, authenticationFailed } = error as { code?: unknown; authenticationFailed?: unknown };
  if (authenticationFailed === true) return { code: 'login-refused' };
  return typeof code === 'string' ? { code } : errorFields(error);
}
