import { readFeedbackButtonId } from '../domain/identifiers';
import type { FeedbackAnswer } from '../domain/case';
import type { DeliveryFailure } from '../store/delivery-failure-records';
import type { InboxRecord } from '../store/inbox-records';
import type { Store } from '../store/store';
import { contentOf } from './message-content';
import { senderOf } from './sender';

/** What the workflows want to hear from Meta's side; the line of `src/temporal` is one. */
export interface Listeners {
  tellConversation(citizenId: string, messageId: string): Promise<void>;
  /** Both return false when the case no longer runs. */
  giveFeedback(
    caseNumber: string,
    said: { messageId: string; citizenId: string; answer: FeedbackAnswer },
  ): Promise<boolean>;
  reportDeliveryFailure(caseNumber: string, undelivered: number): Promise<boolean>;
}

export interface HandOverDeps {
  store: Pick<Store, 'inbox' | 'citizens' | 'deliveryFailures'>;
  line: Listeners;
}

export type HandOver = (record: InboxRecord) => Promise<void>;
export type ReportFailure = (failure: DeliveryFailure) => Promise<void>;

/**
 * Tells the workflow that a stored message concerns: a tapped answer goes to its case, everything else, also an
 * answer for a case that has ended, to the citizen's conversation. Repeating is harmless. Rejects when the
 * workflows or the store cannot be reached.
 */
export function createDelivery({ store, line }: HandOverDeps): HandOver {
  return async ({ id, citizenId, sentAt, payload, contact }) => {
    const { tap } = contentOf(payload);
    const feedback = tap === null ? null : readFeedbackButtonId(tap);
    if (feedback) {
      // No conversation reads this message, and yet it opens the citizen's 24-hour window anew.
      await store.citizens.seen(citizenId, { ...senderOf(payload, contact), language: null, at: sentAt });
      const said = { messageId: id, citizenId, answer: feedback.answer };
      if (await line.giveFeedback(feedback.caseNumber, said)) return;
    }
    await line.tellConversation(citizenId, id);
  };
}

/** Delivers a stored message and marks it as handed over. */
export function createHandOver(deps: HandOverDeps): HandOver {
  const deliver = createDelivery(deps);
  return async record => {
    await deliver(record);
    await deps.store.inbox.markHandedOver(record.id);
  };
}

/** Tells a case that a message of its own never arrived, and marks the failure as reported. */
export function createFailureReport({ store, line }: HandOverDeps): ReportFailure {
  return async ({ key, caseNumber, effect }) => {
    await line.reportDeliveryFailure(caseNumber, effect);
    await store.deliveryFailures.markReported(key);
  };
}
