import type { DeliveryStatus } from '../store/delivery-records';
import type { OutboxRecord } from '../store/outbox-records';

/** How far a message to a citizen has come. */
export type MessageState = 'pending' | 'sending' | 'accepted' | 'sent' | 'delivered' | 'read' | 'failed';

/** Meta's reports from the least to the last; when a chat is open, `read` comes without `delivered`. */
const ranked: readonly (readonly [status: string, MessageState])[] = [
  ['sent', 'sent'],
  ['delivered', 'delivered'],
  ['read', 'read'],
  ['played', 'read'],
  ['failed', 'failed'],
];

/**
 * One state from what the line knows and what Meta reported, in whatever order and however often the reports came.
 * A report outranks what the line knows, since it may come before the answer to the send; unknown ones are ignored.
 */
export function messageState(
  { state }: Pick<OutboxRecord, 'state'>,
  reports: readonly Pick<DeliveryStatus, 'status'>[],
): MessageState {
  if (state === 'failed') return 'failed';
  const reported = ranked.findLast(([status]) => reports.some(report => report.status === status));
  return reported?.[1] ?? state;
}
