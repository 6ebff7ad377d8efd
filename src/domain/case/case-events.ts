import type { Act, Resolution } from './acts';
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
import type { FeedbackAnswer, HoldStage, Outcome, PlannedTime } from './case';
import type { ObjectionRefusal } from './objections';

/** Why a task was planned from the start. */
export type StartReason = 'reroute' | 'reassign' | 'reopen' | 'takeBack' | 'decision';
type PlanReason = StartReason | ReplanReason | 'programme' | 'objection';

/** Messages that a citizen sent for a case, and those of them that brought a file. */
export interface CitizenSent {
  messageIds: string[];
  photoMessageIds: string[];
}

export type CaseEvent =
  | { type: 'opened'; photoMessageIds: string[]; leader?: string }
  | { type: 'acted'; act: Act }
  | { type: 'planned'; plan: Plan; after: PlanReason; effect?: number; actionId?: string }
  /** `quietly` if the conversation answers the citizen; `toDesk` if the desk of a resolved case is told. */
  | ({ type: 'citizenAdded'; quietly?: boolean; toDesk?: boolean } & CitizenSent)
  /** `with` are the words and photos of an answer that was not tapped. */
  | { type: 'feedback'; messageId: string; answer: FeedbackAnswer; with?: CitizenSent }
  | { type: 'withdrawn'; messageId: string }
  /** The citizen disputes the outcome. */
  | { type: 'objected'; messageId: string }
  | { type: 'calendarChanged' }
  | { type: 'memberJoined' | 'memberLeft'; member: string }
  /** The case that this one follows has ended so, or is not there (null). */
  | { type: 'leaderEnded'; outcome: Outcome | null; actionId: string | null }
  /** The case that this one follows has been put on the programme, or its time there has moved. */
  | { type: 'leaderPlanned'; actionId: string; moved: boolean }
  | { type: 'notDelivered'; undelivered: number; recipient: 'citizen' | Role }
  /** A message to the citizen that was reported as failed arrived after all. */
  | { type: 'arrivedLate'; undelivered: number }
  | { type: 'photoLost'; messageId: string }
  | { type: 'timePassed' };

export type CitizenNews =
  | 'acknowledged'
  | 'known'
  | 'joined'
  | 'handedOff'
  | 'passedOn'
  | 'added'
  | 'question'
  | 'scheduled'
  | 'waitingInstitution'
  | 'rerouted'
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
  | 'citizenAnswered'
  | 'holdEnded'
  | 'handOver'
  | 'replanned'
  | 'withdrawn'
  | 'decision'
  | 'objection'
  | 'confirmed'
  | 'reopened';

/** A letter to a desk: which kind, to whom there, about which task, and what gave rise to it. */
export interface LetterOrder {
  letter: LetterKind;
  to: Role;
  department: string;
  task: number;
  /** The rung of the ladder behind a reminder, breach or escalation. */
  rung?: { clock: Clock; level: number };
  /** The messages behind `citizenAdded` and `citizenAnswered`. */
  added?: string[];
  /** The act behind it; with `handOver` it knows the colleague's address. */
  actionId?: string;
}

/** What a plan is asked for: the task from the start, or what is left of it. */
export type PlanAsked = {
  department: string;
  /** Now. */
  from: number;
  priority?: Priority;
} &
  /** `actionId` is the decision on an objection, whose words the citizen gets with the new time. */
  (
    | { after: StartReason; pauses?: Pause[]; overall?: Omit<Overall, 'by'>; actionId?: string }
    | { after: ReplanReason; left: PlanLeft }
    | { after: 'programme'; plannedFor: number }
    | { after: 'objection'; by: Decider }
  );

/** What another case is told. */
export type CaseNews =
  | { type: 'memberJoined' | 'memberLeft' }
  | { type: 'leaderEnded'; outcome: Outcome; actionId: string | null }
  | { type: 'leaderPlanned'; actionId: string; moved: boolean };

/** What the workflow must get done; `effect` numbers them for ever and is part of each idempotency key. */
export type CaseEffect = { effect: number } & (
  | ({ type: 'plan' } & PlanAsked)
  | { type: 'tellCitizen'; news: CitizenNews; actionId?: string; refusal?: ObjectionRefusal }
  | ({ type: 'mail' } & LetterOrder)
  | { type: 'tellCase'; caseNumber: string; news: CaseNews }
  | { type: 'keepPhoto'; messageId: string }
);

/** Why the service clock went on: somebody said so, or the longest wait was over. */
export type ResumeReason = 'answered' | 'department' | 'separated' | 'limit';

export type CloseReason = 'confirmed' | 'silence' | 'undecided' | 'withdrawn' | 'answered';

/** The deadlines as they stand after planning; times epoch ms UTC. */
interface Deadlines {
  acceptBy: number;
  resolveBy: number;
  legalBy: number;
  calendarVersion: string;
  policyVersion?: string;
}

/** A line of the case's story, written once to the audit trail; times epoch ms UTC. */
export type CaseFact = { at: number } & (
  | { type: 'opened'; desk: string }
  | { type: 'handedOff'; institution: string; actionId?: string; desk?: string }
  | { type: 'accepted'; actionId: string; desk: string; plannedFor?: number }
  | { type: 'scheduled'; actionId: string; desk: string; plannedFor: number }
  | { type: 'started' | 'rejected' | 'noted' | 'handedOver'; actionId: string; desk: string }
  | { type: 'resolved'; actionId: string; desk: string; outcome?: Resolution }
  /** The time for which the work is promised, or promised anew. */
  | {
      type: 'plannedAhead' | 'planMoved';
      actionId: string;
      desk: string;
      plannedFor: number;
      precision: PlannedTime['precision'];
    }
  | { type: 'informed'; actionId: string; desk: string }
  /** `asked` is the desk that was chosen, when the desk that sorts got the case instead. */
  | { type: 'rerouted'; actionId: string; from: string; to: string; asked?: string }
  | {
      type: 'paused';
      stage: HoldStage;
      /** Until when at most. */
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
  | { type: 'extended'; actionId: string; until: number }
  | { type: 'reassigned'; actionId: string; from: string; to: string }
  /** By a manager's act, or without one by the number of people who report the same. */
  | { type: 'prioritised'; actionId?: string; from: Priority; to: Priority }
  | { type: 'escalatedByManager'; actionId: string; level: number; to: Role }
  | { type: 'takenBack'; actionId: string }
  | { type: 'managerNoted'; actionId: string }
  | { type: 'citizenAdded'; messageIds: string[] }
  | { type: 'feedback'; messageId: string; answer: FeedbackAnswer }
  | { type: 'withdrawn'; messageId: string }
  | { type: 'surveyRepeated' }
  | { type: 'decisionAsked'; count: number }
  /** `messageId` is null when the case had been reopened as often as is allowed. */
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
  /** A superior's or a manager's decision on an objection. */
  | { type: 'confirmed'; actionId: string; by: Decider; isFinal: boolean }
  | { type: 'overturned'; actionId: string; by: Decider; department: string }
  /** The citizen heard that a promised date has passed. */
  | { type: 'latenessTold'; promised: number }
  | { type: 'reopened'; count: number }
  | { type: 'closed'; reason: CloseReason }
  | { type: 'reminded' | 'breached' | 'escalated'; clock: Clock; level: number; to: Role; lateMs: number }
  | { type: 'notDelivered'; undelivered: number; recipient: 'citizen' | Role }
  | { type: 'arrivedLate'; undelivered: number }
  | { type: 'photoLost'; messageId: string }
);
