import { readTap } from '../domain/talk/taps';
import type { FeedbackAnswer } from '../domain/case/case';
import type { DeliveryFailure } from '../store/delivery-records';
import type { InboxRecord } from '../store/inbox-records';
import type { Store } from '../store/store';
import { contentOf } from './message-content';
import { isStale } from './replay';
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
  store: Pick<Store, 'inbox' | 'identities' | 'citizens' | 'cases' | 'deliveryFailures'>;
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
  /** The case knows its citizen by the id of its first day. */
  async function asCaseKnows(citizenId: string, caseNumber: string): Promise<string> {
    const owner = (await store.cases.get(caseNumber))?.intake.citizenId;
    return owner && (await store.identities.currentOf(owner)) === citizenId ? owner : citizenId;
  }

  return async record => {
    const { id, citizenId, sentAt, payload, contact } = record;
    const content = contentOf(payload);
    const tap = content.tap === null ? null : readTap(content.tap);
    const current = await store.identities.currentOf(citizenId);
    if (tap?.kind === 'feedback' && !isStale(record)) {
      // No conversation reads this message, and yet it opens the citizen's 24-hour window anew.
      await store.citizens.seen(current, { ...senderOf(payload, contact), language: null, at: sentAt });
      const { caseNumber } = tap;
      const said = { messageId: id, citizenId: await asCaseKnows(current, caseNumber) };
      if (await line.giveFeedback(caseNumber, { ...said, answer: tap.answer })) return;
    }
    await line.tellConversation(current, id);
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
