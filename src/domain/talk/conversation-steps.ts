import type {
  ConversationEffect,
  ConversationState,
  ConversationTurn,
  Follows,
  MessageFacts,
  BurstRules,
  Reply,
  Says,
} from './conversation-state';

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
