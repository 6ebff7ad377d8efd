import {
  type BurstRules,
  type ConversationState,
  type ConversationTurn,
  type MessageFacts,
  once,
} from './conversation-state';

/**
 * Answers a call for help with 112 alone: nothing is asked, no case is opened, and staff are told what was said so
 * far. A place or a picture that comes shortly after it goes to staff as well. Null for any other message.
 */
export function alarmed(
  state: ConversationState,
  message: MessageFacts,
  pace: BurstRules,
  now: number,
): ConversationTurn | null {
  const messageIds = [message.messageId];
  if (message.danger === 'people' && message.says !== 'blocked') {
    const turn = once(state, { reply: 'emergency', messageIds }, pace, now);
    const said = [...messageIds, ...state.gathered.map(({ messageId }) => messageId)];
    return {
      state: { ...turn.state, alarmedAt: now },
      effects: [...turn.effects, { type: 'tellStaff', messageIds: said }],
    };
  }
  if (!followsAlarm(state, message, pace, now)) return null;
  return {
    state,
    effects: [
      { type: 'note', messageIds },
      { type: 'tellStaff', messageIds },
    ],
  };
}

/** Whether a place or a picture comes shortly after a call for help, and nothing else waits for it. */
function followsAlarm(
  { alarmedAt, gathered, phase }: ConversationState,
  { says, tellsPlace, subject }: MessageFacts,
  { answerWaitMs }: BurstRules,
  now: number,
): boolean {
  if (alarmedAt === undefined || now - alarmedAt > answerWaitMs) return false;
  if (gathered.length > 0 || phase !== 'gathering') return false;
  return says === 'place' || says === 'attachment' || (says === 'report' && tellsPlace && subject !== 'sure');
}
