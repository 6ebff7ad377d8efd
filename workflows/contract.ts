import type { CaseProgress, FeedbackAnswer } from '../src/domain/case/case';
import type { CaseFact, CitizenNews, LetterOrder, PlanAsked } from '../src/domain/case/case-events';
import type { CallNews, LostCall } from '../src/domain/case/citizen-call';
import type {
  HandOffLetter,
  HandOffNews,
  HandOffTerms,
  HandOffWay,
  LostHandOff,
} from '../src/domain/case/hand-off';
import type { ObjectionRefusal } from '../src/domain/case/acts';
import type { RecordFamily } from '../src/domain/retention';
import type { Plan, Role } from '../src/domain/sla/sla';
import type { Answer, MessageFacts } from '../src/domain/talk/conversation-state';
import type { OpenQuestion } from '../src/domain/talk/answer-words';
import type { CarriedTalk, GatheredLetter } from './messages';

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
   * Stores a transcript of a voice note, which `readMessage` then uses as its text. Returns false if the recording
   * has no words.
   */
  transcribe: (input: { citizenId: string; messageId: string }) => Promise<boolean>;
  /**
   * Returns the ids of the citizen's messages that are stored but perhaps not signalled yet, in order of
   * arrival.
   */
  storedMessages: (input: { citizenId: string }) => Promise<string[]>;
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
   * Adds messages to a case. If it ended lately with an outcome, they reach whoever gave it. If it ended otherwise, they
   * become a new case; a location or picture without words never does, but is kept with the ended case. Returns false if the citizen has reached the limit of
   * open cases, and `ended` if the citizen must be told that the case has ended.
   */
  addToCase: (input: {
    citizenId: string;
    caseNumber: string;
    messageIds: string[];
    /** Whether the conversation answers the citizen. */
    quietly?: boolean;
  }) => Promise<boolean | 'ended'>;
  /**
   * Corrects a case as its citizen says: `subject`, and the place in the messages. What cannot be corrected is added
   * to the case, with the same results. Returns `outside` for a pin outside the district, which changes nothing.
   */
  correctCase: (input: {
    citizenId: string;
    caseNumber: string;
    messageIds: string[];
    subject?: string;
    place?: true;
  }) => Promise<boolean | 'ended' | 'outside'>;
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
  /** Sends the text of a person that the outbox holds under this key. */
  sendWords: (input: { citizenId: string; key: string }) => Promise<void>;
  /** Passes the talk of a merged citizen on to the talk of the remaining one, and starts that if needed. */
  joinTalk: (input: { citizenId: string; talk: CarriedTalk }) => Promise<void>;
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
   * Finds another way for a message of the case that was not delivered: a template or a call for the citizen, a
   * letter to the operator for everyone else. With `arrived`, the message was delivered later. The name in
   * histories is from when all of them led to the operator.
   */
  alertOperator: (input: {
    caseNumber: string;
    undelivered: number;
    recipient: 'citizen' | Role;
    arrived?: true;
  }) => Promise<void>;
}

/** The input of the workflow that has a citizen phoned. `tries` is how often the desk is asked. */
interface CallInput {
  caseNumber: string;
  tries: number;
}

export interface CallStart extends CallInput {
  /** Set if the call goes on after Temporal has lost its workflow. */
  resuming?: LostCall;
}

interface CallActivities {
  /** Mails the desk the task to phone the citizen. The letter contains neither name nor number. */
  askToCall: (input: CallInput & { attempt: number; at: number }) => Promise<{ hasNumber: boolean }>;
  /** Returns when the desk is asked again, in its business time after `from`. Both are epoch ms UTC. */
  planCall: (input: { from: number }) => Promise<number>;
  /** Passes a step of the call to its case, which may have ended. */
  noteCall: (input: { caseNumber: string; news: CallNews }) => Promise<void>;
}

/** The input of the workflow that brings a matter to an institution. `number` is the effect of the case. */
export interface HandOffInput extends HandOffTerms {
  caseNumber: string;
  number: number;
  institution: string;
  way: HandOffWay;
  /** Set if the hand-off goes on after Temporal has lost its workflow. */
  resuming?: LostHandOff;
}

interface HandOffActivities {
  /**
   * Stores the letter to the institution in the outbox or the task for our desk, and starts their workflow. Returns
   * the way; null if only the citizen can turn to the institution.
   */
  passOn: (input: {
    caseNumber: string;
    number: number;
    institution: string;
  }) => Promise<{ way: HandOffWay | null }>;
  /** Passes what a citizen wrote later on to the hand-off of the matter. */
  passAddition: (input: { caseNumber: string; number: number; messageIds: string[] }) => Promise<void>;
  /** Ends a hand-off, because its case was reopened. */
  recallHandOff: (input: { caseNumber: string; number: number }) => Promise<void>;
  /** Mails a letter of a hand-off. `count` numbers its letters, `added` are the messages that it is about. */
  mailHandOff: (input: {
    caseNumber: string;
    number: number;
    institution: string;
    letter: HandOffLetter;
    count: number;
    added?: string[];
  }) => Promise<void>;
  /** Returns when our desk is asked again, in its business time after `from`. Both are epoch ms UTC. */
  planHandOff: (input: { from: number }) => Promise<number>;
  /** Passes a step to the case and to those that followed it. They may have ended. */
  noteHandOff: (input: { caseNumber: string; news: HandOffNews }) => Promise<void>;
}

/** A message or letter of a case to send again: its outbox key, that of the copy, and another recipient of a letter. */
export interface SendAgain {
  caseNumber: string;
  key: string;
  copy: string;
  to?: Role;
}

/** The wish for a new link to a case's task, from a page of its department. `hour` numbers the hours since the epoch. */
export interface NewLinkWish {
  caseNumber: string;
  department: string;
  hour: number;
}

/** The wish of a member of staff to sign in. `person` is a hash; `turn` numbers the spans in which one letter is sent. */
export interface SignInWish {
  person: string;
  turn: number;
}

export interface EventActivities {
  /** Posts an event to the municipality's own systems. */
  sendEvent: (input: { eventId: string }) => Promise<void>;
  /** Records that an event could not be delivered, with the reason of the last attempt. */
  buryEvent: (input: { eventId: string; reason: string }) => Promise<void>;
}

interface OpeningActivities {
  /** Mails the letters that were gathered for one address as one letter. A single one is sent as it is. */
  mailOpening: (input: { letters: GatheredLetter[]; later?: boolean }) => Promise<void>;
  /** Makes these letters delivery failures of their cases. */
  loseOpening: (input: { letters: GatheredLetter[] }) => Promise<void>;
}

interface AgainActivities {
  /** Sends a message or letter again. Returns why it was refused for good, or null. */
  sendCopy: (input: SendAgain) => Promise<{ refused: string | null }>;
  mailNewLink: (input: NewLinkWish) => Promise<void>;
  /** Mails a member of staff a link that signs in once. Does nothing for an unknown person. */
  mailSignIn: (input: SignInWish) => Promise<void>;
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
  /** Cases whose lost call to the citizen goes on. */
  called: string[];
  /** Cases whose lost hand-off to an institution goes on. */
  watched: string[];
  /** Cases whose task letter was missing and has been sent. */
  mailed: string[];
  /** Cases whose record was older than their workflow and is written again, or was lost and is restored. */
  rewritten: string[];
  /** Workflows without a record whose citizen is unknown as well. */
  unknown: string[];
  /** Cases whose workflow did not answer. */
  silent: string[];
  /** Deliveries that have been pending for hours. */
  stuck: string[];
}

interface IncidentActivities {
  /** Returns the end of an incident by its record, epoch ms UTC; null if there is none. */
  readIncident: (input: { incident: string }) => Promise<{ until: number | null }>;
}

export interface OperatorActivities {
  /** Mails a notice from Meta about the account to the operator. */
  mailNotice: (input: { noticeId: string }) => Promise<void>;
  reconcile: () => Promise<Findings>;
  /** Returns the superiors to remind of cases that have not moved since the last step of their ladder. */
  planLastRungs: (input: { at: number }) => Promise<{ superiors: string[] }>;
  /** Mails a superior the list of these cases, at most once a day. */
  mailLastRungs: (input: { at: number; superior: string }) => Promise<void>;
  /** Returns the managers to mail, if the legal limit of an open case is near or has passed. */
  planLegalDigest: (input: { at: number }) => Promise<{ recipients: string[] }>;
  /** Mails a manager the list of these cases, at most once a day. */
  mailLegalDigest: (input: { at: number; recipient: string }) => Promise<void>;
  planWeeklyLetter: (input: { at: number }) => Promise<{ from: number; to: number; recipients: string[] }>;
  /** Mails the figures of a period (epoch ms UTC) to one recipient among the managers. */
  mailWeeklyLetter: (input: { from: number; to: number; recipient: string }) => Promise<void>;
}

export interface FigureActivities {
  /**
   * Writes the daily rows of the statistics whose cases have changed, or all of them (`whole`). Returns the number of
   * days on record, of days written, and of their cases.
   */
  refreshFigures: (input: { whole: boolean }) => Promise<{ days: number; written: number; cases: number }>;
}

export interface RetentionActivities {
  /** Carries out an approved request for erasure, or without an id those that were delayed. Returns how many are done. */
  finishErasures: (input?: { requestId?: string }) => Promise<{ done: number }>;
  /** Tells the citizen the decision about a request for erasure. */
  answerErasure: (input: { requestId: string }) => Promise<void>;
  /** Ends a refused request. */
  closeRequest: (input: { requestId: string }) => Promise<void>;
  /** Reminds the data protection officer of requests whose limit is near at `at` (epoch ms UTC). */
  remindOfRequests: (input: { at: number }) => Promise<{ reminded: number }>;
  planRetention: () => Promise<{ families: RecordFamily[] }>;
  /** Applies the rule of a family for a date (epoch ms UTC). Returns how many records went. */
  applyRetention: (input: { family: RecordFamily; at: number }) => Promise<{ count: number }>;
  /** Records the counts of a run. */
  recordRetention: (input: {
    runId: string;
    at: number;
    counts: Partial<Record<RecordFamily, number>>;
  }) => Promise<void>;
}

export type Activities = ConversationActivities &
  FigureActivities &
  CaseActivities &
  CallActivities &
  HandOffActivities &
  AgainActivities &
  OpeningActivities &
  IncidentActivities &
  EventActivities &
  TownActivities &
  OperatorActivities &
  RetentionActivities;
