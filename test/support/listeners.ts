import { AppError } from '../../src/errors';
import type { Listeners } from '../../src/whatsapp/hand-over';

export interface HearingListeners extends Listeners {
  /** Message ids in the order in which conversations were signalled. */
  readonly told: string[];
  readonly feedback: { caseNumber: string; messageId: string; citizenId: string; answer: string }[];
  readonly objections: { caseNumber: string; messageId: string; citizenId: string }[];
  readonly failures: [caseNumber: string, undelivered: number][];
  readonly arrivals: [caseNumber: string, undelivered: number][];
  readonly notices: string[];
  readonly merges: [goneCitizenId: string, citizenId: string][];
  /** While true, all calls fail. */
  isAway: boolean;
  /** Whether a case is running. */
  hasCase: boolean;
}

/** Replaces the workflows, for tests of their signals. */
export function hearingListeners(): HearingListeners {
  const answer = async (): Promise<void> => {
    await Promise.resolve();
    if (listeners.isAway) throw new AppError('temporal-unavailable', { status: 503 });
  };
  const listeners: HearingListeners = {
    told: [],
    feedback: [],
    objections: [],
    failures: [],
    arrivals: [],
    notices: [],
    merges: [],
    isAway: false,
    hasCase: true,
    async tellConversation(_, messageId) {
      await answer();
      listeners.told.push(messageId);
    },
    async mergeTalks(...citizens) {
      await answer();
      listeners.merges.push(citizens);
    },
    async giveFeedback(caseNumber, said) {
      await answer();
      if (listeners.hasCase) listeners.feedback.push({ caseNumber, ...said });
      return listeners.hasCase;
    },
    async object({ caseNumber }, said) {
      await answer();
      listeners.objections.push({ caseNumber, ...said });
    },
    async reportDeliveryFailure({ caseNumber }, undelivered) {
      await answer();
      listeners.failures.push([caseNumber, undelivered]);
    },
    async reportArrival({ caseNumber }, undelivered) {
      await answer();
      listeners.arrivals.push([caseNumber, undelivered]);
    },
    deliverEvent: answer,
    async reportNotice(noticeId) {
      await answer();
      listeners.notices.push(noticeId);
    },
  };
  return listeners;
}
