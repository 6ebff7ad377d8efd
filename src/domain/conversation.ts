/** What a message says, as far as the talk needs to know; the words themselves stay in the store. */
export type Says =
  | 'report'
  | 'attachment'
  | 'place'
  | 'greeting'
  | 'thanks'
  | 'status'
  | 'help'
  | 'emergency'
  | 'aside'
  | 'event'
  | 'endedCase'
  | 'unreadable';

export interface MessageFacts {
  messageId: string;
  /** When the citizen sent it, epoch ms UTC. */
  at: number;
  says: Says;
  /** Whether the message tells where: a pin, or a street in words. */
  tellsPlace: boolean;
  photo: boolean;
  /** The citizen's case of the last hours that is still open; attachments sent without words belong to it. */
  recentCase: string | null;
  /** Dealt with in an earlier run of the conversation. */
  alreadyHandled: boolean;
}

/** How patient the conversation is, in ms, from the configuration. */
export interface Pace {
  quietMs: number;
  longestMs: number;
  answerWaitMs: number;
}

export interface ConversationState {
  phase: 'gathering' | 'awaitingPlace' | 'awaitingWords';
  gathered: MessageFacts[];
  gatheringSince: number | null;
  /** When the conversation goes on by itself, epoch ms UTC; null when nothing is pending. */
  deadline: number | null;
}

export type Reply =
  | 'greeting'
  | 'thanks'
  | 'status'
  | 'help'
  | 'emergency'
  | 'askPlace'
  | 'askWords'
  | 'endedCase'
  | 'unreadable';

export type ConversationEffect =
  | { type: 'reply'; reply: Reply; messageIds: string[] }
  | { type: 'openCase'; messageIds: string[] }
  | { type: 'addToCase'; caseNumber: string; messageIds: string[] }
  | { type: 'note'; messageIds: string[] };

export interface ConversationTurn {
  state: ConversationState;
  effects: ConversationEffect[];
}

export const newConversation: ConversationState = {
  phase: 'gathering',
  gathered: [],
  gatheringSince: null,
  deadline: null,
};

/** What can be answered without waiting for the rest of a burst. */
const answerable: readonly Says[] = ['status', 'help', 'endedCase', 'unreadable'];
/** What adds nothing to a report that waits for an answer. */
const courtesies: readonly Says[] = ['greeting', 'thanks', 'aside', 'event'];

/** Takes in one message; `now` is epoch ms UTC. */
export function hear(
  state: ConversationState,
  message: MessageFacts,
  pace: Pace,
  now: number,
): ConversationTurn {
  if (message.alreadyHandled) return { state, effects: [] };
  if (state.phase !== 'gathering') {
    const meanwhile = besideTheQuestion(message);
    if (meanwhile) return { state, effects: [meanwhile] };
  }
  const since = state.gatheringSince ?? now;
  const gathered = [...state.gathered, message];
  const effects: ConversationEffect[] =
    message.says === 'emergency'
      ? [{ type: 'reply', reply: 'emergency', messageIds: [message.messageId] }]
      : [];
  if (state.phase === 'awaitingPlace' && message.tellsPlace) {
    return {
      state: newConversation,
      effects: [...effects, { type: 'openCase', messageIds: idsOf(gathered) }],
    };
  }
  const deadline = Math.min(now + pace.quietMs, since + pace.longestMs);
  return {
    state: { phase: state.phase, gathered, gatheringSince: since, deadline: Math.max(deadline, now) },
    effects,
  };
}

/** While our question is open, what does not answer it must neither end the waiting nor go unanswered. */
function besideTheQuestion({ says, messageId }: MessageFacts): ConversationEffect | null {
  const messageIds = [messageId];
  if (courtesies.includes(says)) return { type: 'note', messageIds };
  const reply = answers.find(answer => answer === says && answerable.includes(answer));
  return reply ? { type: 'reply', reply, messageIds } : null;
}

/** Goes on when the deadline has passed: opens a case, asks for what is missing, or answers. */
export function goOn(state: ConversationState, pace: Pace, now: number): ConversationTurn {
  const { gathered, phase } = state;
  if (gathered.length === 0) return { state: newConversation, effects: [] };
  const messageIds = idsOf(gathered);
  const done = (effect: ConversationEffect): ConversationTurn => ({
    state: newConversation,
    effects: [effect],
  });
  const ask = (
    next: 'awaitingPlace' | 'awaitingWords',
    reply: 'askPlace' | 'askWords',
  ): ConversationTurn => ({
    state: { phase: next, gathered, gatheringSince: null, deadline: now + pace.answerWaitMs },
    effects: [{ type: 'reply', reply, messageIds }],
  });
  const some = (...kinds: Says[]): boolean => gathered.some(message => kinds.includes(message.says));

  if (some('report', 'emergency')) {
    const placed = gathered.some(message => message.tellsPlace);
    return placed || phase === 'awaitingPlace'
      ? done({ type: 'openCase', messageIds })
      : ask('awaitingPlace', 'askPlace');
  }
  if (some('attachment', 'place')) {
    const recentCase = gathered.find(message => message.recentCase)?.recentCase;
    if (recentCase) return done({ type: 'addToCase', caseNumber: recentCase, messageIds });
    if (phase !== 'awaitingWords') return ask('awaitingWords', 'askWords');
    // A picture nobody explained is still a report; a pin alone says where, but not what.
    return done(some('attachment') ? { type: 'openCase', messageIds } : { type: 'note', messageIds });
  }
  return done(answerTo(gathered, messageIds));
}

/** Kinds of messages with an answer of their own, the one that somebody waits for most first. */
const answers = ['status', 'endedCase', 'help', 'greeting', 'thanks', 'unreadable'] as const;

/** One answer for the whole burst. */
function answerTo(gathered: MessageFacts[], messageIds: string[]): ConversationEffect {
  const reply = answers.find(says => gathered.some(message => message.says === says));
  if (reply) return { type: 'reply', reply, messageIds };
  if (gathered.every(message => message.says === 'event')) return { type: 'note', messageIds };
  const openCase = gathered.some(message => message.recentCase);
  return openCase ? { type: 'note', messageIds } : { type: 'reply', reply: 'help', messageIds };
}

function idsOf(messages: MessageFacts[]): string[] {
  return messages.map(message => message.messageId);
}
