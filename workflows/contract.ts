import type { CaseProgress, FeedbackAnswer } from '../src/domain/case/case';
import type { CaseFact, CitizenNews, LetterOrder, PlanAsked } from '../src/domain/case/case-events';
import type { ObjectionRefusal } from '../src/domain/case/objections';
import type { Plan, Role } from '../src/domain/sla/sla';
import type { Answer, MessageFacts } from '../src/domain/talk/conversation-state';
import type { OpenQuestion } from '../src/domain/talk/answer-words';

/**
 * The activities that workflows call. Inputs and results contain only ids, enums, configured names and epoch
 * ms. Every activity is idempotent, because Temporal may run it more than once.
 */
export interface ConversationActivities {
  /**
   * Reads an inbox message, stores its content and returns its facts for the conversation. `gathered` are the
   * messages of the burst so far, because the subject is guessed from all of them.
   */
  readMessage: (input: {
    citizenId: string;
    messageId: string;
    gathered?: string[];
    /** The open question. Its button titles, yes and no are also understood as text. */
    question?: OpenQuestion;
  }) => Promise<MessageFacts>;
  /**
   * Returns the ids of the citizen's messages that are stored but perhaps not signalled yet, in order of
   * arrival. `since`: epoch ms UTC, at most an hour ago.
   */
  storedMessages: (input: { citizenId: string; since: number }) => Promise<string[]>;
  /** Answers a burst and, unless the answer is a question, marks its messages as handled. */
  reply: (input: { citizenId: string } & Answer) => Promise<void>;
  /**
   * Opens one case from the messages and starts its workflow. Returns the case number, or null if the citizen
   * has reached the limit of open cases; the messages are then stored without a case.
   */
  openCase: (input: {
    citizenId: string;
    messageIds: string[];
    /** The subject that the citizen chose from our list. */
    chosenCategory?: string;
    kind?: 'suggestion';
    /** Whether `chosenCategory` comes from a part of the text instead. */
    fromText?: true;
    /** A second case from the same messages. */
    second?: true;
  }) => Promise<string | null>;
  /**
   * Adds messages to a case. If it has ended meanwhile, they become a new case; a location or picture without
   * words never does, but is kept with the ended case. Returns false if the citizen has reached the limit of
   * open cases, and `ended` if the citizen must be told that the case has ended.
   */
  addToCase: (input: {
    citizenId: string;
    caseNumber: string;
    messageIds: string[];
    /** Whether the conversation answers the citizen. */
    quietly?: boolean;
  }) => Promise<boolean | 'ended'>;
  /** Passes the citizen's survey answer to a resolved case. Returns false if the case has ended meanwhile. */
  giveFeedback: (input: {
    citizenId: string;
    caseNumber: string;
    answer: FeedbackAnswer;
    messageIds: string[];
  }) => Promise<boolean>;
  /**
   * Passes a citizen's objection to a case, which answers it. Returns false if the case is not the citizen's.
   */
  objectTo: (input: { citizenId: string; caseNumber: string; messageIds: string[] }) => Promise<boolean>;
  /** Undoes the citizen's last survey answer. Returns false if the case is not the citizen's. */
  undoAnswer: (input: { citizenId: string; caseNumber: string; messageIds: string[] }) => Promise<boolean>;
  /** Withdraws a case for its citizen. Returns false if it has ended meanwhile. */
  withdrawCase: (input: { citizenId: string; caseNumber: string; messageIds: string[] }) => Promise<boolean>;
  /** Mails the triage desk that a citizen wants to speak to a person. */
  tellStaff: (input: { citizenId: string; messageIds: string[] }) => Promise<void>;
  /** Marks messages as handled that need no answer. */
  noteMessages: (input: { messageIds: string[] }) => Promise<void>;
}

export interface CaseActivities {
  /** Plans a department's task from `from` (epoch ms UTC), or the rest of it. */
  planTask: (input: { caseNumber: string } & PlanAsked) => Promise<Plan>;
  /** Writes the facts of a turn and the resulting state. */
  recordCase: (input: { progress: CaseProgress; facts: CaseFact[] }) => Promise<void>;
  tellCitizen: (input: {
    caseNumber: string;
    effect: number;
    news: CitizenNews;
    actionId?: string;
    refusal?: ObjectionRefusal;
  }) => Promise<void>;
  mailLetter: (input: { caseNumber: string; effect: number; order: LetterOrder }) => Promise<void>;
  /**
   * Copies the file of a message of any type before Meta deletes it. The name in histories is from when
   * citizens could send only photos. Workflows call it as `media.keepFile`.
   */
  keepPhoto: (input: { caseNumber: string; messageId: string }) => Promise<void>;
  /**
   * Notifies the operator that a message of the case was not delivered or, with `arrived`, that it was
   * delivered later.
   */
  alertOperator: (input: {
    caseNumber: string;
    undelivered: number;
    recipient: 'citizen' | Role;
    arrived?: true;
  }) => Promise<void>;
}

interface TownActivities {
  /**
   * Mails a department the list of its open tasks. Does nothing if the department is closed at `at` (epoch ms
   * UTC).
   */
  mailDigest: (input: { department: string; at: number }) => Promise<void>;
}

/** Results of comparing records with workflows: case numbers and delivery keys. */
export interface Findings {
  /** Open cases whose lost workflow was restarted. */
  restarted: string[];
  /** Cases whose task letter was missing and has been sent. */
  mailed: string[];
  /** Workflows without a record. */
  unknown: string[];
  /** Deliveries that have been pending for hours. */
  stuck: string[];
}

export interface OperatorActivities {
  /** Mails a notice from Meta about the account to the operator. */
  mailNotice: (input: { noticeId: string }) => Promise<void>;
  reconcile: () => Promise<Findings>;
  planWeeklyLetter: (input: { at: number }) => Promise<{ from: number; to: number; recipients: string[] }>;
  /** Mails the figures of a period (epoch ms UTC) to one recipient among the managers. */
  mailWeeklyLetter: (input: { from: number; to: number; recipient: string }) => Promise<void>;
}

export type Activities = ConversationActivities & CaseActivities & TownActivities & OperatorActivities;
