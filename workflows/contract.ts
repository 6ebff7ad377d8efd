import type { CaseProgress, FeedbackAnswer } from '../src/domain/case/case';
import type { CaseFact, CitizenNews, LetterOrder, PlanAsked } from '../src/domain/case/case-events';
import type { ObjectionRefusal } from '../src/domain/case/objections';
import type { Plan, Role } from '../src/domain/sla/sla';
import type { Answer, MessageFacts } from '../src/domain/talk/conversation-state';
import type { OpenQuestion } from '../src/domain/talk/question-words';

/**
 * What workflows ask the world to do. Inputs and results hold ids, enums, configured names and epoch ms only; all
 * else stays in the store. Every activity may run more than once and then does its work only once.
 */
export interface ConversationActivities {
  /**
   * Reads an inbox message, keeps what it says and tells what the talk needs to know. `gathered` are the messages of
   * the burst so far: the subject is guessed from all of them.
   */
  readMessage: (input: {
    citizenId: string;
    messageId: string;
    gathered?: string[];
    /** The question that waits for an answer: titles of its buttons, yes and no are understood in words. */
    question?: OpenQuestion;
  }) => Promise<MessageFacts>;
  /** Answers a burst and marks it as handled, unless the answer is a question. */
  reply: (input: { citizenId: string } & Answer) => Promise<void>;
  /**
   * Makes one case of the messages and starts its workflow. Returns the case number, or null when the citizen has as
   * many open cases as are allowed; the messages are then kept without one.
   */
  openCase: (input: {
    citizenId: string;
    messageIds: string[];
    /** The subject that the citizen chose from our list. */
    chosenCategory?: string;
    kind?: 'suggestion';
  }) => Promise<string | null>;
  /**
   * Adds messages to a case; when it has ended meanwhile, they become a case of their own. False when the citizen has
   * too many open cases for that.
   */
  addToCase: (input: {
    citizenId: string;
    caseNumber: string;
    messageIds: string[];
    /** The conversation itself answers the citizen. */
    quietly?: boolean;
  }) => Promise<boolean>;
  /** Gives a resolved case the citizen's answer to the survey; false if it has ended meanwhile. */
  giveFeedback: (input: {
    citizenId: string;
    caseNumber: string;
    answer: FeedbackAnswer;
    messageIds: string[];
  }) => Promise<boolean>;
  /** Gives a case the objection in a citizen's message; the case itself answers. False if it is not the citizen's. */
  objectTo: (input: { citizenId: string; caseNumber: string; messageIds: string[] }) => Promise<boolean>;
  /** Takes a case back for the citizen; false when it has ended meanwhile. */
  withdrawCase: (input: { citizenId: string; caseNumber: string; messageIds: string[] }) => Promise<boolean>;
  /** Mails the desk that sorts reports that a citizen wants to speak with somebody. */
  tellStaff: (input: { citizenId: string; messageIds: string[] }) => Promise<void>;
  /** Marks messages that need no answer as handled. */
  noteMessages: (input: { messageIds: string[] }) => Promise<void>;
}

export interface CaseActivities {
  /** Plans the task of a department from `from` (epoch ms UTC), or what is left of it. */
  planTask: (input: { caseNumber: string } & PlanAsked) => Promise<Plan>;
  /** Writes the facts of a turn and the state after them. */
  recordCase: (input: { progress: CaseProgress; facts: CaseFact[] }) => Promise<void>;
  tellCitizen: (input: {
    caseNumber: string;
    effect: number;
    news: CitizenNews;
    actionId?: string;
    refusal?: ObjectionRefusal;
  }) => Promise<void>;
  mailLetter: (input: { caseNumber: string; effect: number; order: LetterOrder }) => Promise<void>;
  /** Copies a photo, voice note, video or document of a message before Meta deletes it. */
  keepPhoto: (input: { caseNumber: string; messageId: string }) => Promise<void>;
  /** Tells the operator that a message of the case could not be delivered, or with `arrived` that it was after all. */
  alertOperator: (input: {
    caseNumber: string;
    undelivered: number;
    recipient: 'citizen' | Role;
    arrived?: true;
  }) => Promise<void>;
}

interface TownActivities {
  /** Mails a department the list of its open tasks, unless it is closed at `at`, epoch ms UTC. */
  mailDigest: (input: { department: string; at: number }) => Promise<void>;
}

/** What a comparison of records and workflows found; case numbers, and keys of deliveries. */
export interface Findings {
  /** Open cases whose workflow was lost and runs again. */
  restarted: string[];
  /** Cases whose task had never been mailed and now was. */
  mailed: string[];
  /** Workflows without a record. */
  unknown: string[];
  /** Deliveries that have not come to an end for hours. */
  stuck: string[];
}

export interface OperatorActivities {
  /** Mails a notice of Meta about the account to the operator. */
  mailNotice: (input: { noticeId: string }) => Promise<void>;
  reconcile: () => Promise<Findings>;
  planWeeklyLetter: (input: { at: number }) => Promise<{ from: number; to: number; recipients: string[] }>;
  /** Mails the figures of a period (epoch ms UTC) to one of the managers' recipients. */
  mailWeeklyLetter: (input: { from: number; to: number; recipient: string }) => Promise<void>;
}

export type Activities = ConversationActivities & CaseActivities & TownActivities & OperatorActivities;
