import type { Named } from '../named';

export const priorities = ['p1', 'p2', 'p3', 'p4'] as const;
export type Priority = (typeof priorities)[number];

export const slaStates = ['onTrack', 'atRisk', 'breached', 'paused', 'met', 'missed'] as const;
export type SlaState = (typeof slaStates)[number];

/**
 * `overall` is the first resolve target; it continues when the case moves to another department. `plan` runs
 * to the promised date of planned work, `objection` to the decision on an objection.
 */
export type Clock = ServiceClock | 'legal' | 'plan' | 'objection';
export type ServiceClock = 'accept' | 'resolve' | 'overall';
export type Role = 'department' | Decider;
/** Roles that can decide on an objection. */
export type Decider = 'chief' | 'deputyMayor';

/** A service target, in minutes of the department's business time or, with `around`, of calendar time. */
export interface Target {
  minutes: number;
  around: boolean;
}

/**
 * A planned step of the ladder. Level 0 is a reminder before the target, 1 the breach, higher levels
 * escalations.
 */
export interface Step {
  clock: Clock;
  level: number;
  to: Role;
  /** Other recipients of the same letter. */
  also?: Role[];
  at: number;
  /** When its letters are sent, if later than `at`: letters at night wait for office hours. */
  letterAt?: number;
  /** Position on its service clock as a share of the target. */
  share?: number;
  /** Position on its service clock in minutes after the target. */
  delayMinutes?: number;
}

/** Absolute deadlines of a task, planned by an activity and stored as facts. All times are epoch ms UTC. */
export interface Plan {
  /** The responsible department. The triage desk is a department as well. */
  desk: Named;
  /** Whether this is the triage desk, which reroutes, answers or rejects but does no field work. */
  triage: boolean;
  acceptBy: number;
  resolveBy: number;
  legalBy: number;
  /** The first resolve target, set after the case has moved to another department. */
  overall?: Overall;
  /** Ordered by time. */
  steps: Step[];
  /** When to notify the citizen that the resolve target has passed, in office hours. */
  lateNewsAt?: number;
  /** The next moment in the desk's hours after planning. Absent in plans of a new task. */
  opensAt?: number;
  /** The town's UTC offset in minutes when planned, for local times shown to managers. */
  utcOffsetMinutes: number;
  calendarVersion: string;
  /** Inputs of the plan. Absent in plans from before the service clock could be paused. */
  basis?: PlanBasis;
}

export interface Overall {
  by: number;
  from: number;
  target: Target;
  /** The department whose business time the target uses. */
  department: string;
}

export interface PlanBasis {
  policyVersion: string;
  priority: Priority;
  /** Start of the task's clocks. */
  from: number;
  accept: Target;
  resolve: Target;
}

/** A pause of the service clock. */
export interface Pause {
  from: number;
  to: number;
}

/** A letter of the ladder that waits for office hours. */
export interface WaitingLetter {
  at: number;
  step: Step;
}

/** Why the current task was re-planned. */
export type ReplanReason = 'resume' | 'priority' | 'extend' | 'calendar' | 'correct';

/** The starting point of a re-plan: the current plan, the steps ahead, and the open clocks. */
export interface PlanLeft {
  plan: Plan;
  steps: Step[];
  pauses: Pause[];
  open: ServiceClock[];
  /** The resolve target set by a manager. */
  until?: number;
  /** Whether a correction gave the case other targets. */
  retargets?: true;
}

/** A step of the ladder, as a share of a target or in minutes after it. */
export interface Rung {
  readonly share?: number | undefined;
  readonly delayMinutes?: number | undefined;
  readonly level: number;
  readonly to: readonly Role[];
  /** Repetitions of the same letter. */
  readonly repeat?: { readonly everyMinutes: number; readonly times: number } | undefined;
}

/** The legal deadline, in calendar days or in working days. */
export interface LegalPolicy {
  readonly workingDays: boolean;
  readonly days: number;
  readonly steps: readonly { readonly day: number; readonly level: number; readonly to: readonly Role[] }[];
}

/** The targets and the ladder of a case, from the configuration. */
export interface SlaPolicy {
  readonly version: string;
  readonly accept: Target;
  readonly resolve: Target;
  /** Steps as shares of a target: level 0 is a reminder, 1 the breach. Levels rise. */
  readonly ladder: readonly Rung[];
  readonly legal: LegalPolicy;
}
