import { setTimeout as pause } from 'node:timers/promises';
import { errorFields, type Log } from '../logging';
import type { AccountNotice } from '../store/account-notice-records';
import type { EventRecord } from '../store/sending-records';
import type { Merge } from '../store/identity-records';
import type { Store } from '../store/store';
import {
  type HandOver,
  mapConcurrently,
  type ReportEvent,
  type ReportFailure,
  type ReportMerge,
  type ReportNotice,
} from '../whatsapp/hand-over';

export interface SweeperDeps {
  store: Pick<Store, 'inbox' | 'merges' | 'deliveryFailures' | 'accountNotices' | 'events'>;
  handOver: HandOver;
  reportMerge: ReportMerge;
  reportFailure: ReportFailure;
  reportNotice: ReportNotice;
  reportEvent: ReportEvent;
  log: Pick<Log, 'info' | 'warn'>;
  /** Pause between two sweeps, in ms. */
  everyMs: number;
  now?: () => Date;
}

export interface Sweeper {
  /** Resolves when the current sweep has ended. */
  stop(): Promise<void>;
}

/** The webhook itself hands over younger records. */
const LEFT_AFTER_MS = 5_000;
const PAGE = 500;
const AT_ONCE = 8;
/**
 * This many failures in one sweep mean that Temporal is unreachable. Fewer mean that single records are
 * stuck.
 */
const FAILURES_TO_STOP = 20;

interface Waiting {
  receivedAt: Date;
}

/**
 * Hands over records that a crash or outage left behind, oldest first. A record that fails waits for the next
 * sweep and only delays later records of the same citizen.
 */
export function startSweeper({
  store,
  handOver,
  reportMerge,
  reportFailure,
  reportNotice,
  reportEvent,
  log,
  everyMs,
  now = () => new Date(),
}: SweeperDeps): Sweeper {
  const stopping = new AbortController();

  /** Tries each pending record once, page by page. */
  async function sweep<T extends Waiting>(
    waiting: (after: Date, before: Date, limit: number) => Promise<T[]>,
    laneOf: (record: T) => string,
    work: (record: T) => Promise<void>,
  ): Promise<void> {
    const before = new Date(now().getTime() - LEFT_AFTER_MS);
    const stuck = new Set<string>();
    const count = { done: 0, failed: 0 };
    let firstError: unknown;

    async function tryOne(record: T): Promise<void> {
      const lane = laneOf(record);
      if (stuck.has(lane) || isOver()) return;
      try {
        await work(record);
        count.done += 1;
      } catch (error) {
        stuck.add(lane);
        count.failed += 1;
        firstError ??= error;
      }
    }
    const isOver = (): boolean => stopping.signal.aborted || count.failed >= FAILURES_TO_STOP;

    for (let after = new Date(0), more = true; more && !isOver();) {
      const page = await waiting(after, before, PAGE);
      const lanes = lanesOf(page, laneOf);
      await mapConcurrently(lanes, AT_ONCE, async lane => {
        for (const record of lane) await tryOne(record);
      });
      after = page.at(-1)?.receivedAt ?? before;
      more = page.length === PAGE;
    }
    if (count.done > 0) log.info(count, 'pending records handed over');
    if (count.failed > 0)
      log.warn({ ...errorFields(firstError), ...count }, 'records not handed over, next sweep retries');
  }

  async function sweepAll(): Promise<void> {
    try {
      // Before the messages, so that a talk of the person does not miss the other one.
      await sweep<Merge>(
        (...part) => store.merges.waiting(...part),
        ({ citizenId }) => citizenId,
        reportMerge,
      );
      await sweep(
        (...part) => store.inbox.waiting(...part),
        record => record.citizenId,
        handOver,
      );
      await sweep(
        (...part) => store.deliveryFailures.waiting(...part),
        record => record.key,
        reportFailure,
      );
      await sweep<AccountNotice>(
        (...part) => store.accountNotices.waiting(...part),
        ({ id }) => id,
        reportNotice,
      );
      await sweep<EventRecord & Waiting>(
        (...part) => store.events.waiting(...part),
        ({ id }) => id,
        reportEvent,
      );
    } catch (error) {
      log.warn(errorFields(error), 'sweep failed');
    }
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      await sweepAll();
      await pause(everyMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }

  const running = run();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

/** Groups the records by lane and keeps the order within each lane. */
function lanesOf<T>(records: readonly T[], laneOf: (record: T) => string): T[][] {
  const lanes = new Map<string, T[]>();
  for (const record of records) {
    const name = laneOf(record);
    lanes.set(name, [...(lanes.get(name) ?? []), record]);
  }
  return [...lanes.values()];
}
