import { statusEnvelope, type BusinessNumber, type Recipient } from './envelopes';
import { graphError, webhookError, type GraphError } from './graph-errors';
import type { LineEntry, Thread, Threads } from './threads';
import type { WebhookQueue } from './webhooks';
import { isWindowOpen } from './citizens';

export interface StatusPace {
  sentAfterMs: number;
  deliveredAfterMs: number;
}

export interface Statuses {
  /** Starts or resumes the delivery of an accepted message; with `failure` it fails. */
  follow(thread: Thread, entry: LineEntry, failure?: GraphError): void;
  /** Handles a message to an unknown address: the API accepts it and a later webhook reports its failure. */
  failStranger(recipient: Recipient, entry: LineEntry): void;
  /** Marks all delivered messages as read when the person opens the chat. */
  look(thread: Thread, forMs: number): void;
  /** Delivers waiting messages when the phone is on again. */
  wake(thread: Thread): void;
  stop(): void;
}

export interface DeliveryDeps {
  line: BusinessNumber;
  threads: Threads;
  queue: WebhookQueue;
  now: () => number;
  pace: StatusPace;
}

export function createStatuses({ line, threads, queue, now, pace }: DeliveryDeps): Statuses {
  const timers = new Set<NodeJS.Timeout>();
  const later = (ms: number, act: () => void): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      act();
    }, ms);
    timers.add(timer);
  };

  const report = (
    recipient: Recipient,
    entry: LineEntry,
    status: 'sent' | 'delivered' | 'read' | 'failed',
    error?: GraphError,
  ): void => {
    const at = now();
    const first = status === 'delivered' || !entry.statuses.some(past => past.status === 'delivered');
    const priced = status === 'sent' || (status !== 'failed' && first);
    entry.status = status;
    entry.statuses.push({ status, at });
    if (error !== undefined) entry.errors = [webhookError(error)];
    const payload = statusEnvelope(line, recipient, {
      wamid: entry.wamid,
      status,
      at,
      callbackData: entry.content.biz_opaque_callback_data,
      priceCategory: priced ? (entry.rendered?.category ?? 'service') : undefined,
      errors: entry.errors,
    });
    const citizenId = 'citizen' in recipient ? recipient.citizen.id : undefined;
    queue.push({ payload, about: 'statuses', citizenId });
  };
  const reportTo = (
    thread: Thread,
    entry: LineEntry,
    status: Parameters<typeof report>[2],
    error?: GraphError,
  ): void => {
    report({ citizen: thread.citizen }, entry, status, error);
    threads.changed(thread);
  };

  const refusal = (thread: Thread, entry: LineEntry): GraphError | undefined => {
    if (!thread.citizen.hasAccount) return graphError(131026, 'Message Undeliverable.');
    if (entry.content.type !== 'template' && !isWindowOpen(thread.citizen, entry.at)) {
      return graphError(
        131047,
        'Message failed to send because more than 24 hours have passed since the customer last replied to this number.',
      );
    }
    return undefined;
  };

  const deliver = (thread: Thread, entry: LineEntry): void => {
    if (entry.status !== 'sent' || !thread.citizen.online) return;
    const looking = thread.citizen.lookingUntil > now() && thread.citizen.sendsReadReceipts;
    reportTo(thread, entry, looking ? 'read' : 'delivered');
  };

  const send = (thread: Thread, entry: LineEntry, failure: GraphError | undefined): void => {
    if (entry.status !== 'accepted') return;
    const error = failure ?? refusal(thread, entry);
    reportTo(thread, entry, error === undefined ? 'sent' : 'failed', error);
    if (error === undefined) later(pace.deliveredAfterMs, () => deliver(thread, entry));
  };

  const outbound = (thread: Thread): LineEntry[] =>
    thread.entries.filter((entry): entry is LineEntry => entry.from === 'municipality');

  return {
    follow(thread, entry, failure) {
      if (entry.status === 'accepted') later(pace.sentAfterMs, () => send(thread, entry, failure));
      else if (entry.status === 'sent') later(pace.deliveredAfterMs, () => deliver(thread, entry));
    },
    failStranger(recipient, entry) {
      later(pace.sentAfterMs, () =>
        report(recipient, entry, 'failed', graphError(131026, 'Message Undeliverable.')),
      );
    },
    look(thread, forMs) {
      thread.citizen.lookingUntil = Math.max(thread.citizen.lookingUntil, now() + forMs);
      if (!thread.citizen.sendsReadReceipts) return;
      for (const entry of outbound(thread)) if (entry.status === 'delivered') reportTo(thread, entry, 'read');
    },
    wake(thread) {
      for (const entry of outbound(thread)) deliver(thread, entry);
    },
    stop() {
      timers.forEach(timer => clearTimeout(timer));
      timers.clear();
    },
  };
}
