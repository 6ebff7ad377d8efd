import type { Named } from '../named';
import type { Act, Correction, Resolution, ObjectionRefusal } from './acts';
import type { CallNews } from './citizen-call';
import type { HandOffNews, HandOffWay } from './hand-off';
import type {
  Clock,
  Decider,
  Overall,
  Pause,
  Plan,
  PlanLeft,
  Priority,
  ReplanReason,
  Role,
} from '../sla/sla';
import type { FeedbackAnswer, HoldStage, OpeningIncident, Outcome, PlannedTime } from './case';

/** Why a new task is planned. */
export type StartReason = 'reroute' | 'reassign' | 'reopen' | 'takeBack' | 'decision' | 'returned';
type PlanReason = StartReason | ReplanReason | 'programme' | 'objection';

/** Messages from the citizen for a case, and which of them have a file. */
export interface CitizenSent {
  messageIds: string[];
  fileMessageIds: string[];
  /** The place of the case according to a later pin. */
  placed?: PlaceTold;
}

/** The place of a case by a later pin, and the owner of the subject there. */
export interface PlaceTold {
  neighbourhood: Named | null;
  outside: boolean;
  /** The owner of the subject at this place: a department, or an institution outside the municipality. */
  department: string | null;
  institution: Named | null;
  /** The number of open reports nearby that may describe the same problem. */
  similar: number;
}

/** The citizen's correction, with what earlier versions did not do. */
interface CitizenCorrection {
  actionId: string;
  correction: Correction;
  passesOn?: boolean;
  places?: boolean;
  late?: boolean;
}

export type CaseEvent =
  /** `passesOn`: a hand-off is passed on to the institution before anybody is told of it. */
  | {
      type: 'opened';
      fileMessageIds: string[];
      leader?: string;
      incident?: OpeningIncident;
      passesOn?: boolean;
    }
  /**
   * `alarms`: a priority of P1 makes the case a hazard. `guides`: those that follow hear of a corrected priority and
   * owner as well, with `places` of the place.
   */
  | { type: 'acted'; act: Act; alarms?: boolean; passesOn?: boolean; guides?: boolean; places?: boolean }
  /** The matter is on its way to the institution. `way` is null if only the citizen can turn to it. */
  | { type: 'passedOn'; number: number; institution: string; way: HandOffWay | null }
  /** A step of the hand-off to an institution. */
  | { type: 'handOffMoved'; news: HandOffNews }
  | { type: 'planned'; plan: Plan; after: PlanReason; effect?: number; actionId?: string }
  /**
   * `quietly`: the conversation answers the citizen. `toDesk`: the desk of a resolved case is notified.
   * `reasons`: the reasons of a low rating, which a closed case accepts as well. `afterEnd`: the citizen writes about
   * a case that has ended.
   */
  | ({
      type: 'citizenAdded';
      quietly?: boolean;
      toDesk?: boolean;
      reasons?: boolean;
      afterEnd?: boolean;
    } & CitizenSent)
  /**
   * The citizen corrects the case. `actionId` is the act under which the messages are kept as a correction. `late`: also
   * a case that follows another one, has a result or has ended.
   */
  | ({ type: 'citizenCorrected' } & CitizenSent & CitizenCorrection)
  /** `with` holds the messages of an answer given in words instead of by button. */
  | { type: 'feedback'; messageId: string; answer: FeedbackAnswer; with?: CitizenSent }
  | { type: 'withdrawn'; messageId: string }
  /** The citizen objects to the outcome, by button or `inWords`. */
  | { type: 'objected'; messageId: string; inWords?: boolean }
  /** The citizen undoes the last survey answer. */
  | { type: 'answerUndone'; messageId: string }
  | { type: 'calendarChanged' }
  | { type: 'memberJoined' | 'memberLeft'; member: string }
  /** The leading case has ended. `outcome` is null if that case does not exist. */
  | { type: 'leaderEnded'; outcome: Outcome | null; actionId: string | null }
  /** The leading case has been planned for a later date, or its planned date has changed. */
  | { type: 'leaderPlanned'; actionId: string; moved: boolean }
  /** The end of the incident has changed. */
  | { type: 'incidentMoved' }
  /** The end of the incident by its record, epoch ms UTC; null if there is no record. */
  | { type: 'incidentRead'; until: number | null }
  /** Subject, priority or owner of the leading case have been corrected. */
  | ({ type: 'leaderCorrected' } & LeaderCorrected)
  | { type: 'notDelivered'; undelivered: number; recipient: 'citizen' | Role }
  /** A message to the citizen was delivered after it had been reported as failed. */
  | { type: 'arrivedLate'; undelivered: number }
  | { type: 'fileLost'; messageId: string }
  /** A step of the call that replaces undelivered messages. */
  | { type: 'called'; news: CallNews }
  /** `inHours`: the letter that a wait has ended is sent in the desk's hours. */
  | { type: 'timePassed'; inHours?: boolean };

export type CitizenNews =
  | 'acknowledged'
  | 'known'
  | 'joined'
  | 'incident'
  | 'incidentEnded'
  | 'incidentLeft'
  | 'handedOff'
  | 'passedOn'
  | 'passedOnByDesk'
  | 'notPassedOn'
  | 'institutionTook'
  | 'institutionDone'
  | 'institutionSilent'
  | 'returned'
  | 'added'
  | 'question'
  | 'scheduled'
  | 'waitingInstitution'
  | 'rerouted'
  | 'corrected'
  | 'amended'
  | 'heardAfterEnd'
  | 'resolved'
  | 'partlyResolved'
  | 'planned'
  | 'planMoved'
  | 'planPassed'
  | 'late'
  | 'interim'
  | 'answered'
  | 'surveyReminder'
  | 'rejected'
  | 'reopened'
  | 'answerUndone'
  | 'managerDecides'
  | 'objected'
  | 'notObjectable'
  | 'objectionAccepted'
  | 'outcomeConfirmed'
  | 'objectionWithdrawn'
  | 'withdrawn'
  | 'closed'
  | 'status'
  | 'alreadyClosed';
export type LetterKind =
  | 'task'
  | 'reminder'
  | 'breach'
  | 'escalation'
  | 'citizenAdded'
  | 'lowRating'
  | 'citizenAnswered'
  | 'holdEnded'
  | 'handOver'
  | 'replanned'
  | 'corrected'
  | 'withdrawn'
  | 'decision'
  | 'objection'
  | 'confirmed'
  | 'reopened'
  | 'answerUndone'
  | 'called'
  | 'newLink'
  | 'instruction'
  | 'alarm';

/** A letter to a desk: its kind, its recipients, its task and its cause. */
export interface LetterOrder {
  letter: LetterKind;
  to: Role;
  department: string;
  task: number;
  /** The step of the ladder that triggered a reminder, breach or escalation. */
  rung?: { clock: Clock; level: number };
  /** The place in the line of those on duty, with `alarm`. */
  turn?: number;
  /** The messages of `citizenAdded`, `lowRating` and `citizenAnswered` letters. */
  added?: string[];
  /** The act that triggered the letter. With `handOver`, its record holds the colleague's address. */
  actionId?: string;
}

/**
 * A request for a plan: of a new task, or of the remainder of the current one. `actionId` is the decision on an
 * objection or the citizen's correction; the citizen hears of it together with the new date.
 */
export type PlanAsked = {
  department: string;
  /** The current time. */
  from: number;
  priority?: Priority;
  actionId?: string;
} & (
  | {
      after: StartReason;
      pauses?: Pause[];
      overall?: Omit<Overall, 'by'>;
      /** Whether a correction gave the overall clock another target. */
      retargets?: true;
    }
  | { after: ReplanReason; left: PlanLeft }
  | { after: 'programme'; plannedFor: number }
  | { after: 'objection'; by: Decider }
);

/** A message from one case to another. */
export type CaseNews =
  | { type: 'memberJoined' | 'memberLeft' }
  | { type: 'leaderEnded'; outcome: Outcome; actionId: string | null }
  | { type: 'leaderPlanned'; actionId: string; moved: boolean }
  | ({ type: 'leaderCorrected' } & LeaderCorrected);

/** The act that corrected a case, as far as it concerns those that follow it. */
export interface LeaderCorrected {
  actionId: string;
  subject?: Named;
  priority?: Priority;
  /** Whether the case is a hazard afterwards. Absent if only the subject is passed on. */
  hazard?: boolean;
  /** The department that the leading case moves to. */
  department?: string;
  /** Whether other targets apply afterwards. */
  retargets: boolean;
  /** Another neighbourhood, and the one before (slug). It concerns those that were in the same one. */
  place?: { from: string | null; neighbourhood: Named | null };
}

/**
 * An effect for the workflow to carry out. `effect` is a sequence number and part of each idempotency key.
 */
export type CaseEffect = { effect: number } & (
  | ({ type: 'plan' } & PlanAsked)
  | { type: 'tellCitizen'; news: CitizenNews; actionId?: string; refusal?: ObjectionRefusal }
  | ({ type: 'mail' } & LetterOrder)
  | { type: 'tellCase'; caseNumber: string; news: CaseNews }
  | { type: 'keepFile'; messageId: string }
  | { type: 'passOn'; institution: string }
  | { type: 'readIncident'; incident: string }
  /** Ends the hand-off with this number, because the case was reopened. */
  | { type: 'recall'; number: number }
  /** Messages about a matter that was handed off with this number, by this case or the leading one. */
  | { type: 'passAddition'; caseNumber: string; number: number; messageIds: string[] }
);

/** Why the service clock resumed. `limit` means that the longest wait had passed. */
export type ResumeReason = 'answered' | 'department' | 'separated' | 'limit';

export type CloseReason = 'confirmed' | 'silence' | 'undecided' | 'withdrawn' | 'answered';

/** Planned deadlines, epoch ms UTC. */
interface Deadlines {
  acceptBy: number;
  resolveBy: number;
  legalBy: number;
  calendarVersion: string;
  policyVersion?: string;
}

interface Change<Value> {
  from: Value;
  to: Value;
}

/** An entry of the case's audit trail, written once. Times are epoch ms UTC. */
export type CaseFact = { at: number } & (
  | { type: 'opened'; desk: string }
  | { type: 'handedOff'; institution: string; actionId?: string; desk?: string }
  | { type: 'accepted'; actionId: string; desk: string; plannedFor?: number }
  | { type: 'scheduled'; actionId: string; desk: string; plannedFor: number }
  | { type: 'started' | 'rejected' | 'noted' | 'handedOver'; actionId: string; desk: string }
  | { type: 'resolved'; actionId: string; desk: string; outcome?: Resolution }
  /** The promised period of the work, or a change of it. */
  | {
      type: 'plannedAhead' | 'planMoved';
      actionId: string;
      desk: string;
      plannedFor: number;
      precision: PlannedTime['precision'];
    }
  | { type: 'informed'; actionId: string; desk: string }
  /** `asked` is the requested desk, if the case went to the triage desk instead. */
  | { type: 'rerouted'; actionId: string; from: string; to: string; asked?: string }
  | {
      type: 'paused';
      stage: HoldStage;
      /** The end of the wait at the latest. */
      until: number | null;
      institution?: string;
      desk: string;
      actionId?: string;
    }
  | { type: 'resumed'; reason: ResumeReason; pausedMs: number; desk: string; actionId?: string }
  | ({ type: 'planned'; desk: string } & Deadlines)
  | ({ type: 'replanned'; reason: ReplanReason; desk: string } & Deadlines)
  | { type: 'joined'; leader: string; desk: string; actionId?: string }
  | { type: 'separated'; leader: string; desk: string; actionId?: string }
  | { type: 'followed'; leader: string; outcome: Outcome; leaderActionId: string | null }
  | { type: 'memberJoined' | 'memberLeft'; member: string }
  /** The report belongs to a declared incident. Without a `leader` the case has the task, or an institution acts. */
  | { type: 'incidentJoined'; incident: string; leader?: string }
  /** The report did not belong to it. */
  | { type: 'incidentLeft'; incident: string; actionId: string; desk: string }
  | { type: 'incidentEnded'; incident: string }
  /** A correction of subject, priority or place. Slugs; the neighbourhood is that of the corrected place. */
  | {
      type: 'corrected';
      actionId: string;
      desk: string;
      subject?: Change<string>;
      priority?: Change<Priority>;
      place?: { neighbourhood: string | null };
    }
  | { type: 'extended'; actionId: string; until: number }
  | { type: 'reassigned'; actionId: string; from: string; to: string }
  /** Without an `actionId`, the priority rose because of the number of reports of the same problem. */
  | { type: 'prioritised'; actionId?: string; from: Priority; to: Priority }
  | { type: 'escalatedByManager'; actionId: string; level: number; to: Role }
  | { type: 'takenBack'; actionId: string }
  /** A member of staff heard from the citizen that the problem is solved. */
  | { type: 'confirmedForCitizen'; actionId: string }
  /** `instructed`: a note that the department gets as a letter. */
  | { type: 'managerNoted' | 'instructed'; actionId: string }
  | { type: 'citizenAdded'; messageIds: string[] }
  | { type: 'feedback'; messageId: string; answer: FeedbackAnswer }
  | { type: 'withdrawn'; messageId: string }
  | { type: 'surveyRepeated' }
  | { type: 'decisionAsked'; count: number }
  /** `messageId` is null if the case had reached its reopen limit. */
  | {
      type: 'objected';
      messageId: string | null;
      count: number;
      to: Decider;
      outcome: Outcome | null;
      desk: string;
    }
  | { type: 'objectionPlanned'; decideBy: number; calendarVersion: string; policyVersion?: string }
  | { type: 'objectionWithdrawn' }
  /** A decision on an objection by a superior or a manager. */
  | { type: 'confirmed'; actionId: string; by: Decider; isFinal: boolean }
  | { type: 'overturned'; actionId: string; by: Decider; department: string }
  /** The citizen was notified that a promised date has passed. */
  | { type: 'latenessTold'; promised: number }
  /** A later pin gave the place. All values are slugs. */
  | {
      type: 'placed';
      neighbourhood: string | null;
      outside: boolean;
      department: string | null;
      institution: string | null;
      similar: number;
    }
  | { type: 'answerUndone'; messageId: string }
  | { type: 'reopened'; count: number }
  | { type: 'closed'; reason: CloseReason }
  | { type: 'reminded' | 'breached' | 'escalated'; clock: Clock; level: number; to: Role; lateMs: number }
  /** The alarm of a hazard was repeated: the place in the line from 0, and how often in this turn. */
  | { type: 'alarmed'; turn: number; times: number }
  | { type: 'notDelivered'; undelivered: number; recipient: 'citizen' | Role }
  | { type: 'arrivedLate'; undelivered: number }
  | { type: 'fileLost'; messageId: string }
  /** A step of the call that replaces undelivered messages. */
  | ({ type: 'called' } & Omit<CallNews, 'at' | 'said'>)
  /** A step of the hand-off to an institution. */
  | ({ type: 'handOff' } & Omit<HandOffNews, 'at'>)
  /** The institution is not responsible: the case goes to the desk that sorts. */
  | { type: 'returned'; institution: string; department: string; actionId?: string }
);
