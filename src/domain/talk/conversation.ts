/** What a message says, as far as the talk needs to know; the words themselves stay in the store. */
export type Says =
  | 'report'
  | 'attachment'
  | 'place'
  | 'suggestion'
  | 'emergency'
  | 'greeting'
  | 'thanks'
  | 'status'
  | 'help'
  | 'petition'
  | 'abuse'
  | 'aside'
  | 'event'
  | 'endedCase'
  | 'unreadable'
  | 'lostFile'
  | 'person'
  | 'stop'
  | 'start'
  | 'language'
  | 'withdraw'
  | 'withdrawYes'
  | 'withdrawNo'
  | 'rated'
  /** A row of our list of subjects. */
  | 'subject'
  /** An answer to "new report, or about that case?"; `about` names the case unless it is a new report. */
  | 'which'
  | 'blocked';

/** How a report that comes while a case of the last hours is open belongs to it. */
export type Follows = 'addition' | 'likelyAddition' | 'likelyNew' | 'new';

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
  /** How clear the subject is from all words of the burst so far; absent when the message has none. */
  subject?: 'sure' | 'unsure';
  /** The subject that was chosen from our list. */
  chosen?: string;
  /** An open case of the citizen's own that the message names, quotes or answers. */
  about?: string;
  follows?: Follows;
  /** What has to be said besides, at once. */
  besides?: 'petition' | 'abuse' | 'lostFile';
}

/** How patient the conversation is, in ms, from the configuration. */
export interface BurstRules {
  quietMs: number;
  longestMs: number;
  answerWaitMs: number;
  /** The same answer is not repeated within this time; absent in conversations that began before this rule. */
  repeatMs?: number;
  /** At most one answer within this time. */
  replyEveryMs?: number;
  /** So many messages end a burst. */
  mostInBurst?: number;
}

export interface ConversationState {
  phase: 'gathering' | 'awaitingWhich' | 'awaitingSubject' | 'awaitingPlace' | 'awaitingWords';
  gathered: MessageFacts[];
  gatheringSince: number | null;
  /** When the conversation goes on by itself, epoch ms UTC; null when nothing is pending. */
  deadline: number | null;
  /** The subject that was chosen from our list. */
  chosen?: string;
  /** When each answer was last given, epoch ms UTC. */
  answered?: Partial<Record<Reply, number>>;
}

export type Reply =
  | 'greeting'
  | 'thanks'
  | 'status'
  | 'help'
  | 'emergency'
  | 'petition'
  | 'abuse'
  | 'askPlace'
  | 'askWords'
  | 'askSubject'
  | 'askWhich'
  | 'endedCase'
  | 'unreadable'
  | 'lostFile'
  | 'person'
  | 'stop'
  | 'start'
  | 'confirmWithdraw'
  | 'withdrawNo'
  | 'draftDropped'
  | 'rated'
  | 'tooManyCases'
  | 'blocked';

export type ConversationEffect =
  | { type: 'reply'; reply: Reply; messageIds: string[]; caseNumber?: string }
  | { type: 'openCase'; messageIds: string[]; chosenCategory?: string; kind?: 'suggestion' }
  | { type: 'addToCase'; caseNumber: string; messageIds: string[] }
  | { type: 'withdraw'; caseNumber: string; messageIds: string[] }
  | { type: 'tellStaff'; messageIds: string[] }
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

type Phase = ConversationState['phase'];

/** Goes on when the deadline has passed: opens a case, asks for what is missing, or answers. */
export function goOn(state: ConversationState, pace: BurstRules, now: number): ConversationTurn {
  const { gathered, phase } = state;
  if (gathered.length === 0) return { state: emptied(state), effects: [] };
  const messageIds = gathered.map(message => message.messageId);
  const done = (effect: ConversationEffect): ConversationTurn => ({
    state: emptied(state),
    effects: [effect],
  });
  const ask = (next: Phase, reply: Reply, caseNumber?: string): ConversationTurn => ({
    state: { ...state, phase: next, gatheringSince: null, deadline: now + pace.answerWaitMs },
    effects: [{ type: 'reply', reply, messageIds, ...(caseNumber && { caseNumber }) }],
  });
  const some = (...kinds: Says[]): boolean => gathered.some(message => kinds.includes(message.says));

  if (some('report', 'emergency')) {
    const target = caseMeant(gathered);
    if (target) {
      const follows = followsOf(gathered);
      const isSettled = phase === 'awaitingWhich' && follows === 'likelyAddition';
      if (follows === 'addition' || isSettled)
        return done({ type: 'addToCase', caseNumber: target, messageIds });
      if (phase === 'gathering' && follows !== 'new') return ask('awaitingWhich', 'askWhich', target);
    }
    const step = nextStep(state);
    if (step === 'openCase') return done(opening(state, messageIds));
    return step === 'askSubject' ? ask('awaitingSubject', step) : ask('awaitingPlace', step);
  }
  if (some('suggestion')) return done({ type: 'openCase', messageIds, kind: 'suggestion' });
  if (some('attachment', 'place')) {
    const recentCase = caseMeant(gathered);
    if (recentCase) return done({ type: 'addToCase', caseNumber: recentCase, messageIds });
    if (phase !== 'awaitingWords') return ask('awaitingWords', 'askWords');
    // A picture nobody explained is still a report; a pin alone says where, but not what.
    return done(some('attachment') ? { type: 'openCase', messageIds } : { type: 'note', messageIds });
  }
  return done(answerTo(gathered, messageIds));
}

/** The conversation with nothing pending; it still knows what it said a moment ago. */
function emptied({ answered }: ConversationState): ConversationState {
  return {
    phase: 'gathering',
    gathered: [],
    gatheringSince: null,
    deadline: null,
    ...(answered && { answered }),
  };
}

/** What a report still needs: first its subject, then its place; whoever never answers is not asked again. */
function nextStep({
  gathered,
  phase,
  chosen,
  gatheringSince,
}: ConversationState): 'askSubject' | 'askPlace' | 'openCase' {
  const isSilent = gatheringSince === null && phase !== 'gathering';
  if (phase === 'awaitingPlace' || (isSilent && phase !== 'awaitingWords')) return 'openCase';
  const subject = gathered.findLast(message => message.subject)?.subject;
  // Whoever is in danger has better things to do than to choose from a list.
  const isUrgent = gathered.some(({ says }) => says === 'emergency');
  if (subject === 'unsure' && !isUrgent && chosen === undefined && phase !== 'awaitingSubject')
    return 'askSubject';
  return gathered.some(message => message.tellsPlace) ? 'openCase' : 'askPlace';
}

function opening({ chosen }: ConversationState, messageIds: string[]): ConversationEffect {
  return { type: 'openCase', messageIds, ...(chosen !== undefined && { chosenCategory: chosen }) };
}

/** The open case that the messages may belong to: one they name before the citizen's newest. */
function caseMeant(gathered: MessageFacts[]): string | null {
  const named = gathered.findLast(message => message.about !== undefined)?.about;
  return named ?? gathered.find(message => message.recentCase)?.recentCase ?? null;
}

/** How the reports of a burst follow the open case; an answer to our question decides. */
function followsOf(gathered: MessageFacts[]): Follows {
  const answer = gathered.findLast(message => message.says === 'which')?.follows;
  if (answer) return answer;
  const found = gathered.flatMap(({ says, follows }) => (says === 'report' ? [follows ?? 'new'] : []));
  const firm = (['new', 'likelyNew', 'likelyAddition'] as const).find(kind => found.includes(kind));
  return firm ?? (found.length > 0 ? 'addition' : 'new');
}

/** Kinds of messages with an answer of their own, the one that somebody waits for most first. */
const answers = [
  'status',
  'endedCase',
  'petition',
  'help',
  'greeting',
  'thanks',
  'unreadable',
  'abuse',
] as const;

/** One answer for the whole burst. */
function answerTo(gathered: MessageFacts[], messageIds: string[]): ConversationEffect {
  const openCase = gathered.some(message => message.recentCase);
  // Thanks for a case that is open are noted: an answer would only cost a message.
  if (openCase && gathered.every(({ says }) => says === 'thanks' || says === 'aside' || says === 'event')) {
    return { type: 'note', messageIds };
  }
  const reply = answers.find(says => gathered.some(message => message.says === says));
  if (reply) return { type: 'reply', reply, messageIds };
  if (gathered.every(message => message.says === 'event')) return { type: 'note', messageIds };
  return { type: 'reply', reply: 'help', messageIds };
}
