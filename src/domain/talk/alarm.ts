import {
  type BurstRules,
  type ConversationState,
  type ConversationTurn,
  type MessageFacts,
  once,
} from './conversation-state';

/**
 * Answers an emergency call with 112 only: no question, no case. Staff get the messages so far, and a
 * location or picture that follows shortly. Returns null for any other message.
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

/** Whether a location or picture follows an emergency call shortly, and no question is open. */
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
