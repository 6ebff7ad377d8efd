import { AppError } from '../errors';
import type { OutboxRecord } from '../store/outbox-records';
import type { Store } from '../store/store';
import type { GraphClient } from './graph-client';
import { mayHaveArrived, refused } from './graph-failure';
import type { OutgoingContent, TemplateContent } from './outgoing';

export interface CitizenOutboxDeps {
  store: Pick<Store, 'outbox' | 'citizens' | 'deliveryStatuses'>;
  graph: Pick<GraphClient, 'send'>;
  now?: () => Date;
}

export interface CitizenMessage {
  /** Makes the message happen once; Meta echoes it with each status. */
  key: string;
  citizenId: string;
  caseNumber: string | null;
  content: OutgoingContent;
  /** What is sent instead when the 24-hour window has closed. */
  outsideWindow?: TemplateContent;
}

export interface CitizenOutbox {
  /**
   * Sends a message once, however often it is called. Rejects with `whatsapp-retry` when it should be called again,
   * not before `retryAfterMs`; with `whatsapp-refused` when Meta will never take the message (reason `window-closed`:
   * the citizen has not written for 24 hours and no template was given); with `citizen-missing`.
   */
  send(message: CitizenMessage): Promise<void>;
}

/** The Cloud API's customer service window, less a margin for the way to Meta. */
const WINDOW_MS = 24 * 3_600_000 - 5 * 60_000;
/** Longer than a call to Meta can last, and than the echo usually takes. */
const ECHO_WAIT_MS = 15_000;
const PAIR_LIMIT = '131056';
const LONGEST_PAIR_WAIT_MS = 256_000;

/**
 * Messages to citizens, each written down before it is sent. Meta knows no idempotency key: when an attempt ended
 * without an answer, its echo is awaited before the message is sent again, so that a double is possible only when
 * the answer and the echo are both lost.
 */
export function createCitizenOutbox({
  store,
  graph,
  now = () => new Date(),
}: CitizenOutboxDeps): CitizenOutbox {
  /** Whether the earlier attempt, of which no end is known, arrived; rejects while that is still open. */
  async function hasArrived({ key, lastAttemptAt }: OutboxRecord): Promise<boolean> {
    if (await store.deliveryStatuses.furthest(key)) return true;
    const age = now().getTime() - (lastAttemptAt?.getTime() ?? 0);
    if (age >= ECHO_WAIT_MS) return false;
    const retryAfterMs = ECHO_WAIT_MS - Math.max(age, 0);
    throw new AppError('whatsapp-retry', { status: 503, reason: 'awaiting-echo', retryAfterMs });
  }

  async function attempt({ key, attempts }: OutboxRecord, message: CitizenMessage): Promise<void> {
    const citizen = await store.citizens.get(message.citizenId);
    if (!citizen) throw new AppError('citizen-missing');
    const silence = now().getTime() - citizen.lastInboundAt.getTime();
    const isFree = silence <= WINDOW_MS || message.content.type === 'template';
    const content = isFree ? message.content : message.outsideWindow;
    if (!content) throw refused('window-closed');

    await store.outbox.sending(key, now());
    let wamid: string;
    try {
      wamid = await graph.send(citizen, content, key);
    } catch (error) {
      if (mayHaveArrived(error)) throw error;
      await store.outbox.pending(key);
      throw paced(error, attempts);
    }
    await store.outbox.accepted(key, wamid);
  }

  return {
    async send(message) {
      const { key, citizenId, caseNumber, content } = message;
      const channel = 'whatsapp';
      const fresh = { key, channel, recipient: citizenId, caseNumber, content, createdAt: now() } as const;
      const record = await store.outbox.prepare(fresh);
      if (record.state === 'accepted') return;
      if (record.state === 'failed') throw refused(record.errorCode ?? 'unknown');
      if (record.state === 'sending' && (await hasArrived(record))) {
        await store.outbox.accepted(key, null);
        return;
      }
      try {
        await attempt(record, message);
      } catch (error) {
        if (error instanceof AppError && error.code === 'whatsapp-refused') {
          await store.outbox.failed(key, error.reason ?? 'unknown');
        }
        throw error;
      }
    },
  };
}

/** Meta's rule for its limit per citizen: wait 4^n seconds, n counting the attempts. */
function paced(error: unknown, attempts: number): unknown {
  if (!(error instanceof AppError) || error.reason !== PAIR_LIMIT) return error;
  const retryAfterMs = Math.min(4 ** attempts * 1_000, LONGEST_PAIR_WAIT_MS);
  return new AppError(error.code, { status: error.status, reason: PAIR_LIMIT, retryAfterMs });
}
