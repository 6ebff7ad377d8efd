import type { Named } from '../named';
import type { Clock, Decider, Pause, Plan, Priority, SlaState, Step, WaitingLetter } from '../sla/sla';
import { DAY_MS } from '../durations';

/**
 * The stages of a case, in the order in which a case usually meets them. `received` means on its way to a desk. In
 * the waiting stages and as a `duplicate`, which follows another case, the service clock stands. A `planned` case
 * sleeps until the time for which its work is promised. `resolved` still waits for the citizen's word; an `objected`
 * case waits for a superior's decision on its outcome; the others have ended.
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
  'planned',
  'duplicate',
  'resolved',
  'objected',
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
export type FeedbackAnswer = 'solved' | 'partly' | 'unsolved';

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
  /** Who decides on objections to the outcome, and how long after it they are taken. */
  objections?: ObjectionTerms;
  /** The citizen was told to call 112; what became of it is no decision of a department. */
  emergency?: boolean;
  /** The farthest time for which work can be put on the programme. */
  longestPlanMs?: number;
  /** The citizen hears when a promised date has passed. */
  tellsLateness?: boolean;
}

export interface ObjectionTerms {
  /** How long after an outcome it can be disputed, in ms. */
  withinMs: number;
  /** Who decides the first objection, the second …; the last one also decides those after it. */
  deciders: Decider[];
}

/** The time for which work is promised: a day, or the end of a month or of a season; `by` is epoch ms UTC. */
export interface PlannedTime {
  by: number;
  precision: 'day' | 'month' | 'season';
}

/** An objection that waits for its decision; times epoch ms UTC. */
interface Objection {
  by: Decider;
  since: number;
  /** Null until it has been planned. */
  decideBy: number | null;
  /** Where the case stood before, and how it had kept its times. */
  stageBefore: Stage;
  slaBefore: SlaState;
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
  /** The time for which the work is promised while the case is `planned`. */
  programme: PlannedTime | null;
  /** The objection that waits for a decision. */
  objection: Objection | null;
  objectionCount: number;
  /** Whether the last decider has confirmed the outcome, so that it can be disputed no more. */
  outcomeIsFinal: boolean;
  /** When the citizen hears that the date last promised has passed. */
  lateNewsAt: number | null;
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

/** The case as its workflow last wrote it to its record. */
export type CaseProgress = Omit<CaseState, 'handled'>;

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
    case 'planned':
    case 'duplicate':
      return true;
    case 'received':
    case 'resolved':
    case 'objected':
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

/** Whether the targets of the department's service clock count; in a hold they only stand still. */
export function isOnService(stage: Stage): boolean {
  return isWithDepartment(stage) && stage !== 'planned';
}

/** Whether nothing more happens to the case by itself; an objection or a manager can bring it back. */
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

/** What records of earlier versions of the line do not have, as it was for them. */
export const laterFields = {
  programme: null,
  objection: null,
  objectionCount: 0,
  outcomeIsFinal: false,
  lateNewsAt: null,
} satisfies Partial<CaseState>;

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
    ...laterFields,
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
