import type { Municipality } from '../config/municipality';
import type { BurstRules } from '../domain/talk/conversation';

/** Returns the timing of conversations in ms. */
export function burstRules({ conversation }: Municipality): BurstRules {
  return {
    quietMs: conversation.quietSeconds * 1_000,
    longestMs: conversation.longestSeconds * 1_000,
    answerWaitMs: conversation.answerWaitMinutes * 60_000,
    repeatMs: conversation.repeatMinutes * 60_000,
    replyEveryMs: conversation.secondsBetweenReplies * 1_000,
    mostInBurst: conversation.mostMessagesInBurst,
  };
}
