import { metaJson, signatureOf } from './signature';
import type { Faults } from './faults';

/** How one webhook left the queue: answered 200, or still waiting for its next attempt. */
export interface QueueState {
  waiting: number;
  taken: number;
  attempts: number;
  lastAnswer: string;
}

export interface Parcel {
  payload: object;
  about: 'messages' | 'statuses';
  citizenId?: string | undefined;
  onTaken?: () => void;
}

export interface WebhookQueue {
  push(parcel: Parcel): void;
  state(): QueueState;
  stop(): void;
}

export interface WebhookTarget {
  url: string;
  appSecret: string;
  /** First retry at once, then ever rarer; Meta goes on for seven days, so does the stage while it runs. */
  retryDelayMs?: (attempt: number) => number;
}

const ANSWER_WITHIN_MS = 10_000;
const AT_ONCE = 16;
const growing = (attempt: number): number =>
  attempt === 1 ? 50 : Math.min(10_000, 250 * 2 ** (attempt - 2));

/**
 * Posts signed webhooks to the product. One citizen's webhooks start in the order they were pushed; a refused one
 * is retried by itself and does not hold up the rest, so that order is lost then, as it is with Meta.
 * The queue is in memory only.
 */
export function createWebhookQueue(
  target: WebhookTarget,
  faults: Faults,
  onChange: () => void,
): WebhookQueue {
  const retryDelayMs = target.retryDelayMs ?? growing;
  const lanes = new Map<string, Promise<void>>();
  const timers = new Set<NodeJS.Timeout>();
  const held = new Map<number, Parcel[]>();
  const idle: (() => void)[] = [];
  const stopping = new AbortController();
  const state: QueueState = { waiting: 0, taken: 0, attempts: 0, lastAnswer: '' };
  let inFlight = 0;

  const later = (ms: number, act: () => void): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      act();
    }, ms);
    timers.add(timer);
  };

  const post = async (bytes: Buffer): Promise<boolean> => {
    while (inFlight >= AT_ONCE) await new Promise<void>(resolve => idle.push(resolve));
    inFlight += 1;
    state.attempts += 1;
    try {
      const answer = await fetch(target.url, {
        method: 'POST',
        redirect: 'manual',
        headers: {
          'content-type': 'application/json',
          'user-agent': 'facebookexternalua',
          'x-hub-signature-256': signatureOf(bytes, target.appSecret),
        },
        body: bytes,
        signal: AbortSignal.any([stopping.signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
      });
      await answer.body?.cancel();
      state.lastAnswer = String(answer.status);
      return answer.status === 200;
    } catch (error) {
      state.lastAnswer = error instanceof Error ? error.name : 'error';
      return false;
    } finally {
      inFlight -= 1;
      idle.shift()?.();
    }
  };

  const attempt = async (parcel: Parcel, bytes: Buffer, number: number): Promise<void> => {
    if (stopping.signal.aborted) return;
    const taken = await post(bytes);
    if (stopping.signal.aborted) return;
    if (taken) {
      state.waiting -= 1;
      state.taken += 1;
      parcel.onTaken?.();
    } else {
      later(retryDelayMs(number), () => void attempt(parcel, bytes, number + 1));
    }
    onChange();
  };

  const dispatch = (parcel: Parcel): void => {
    const lane = parcel.citizenId ?? '';
    const previous = lanes.get(lane) ?? Promise.resolve();
    const mine = previous.then(() => attempt(parcel, metaJson(parcel.payload), 1));
    lanes.set(lane, mine);
    void mine.then(() => {
      if (lanes.get(lane) === mine) lanes.delete(lane);
    });
  };

  const release = (faultId: number): void => {
    const parcels = held.get(faultId) ?? [];
    held.delete(faultId);
    parcels.reverse().forEach(dispatch);
  };

  return {
    push(parcel) {
      state.waiting += 1;
      onChange();
      const fault = faults.takeForWebhook(parcel.citizenId, parcel.about);
      switch (fault?.kind) {
        case undefined:
          dispatch(parcel);
          return;
        case 'delay-webhooks':
          later(fault.delayMs, () => dispatch(parcel));
          return;
        case 'duplicate-webhook':
          state.waiting += fault.copies;
          for (let copy = 0; copy <= fault.copies; copy += 1) dispatch(parcel);
          return;
        case 'reorder-webhooks': {
          const group = held.get(fault.id) ?? [];
          group.push(parcel);
          held.set(fault.id, group);
          if (fault.left === 0) release(fault.id);
          else if (group.length === 1) later(fault.holdMs, () => release(fault.id));
          return;
        }
      }
    },
    state: () => ({ ...state }),
    stop() {
      stopping.abort();
      timers.forEach(timer => clearTimeout(timer));
      timers.clear();
    },
  };
}
