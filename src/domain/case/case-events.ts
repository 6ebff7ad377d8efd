import type { Act } from './acts';
import type {
  Clock,
  FeedbackAnswer,
  Outcome,
  Pause,
  Plan,
  Priority,
  Role,
  ServiceClock,
  Step,
  Overall,
} from './case';
import type { ReplanReason } from './case-facts';

/** Why a task was planned from the start. */
export type StartReason = 'reroute' | 'reassign' | 'reopen' | 'takeBack';
export type PlanReason = StartReason | ReplanReason;

export type CaseEvent =
  | { type: 'opened'; photoMessageIds: string[]; leader?: string }
  | { type: 'acted'; act: Act }
  | { type: 'planned'; plan: Plan; after: PlanReason; effect?: number }
  | { type: 'citizenAdded'; messageIds: string[]; photoMessageIds: string[] }
  | { type: 'feedback'; messageId: string; answer: FeedbackAnswer }
  | { type: 'withdrawn'; messageId: string }
  | { type: 'calendarChanged' }
  | { type: 'memberJoined' | 'memberLeft'; member: string }
  /** The case that this one follows has ended so, or is not there (null). */
  | { type: 'leaderEnded'; outcome: Outcome | null; actionId: string | null }
  | { type: 'notDelivered'; undelivered: number; recipient: 'citizen' | Role }
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
  | 'answered'
  | 'surveyReminder'
  | 'rejected'
  | 'reopened'
  | 'managerDecides'
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
} & (
  | { after: StartReason; pauses?: Pause[]; overall?: Omit<Overall, 'by'> }
  | { after: ReplanReason; left: PlanLeft }
);

/** What a re-plan starts from: the plan in force, the steps still ahead, and the clocks that are still undecided. */
export interface PlanLeft {
  plan: Plan;
  steps: Step[];
  pauses: Pause[];
  open: ServiceClock[];
  /** The resolve target that a manager has set. */
  until?: number;
}

/** What another case is told. */
export type CaseNews =
  | { type: 'memberJoined' | 'memberLeft' }
  | { type: 'leaderEnded'; outcome: Outcome; actionId: string | null };

/** What the workflow must get done; `effect` numbers them for ever and is part of each idempotency key. */
export type CaseEffect = { effect: number } & (
  | ({ type: 'plan' } & PlanAsked)
  | { type: 'tellCitizen'; news: CitizenNews; actionId?: string }
  | ({ type: 'mail' } & LetterOrder)
  | { type: 'tellCase'; caseNumber: string; news: CaseNews }
  | { type: 'keepPhoto'; messageId: string }
);
