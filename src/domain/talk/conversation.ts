import type {
  ConversationState,
  ConversationTurn,
  MessageFacts,
  BurstRules,
  Reply,
  Says,
} from './conversation-state';
import { goOn } from './conversation-steps';

export type {
  ConversationEffect,
  ConversationState,
  ConversationTurn,
  Follows,
  MessageFacts,
  BurstRules,
  Reply,
  Says,
} from './conversation-state';
export { goOn } from './conversation-steps';

export const newConversation: ConversationState = {
  phase: 'gathering',
  gathered: [],
  gatheringSince: null,
  deadline: null,
};

/** Takes in one message; `now` is epoch ms UTC. */
export function hear(
  state: ConversationState,
  message: MessageFacts,
  pace: BurstRules,
  now: number,
): ConversationTurn {
  if (message.alreadyHandled) return { state, effects: [] };
  const { messageId, says } = message;
  const messageIds = [messageId];
  const single = (reply: Reply): ConversationTurn =>
    once(state, { reply, messageIds, ...(message.about && { caseNumber: message.about }) }, pace, now);

  switch (says) {
    case 'blocked':
    case 'lostFile':
    case 'stop':
    case 'start':
    case 'withdrawNo':
    case 'rated':
      return single(says);
    case 'language':
      return single('help');
    case 'person': {
      const turn = single('person');
      const isTold = turn.effects.some(({ type }) => type === 'reply');
      return isTold ? { ...turn, effects: [...turn.effects, { type: 'tellStaff', messageIds }] } : turn;
    }
    case 'withdraw':
      return message.about === undefined && isDraft(state)
        ? dropped(state, messageId)
        : single('confirmWithdraw');
    case 'withdrawYes':
      return message.about === undefined
        ? single('endedCase')
        : { state, effects: [{ type: 'withdraw', caseNumber: message.about, messageIds }] };
    case 'subject':
      return subjectChosen(state, message, pace, now);
    case 'which':
      return whichAnswered(state, message, pace, now);
    default:
      return gathered(state, message, pace, now);
  }
}

/** What can be answered without waiting for the rest of a burst. */
const answerable: readonly Says[] = ['status', 'help', 'petition', 'abuse', 'endedCase', 'unreadable'];
/** What adds nothing to a report that waits for an answer. */
const courtesies: readonly Says[] = ['greeting', 'thanks', 'aside', 'event'];

function gathered(
  before: ConversationState,
  message: MessageFacts,
  pace: BurstRules,
  now: number,
): ConversationTurn {
  const { says, messageId } = message;
  const messageIds = [messageId];
  if (before.phase !== 'gathering') {
    // While our question is open, what does not answer it must neither end the waiting nor go unanswered.
    if (courtesies.includes(says)) return { state: before, effects: [{ type: 'note', messageIds }] };
    if (answerable.includes(says)) return once(before, { reply: says as Reply, messageIds }, pace, now);
  }
  const urgent = says === 'emergency' ? 'emergency' : message.besides;
  const spoken = urgent
    ? once(before, { reply: urgent, messageIds }, pace, now)
    : { state: before, effects: [] };
  const effects = spoken.effects.filter(({ type }) => type !== 'note');
  const state = { ...spoken.state, gathered: [...before.gathered, message] };
  if (state.phase === 'awaitingPlace' && message.tellsPlace) {
    const turn = goOn(state, pace, now);
    return { ...turn, effects: [...effects, ...turn.effects] };
  }
  if (state.phase === 'awaitingWhich' || (state.phase === 'awaitingSubject' && !message.subject)) {
    return { state, effects };
  }
  const since = state.gatheringSince ?? now;
  const isFull = pace.mostInBurst !== undefined && state.gathered.length >= pace.mostInBurst;
  const deadline = isFull ? now : Math.max(Math.min(now + pace.quietMs, since + pace.longestMs), now);
  return { state: { ...state, gatheringSince: since, deadline }, effects };
}

function subjectChosen(
  state: ConversationState,
  message: MessageFacts,
  pace: BurstRules,
  now: number,
): ConversationTurn {
  const messageIds = [message.messageId];
  if (state.phase === 'awaitingSubject' && message.chosen !== undefined) {
    const chosen = { ...state, gathered: [...state.gathered, message], chosen: message.chosen };
    return goOn({ ...chosen, gatheringSince: now }, pace, now);
  }
  // The case was opened meanwhile: whoever sorts it sees the answer there.
  const { recentCase } = message;
  if (recentCase) return { state, effects: [{ type: 'addToCase', caseNumber: recentCase, messageIds }] };
  return once(state, { reply: 'help', messageIds }, pace, now);
}

function whichAnswered(
  state: ConversationState,
  message: MessageFacts,
  pace: BurstRules,
  now: number,
): ConversationTurn {
  const messageIds = [message.messageId];
  if (state.phase !== 'awaitingWhich') return once(state, { reply: 'help', messageIds }, pace, now);
  const follows = message.about === undefined ? 'new' : 'addition';
  const answered = { ...message, follows } as const;
  return goOn({ ...state, gathered: [...state.gathered, answered], gatheringSince: now }, pace, now);
}

/** Whether something is being gathered that would become a case. */
function isDraft({ gathered: messages }: ConversationState): boolean {
  return messages.some(({ says }) =>
    ['report', 'attachment', 'place', 'suggestion', 'emergency'].includes(says),
  );
}

function dropped(state: ConversationState, messageId: string): ConversationTurn {
  const messageIds = [...state.gathered.map(message => message.messageId), messageId];
  return { state: newConversation, effects: [{ type: 'reply', reply: 'draftDropped', messageIds }] };
}

/** Gives an answer, but not the same one again and again: then the message is only noted. */
function once(
  state: ConversationState,
  answer: { reply: Reply; messageIds: string[]; caseNumber?: string },
  { repeatMs }: BurstRules,
  now: number,
): ConversationTurn {
  const { reply, messageIds } = answer;
  const effect = { type: 'reply', ...answer } as const;
  if (repeatMs === undefined) return { state, effects: [effect] };
  const last = state.answered?.[reply];
  if (last !== undefined && now - last < repeatMs) return { state, effects: [{ type: 'note', messageIds }] };
  return { state: { ...state, answered: { ...state.answered, [reply]: now } }, effects: [effect] };
}
