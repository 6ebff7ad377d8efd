import { createHmac, randomInt } from 'node:crypto';
import type { Faults } from './faults';

/** The result of a delivery attempt: answered with 200, or waiting for a retry. */
interface QueueState {
  waiting: number;
  taken: number;
  attempts: number;
  lastAnswer: string;
}

interface Parcel {
  payload: object;
  about: 'messages' | 'statuses' | 'account';
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
  /** Retry delays as Meta's: the first at once, then increasing, for seven days. */
  retryDelayMs?: (attempt: number) => number;
}

const ANSWER_WITHIN_MS = 10_000;
const AT_ONCE = 16;
const growing = (attempt: number): number =>
  attempt === 1 ? 50 : Math.min(10_000, 250 * 2 ** (attempt - 2));

/**
 * Posts signed webhooks to the product. The first attempts for a citizen start in order. A failed webhook is retried
 * independently and does not block later ones, so a failure loses the order, as with Meta. The queue is in memory.
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

/**
 * Serialises JSON as Meta does: non-ASCII as lower-case `\uXXXX` (per UTF-16 unit) and `/` as `\/`. A receiver that
 * hashes re-serialised JSON fails on these bytes.
 */
export function metaJson(value: unknown): Buffer {
  const escaped = JSON.stringify(value)
    .replaceAll('/', '\\/')
    .replace(/[\u0080-\uffff]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return Buffer.from(escaped, 'ascii');
}

/** Returns the `X-Hub-Signature-256` value of these bytes. */
export function signatureOf(bytes: Buffer, appSecret: string): string {
  return `sha256=${createHmac('sha256', appSecret).update(bytes).digest('hex')}`;
}

type HandshakeState = 'waiting' | 'verified' | 'refused';

export interface Handshake {
  state(): { state: HandshakeState; detail: string };
  /** Tries once: a GET with `hub.mode`, `hub.verify_token` and `hub.challenge`. */
  verify(): Promise<HandshakeState>;
  stop(): void;
}

const SLOWEST_RETRY_MS = 10_000;
const HANDSHAKE_WITHIN_MS = 5_000;

/**
 * Verifies the webhook as Meta does: the response must be 200 with the challenge as its whole body. Retries until it
 * succeeds, because the product may start after the sandbox.
 */
export function createHandshake(webhookUrl: string, verifyToken: string, onChange: () => void): Handshake {
  let current: { state: HandshakeState; detail: string } = { state: 'waiting', detail: '' };
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  const ask = async (): Promise<{ state: HandshakeState; detail: string }> => {
    const challenge = String(randomInt(1_000_000_000, 10_000_000_000));
    const url = new URL(webhookUrl);
    url.searchParams.set('hub.mode', 'subscribe');
    url.searchParams.set('hub.challenge', challenge);
    url.searchParams.set('hub.verify_token', verifyToken);
    try {
      const answer = await fetch(url, {
        redirect: 'manual',
        signal: AbortSignal.timeout(HANDSHAKE_WITHIN_MS),
      });
      const body = await answer.text();
      if (answer.status === 200 && body === challenge) return { state: 'verified', detail: '' };
      return {
        state: 'refused',
        detail: answer.status === 200 ? 'another text than the challenge' : String(answer.status),
      };
    } catch {
      return { state: 'waiting', detail: 'no answer' };
    }
  };
  const verify = async (): Promise<HandshakeState> => {
    const result = await ask();
    if (!stopped) {
      current = result;
      onChange();
    }
    return result.state;
  };
  const tryUntilVerified = async (delayMs: number): Promise<void> => {
    if ((await verify()) === 'verified' || stopped) return;
    timer = setTimeout(() => void tryUntilVerified(Math.min(SLOWEST_RETRY_MS, delayMs * 2)), delayMs);
  };
  void tryUntilVerified(200);

  return {
    state: () => current,
    verify,
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
