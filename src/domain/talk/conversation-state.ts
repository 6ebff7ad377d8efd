import type { FeedbackAnswer } from '../case/case';

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
  /** Whether the matter of a resolved case is solved, in words; `answer` tells what. */
  | 'feedback'
  /** Disputes how a case ended; `about` names it. */
  | 'objects'
  /** That such an answer was misunderstood. */
  | 'undo'
  /** Wants to report something; says no more. */
  | 'insists'
  /** An answer to "new report, or about that case?"; `about` names the case unless it is a new report. */
  | 'which'
  | 'blocked';

/** How what comes while a case is open belongs to it. */
export type Follows = 'addition' | 'likelyAddition' | 'likelyNew' | 'new';

export interface MessageFacts {
  messageId: string;
  /** When the citizen sent it, epoch ms UTC. */
  at: number;
  says: Says;
  /** Whether the message tells where: a pin, or a street in words. */
  tellsPlace: boolean;
  photo: boolean;
  /** The case that the message means without naming it, by what the citizen's cases wait for. */
  recentCase: string | null;
  /** Other cases that wait for the citizen in the same way. */
  alike?: string[];
  /** Dealt with in an earlier run of the conversation. */
  alreadyHandled: boolean;
  /** How clear the subject is from all words of the burst so far; absent when the message has none. */
  subject?: 'sure' | 'unsure';
  /** The subject that was chosen from our list. */
  chosen?: string;
  /** An open case of the citizen's own that the message names, quotes or answers. */
  about?: string;
  follows?: Follows;
  /** What a message that says `feedback` answers, and whether to act on it as on a tap. */
  answer?: { says: FeedbackAnswer | 'thanks'; sure: boolean };
  /** Whether there is something to act on; absent in messages that were read before this rule. */
  matter?: boolean;
  /** The message of the burst that this one rewords, or takes back. */
  rewords?: string;
  takesBack?: string;
  /** What has to be said besides, at once. */
  besides?: 'petition' | 'abuse' | 'lostFile' | 'emergency';
  /** Danger to people now, or to those who pass, which the municipality must remove at once. */
  danger?: 'people' | 'passers';
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
  /**
   * Whether commands are answered before the burst is over, and what comes while a question of ours is open is
   * answered with the question repeated; absent in conversations that began before this rule.
   */
  attentive?: boolean;
}

export interface ConversationState {
  phase:
    | 'gathering'
    | 'awaitingWhich'
    | 'awaitingSubject'
    | 'awaitingPlace'
    | 'awaitingWords'
    | 'awaitingWish'
    | 'awaitingWithdrawal';
  gathered: MessageFacts[];
  gatheringSince: number | null;
  /** When the conversation goes on by itself, epoch ms UTC; null when nothing is pending. */
  deadline: number | null;
  /** The subject that was chosen from our list. */
  chosen?: string;
  /** Whether the citizen said expressly that there is something to report. */
  insists?: boolean;
  /** The case that was asked about while a withdrawal is to be confirmed; absent when several came into question. */
  withdraws?: string;
  /** When each answer was last given, epoch ms UTC. */
  answered?: Partial<Record<Reply, number>>;
  /** When the citizen last wrote of people in danger, epoch ms UTC. */
  alarmedAt?: number;
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
  | 'askSolved'
  | 'answerTaken'
  | 'undone'
  | 'again'
  | 'kept'
  | 'notUnderstood'
  | 'askReport'
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

/** An answer to some messages. */
export interface Answer {
  reply: Reply;
  messageIds: string[];
  caseNumber?: string;
  /** With `askWhich`: other cases that may be meant. */
  alike?: string[];
  /** With `answerTaken`. */
  answer?: FeedbackAnswer;
  /** The question that is still open, repeated in one line. */
  again?: Reply;
}

export type ConversationEffect =
  | ({ type: 'reply' } & Answer)
  | { type: 'openCase'; messageIds: string[]; chosenCategory?: string; kind?: 'suggestion' }
  | { type: 'addToCase'; caseNumber: string; messageIds: string[]; quietly?: boolean }
  | { type: 'feedback'; caseNumber: string; answer: FeedbackAnswer; messageIds: string[] }
  | { type: 'withdraw'; caseNumber: string; messageIds: string[] }
  | { type: 'object'; caseNumber: string; messageIds: string[] }
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

export type Phase = ConversationState['phase'];

/** The conversation with nothing pending; it still knows what it said a moment ago. */
export function emptied({ answered, alarmedAt }: ConversationState): ConversationState {
  return {
    ...newConversation,
    ...(answered && { answered }),
    ...(alarmedAt !== undefined && { alarmedAt }),
  };
}

/** Gives an answer, but not the same one again and again: then the message is only noted. */
export function once(
  state: ConversationState,
  answer: Answer,
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
