import type { FeedbackAnswer } from '../domain/case/case';
import { readTap } from '../domain/talk/taps';
import { errorFields, type Log } from '../logging';
import type { DeliveryFailure } from '../store/delivery-records';
import type { InboxRecord } from '../store/inbox-records';
import type { Store } from '../store/store';
import { eachBounded } from './bounded';
import { contentOf } from './message-content';
import { senderOf } from './sender';

/** What the workflows want to hear from Meta's side; the line of `src/temporal` is one. */
export interface Listeners {
  tellConversation(citizenId: string, messageId: string): Promise<void>;
  /** Both return false when the case no longer runs. */
  giveFeedback(
    caseNumber: string,
    said: { messageId: string; citizenId: string; answer: FeedbackAnswer },
  ): Promise<boolean>;
  reportDeliveryFailure(caseNumber: string, undelivered: number): Promise<boolean>;
}

export interface HandOverDeps {
  store: Pick<Store, 'inbox' | 'identities' | 'citizens' | 'cases' | 'deliveryFailures'>;
  line: Listeners;
}

export type HandOver = (record: InboxRecord) => Promise<void>;
export type ReportFailure = (failure: DeliveryFailure) => Promise<void>;

/**
 * Tells the workflow that a stored message concerns: a tapped answer goes to its case, everything else, also an
 * answer for a case that has ended, to the citizen's conversation. Repeating is harmless. Rejects when the
 * workflows or the store cannot be reached.
 */
export function createDelivery({ store, line }: HandOverDeps): HandOver {
  /** The case knows its citizen by the id of its first day. */
  async function asCaseKnows(citizenId: string, caseNumber: string): Promise<string> {
    const owner = (await store.cases.get(caseNumber))?.intake.citizenId;
    return owner && (await store.identities.currentOf(owner)) === citizenId ? owner : citizenId;
  }

  return async record => {
    const { id, citizenId, sentAt, payload, contact } = record;
    const content = contentOf(payload);
    const tap = content.tap === null ? null : readTap(content.tap);
    const current = await store.identities.currentOf(citizenId);
    if (tap?.kind === 'feedback' && !isStale(record)) {
      // No conversation reads this message, and yet it opens the citizen's 24-hour window anew.
      await store.citizens.seen(current, { ...senderOf(payload, contact), language: null, at: sentAt });
      const { caseNumber } = tap;
      const said = { messageId: id, citizenId: await asCaseKnows(current, caseNumber) };
      if (await line.giveFeedback(caseNumber, { ...said, answer: tap.answer })) return;
    }
    await line.tellConversation(current, id);
  };
}

/** Delivers a stored message and marks it as handed over. */
export function createHandOver(deps: HandOverDeps): HandOver {
  const deliver = createDelivery(deps);
  return async record => {
    await deliver(record);
    await deps.store.inbox.markHandedOver(record.id);
  };
}

/** Tells a case that a message of its own never arrived, and marks the failure as reported. */
export function createFailureReport({ store, line }: HandOverDeps): ReportFailure {
  return async ({ key, caseNumber, effect }) => {
    await line.reportDeliveryFailure(caseNumber, effect);
    await store.deliveryFailures.markReported(key);
  };
}

export interface HandOverQueueDeps {
  store: Pick<Store, 'inbox'>;
  deliver: HandOver;
  log: Pick<Log, 'warn'>;
  /** Called for each message that is left to the sweeper. */
  onLeft: () => void;
  now: () => Date;
}

export interface HandOverQueue {
  /** Tries to hand each message over once, a citizen's own in their order. Never rejects. */
  add(records: readonly InboxRecord[]): Promise<void>;
  /** Resolves when everything that was begun has come to its end. */
  drain(): Promise<void>;
}

const AT_ONCE = 16;
/** After so many failures in a row the workflows are taken to be away, and for a while nobody waits for them. */
const FAILURES_TO_PAUSE = 3;
const PAUSE_MS = 1_000;
const MARKS_AT_ONCE = 4;
/** Beyond this the order within a citizen's messages is left to the sweeper alone. */
const MOST_CITIZENS_BEHIND = 5_000;

/**
 * The hand-over of fresh messages. What fails stays in the inbox for the sweeper; when the same citizen writes again
 * before that, the older messages are tried first, so that none overtakes another.
 */
export function createHandOverQueue({ store, deliver, log, onLeft, now }: HandOverQueueDeps): HandOverQueue {
  const underWay = new Map<string, Promise<void>>();
  const tails = new Map<string, Promise<void>>();
  const unmarked: string[] = [];
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
      if (failures === 1) log.warn(errorFields(error), 'message left to the sweeper');
      if (failures >= FAILURES_TO_PAUSE) pausedUntil = now().getTime() + PAUSE_MS;
      return false;
    }
    failures = 0;
    mark(record.id);
    return true;
  }

  /** The answer to Meta need not wait for this: a message whose mark is lost is handed over twice, harmlessly. */
  function mark(id: string): void {
    unmarked.push(id);
    marking ??= markAll();
  }

  async function markAll(): Promise<void> {
    while (unmarked.length > 0) {
      try {
        await eachBounded(unmarked.splice(0), MARKS_AT_ONCE, store.inbox.markHandedOver);
      } catch (error) {
        log.warn(errorFields(error), 'messages handed over but not marked');
      }
    }
    marking = undefined;
  }

  function handOver(record: InboxRecord): Promise<void> {
    const { id, citizenId } = record;
    const running = underWay.get(id);
    if (running) return running;
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
      await eachBounded(records, AT_ONCE, handOver);
    },

    async drain() {
      await Promise.all(underWay.values());
      await marking;
    },
  };
}

/** Meta redelivers for seven days; what is older was recorded and sent again by somebody. */
const OLDEST_MS = 8 * 24 * 3_600_000;

/** Whether a message comes too late to be acted on; it is kept, noted, and answered by nobody. */
export function isStale({ sentAt, receivedAt }: { sentAt: Date; receivedAt: Date }): boolean {
  return receivedAt.getTime() - sentAt.getTime() > OLDEST_MS;
}
