import { errorFields, type Log } from '../logging';
import type { InboxRecord } from '../store/inbox-records';
import type { Store } from '../store/store';
import { eachBounded } from './bounded';
import type { HandOver } from './hand-over';

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
