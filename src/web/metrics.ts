import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Store } from '../store/store';

export interface Metrics {
  readonly registry: Registry;
  /** Citizens' messages taken in, by Meta's type. */
  readonly webhookMessages: Counter<'type'>;
  /** Delivery reports taken in. */
  readonly webhookStatuses: Counter<'status'>;
  /** What was signed but could not be read. */
  readonly deadLetters: Counter<'reason'>;
  /** Messages stored that no workflow could be told of at once; the sweeper tells them later. */
  readonly handOverFailures: Counter;
  /** Seconds by route pattern, never by URL: a URL may hold a token. */
  readonly httpDuration: Histogram<'method' | 'route' | 'status'>;
  /** What departments did with their tasks, and how it ended. */
  readonly taskActions: Counter<'action' | 'result'>;
}

const BUCKETS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** The counters of one web process in a registry of their own. Labels are closed sets: no ids, no URLs. */
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

/**
 * Shows in the metrics whether sending to WhatsApp is paused (1) or not (0); the last answer counts while the store
 * is away.
 */
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
