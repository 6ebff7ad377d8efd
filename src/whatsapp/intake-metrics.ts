import { asText, field } from './loose-json';
import type { MessageItem, StatusItem } from './payload';

interface Count<Labels> {
  inc(labels: Labels): void;
}

/** The counters of the intake; labels come from closed sets. */
export interface IntakeMetrics {
  webhookMessages: Count<{ type: string }>;
  webhookStatuses: Count<{ status: string }>;
  deadLetters: Count<{ reason: string }>;
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

export interface IntakeCounter {
  message(item: MessageItem): void;
  status(item: StatusItem): void;
  deadLetter(reason: string): void;
  handOverFailure(): void;
}

/** Counts what the intake does; without metrics it counts nothing. */
export function intakeCounter(metrics: IntakeMetrics | undefined): IntakeCounter {
  return {
    message: ({ message }) =>
      metrics?.webhookMessages.inc({ type: labelOf(asText(field(message, 'type')), types) }),
    status: ({ status }) => metrics?.webhookStatuses.inc({ status: labelOf(status, statuses) }),
    deadLetter: reason => metrics?.deadLetters.inc({ reason }),
    handOverFailure: () => metrics?.handOverFailures.inc(),
  };
}
