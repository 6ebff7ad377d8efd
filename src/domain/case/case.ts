import { DAY_MS } from '../durations';

/**
 * The stages of a case, in the order in which a case usually meets them. `received` means on its way to a desk. In
 * the waiting stages and as a `duplicate`, which follows another case, the service clock stands. `resolved` still
 * waits for the citizen's word; what comes after it has ended.
 */
export const stages = [
  'received',
  'triage',
  'assigned',
  'accepted',
  'inProgress',
  'scheduled',
  'waitingCitizen',
  'waitingInstitution',
  'duplicate',
  'resolved',
  'closed',
  'rejected',
  'handedOff',
  'withdrawn',
] as const;
export type Stage = (typeof stages)[number];

/** The stages in which the service clock stands. */
export type HoldStage = Extract<Stage, 'waitingCitizen' | 'waitingInstitution' | 'duplicate'>;

export type Outcome =
  'resolved' | 'partlyResolved' | 'planned' | 'rejected' | 'handedOff' | 'withdrawn' | 'duplicate';
export type CaseKind = 'problem' | 'request' | 'suggestion' | 'thanks' | 'information';
export type Priority = 'p1' | 'p2' | 'p3' | 'p4';
export type FeedbackAnswer = 'solved' | 'partly' | 'unsolved';

export const slaStates = ['onTrack', 'atRisk', 'breached', 'paused', 'met', 'missed'] as const;
export type SlaState = (typeof slaStates)[number];

/** Something of the configuration with the Turkish name that people read: a department, subject, neighbourhood. */
export interface Named {
  slug: string;
  name: string;
}

/** Everything that is decided when a report becomes a case; ids, enums, names from the configuration, epoch ms. */
export interface NewCase {
  caseNumber: string;
  citizenId: string;
  kind: CaseKind;
  category: Named;
  priority: Priority;
  neighbourhood: Named | null;
  /** Set when the matter belongs to an institution outside the municipality. */
  institution: Named | null;
  receivedAt: number;
  /** All that the citizen sent for this case, in the order of arrival. */
  messageIds: string[];
  /** The messages that brought a photo or another file. */
  photoMessageIds: string[];
  plan: Plan;
  /** How long a resolved case waits for the citizen's word, in ms. */
  closeAfterMs: number;
  /** Absent in cases opened before these rules were kept with the case. */
  terms?: Terms;
  /** The case whose problem this one reports again; it then follows that case from the start. */
  leader?: string;
}

/** The rules of a case's waits, as they were when it was opened; all in ms. */
export interface Terms {
  /** How often an unhappy citizen reopens the case; after that a manager decides. */
  reopenLimit: number;
  /** When the survey is repeated once, counted from the result; null when it is not. */
  surveyReminderAfterMs: number | null;
  /** How long after its end a case can still be taken back. */
  takeBackWithinMs: number;
  /** The longest wait for the citizen's answer … */
  citizenWaitMs: number;
  /** … and for an institution. */
  institutionWaitMs: number;
  /** Sent on so often between desks, a case goes to the desk that sorts and to its chief. */
  pingPong?: { reroutes: number; desk: string };
  /** With so many reports of the same problem, its own included, the priority of a case rises a step. */
  reportsToRaise?: number;
  /** The department's answer ends the case: nobody is asked whether it was solved. */
  answerEnds?: boolean;
}

/** `overall` is the first resolve target, which goes on when the case moves to another department. */
export type Clock = 'accept' | 'resolve' | 'overall' | 'legal';
export type ServiceClock = Exclude<Clock, 'legal'>;
export type Role = 'department' | 'chief' | 'deputyMayor';

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

/** The case as it stands: what it was opened with, and all that has happened since. */
export interface CaseState extends Omit<NewCase, 'photoMessageIds' | 'leader'> {
  stage: Stage;
  outcome: Outcome | null;
  /** Number of the department's current turn; a link of an earlier turn can no longer act. */
  task: number;
  plan: Plan;
  /** The steps still ahead, ordered by time. */
  steps: Step[];
  /** Letters of steps already taken, ordered by time. */
  waitingLetters: WaitingLetter[];
  /** The highest level that each clock of the current turn has reached. */
  reached: Partial<Record<Clock, number>>;
  slaState: SlaState;
  everBreached: boolean;
  escalationLevel: number;
  reopenCount: number;
  rerouteCount: number;
  acceptedAt: number | null;
  resolvedAt: number | null;
  /** When it was closed, rejected, handed off or withdrawn. */
  endedAt: number | null;
  closeAt: number | null;
  surveyReminderAt: number | null;
  /** The day on which the department wants to do the work. */
  plannedFor: number | null;
  /** Since when the service clock stands, and until when at most; the limit is null for a duplicate. */
  pausedSince: number | null;
  pauseLimitAt: number | null;
  /** The stage to go back to after a pause. */
  stageBefore: Stage | null;
  /** The institution that is waited for. */
  waitingFor: Named | null;
  /** When the service clock stood since the case was opened, or reopened; in order. */
  pauses: Pause[];
  /** The case that this one follows; it stays named when that one has ended. */
  leader: string | null;
  /** The cases that follow this one. */
  members: string[];
  /** The act whose words told the citizen how the case ended. */
  outcomeActionId: string | null;
  feedback: FeedbackAnswer | null;
  /** The effect whose plan is awaited; what an older request brings is void. */
  planning: number | null;
  /** Facts recorded so far; also the revision of the record. */
  revision: number;
  /** Effects issued so far; each one's number is its idempotency key. */
  effects: number;
  /** Ids of messages and actions already dealt with, newest last, bounded. */
  handled: string[];
}

/** Whether the department may still have to do something. */
export function isWithDepartment(stage: Stage): boolean {
  switch (stage) {
    case 'triage':
    case 'assigned':
    case 'accepted':
    case 'inProgress':
    case 'scheduled':
    case 'waitingCitizen':
    case 'waitingInstitution':
    case 'duplicate':
      return true;
    case 'received':
    case 'resolved':
    case 'closed':
    case 'rejected':
    case 'handedOff':
    case 'withdrawn':
      return false;
  }
}

/** Whether the service clock stands. */
export function isOnHold(stage: Stage): stage is HoldStage {
  return stage === 'waitingCitizen' || stage === 'waitingInstitution' || stage === 'duplicate';
}

/** Whether nothing more happens to the case by itself; only a manager can take it back. */
export function isEnded(stage: Stage): boolean {
  return stage === 'closed' || stage === 'rejected' || stage === 'handedOff' || stage === 'withdrawn';
}

/** The next higher priority; the highest stays. */
export const raised: Readonly<Record<Priority, Priority>> = { p1: 'p1', p2: 'p1', p3: 'p2', p4: 'p3' };

/** What binds cases that were opened before the rules of waiting were kept with each case. */
const earlierTerms: Terms = {
  reopenLimit: Infinity,
  surveyReminderAfterMs: null,
  takeBackWithinMs: 30 * DAY_MS,
  citizenWaitMs: 7 * DAY_MS,
  institutionWaitMs: 30 * DAY_MS,
};

/** The rules of a case's waits, all in ms. */
export function termsOf({ terms }: Pick<CaseState, 'terms'>): Terms {
  return terms ?? earlierTerms;
}

/** The case as it is before its first turn. */
export function newCaseState(input: NewCase): CaseState {
  const { photoMessageIds: _photos, leader: _leader, ...known } = input;
  return {
    ...known,
    stage: 'received',
    outcome: null,
    task: 0,
    plan: input.plan,
    steps: [],
    waitingLetters: [],
    reached: {},
    slaState: 'onTrack',
    everBreached: false,
    escalationLevel: 0,
    reopenCount: 0,
    rerouteCount: 0,
    acceptedAt: null,
    resolvedAt: null,
    endedAt: null,
    closeAt: null,
    surveyReminderAt: null,
    plannedFor: null,
    pausedSince: null,
    pauseLimitAt: null,
    stageBefore: null,
    waitingFor: null,
    pauses: [],
    leader: null,
    members: [],
    outcomeActionId: null,
    feedback: null,
    planning: null,
    revision: 0,
    effects: 0,
    handled: [...input.messageIds],
  };
}

/**
 * The state of a case that goes on in another run. What an older run or record did not know yet has the value of a
 * new case; `handled` is not part of a record, and acts of before can then no longer be recognised.
 */
export function carriedState(opening: NewCase, carried: Partial<CaseState>): CaseState {
  return { ...newCaseState(opening), ...carried };
}

/** What a case was opened with, as far as its state still tells; its photos have been asked for long ago. */
export function openingFrom(state: CaseState): NewCase {
  const { caseNumber, citizenId, kind, category, priority, neighbourhood, institution } = state;
  const { receivedAt, messageIds, plan, closeAfterMs, terms } = state;
  return {
    caseNumber,
    citizenId,
    kind,
    category,
    priority,
    neighbourhood,
    institution,
    receivedAt,
    messageIds,
    photoMessageIds: [],
    plan,
    closeAfterMs,
    ...(terms && { terms }),
  };
}
