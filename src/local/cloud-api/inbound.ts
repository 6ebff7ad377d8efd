import { restartsWindow, wamidKey, WINDOW_MS } from './citizens';
import { type BusinessNumber, messageEnvelope } from './envelopes';
import type { RateLimits } from './limits';
import type { Statuses } from './statuses';
import type { CitizenEntry, Content, Thread, Threads } from './threads';
import { createWamid } from './wamid';
import type { WebhookQueue } from './webhooks';

export interface InboundDeps {
  line: BusinessNumber;
  threads: Threads;
  statuses: Statuses;
  queue: WebhookQueue;
  limits: RateLimits;
  now: () => number;
}

export interface Inbound {
  /** Accepts a message from a citizen's phone: adds it to the chat, restarts the window and queues the webhook. */
  receive: (thread: Thread, content: Content) => CitizenEntry;
  /** Queues webhooks without a 200 response again after a restart. */
  resume(thread: Thread): void;
}

export function createInbound(deps: InboundDeps): Inbound {
  const { line, threads, statuses, queue, limits, now } = deps;

  const pushWebhook = (thread: Thread, entry: CitizenEntry): void =>
    queue.push({
      payload: messageEnvelope(line, thread.citizen, entry.wamid, entry.at, entry.content),
      about: 'messages',
      citizenId: thread.citizen.id,
      onTaken() {
        entry.webhook = 'taken';
        threads.changed(thread);
      },
    });

  return {
    receive(thread, content) {
      const at = now();
      const own = content['id'];
      const entry: CitizenEntry = {
        from: 'citizen',
        wamid: typeof own === 'string' ? own : createWamid(wamidKey(thread.citizen), 'inbound'),
        at,
        content,
        webhook: 'queued',
      };
      limits.takeThroughput(at);
      statuses.look(thread, 0);
      if (restartsWindow(content.type)) thread.citizen.windowClosesAt = at + WINDOW_MS;
      threads.append(thread, entry);
      pushWebhook(thread, entry);
      return entry;
    },
    resume(thread) {
      for (const entry of thread.entries) {
        if (entry.from === 'citizen' && entry.webhook === 'queued') pushWebhook(thread, entry);
      }
    },
  };
}
