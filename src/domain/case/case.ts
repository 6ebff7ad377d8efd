import type { Named } from '../named';
import type { Clock, Decider, Pause, Plan, Priority, SlaState, Step, WaitingLetter } from '../sla/sla';
import { DAY_MS } from '../durations';
import type { CallStep } from './citizen-call';
import type { HandOffNews } from './hand-off';

/**
 * The stages of a case, in their usual order. `received`: not yet at a desk. The service clock is paused in
 * the waiting stages and for a `duplicate`, which follows another case. `planned`: inactive until the
 * promised date of its work. `resolved`: waits for the citizen's feedback. `objected`: waits for a superior's
 * decision on its outcome. The remaining stages are final.
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

/** The stages in which the service clock is paused. */
export type HoldStage = Extract<Stage, 'waitingCitizen' | 'waitingInstitution' | 'duplicate'>;

export type Outcome =
  'resolved' | 'partlyResolved' | 'planned' | 'rejected' | 'handedOff' | 'withdrawn' | 'duplicate';
export type CaseKind = 'problem' | 'request' | 'suggestion' | 'thanks' | 'information';
export type FeedbackAnswer = 'solved' | 'partly' | 'unsolved';

/** The facts with which a case opens: ids, enums, configured names and epoch ms. */
export interface NewCase {
  caseNumber: string;
  citizenId: string;
  kind: CaseKind;
  category: Named;
  priority: Priority;
  /** Whether it is a danger that is answered at any hour. Absent in cases of earlier versions. */
  hazard?: boolean;
  neighbourhood: Named | null;
  /** The responsible institution, if the municipality is not responsible. */
  institution: Named | null;
  receivedAt: number;
  /** The citizen's messages for this case, in order of arrival. */
  messageIds: string[];
  /** The messages with a file: a photo, voice note, video or document. */
  fileMessageIds: string[];
  plan: Plan;
  /** How long a resolved case waits for feedback, in ms. */
  closeAfterMs: number;
  /** Absent in cases opened before these rules were stored with the case. */
  terms?: Terms;
  /** The existing case of the same problem. The new case follows it from the start. */
  leader?: string;
  /** The declared incident that the report belongs to. */
  incident?: OpeningIncident;
}

/** A declared incident, as a case opens with it. */
export interface OpeningIncident {
  id: string;
  /** Its announced end, epoch ms UTC. */
  until: number;
  /** The case with the task of the incident at the same desk; null for that case, and if an institution acts. */
  leader: string | null;
}

/** The policies of a case, fixed when it opens. Durations are in ms. */
export interface Terms {
  /** How often negative feedback reopens the case. After that, a manager decides. */
  reopenLimit: number;
  /** When the survey is repeated once, counted from the outcome; null for never. */
  surveyReminderAfterMs: number | null;
  /** How long after its end a case can be taken back. */
  takeBackWithinMs: number;
  /** The longest wait for the citizen's answer. */
  citizenWaitMs: number;
  /** The longest wait for an institution. */
  institutionWaitMs: number;
  /** After this many reroutes, the case goes to the given triage desk and to the chief. */
  pingPong?: { reroutes: number; desk: string };
  /** The number of reports of the same problem, including this one, that raises the priority by one step. */
  reportsToRaise?: number;
  /** Whether the department's answer ends the case without a survey. */
  answerEnds?: boolean;
  /** Who decides on objections, and how long they are accepted. */
  objections?: ObjectionTerms;
  /** Whether the citizen was told to call 112. The outcome of such a case cannot be disputed. */
  emergency?: boolean;
  /** The latest promised date, counted from now. */
  longestPlanMs?: number;
  /** Whether the citizen is notified when a promised date has passed. */
  tellsLateness?: boolean;
  /**
   * How a hazard alarms those on duty: the interval, the letters before it is the next one's turn, and the longer
   * interval after so many turns. Cases of earlier versions have no `slow`.
   */
  alarm?: { everyMs: number; letters: number; slow?: { afterTurns: number; everyMs: number } };
}

/** The alarm of a hazard that nobody has accepted yet. */
interface Alarm {
  /** The place in the line of those on duty, from 0. */
  turn: number;
  /** The letters sent in this turn. */
  sent: number;
  /** When it is repeated, epoch ms UTC. */
  at: number;
}

export interface ObjectionTerms {
  /** How long after an outcome the citizen can object, in ms. */
  withinMs: number;
  /**
   * Who decides the first objection, the second and so on. The last one also decides all later objections.
   */
  deciders: Decider[];
}

/** The promised period of planned work: a day, a month or a season. `by` is its end in epoch ms UTC. */
export interface PlannedTime {
  by: number;
  precision: 'day' | 'month' | 'season';
}

/** An objection that waits for a decision. Times are epoch ms UTC. */
interface Objection {
  by: Decider;
  since: number;
  /** Null until planned. */
  decideBy: number | null;
  /** Stage and SLA state before the objection. */
  stageBefore: Stage;
  slaBefore: SlaState;
}

/** The citizen's survey answer, and the case before it. */
interface Answered {
  /** Epoch ms UTC. */
  at: number;
  before: Pick<
    CaseState,
    | 'outcome'
    | 'outcomeActionId'
    | 'resolvedAt'
    | 'surveyReminderAt'
    | 'institution'
    | 'slaState'
    | 'reopenCount'
    | 'objectionCount'
    | 'feedback'
    | 'pauses'
    | 'outcomeIsFinal'
  >;
}

/** The state of a case: its opening facts and everything that changed since. */
export interface CaseState extends Omit<NewCase, 'fileMessageIds' | 'leader' | 'incident'> {
  stage: Stage;
  outcome: Outcome | null;
  /** Number of the current task. Links of earlier tasks can no longer act. */
  task: number;
  plan: Plan;
  /** The steps ahead, ordered by time. */
  steps: Step[];
  /** Letters of past steps that wait for office hours, ordered by time. */
  waitingLetters: WaitingLetter[];
  /** The letter that a wait has ended, if it waits for the desk's hours; epoch ms UTC, null until planned. */
  waitEnded: { letterAt: number | null } | null;
  /** Set for a hazard. It rings only while nobody has accepted the task. */
  alarm: Alarm | null;
  /** The highest level that each clock of the current task has reached. */
  reached: Partial<Record<Clock, number>>;
  slaState: SlaState;
  everBreached: boolean;
  escalationLevel: number;
  reopenCount: number;
  rerouteCount: number;
  acceptedAt: number | null;
  resolvedAt: number | null;
  /** When the case was closed, rejected, handed off or withdrawn. */
  endedAt: number | null;
  closeAt: number | null;
  surveyReminderAt: number | null;
  /** The day on which the department intends to do the work. */
  plannedFor: number | null;
  /** The promised period of the work while the case is `planned`. */
  programme: PlannedTime | null;
  /** The objection that waits for a decision. */
  objection: Objection | null;
  objectionCount: number;
  /** Whether the last decider has confirmed the outcome. No further objection is possible then. */
  outcomeIsFinal: boolean;
  /** The last step of the call that replaces undelivered messages. `at` is epoch ms UTC. */
  call: { step: CallStep; at: number } | null;
  /** The last step of the hand-off to an institution, and the cases that followed this one then. */
  handOff: (Omit<HandOffNews, 'actionId'> & { members: string[] }) | null;
  /** The incident that still lasts, and when the case asks whether it has ended, epoch ms UTC. */
  incident: { id: string; until: number } | null;
  /** When to notify the citizen that the last promised date has passed. */
  lateNewsAt: number | null;
  /** Start of the current pause and its latest end. A duplicate has no latest end. */
  pausedSince: number | null;
  pauseLimitAt: number | null;
  /** The stage to return to after a pause. */
  stageBefore: Stage | null;
  /** The institution that the case waits for. */
  waitingFor: Named | null;
  /** Past pauses of the service clock since the case was opened or reopened, in order. */
  pauses: Pause[];
  /** The case that this one follows. Kept after that case has ended. */
  leader: string | null;
  /** The cases that follow this one. */
  members: string[];
  /** The act whose text told the citizen the outcome. */
  outcomeActionId: string | null;
  feedback: FeedbackAnswer | null;
  /** The last survey answer while it can be undone. */
  answered: Answered | null;
  /** The effect of the last plan request. Results of earlier requests are ignored. */
  planning: number | null;
  /** Whether a correction gave the case other targets, which are not planned yet. */
  retargets: boolean;
  /** Where a case that follows goes when it is separated, because a correction moved its leading case there. */
  movesTo?: { department: string; actionId: string } | null;
  /** Number of recorded facts; also the revision of the record. */
  revision: number;
  /** Number of issued effects. The number of each effect is its idempotency key. */
  effects: number;
  /** Ids of handled messages and actions, newest last, bounded. */
  handled: string[];
}

/** The state of a case as stored in its record. */
export type CaseProgress = Omit<CaseState, 'handled'>;

/** Whether the department may still have work to do. */
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

/** Whether the service clock is paused. */
export function isOnHold(stage: Stage): stage is HoldStage {
  return stage === 'waitingCitizen' || stage === 'waitingInstitution' || stage === 'duplicate';
}

/** Whether the case only waits for the end of an incident: nobody has a task for it. */
export function isHeldByIncident({
  incident,
  task,
  stage,
}: Pick<CaseState, 'incident' | 'task' | 'stage'>): boolean {
  return incident !== null && task === 0 && isOnHold(stage);
}

/** Whether the department's service targets apply. On hold they apply too, but their clock is paused. */
export function isOnService(stage: Stage): boolean {
  return isWithDepartment(stage) && stage !== 'planned';
}

/** Whether the case has ended. An objection or a manager can still reopen it. */
export function isEnded(stage: Stage): boolean {
  return stage === 'closed' || stage === 'rejected' || stage === 'handedOff' || stage === 'withdrawn';
}

/** The next higher priority; `p1` stays `p1`. */
export const raised: Readonly<Record<Priority, Priority>> = { p1: 'p1', p2: 'p1', p3: 'p2', p4: 'p3' };

/** The policies of cases that were opened before policies were stored with the case. */
const earlierTerms: Terms = {
  reopenLimit: Infinity,
  surveyReminderAfterMs: null,
  takeBackWithinMs: 30 * DAY_MS,
  citizenWaitMs: 7 * DAY_MS,
  institutionWaitMs: 30 * DAY_MS,
};

/** Returns the policies of a case. Durations are in ms. */
export function termsOf({ terms }: Pick<CaseState, 'terms'>): Terms {
  return terms ?? earlierTerms;
}

/** Fields that records of earlier versions lack, with the values that applied then. */
export const laterFields = {
  programme: null,
  objection: null,
  objectionCount: 0,
  outcomeIsFinal: false,
  lateNewsAt: null,
  answered: null,
  call: null,
  alarm: null,
  handOff: null,
  incident: null,
  waitEnded: null,
  retargets: false,
} satisfies Partial<CaseState>;

/** Returns the state of a case before its first event. */
export function newCaseState(input: NewCase): CaseState {
  const { fileMessageIds: _files, leader: _leader, incident: _incident, ...known } = input;
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
 * Returns the state of a case that continues in another run. Fields that an older run or record lacks get the
 * value of a new case. `handled` is not part of a record, so earlier acts are no longer recognised.
 */
export function carriedState(opening: NewCase, carried: Partial<CaseState>): CaseState {
  return { ...newCaseState(opening), ...carried };
}

/**
 * Returns the opening facts of a case, as far as its state holds them. File ids are left out: the files were
 * requested long ago.
 */
export function openingFrom(state: CaseState): NewCase {
  const { caseNumber, citizenId, kind, category, priority, hazard, neighbourhood, institution } = state;
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
    fileMessageIds: [],
    plan,
    closeAfterMs,
    ...(hazard !== undefined && { hazard }),
    ...(terms && { terms }),
  };
}
