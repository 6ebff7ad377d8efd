import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Store } from '../store/store';

export interface Metrics {
  readonly registry: Registry;
  /** Received messages by Meta's type. */
  readonly webhookMessages: Counter<'type'>;
  /** Received delivery statuses. */
  readonly webhookStatuses: Counter<'status'>;
  /** Signed items that could not be parsed. */
  readonly deadLetters: Counter<'reason'>;
  /** Notices from Meta about the account, its number and its templates. */
  readonly accountNotices: Counter<'field' | 'severity'>;
  /** Stored messages whose first hand-over failed; the sweeper retries them. */
  readonly handOverFailures: Counter;
  /** Seconds by route pattern, never by URL, which may contain a token. */
  readonly httpDuration: Histogram<'method' | 'route' | 'status'>;
  /** Acts of departments by result. */
  readonly taskActions: Counter<'action' | 'result'>;
}

const BUCKETS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** The metrics of one web process in a separate registry. Labels are closed sets: no ids, no URLs. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  return {
    registry,
    webhookMessages: new Counter({
      name: 'paydaskent_webhook_messages_total',
      help: 'Messages of citizens taken in by the webhook',
      labelNames: ['type'],
      registers,
    }),
    webhookStatuses: new Counter({
      name: 'paydaskent_webhook_statuses_total',
      help: 'Delivery reports taken in by the webhook',
      labelNames: ['status'],
      registers,
    }),
    deadLetters: new Counter({
      name: 'paydaskent_dead_letters_total',
      help: 'Signed webhooks or parts of them that could not be read',
      labelNames: ['reason'],
      registers,
    }),
    accountNotices: new Counter({
      name: 'paydaskent_account_notices_total',
      help: 'Notices of Meta about the account, its number and its templates',
      labelNames: ['field', 'severity'],
      registers,
    }),
    handOverFailures: new Counter({
      name: 'paydaskent_hand_over_failures_total',
      help: 'Stored messages of which no workflow could be told at once',
      registers,
    }),
    httpDuration: new Histogram({
      name: 'paydaskent_http_duration_seconds',
      help: 'Time until a request was answered, by route pattern',
      labelNames: ['method', 'route', 'status'],
      buckets: BUCKETS_SECONDS,
      registers,
    }),
    taskActions: new Counter({
      name: 'paydaskent_task_actions_total',
      help: 'Actions of departments on their task pages',
      labelNames: ['action', 'result'],
      registers,
    }),
  };
}

/** A gauge: 1 while sending is paused, otherwise 0. Keeps its value while the store is down. */
export function watchSending(registry: Registry, pauses: Pick<Store['sendingPauses'], 'current'>): void {
  new Gauge({
    name: 'paydaskent_whatsapp_paused',
    help: 'Whether all messages to citizens wait because of the token or the account',
    registers: [registry],
    async collect() {
      const pause = await pauses.current().catch(() => undefined);
      if (pause !== undefined) this.set(pause === null ? 0 : 1);
    },
  });
}
