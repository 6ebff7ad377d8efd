import type { FeedbackAnswer } from '../case/case';
import type { Matters } from './message-meaning';

/** The meaning of a message, as far as the conversation needs it. The text stays in the store. */
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
  /** Confirms or takes back the wish to have all personal data erased. */
  | 'eraseYes'
  | 'eraseNo'
  /** Answers our request for the phone number with it. */
  | 'sharesNumber'
  /** A row of our subject list. */
  | 'subject'
  /** None of the subjects in our question. */
  | 'otherSubject'
  /** Feedback on a resolved case in words; see `answer`. */
  | 'feedback'
  /** Objects to the outcome of the case in `about`. */
  | 'objects'
  /** Tells that subject or place of a case are wrong; see `corrects`. */
  | 'corrects'
  /** Reports that feedback in words was misunderstood. */
  | 'undo'
  /** Asks a small question with a prepared answer; see `asks`. */
  | 'question'
  /** Wants to report something, without details. */
  | 'insists'
  /** Answers "new report, or about that case?". `about` names the case; absent for a new report. */
  | 'which'
  | 'blocked';

/** How a message relates to an existing case. */
export type Follows = 'addition' | 'likelyAddition' | 'likelyNew' | 'new';

export interface MessageFacts {
  messageId: string;
  /** When the citizen sent it, epoch ms UTC. */
  at: number;
  says: Says;
  /** Whether the message gives a place: a location pin or a street in words. */
  tellsPlace: boolean;
  photo: boolean;
  /** The case that the message probably refers to without naming it. */
  recentCase: string | null;
  /** Other cases with an equally strong tie. */
  alike?: string[];
  /** The citizen that the sender turned out to be. Absent if the citizen was not merged. */
  mergedInto?: string;
  /** Whether an earlier run of the conversation handled the message. */
  alreadyHandled: boolean;
  /** Whether the subject is clear from the text of the burst so far. Absent without text. */
  subject?: 'sure' | 'unsure' | 'none';
  /** Whether the subject is likely enough to be recorded without an answer to our question about it. */
  likely?: true;
  /** Two subjects of two matters in the text. */
  matters?: Matters;
  /** The subject chosen from our list. */
  chosen?: string;
  /** The second subject, if the citizen reports both matters of a message. */
  chosenToo?: string;
  /** The citizen's own open case that the message names, quotes or answers. */
  about?: string;
  /** The case whose last survey answer the message undoes. Absent in older messages. */
  undoes?: string;
  follows?: Follows;
  /** The feedback in a message that says `feedback`, and whether to treat it as a button tap. */
  answer?: { says: FeedbackAnswer | 'thanks'; sure: boolean };
  /** What the burst so far corrects: the right subject, and whether its text tells the right place. */
  corrects?: { subject?: string; place?: true; sure: boolean };
  /** Whether the message is a hazard at another place than the report so far, and so a report of its own. */
  apart?: true;
  /** Whether the message has a matter. Absent in messages read before this rule. */
  matter?: boolean;
  /** The message of the burst that this one edits or deletes. */
  rewords?: string;
  takesBack?: string;
  /** The case number that a status question names, whether or not such a case exists. */
  statusOf?: string;
  /** Whether a status question also complains about the delay, so that its text joins the case in `statusOf`. */
  joins?: true;
  /** The slug of the small question, and whether the desk receives it as well. */
  asks?: { question: string; toDesk: boolean };
  /** An additional answer to send immediately. */
  besides?: 'petition' | 'abuse' | 'lostFile' | 'emergency';
  /** Whether the message is a recording that a speech server can turn into words first. */
  voice?: boolean;
  /** Whether a machine made its words, and whether the citizen has still to confirm them. */
  spoken?: boolean;
  unconfirmed?: boolean;
  /** Whether the citizen has confirmed or refused the words of this voice note, and by which message. */
  judged?: { isRight: boolean; by: string };
  /** A voice note that nobody confirmed, or that was wrong. It becomes a case, so that somebody listens to it. */
  toBeHeard?: boolean;
  /** Danger to people now, or a hazard to passers-by that the municipality must remove immediately. */
  danger?: 'people' | 'passers';
}

/** Time limits of the conversation in ms, from the configuration. */
export interface BurstRules {
  quietMs: number;
  longestMs: number;
  answerWaitMs: number;
  /**
   * How long a question about the subject stays open after the citizen has been told that there is no case yet.
   * Absent in conversations from before this rule, in which the best guess became a case.
   */
  lapseMs?: number;
  /** Whether joined talks can answer each other's questions. Absent in conversations from before this rule. */
  joinsAnswers?: boolean;
  /**
   * Whether a clear answer or correction about another case than that of our open question is taken at once. Absent in
   * conversations from before this rule.
   */
  takesApart?: boolean;
  /** The same answer is not repeated within this time. Absent in conversations from before this rule. */
  repeatMs?: number;
  /** At most one answer is sent within this time. */
  replyEveryMs?: number;
  /** The number of messages that ends a burst. */
  mostInBurst?: number;
  /**
   * Whether commands are answered before the burst is complete, and whether messages during an open question
   * get an answer that repeats the question. Absent in conversations from before this rule.
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
  /** When the conversation continues automatically, epoch ms UTC; null if nothing is pending. */
  deadline: number | null;
  /** The subject chosen from our list. */
  chosen?: string;
  /** The subject of a second report from the same messages. */
  chosenToo?: string;
  /** Whether the citizen explicitly said that there is something to report. */
  insists?: boolean;
  /** Whether the citizen has been told that there is no case without an answer. */
  lapsed?: true;
  /** The case to withdraw while the confirmation is pending. Absent if there are several candidates. */
  withdraws?: string;
  /** When each answer was last sent, epoch ms UTC. */
  answered?: Partial<Record<AnswerKey, number>>;
  /** Voice notes whose transcript waits to be confirmed, until a time in epoch ms UTC. */
  unconfirmed?: { note: MessageFacts; until: number }[];
  /** When the citizen last reported people in danger, epoch ms UTC. */
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
  | 'askVoice'
  | 'voiceWrong'
  | 'askSubject'
  | 'listSubjects'
  | 'subjectLapsed'
  | 'askMatters'
  | 'askWhich'
  | 'askRight'
  | 'askCorrection'
  | 'pinOutside'
  | 'askSolved'
  | 'answerTaken'
  | 'undone'
  | 'question'
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
  | 'eraseYes'
  | 'eraseNo'
  | 'sharesNumber'
  | 'personHere'
  | 'personGone'
  | 'tooManyCases'
  | 'blocked';

/** An answer to some messages. */
export interface Answer {
  reply: Reply;
  messageIds: string[];
  caseNumber?: string;
  /** Other possible cases, with `askWhich`. */
  alike?: string[];
  /** The understood feedback, with `answerTaken`. */
  answer?: FeedbackAnswer;
  /** The two subjects, with `askMatters`. */
  matters?: Matters;
  /** The right subject, with `askCorrection`. */
  subject?: string;
  /** The case number that the question names, with `status`. */
  statusOf?: string;
  /** The slug of the small question, with `question`. */
  question?: string;
  /** The question that is still open, repeated in one line. */
  again?: Reply;
}

export type ConversationEffect =
  | ({ type: 'reply' } & Answer)
  | {
      type: 'openCase';
      messageIds: string[];
      chosenCategory?: string;
      kind?: 'suggestion';
      /** Whether the subject comes from a part of the text, without the citizen's choice. */
      fromText?: true;
      /** A second case from the same messages. */
      second?: true;
    }
  | { type: 'addToCase'; caseNumber: string; messageIds: string[]; quietly?: boolean }
  /** `place`: the messages tell the right place. */
  | { type: 'correctCase'; caseNumber: string; messageIds: string[]; subject?: string; place?: true }
  | { type: 'feedback'; caseNumber: string; answer: FeedbackAnswer; messageIds: string[] }
  | { type: 'withdraw'; caseNumber: string; messageIds: string[] }
  | { type: 'undo'; caseNumber: string; messageIds: string[] }
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

/** Returns the conversation with nothing pending. Recent answers are kept, so that they are not repeated. */
export function emptied({ answered, alarmedAt, unconfirmed }: ConversationState): ConversationState {
  return {
    ...newConversation,
    ...(unconfirmed && { unconfirmed }),
    ...(answered && { answered }),
    ...(alarmedAt !== undefined && { alarmedAt }),
  };
}

/** Answers with the same key say the same. */
type AnswerKey = Reply | `question:${string}` | `status:${string}`;

function keyOf({ reply, question, statusOf }: Answer): AnswerKey {
  if (question !== undefined) return `question:${question}`;
  return statusOf === undefined ? reply : `status:${statusOf}`;
}

/** Returns an answer, or only a note if the same answer was given recently. */
export function once(
  state: ConversationState,
  answer: Answer,
  { repeatMs }: BurstRules,
  now: number,
): ConversationTurn {
  const { messageIds } = answer;
  const effect = { type: 'reply', ...answer } as const;
  if (repeatMs === undefined) return { state, effects: [effect] };
  const key = keyOf(answer);
  const last = state.answered?.[key];
  if (last !== undefined && now - last < repeatMs) return { state, effects: [{ type: 'note', messageIds }] };
  return { state: { ...state, answered: { ...state.answered, [key]: now } }, effects: [effect] };
}
