import { createHash } from 'node:crypto';
import { HOUR_MS, MINUTE_MS } from '../domain/durations';
import { isCaseNumber } from '../domain/identifiers';
import { AppError } from '../errors';
import { timeLimit } from '../time-limit';
import { errorFields, type Log } from '../logging';
import type { DeliveryFailure } from '../store/outbox-records';
import type { Sender } from '../store/identity-records';
import type { InboxRecord } from '../store/message-records';
import type { Store } from '../store/store';
import {
  createDelivery,
  createFailureReport,
  createHandOverQueue,
  createMergeReport,
  createNoticeReport,
  isStale,
  type Listeners,
  mapConcurrently,
} from './hand-over';
import { reachedPhone } from './case-talk';
import { asText, field, jsonText } from './loose-json';
import {
  type MessageItem,
  type NoticeItem,
  parseWebhook,
  type RenamedItem,
  type StatusItem,
  type WebhookItem,
} from './payload';

export interface IntakeDeps {
  store: Store;
  /** Meta's id of our number. Messages to other numbers are stored as dead letters. */
  phoneNumberId: string;
  gateway: Listeners;
  log: Pick<Log, 'warn'>;
  metrics?: IntakeMetrics;
  now?: () => Date;
}

/** Processes the body of a verified webhook; see `createIntake`. */
export interface Intake {
  (body: Buffer): Promise<void>;
  /** Resolves when all started hand-overs have ended, for a graceful shutdown. */
  drain(): Promise<void>;
}

const AT_ONCE = 16;
/** Above this number of bodies whose messages are being handed over, an answer waits for its own. */
const HANDED_OVER_BEHIND = 16;
const HAND_OVER_WAIT_MS = 700;
/** Meta asks for an answer within a second. A body of many members takes longer to store. */
const ANSWER_LIMIT_MS = { usual: 900, large: 1_500 };
const LARGE_BODY_BYTES = 64 * 1_024;
/**
 * Above this number of bodies that are being stored, a further one is refused at once: if all waited, none would be
 * stored in time.
 */
const MOST_STORING = 64;
/** How far our clock may be behind Meta's. */
const SLOWEST_CLOCK_MS = 2 * HOUR_MS;
/**
 * The number of bodies remembered until their redelivery. Bodies are late only if they are huge or the store
 * is slow.
 */
const MOST_LATE = 100;
const CASE_KEY = /^(.{12}):(\d{1,9})(?::again:\d{1,4})?(?::template)?$/;
const COPY = /:again:\d+$/;

/** The work on one body: storing its items and handing over its messages. */
interface TakenBody {
  storing: Promise<unknown>;
  handingOver: Promise<void>;
}

/**
 * Stores every item of a webhook, then signals the workflows. Resolves when everything is stored; the hand-over follows
 * behind the answer. While many hand-overs are under way it waits for its own, for 0.7 s at most, so that they do not
 * pile up. The sweeper hands over what a crash leaves behind. Rejects with `store-unavailable` (503) within 0.9 s, or 1.5 s
 * for a large body, if not every item is stored, and at once while too many bodies are being stored. Meta then redelivers
 * the webhook, and stored items are recognised.
 */
export function createIntake({
  store,
  phoneNumberId,
  gateway,
  log,
  metrics,
  now = () => new Date(),
}: IntakeDeps): Intake {
  const reportMerge = createMergeReport({ store, gateway });
  const citizenOf = createCitizenCache(store, now, citizenId => report(reportMerge({ citizenId })));
  const count = intakeCounter(metrics);
  const reportFailure = createFailureReport({ store, gateway });
  const reportNotice = createNoticeReport({ store, gateway });
  const reports = new Set<Promise<void>>();
  const storings = new Set<Promise<unknown>>();
  const handingOvers = new Set<Promise<void>>();
  const late = new Map<string, TakenBody>();
  const queue = createHandOverQueue({
    store,
    deliver: createDelivery({ store, gateway }),
    log,
    onLeft: () => count.handOverFailure(),
    now,
  });

  async function keepOdd(reason: string, payload: string, receivedAt: Date): Promise<void> {
    const hashId = await store.hashId();
    await store.deadLetters.add({ id: hashId(`${reason}:${payload}`), receivedAt, reason, payload });
    count.deadLetter(reason);
    log.warn({ reason }, 'webhook item stored as a dead letter');
  }

  /** Stores a message. Returns it unless it was already handed over. */
  async function keepMessage(item: MessageItem, receivedAt: Date): Promise<InboxRecord | null> {
    const { wamid, sender, alsoKnownAs, message, contact } = item;
    // Meta's clock is right if ours is slow, but a timestamp far in the future must not extend the 24-hour window.
    const latest = receivedAt.getTime() + SLOWEST_CLOCK_MS;
    const sentAt = item.sentAt && item.sentAt.getTime() <= latest ? item.sentAt : receivedAt;
    if (isStale({ sentAt, receivedAt })) await keepOdd('replay', jsonText(message), receivedAt);
    const hashId = await store.hashId();
    const id = hashId(wamid);
    const citizenId = await citizenOf([sender, ...alsoKnownAs]);
    for (const { phone } of alsoKnownAs) {
      const isFormer = phone !== null && sender.phone !== null && phone !== sender.phone;
      if (isFormer) await store.identities.giveUp(citizenId, phone);
    }
    const record = { id, citizenId, sentAt, receivedAt, payload: message, contact, handedOver: false };
    if (await store.inbox.add(record)) {
      count.message(item);
      return record;
    }
    const stored = await store.inbox.get(id);
    return stored && !stored.handedOver ? stored : null;
  }

  async function keepNames({ names }: RenamedItem, at: Date): Promise<void> {
    const citizenId = await citizenOf(names);
    const [present] = names;
    if (!present) return;
    await store.citizens.seen(citizenId, {
      ...present,
      profileName: null,
      language: null,
      at,
      isMessage: false,
    });
  }

  async function keepStatus(item: StatusItem, receivedAt: Date): Promise<void> {
    const hashId = await store.hashId();
    const key = item.key ?? `provider:${hashId(item.wamid ?? '')}`;
    const { status, errorCode } = item;
    // Store each report before looking up the other one: of a concurrent failure and delivery, at least one
    // then finds the other.
    const failure = status === 'failed' ? failureOf(key, receivedAt) : null;
    const isFirstFailure = failure !== null && (await store.deliveryFailures.add(failure));
    const isNew = await store.deliveryStatuses.add({ key, status, at: item.at ?? receivedAt, errorCode });
    count.status(item);
    if (isFirstFailure) {
      const hasArrived = reachedPhone(await store.deliveryStatuses.all(key));
      if (hasArrived) await store.deliveryFailures.markReported(key);
      else report(reportFailure(failure));
    } else if (isNew && reachedPhone([{ status }]) && failureOf(key, receivedAt)) {
      await keepArrival(key, receivedAt);
    }
  }

  /** Notifies the case that a failed message was delivered. */
  async function keepArrival(key: string, arrivedAt: Date): Promise<void> {
    // A copy that an operator sent brings what the original did not.
    const keys = [...new Set([key, key.replace(COPY, '')])];
    const failures = await Promise.all(keys.map(each => store.deliveryFailures.get(each)));
    const failure = failures.find(found => found !== null && !found.arrivedAt);
    if (!failure) return;
    await store.deliveryFailures.arrived(failure.key, arrivedAt);
    report(reportFailure({ ...failure, arrivedAt }));
  }

  async function keepNotice({ notice, bytes }: NoticeItem, receivedAt: Date): Promise<void> {
    const hashId = await store.hashId();
    const handedOver = notice.severity === 'info';
    const record = { id: hashId(bytes), receivedAt, ...notice, handedOver };
    if (!(await store.accountNotices.add(record))) return;
    count.notice(notice);
    if (!handedOver) report(reportNotice(record));
  }

  /** Runs a report without delaying the response to Meta. The sweeper repeats a failed one. */
  function report(work: Promise<void>): void {
    const reporting = work
      .catch((error: unknown) => log.warn(errorFields(error), 'report failed, sweeper retries'))
      .finally(() => reports.delete(reporting));
    reports.add(reporting);
  }

  async function keep(item: WebhookItem, receivedAt: Date): Promise<InboxRecord | null> {
    switch (item.type) {
      case 'message':
        return keepMessage(item, receivedAt);
      case 'status':
        await keepStatus(item, receivedAt);
        return null;
      case 'renamed':
        await keepNames(item, receivedAt);
        return null;
      case 'notice':
        await keepNotice(item, receivedAt);
        return null;
      case 'odd':
        await keepOdd(item.reason, item.payload, receivedAt);
        return null;
    }
  }

  /** Stores all items of a body. Returns the messages that are not handed over yet, without duplicates. */
  async function keepAll(body: Buffer): Promise<InboxRecord[]> {
    const start = now().getTime();
    const kept = await mapConcurrently(parseWebhook(body, phoneNumberId), AT_ONCE, (item, place) => {
      // One millisecond apart, so that the sweeper's order by time matches the webhook.
      return keep(item, new Date(start + place));
    });
    // A body may contain a message twice.
    return [...new Map(kept.flatMap(record => (record ? [[record.id, record]] : []))).values()];
  }

  /** Starts the work on a body. It continues in the background if it outlasts its webhook. */
  function begin(body: Buffer): TakenBody {
    const storing = keepAll(body);
    storings.add(storing);
    void storing.catch(() => undefined).then(() => storings.delete(storing));
    const handingOver = storing.then(records => queue.add(records)).catch(() => undefined);
    handingOvers.add(handingOver);
    void handingOver.then(() => handingOvers.delete(handingOver));
    return { storing, handingOver };
  }

  async function take(body: Buffer): Promise<void> {
    const digest = createHash('sha256').update(body).digest('base64');
    const known = late.get(digest);
    if (!known && storings.size >= MOST_STORING) throw new AppError('store-unavailable', { status: 503 });
    const taken = known ?? begin(body);
    late.delete(digest);
    try {
      const { usual, large } = ANSWER_LIMIT_MS;
      await timeLimit(body.length > LARGE_BODY_BYTES ? large : usual, taken.storing);
    } catch (cause) {
      rememberLate(digest, taken);
      throw new AppError('store-unavailable', { status: 503, cause });
    }
    if (handingOvers.size > HANDED_OVER_BEHIND) {
      await timeLimit(HAND_OVER_WAIT_MS, taken.handingOver).catch(() => undefined);
    }
  }

  /** Lets the redelivery of a body join the running work, because a new start would take as long again. */
  function rememberLate(digest: string, taken: TakenBody): void {
    late.set(digest, taken);
    taken.storing.catch(() => late.delete(digest));
    const [oldest] = late.keys();
    if (late.size > MOST_LATE && oldest !== undefined) late.delete(oldest);
  }

  async function drain(): Promise<void> {
    await Promise.all(handingOvers);
    await Promise.all([queue.drain(), ...reports]);
  }

  return Object.assign(take, { drain });
}

/**
 * Parses the outbox key `<case number>:<effect>` of a failed case message, of its copy, or of the template that replaced it;
 * null for other messages.
 */
function failureOf(key: string, receivedAt: Date): DeliveryFailure | null {
  const [, caseNumber = '', effect] = CASE_KEY.exec(key) ?? [];
  if (!isCaseNumber(caseNumber)) return null;
  return { key, caseNumber, effect: Number(effect), receivedAt, reported: false };
}

interface Count<Labels> {
  inc(labels: Labels): void;
}

/** The counters of the intake. Labels are closed sets. */
interface IntakeMetrics {
  webhookMessages: Count<{ type: string }>;
  webhookStatuses: Count<{ status: string }>;
  deadLetters: Count<{ reason: string }>;
  accountNotices: Count<{ field: string; severity: string }>;
  handOverFailures: { inc(): void };
}

const types = [
  'text',
  'image',
  'video',
  'audio',
  'document',
  'sticker',
  'location',
  'contacts',
  'interactive',
  'button',
  'reaction',
  'order',
  'system',
  'unsupported',
  'revoke',
  'edit',
];
const statuses = ['sent', 'delivered', 'read', 'played', 'failed'];

const labelOf = (name: string | null, known: readonly string[]): string =>
  name !== null && known.includes(name) ? name : 'other';

interface IntakeCounter {
  message(item: MessageItem): void;
  status(item: StatusItem): void;
  deadLetter(reason: string): void;
  notice(notice: NoticeItem['notice']): void;
  handOverFailure(): void;
}

/** Counts the work of the intake, if a metrics registry is given. */
function intakeCounter(metrics: IntakeMetrics | undefined): IntakeCounter {
  return {
    message: ({ message }) =>
      metrics?.webhookMessages.inc({ type: labelOf(asText(field(message, 'type')), types) }),
    status: ({ status }) => metrics?.webhookStatuses.inc({ status: labelOf(status, statuses) }),
    deadLetter: reason => metrics?.deadLetters.inc({ reason }),
    notice: ({ field: name, severity }) => metrics?.accountNotices.inc({ field: name, severity }),
    handOverFailure: () => metrics?.handOverFailures.inc(),
  };
}

const MOST = 10_000;
/** Covers a conversation. */
const KEPT_MS = 5 * MINUTE_MS;

/** Resolves the names of a sender to a citizen. */
export type CitizenCache = (senders: readonly Sender[]) => Promise<string>;

/**
 * Caches for some minutes which citizen a BSUID points to, because that never changes until the citizen is erased.
 * Merges and the holder of a number without a BSUID are looked up every time.
 */
export function createCitizenCache(
  { identities, citizens, merges }: Pick<Store, 'identities' | 'citizens' | 'merges'>,
  now: () => Date,
  onMerged: (goneId: string) => void = () => undefined,
): CitizenCache {
  const known = new Map<string, { citizen: Promise<string>; until: number }>();

  /** An erased citizen has no BSUID any more, and writes as a stranger. */
  async function isKnown(senders: readonly Sender[]): Promise<boolean> {
    const [bsuid] = senders.flatMap(sender => sender.bsuid ?? []);
    return bsuid === undefined || (await identities.isKnown(bsuid));
  }

  return async senders => {
    const name = JSON.stringify(senders.map(({ bsuid, phone }) => [bsuid, phone]));
    const time = now().getTime();
    const remembered = known.get(name);
    if (remembered && remembered.until > time) {
      const citizenId = await remembered.citizen;
      if (await isKnown(senders)) return identities.currentOf(citizenId);
    }
    const gone = new Set<string>();
    const absorb = async (keptId: string, goneId: string): Promise<void> => {
      gone.add(goneId);
      await merges.add({ citizenId: goneId, receivedAt: now() });
      await citizens.absorb(keptId, goneId);
    };
    const found = identities.citizenOf(senders, { bsuidOf: citizens.bsuidOf, absorb }, now());
    const citizen = found.then(citizenId => {
      gone.forEach(onMerged);
      return citizenId;
    });
    known.delete(name);
    known.set(name, { citizen, until: time + KEPT_MS });
    const forget = (): boolean => known.delete(name);
    // A number without a BSUID shares concurrent look-ups but is never cached.
    const isLasting = senders.some(({ bsuid }) => bsuid !== null);
    citizen.then(isLasting ? () => true : forget, forget);
    const [oldest] = known.keys();
    if (known.size > MOST && oldest !== undefined) known.delete(oldest);
    return citizen;
  };
}
