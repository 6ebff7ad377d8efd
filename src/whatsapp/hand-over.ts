import pLimit from 'p-limit';
import type { CaseProgress, FeedbackAnswer } from '../domain/case/case';
import { DAY_MS } from '../domain/durations';
import type { Role } from '../domain/sla/sla';
import { readTap, type Tap } from '../domain/talk/taps';
import { errorFields, type Log } from '../logging';
import type { AccountNotice } from '../store/account-notice-records';
import type { DeliveryFailure } from '../store/outbox-records';
import type { Merge } from '../store/identity-records';
import type { EventRecord } from '../store/sending-records';
import type { InboxRecord } from '../store/message-records';
import type { Store } from '../store/store';
import { contentOf } from './message-content';
import { senderOf } from './payload';

/** The workflows as receivers of webhook events; implemented by `src/temporal`. */
export interface Listeners {
  tellConversation(citizenId: string, messageId: string): Promise<void>;
  /** Tells the talk of a merged citizen whose talk continues it. Does nothing if none is running. */
  mergeTalks(goneCitizenId: string, citizenId: string): Promise<void>;
  /** Returns false if the case is no longer running. */
  giveFeedback(
    caseNumber: string,
    said: { messageId: string; citizenId: string; answer: FeedbackAnswer },
  ): Promise<boolean>;
  object(progress: CaseProgress, said: { messageId: string; citizenId: string }): Promise<void>;
  /** Notify a case that a message or letter failed, or that a failed one was delivered. An ended case is restarted. */
  reportDeliveryFailure(progress: CaseProgress, undelivered: number, recipient?: Role): Promise<void>;
  reportArrival(progress: CaseProgress, undelivered: number): Promise<void>;
  /** Starts the workflow that mails a notice from Meta to the operator. Idempotent. */
  reportNotice(noticeId: string): Promise<void>;
  /** Starts the workflow that posts an event to the municipality's own systems. Idempotent. */
  deliverEvent(eventId: string, replays: number): Promise<void>;
}

export interface HandOverDeps {
  store: Pick<
    Store,
    | 'inbox'
    | 'identities'
    | 'merges'
    | 'citizens'
    | 'cases'
    | 'deliveryFailures'
    | 'accountNotices'
    | 'events'
  >;
  gateway: Listeners;
}

export type HandOver = (record: InboxRecord) => Promise<void>;
export type ReportFailure = (failure: DeliveryFailure) => Promise<void>;

/**
 * Signals the workflow of a stored message: a tapped answer goes to its case; everything else, including answers to
 * ended cases, goes to the citizen's conversation. Idempotent. Rejects if Temporal or the store is unreachable.
 */
export function createDelivery({ store, gateway }: HandOverDeps): HandOver {
  /** The case keeps the citizen id from when it was opened. */
  async function asCaseKnows(citizenId: string, caseNumber: string): Promise<string> {
    const owner = (await store.cases.get(caseNumber))?.intake.citizenId;
    return owner && (await store.identities.currentOf(owner)) === citizenId ? owner : citizenId;
  }

  /**
   * Passes an objection to the citizen's own case. The case answers, also if no objection is possible.
   * Returns false if the case is not the citizen's.
   */
  async function isObjected(
    { id, sentAt, payload, contact }: InboxRecord,
    current: string,
    caseNumber: string,
  ): Promise<boolean> {
    const progress = (await store.cases.get(caseNumber))?.progress;
    const citizenId = await asCaseKnows(current, caseNumber);
    if (!progress || progress.citizenId !== citizenId) return false;
    await store.citizens.seen(current, { ...senderOf(payload, contact), language: null, at: sentAt });
    await gateway.object(progress, { messageId: id, citizenId });
    return true;
  }

  return async record => {
    const { id, citizenId, sentAt, payload, contact } = record;
    const content = contentOf(payload);
    const tap = content.tap === null ? null : readTap(content.tap);
    const current = await store.identities.currentOf(citizenId);
    if (tap?.kind === 'feedback' && !isStale(record)) {
      // No conversation reads this message, but it reopens the 24-hour window.
      await store.citizens.seen(current, { ...senderOf(payload, contact), language: null, at: sentAt });
      const { caseNumber } = tap;
      const said = { messageId: id, citizenId: await asCaseKnows(current, caseNumber) };
      if (await gateway.giveFeedback(caseNumber, { ...said, answer: tap.answer })) return;
    }
    const disputed = tap === null || isStale(record) ? null : caseDisputedBy(tap);
    if (disputed !== null && (await isObjected(record, current, disputed))) return;
    await gateway.tellConversation(current, id);
  };
}

/** Returns the case that a tap disputes. An unhappy answer to the survey of a case that has ended is an objection. */
function caseDisputedBy(tap: Tap): string | null {
  const isUnhappy = tap.kind === 'feedback' && tap.answer !== 'solved';
  return isUnhappy || tap.kind === 'objection' ? tap.caseNumber : null;
}

/**
 * Whether a stored message goes to the citizen's conversation first. A tapped answer to the survey goes to its case.
 */
export function isForConversation(record: InboxRecord): boolean {
  const { tap } = contentOf(record.payload);
  const meaning = tap === null ? null : readTap(tap);
  return meaning === null || isStale(record) || (meaning.kind !== 'feedback' && meaning.kind !== 'objection');
}

/** Signals the workflow of a stored message, then marks the message as handed over. */
export function createHandOver(deps: HandOverDeps): HandOver {
  const deliver = createDelivery(deps);
  return async record => {
    await deliver(record);
    await deps.store.inbox.markHandedOver(record.id);
  };
}

/**
 * Notifies a case that one of its messages failed or was delivered later, and marks the report as handled.
 */
export function createFailureReport({ store, gateway }: HandOverDeps): ReportFailure {
  return async ({ key, caseNumber, effect, recipient, arrivedAt }) => {
    const progress = (await store.cases.get(caseNumber))?.progress;
    if (progress && arrivedAt) await gateway.reportArrival(progress, effect);
    else if (progress) await gateway.reportDeliveryFailure(progress, effect, recipient);
    await store.deliveryFailures.markReported(key);
  };
}

export type ReportMerge = (merge: Pick<Merge, 'citizenId'>) => Promise<void>;

/**
 * Tells the talk of a merged citizen who the person is now. A merge that a crash cut off is forgotten: the next
 * message of the person repeats it.
 */
export function createMergeReport({ store, gateway }: HandOverDeps): ReportMerge {
  return async ({ citizenId }) => {
    const current = await store.identities.currentOf(citizenId);
    if (current !== citizenId) await gateway.mergeTalks(citizenId, current);
    await store.merges.remove(citizenId);
  };
}

export type ReportNotice = (notice: Pick<AccountNotice, 'id'>) => Promise<void>;

/** Starts the workflow that mails a notice to the operator, and marks the notice as handed over. */
export function createNoticeReport({ store, gateway }: HandOverDeps): ReportNotice {
  return async ({ id }) => {
    await gateway.reportNotice(id);
    await store.accountNotices.markHandedOver(id);
  };
}

export type ReportEvent = (event: Pick<EventRecord, 'id' | 'replays'>) => Promise<void>;

/** Starts the delivery of an event, and marks the event as handed over. */
export function createEventReport({ store, gateway }: HandOverDeps): ReportEvent {
  return async ({ id, replays }) => {
    await gateway.deliverEvent(id, replays);
    await store.events.markHandedOver(id);
  };
}

export interface HandOverQueueDeps {
  store: Pick<Store, 'inbox'>;
  deliver: HandOver;
  log: Pick<Log, 'warn'>;
  /** Called for each message left to the sweeper. */
  onLeft: () => void;
  now: () => Date;
}

export interface HandOverQueue {
  /** Tries to hand over each message once, in order per citizen. Never rejects. */
  add(records: readonly InboxRecord[]): Promise<void>;
  /** Resolves when all started work has ended. */
  drain(): Promise<void>;
}

const AT_ONCE = 16;
/**
 * After this many consecutive failures Temporal counts as unreachable, and messages go to the sweeper for a while.
 */
const FAILURES_TO_PAUSE = 3;
const PAUSE_MS = 1_000;
const MARKS_AT_ONCE = 4;
/** Above this number only the sweeper keeps the order of a citizen's messages. */
const MOST_CITIZENS_BEHIND = 5_000;

/**
 * Hands over new messages. Failed ones stay in the inbox for the sweeper. If the same citizen writes again first, the
 * older messages are tried first, so that the order is kept.
 */
export function createHandOverQueue({ store, deliver, log, onLeft, now }: HandOverQueueDeps): HandOverQueue {
  const underWay = new Map<string, Promise<void>>();
  const tails = new Map<string, Promise<void>>();
  /** Handed over and not marked yet: Meta may deliver them again in the meantime. */
  const unmarked = new Set<string>();
  let marking: Promise<void> | undefined;
  const behind = new Map<string, readonly InboxRecord[]>();
  let failures = 0;
  let pausedUntil = 0;

  async function attempt(record: InboxRecord): Promise<void> {
    const { citizenId } = record;
    const waiting = [...(behind.get(citizenId) ?? []), record];
    behind.delete(citizenId);
    while (waiting[0] && now().getTime() >= pausedUntil && (await isDelivered(waiting[0]))) waiting.shift();
    if (waiting.length === 0) return;
    behind.set(citizenId, waiting);
    const [oldest] = behind.keys();
    if (behind.size > MOST_CITIZENS_BEHIND && oldest !== undefined) behind.delete(oldest);
    onLeft();
  }

  async function isDelivered(record: InboxRecord): Promise<boolean> {
    try {
      await deliver(record);
    } catch (error) {
      failures += 1;
      if (failures === 1) log.warn(errorFields(error), 'message not handed over, sweeper retries');
      if (failures >= FAILURES_TO_PAUSE) pausedUntil = now().getTime() + PAUSE_MS;
      return false;
    }
    failures = 0;
    mark(record.id);
    return true;
  }

  /**
   * The response to Meta does not wait for this. If the mark is lost, the message is handed over twice, which is
   * harmless.
   */
  function mark(id: string): void {
    unmarked.add(id);
    marking ??= markAll();
  }

  async function markAll(): Promise<void> {
    while (unmarked.size > 0) {
      const ids = [...unmarked];
      try {
        await mapConcurrently(ids, MARKS_AT_ONCE, store.inbox.markHandedOver);
      } catch (error) {
        log.warn(errorFields(error), 'messages handed over but not marked');
      }
      for (const id of ids) unmarked.delete(id);
    }
    marking = undefined;
  }

  function handOver(record: InboxRecord): Promise<void> {
    const { id, citizenId } = record;
    const running = underWay.get(id);
    if (running) return running;
    if (unmarked.has(id)) return Promise.resolve();
    const before = tails.get(citizenId) ?? Promise.resolve();
    const work = before
      .then(() => attempt(record))
      .finally(() => {
        underWay.delete(id);
        if (tails.get(citizenId) === work) tails.delete(citizenId);
      });
    underWay.set(id, work);
    tails.set(citizenId, work);
    return work;
  }

  return {
    async add(records) {
      await mapConcurrently(records, AT_ONCE, handOver);
    },

    async drain() {
      await Promise.all(underWay.values());
      await marking;
    },
  };
}

/** Meta redelivers for seven days. Anything older is a replay attack or a mistake. */
const OLDEST_MS = 8 * DAY_MS;

/** Returns whether a message is too old to be processed. Such a message is stored as a dead letter. */
export function isStale({ sentAt, receivedAt }: { sentAt: Date; receivedAt: Date }): boolean {
  return receivedAt.getTime() - sentAt.getTime() > OLDEST_MS;
}

/**
 * Runs `work` for each item with at most `limit` at a time, and returns the results in the order of the items. Starts
 * no further item after a failure; rejects with the first error.
 */
export function mapConcurrently<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T, place: number) => Promise<R>,
): Promise<R[]> {
  const queue = pLimit(limit);
  const tryOne = (item: T, place: number): Promise<R> =>
    work(item, place).catch((error: unknown) => {
      queue.clearQueue();
      throw error;
    });
  return Promise.all(items.map((item, place) => queue(tryOne, item, place)));
}
