import type { Named } from '../named';

export type Priority = 'p1' | 'p2' | 'p3' | 'p4';

export const slaStates = ['onTrack', 'atRisk', 'breached', 'paused', 'met', 'missed'] as const;
export type SlaState = (typeof slaStates)[number];

/**
 * `overall` is the first resolve target, which goes on when the case moves to another department. `plan` runs to the
 * time of work on the programme, `objection` to the decision on an objection.
 */
export type Clock = ServiceClock | 'legal' | 'plan' | 'objection';
export type ServiceClock = 'accept' | 'resolve' | 'overall';
export type Role = 'department' | Decider;
/** Who can decide on an objection. */
export type Decider = 'chief' | 'deputyMayor';

/** A service target: minutes of the department's business time, or of all time when it counts calendar days. */
export interface Target {
  minutes: number;
  around: boolean;
}

/** One planned rung of the ladder. Level 0 is a reminder before the target, 1 the breach, more an escalation. */
export interface Step {
  clock: Clock;
  level: number;
  to: Role;
  /** Others who get the same letter. */
  also?: Role[];
  at: number;
  /** When its letters go out, if that is later: at night they wait for the office. */
  letterAt?: number;
  /** Where it stands on its service clock: a share of the target … */
  share?: number;
  /** … or minutes of the clock after it. */
  delayMinutes?: number;
}

/** Absolute deadlines of one task, planned by an activity and kept as facts; all times epoch ms UTC. */
export interface Plan {
  /** The department that must act; the triage desk is one like the others. */
  desk: Named;
  /** Whether the desk only sorts: it sends on, answers or rejects, but does no work on the street. */
  triage: boolean;
  acceptBy: number;
  resolveBy: number;
  legalBy: number;
  /** Set once the case has moved to another department: the first resolve target. */
  overall?: Overall;
  /** Ordered by time. */
  steps: Step[];
  /** When the citizen is told that the resolve target has passed, in office hours. */
  lateNewsAt?: number;
  /** Minutes east of UTC on the town's clock when planned, for the words shown to managers. */
  utcOffsetMinutes: number;
  calendarVersion: string;
  /** What the times were made from; absent in plans of before the service clock could be paused. */
  basis?: PlanBasis;
}

export interface Overall {
  by: number;
  from: number;
  target: Target;
  /** The department whose business time it counts. */
  department: string;
}

export interface PlanBasis {
  policyVersion: string;
  priority: Priority;
  /** When the clocks of the task began. */
  from: number;
  accept: Target;
  resolve: Target;
}

/** A time in which the service clock stood. */
export interface Pause {
  from: number;
  to: number;
}

/** A letter of the ladder whose time has come while the offices are closed. */
export interface WaitingLetter {
  at: number;
  step: Step;
}

/** Why the times of a task were planned anew while it stayed where it was. */
export type ReplanReason = 'resume' | 'priority' | 'extend' | 'calendar';

/** What a re-plan starts from: the plan in force, the steps still ahead, and the clocks that are still undecided. */
export interface PlanLeft {
  plan: Plan;
  steps: Step[];
  pauses: Pause[];
  open: ServiceClock[];
  /** The resolve target that a manager has set. */
  until?: number;
}

/** A rung of the ladder, as a share of a target or in minutes of its clock after it. */
export interface Rung {
  readonly share?: number | undefined;
  readonly delayMinutes?: number | undefined;
  readonly level: number;
  readonly to: readonly Role[];
  /** The same letter again, so many times. */
  readonly repeat?: { readonly everyMinutes: number; readonly times: number } | undefined;
}

/** When the law wants an answer: in calendar days, or in working days of the offices. */
export interface LegalPolicy {
  readonly workingDays: boolean;
  readonly days: number;
  readonly steps: readonly { readonly day: number; readonly level: number; readonly to: readonly Role[] }[];
}

/** The targets and the ladder that bind one case, from the configuration. */
export interface SlaPolicy {
  readonly version: string;
  readonly accept: Target;
  readonly resolve: Target;
  /** Shares of a target at which somebody is told: level 0 is a reminder, 1 the breach. Levels rise. */
  readonly ladder: readonly Rung[];
  readonly legal: LegalPolicy;
}
