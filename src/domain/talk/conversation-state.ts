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
