import type { Municipality } from '../config/municipality';
import type { Pace } from '../domain/talk/conversation';

/** The pace of the municipality's talks in ms. */
export function conversationPace({ conversation }: Municipality): Pace {
  return {
    quietMs: conversation.quietSeconds * 1_000,
    longestMs: conversation.longestSeconds * 1_000,
    answerWaitMs: conversation.answerWaitMinutes * 60_000,
    repeatMs: conversation.repeatMinutes * 60_000,
    replyEveryMs: conversation.secondsBetweenReplies * 1_000,
    mostInBurst: conversation.mostMessagesInBurst,
  };
}
