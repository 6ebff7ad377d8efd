import { AppError } from '../../src/errors';
import type { Listeners } from '../../src/whatsapp/hand-over';

export interface HearingListeners extends Listeners {
  /** Message ids in the order in which conversations were told of them. */
  readonly told: string[];
  readonly feedback: { caseNumber: string; messageId: string; citizenId: string; answer: string }[];
  readonly failures: [caseNumber: string, undelivered: number][];
  /** While true, nobody hears anything. */
  isAway: boolean;
  /** Whether a case still runs. */
  hasCase: boolean;
}

/** Stands where the workflows would, for tests of what they are told. */
export function hearingListeners(): HearingListeners {
  const answer = async (): Promise<void> => {
    await Promise.resolve();
    if (listeners.isAway) throw new AppError('temporal-unavailable', { status: 503 });
  };
  const listeners: HearingListeners = {
    told: [],
    feedback: [],
    failures: [],
    isAway: false,
    hasCase: true,
    async tellConversation(_, messageId) {
      await answer();
      listeners.told.push(messageId);
    },
    async giveFeedback(caseNumber, said) {
      await answer();
      if (listeners.hasCase) listeners.feedback.push({ caseNumber, ...said });
      return listeners.hasCase;
    },
    async reportDeliveryFailure(caseNumber, undelivered) {
      await answer();
      listeners.failures.push([caseNumber, undelivered]);
      return listeners.hasCase;
    },
  };
  return listeners;
}
