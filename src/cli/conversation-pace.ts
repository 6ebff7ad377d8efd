import type { Municipality } from '../config/municipality';
import { HOUR_MS, MINUTE_MS } from '../domain/durations';
import type { BurstRules } from '../domain/talk/conversation-state';

/** Returns the timing of conversations in ms. */
export function burstRules({ conversation }: Municipality): BurstRules {
  return {
    quietMs: conversation.quietSeconds * 1_000,
    longestMs: conversation.longestSeconds * 1_000,
    answerWaitMs: conversation.answerWaitMinutes * MINUTE_MS,
    lapseMs: conversation.lapseHours * HOUR_MS,
    repeatMs: conversation.repeatMinutes * MINUTE_MS,
    replyEveryMs: conversation.secondsBetweenReplies * 1_000,
    mostInBurst: conversation.mostMessagesInBurst,
    attentive: true,
    joinsAnswers: true,
    takesApart: true,
  };
}
