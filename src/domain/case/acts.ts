import { DAY_MS } from '../durations';
import type { Named } from '../named';
import type { Priority, Role } from '../sla/sla';
import {
  type CaseState,
  isHeldByIncident,
  type ObjectionTerms,
  type PlannedTime,
  type Stage,
  termsOf,
} from './case';
import { isMissed } from './case-clocks';

/** Acts available to the holder of a task link: a department or one of its superiors. */
export const taskActions = [
  'accept',
  'schedule',
  'start',
  'askCitizen',
  'waitInstitution',
  'resume',
  'reroute',
  'handOff',
  'resolve',
  'reject',
  'inform',
  'planAhead',
  'note',
  'handOver',
  'join',
  'separate',
  'correct',
  'reopen',
  'confirm',
] as const;
export type TaskAction = (typeof taskActions)[number];

/** Acts available to a manager on any case. */
export const managerActions = [
  'extend',
  'reassign',
  'setPriority',
  'correct',
  'escalate',
  'reopen',
  'decide',
  'note',
  'instruct',
  'release',
  'confirm',
] as const;
export type ManagerAction = (typeof managerActions)[number];

/** Outcomes with which a department can close its work. */
export type Resolution = 'resolved' | 'partlyResolved' | 'planned';

/** Decisions on an objection: reopen the case, or confirm the outcome. */
export const verdicts = ['reopen', 'confirm'] as const;
export type Verdict = (typeof verdicts)[number];

/**
 * What `correct` changes, and what follows from it by the configuration. Pin and street are personal: they are stored
 * under the action id.
 */
export interface Correction {
  subject?: Named;
  priority?: Priority;
  /** The neighbourhood of the corrected place; null if unknown. */
  place?: { neighbourhood: Named | null };
  /** Whether the case is a hazard afterwards. */
  hazard: boolean;
  /** Whether other targets or another calendar apply afterwards. */
  retargets: boolean;
  /** The responsible department or institution, if it changes. */
  owner?: { department: string } | { institution: Named };
}

/** Details of an act besides its kind. Times are epoch ms UTC. */
interface ActDetails {
  /**
   * The receiving department. Required with `reroute` and `reassign`, optional with `reopen` and `decide`.
   */
  department?: string;
  /** The institution that the case waits for (`waitInstitution`) or that takes it over (`handOff`). */
  institution?: Named;
  /**
   * The day of the work, with `schedule` and optionally with `accept`. With `planAhead`, the last moment of
   * the promised period.
   */
  plannedFor?: number;
  /** Precision of `plannedFor`. Defaults to a day. */
  precision?: PlannedTime['precision'];
  /** The new resolve target with `extend`; the optional end of the wait with `waitInstitution`. */
  until?: number;
  /** The outcome, with `resolve`. Defaults to resolved. */
  outcome?: Resolution;
  /** The number of the leading case, with `join`. */
  leader?: string;
  /** The new priority, with `setPriority`. */
  priority?: Priority;
  /** The decision on an objection, with `decide`. */
  verdict?: Verdict;
  /** The changes, with `correct`. */
  correction?: Correction;
}

/**
 * A department's act as sent to the workflow: ids, enums and times only. Its text is stored under the action
 * id.
 */
export interface TaskAct extends ActDetails {
  actionId: string;
  by?: 'department';
  action: TaskAction;
  /** The task number that the link was issued for. */
  task: number;
  /** The role that the link was issued for. Defaults to the department. */
  role?: Role;
}

/** A manager's act. Its reason and actor are stored under the action id. */
export interface ManagerAct extends ActDetails {
  actionId: string;
  by: 'manager';
  action: ManagerAction;
  /** The revision of the case that the manager has seen. The act is refused if the case has moved since. */
  seen?: number;
}

export type Act = TaskAct | ManagerAct;

const atDesk = ['triage', 'assigned', 'accepted', 'inProgress', 'scheduled'] as const;
const waiting = ['waitingCitizen', 'waitingInstitution'] as const;
const atWork = ['accepted', 'inProgress', 'scheduled'] as const;

/** Superiors receive task links of their own and have the department's rights. */
const anyHolder: readonly Role[] = ['department', 'chief', 'deputyMayor'];
const superiors: readonly Role[] = ['chief', 'deputyMayor'];

/** Stages and roles for which each act is legal. All other combinations are refused. */
const actTable: Readonly<
  Record<TaskAction, { readonly stages: readonly Stage[]; readonly by: readonly Role[] }>
> = {
  accept: { stages: ['assigned'], by: anyHolder },
  schedule: { stages: atWork, by: anyHolder },
  start: { stages: ['accepted', 'scheduled'], by: anyHolder },
  askCitizen: { stages: atDesk, by: anyHolder },
  waitInstitution: { stages: atWork, by: anyHolder },
  resume: { stages: waiting, by: anyHolder },
  reroute: { stages: [...atDesk, ...waiting], by: anyHolder },
  handOff: { stages: [...atDesk, ...waiting, 'planned'], by: anyHolder },
  resolve: { stages: [...atDesk, ...waiting, 'planned'], by: anyHolder },
  reject: { stages: [...atDesk, ...waiting, 'planned'], by: anyHolder },
  inform: { stages: [...atDesk, ...waiting, 'planned'], by: anyHolder },
  planAhead: { stages: [...atDesk, ...waiting, 'planned'], by: anyHolder },
  note: { stages: [...atDesk, ...waiting, 'planned', 'duplicate', 'resolved', 'objected'], by: anyHolder },
  handOver: { stages: [...atDesk, ...waiting, 'planned'], by: anyHolder },
  join: { stages: [...atDesk, ...waiting], by: anyHolder },
  separate: { stages: ['duplicate'], by: anyHolder },
  correct: { stages: [...atDesk, ...waiting, 'planned'], by: anyHolder },
  reopen: { stages: ['objected'], by: superiors },
  confirm: { stages: ['objected'], by: superiors },
};

/** Stages in which each manager act is legal. */
const managerTable: Readonly<Record<ManagerAction, readonly Stage[]>> = {
  extend: [...atDesk, ...waiting],
  reassign: [...atDesk, ...waiting],
  setPriority: [...atDesk, ...waiting],
  correct: [...atDesk, ...waiting, 'planned', 'resolved', 'objected'],
  escalate: atDesk,
  reopen: ['planned', 'resolved', 'closed', 'rejected', 'handedOff', 'withdrawn'],
  decide: ['objected'],
  note: [...atDesk, ...waiting, 'planned', 'duplicate', 'resolved', 'objected'],
  instruct: [...atDesk, ...waiting, 'planned'],
  release: [...atDesk, ...waiting, 'planned', 'duplicate'],
  confirm: ['resolved'],
};

/** What is possible while a case only waits for the end of an incident. */
const whileHeld: readonly (TaskAction | ManagerAction)[] = ['release', 'separate', 'note'];

export type Refusal =
  | 'taskEnded'
  | 'notInThisStage'
  | 'notTheDecider'
  | 'departmentMissing'
  | 'sameDepartment'
  | 'institutionMissing'
  | 'dateMissing'
  | 'dateNotAhead'
  | 'waitTooLong'
  | 'planTooFar'
  | 'deadlinePassed'
  | 'priorityMissing'
  | 'samePriority'
  | 'nothingToCorrect'
  | 'moved'
  | 'verdictMissing'
  | 'leaderMissing'
  | 'sameCase'
  | 'hasMembers'
  | 'noIncident'
  | 'tooLate';

/**
 * Whether a role may act in the current stage. Objections are decided by the assigned decider or a superior
 * of the decider.
 */
function mayDo({ stage, objection }: Pick<CaseState, 'stage' | 'objection'>, action: TaskAction, role: Role) {
  const { stages, by } = actTable[action];
  const isDecision = action === 'reopen' || action === 'confirm';
  const rank = anyHolder.indexOf(role);
  return (
    stages.includes(stage) &&
    by.includes(role) &&
    (!isDecision || (objection !== null && rank >= anyHolder.indexOf(objection.by)))
  );
}

/** Returns the acts that are legal for a role, in the order of `taskActions`. */
export function legalActions(state: Pick<CaseState, 'stage' | 'objection'>, role: Role): TaskAction[] {
  return taskActions.filter(action => mayDo(state, action, role));
}

/** Returns the manager acts that are legal for a case, in the order of the table. */
export function legalManagerActions(state: Pick<CaseState, 'stage' | 'incident' | 'task'>): ManagerAction[] {
  const isHeld = isHeldByIncident(state);
  return (Object.keys(managerTable) as ManagerAction[])
    .filter(action => managerTable[action].includes(state.stage))
    .filter(action =>
      action === 'release' ? state.incident !== null : !isHeld || whileHeld.includes(action),
    );
}

/**
 * Returns why an act is refused at `now` (epoch ms UTC), or null if it is legal. An act that was already
 * carried out is never refused.
 */
export function refusalOf(state: CaseState, act: Act, now: number): Refusal | null {
  if (state.handled.includes(act.actionId)) return null;
  if (isHeldByIncident(state) && !whileHeld.includes(act.action)) return 'notInThisStage';
  if (act.by === 'manager') {
    if (!managerTable[act.action].includes(state.stage)) return 'notInThisStage';
    if (act.seen !== undefined && act.seen !== state.revision) return 'moved';
  } else {
    if (act.task !== state.task) return 'taskEnded';
    if (!actTable[act.action].stages.includes(state.stage)) return 'notInThisStage';
    if (!mayDo(state, act.action, act.role ?? 'department')) return 'notTheDecider';
  }
  return detailsRefusal(state, act, now);
}

function detailsRefusal(state: CaseState, act: Act, now: number): Refusal | null {
  switch (act.action) {
    case 'reroute':
    case 'reassign':
      if (!act.department) return 'departmentMissing';
      return act.department === state.plan.desk.slug ? 'sameDepartment' : null;
    case 'handOff':
      return act.institution ? null : 'institutionMissing';
    case 'waitInstitution':
      return act.institution
        ? dateRefusal(act.until, now, now + termsOf(state).institutionWaitMs)
        : 'institutionMissing';
    case 'accept':
      return dateRefusal(act.plannedFor, now);
    case 'schedule':
      return act.plannedFor === undefined ? 'dateMissing' : dateRefusal(act.plannedFor, now);
    case 'join':
      if (!act.leader) return 'leaderMissing';
      if (act.leader === state.caseNumber) return 'sameCase';
      return state.members.length > 0 ? 'hasMembers' : null;
    case 'extend':
      if (act.until === undefined) return 'dateMissing';
      if (isMissed(state)) return 'deadlinePassed';
      return act.until > state.plan.resolveBy ? dateRefusal(act.until, now) : 'dateNotAhead';
    case 'setPriority':
      if (!act.priority) return 'priorityMissing';
      return act.priority === state.priority ? 'samePriority' : null;
    case 'correct':
      return correctionRefusal(state, act.correction);
    case 'resolve':
      // Cases opened before this rule have no `longestPlanMs` and need no date.
      return act.outcome === 'planned' && state.terms?.longestPlanMs !== undefined ? 'dateMissing' : null;
    case 'planAhead':
      if (act.plannedFor === undefined) return 'dateMissing';
      if (act.plannedFor > now + (termsOf(state).longestPlanMs ?? Infinity)) return 'planTooFar';
      return dateRefusal(act.plannedFor, now);
    case 'decide':
      return act.verdict ? null : 'verdictMissing';
    case 'release':
      return state.incident ? null : 'noIncident';
    case 'reopen':
      return state.endedAt !== null && now > state.endedAt + termsOf(state).takeBackWithinMs
        ? 'tooLate'
        : null;
    case 'start':
    case 'askCitizen':
    case 'resume':
    case 'reject':
    case 'inform':
    case 'confirm':
    case 'note':
    case 'instruct':
    case 'handOver':
    case 'separate':
    case 'escalate':
      return null;
  }
}

function correctionRefusal({ category, priority, plan }: CaseState, given?: Correction): Refusal | null {
  if (!given) return 'nothingToCorrect';
  const isSame = given.subject?.slug === category.slug || given.priority === priority;
  if (isSame || !(given.subject || given.priority || given.place)) return 'nothingToCorrect';
  const { owner } = given;
  return owner && 'department' in owner && owner.department === plan.desk.slug ? 'sameDepartment' : null;
}

/** Checks that a date, if given, lies after `now` and not after `latest`. */
function dateRefusal(at: number | undefined, now: number, latest = Infinity): Refusal | null {
  if (at === undefined) return null;
  if (!(at > now)) return 'dateNotAhead';
  return at > latest ? 'waitTooLong' : null;
}

/** Why an objection is not possible. */
export type ObjectionRefusal =
  'stillOpen' | 'followsAnother' | 'underWay' | 'withdrawn' | 'emergency' | 'final' | 'tooLate';

/** Objection rules of cases that were opened before these rules were stored with the case. */
const earlierObjections: ObjectionTerms = { withinMs: 7 * DAY_MS, deciders: ['chief', 'deputyMayor'] };

export function objectionTermsOf(state: Pick<CaseState, 'terms'>): ObjectionTerms {
  return termsOf(state).objections ?? earlierObjections;
}

type Disputed = Pick<
  CaseState,
  'stage' | 'terms' | 'outcomeIsFinal' | 'endedAt' | 'resolvedAt' | 'receivedAt'
>;

/** Returns until when the outcome can be disputed, epoch ms UTC. */
export function objectionsUntil(state: Disputed): number {
  return (state.endedAt ?? state.resolvedAt ?? state.receivedAt) + objectionTermsOf(state).withinMs;
}

/** Whether the decision on the current objection is final. */
export function isLastDecision(state: Pick<CaseState, 'terms' | 'objection'>): boolean {
  return state.objection?.by === objectionTermsOf(state).deciders.at(-1);
}

/** Returns why the citizen cannot object at `now` (epoch ms UTC), or null if it is possible. */
export function objectionRefusal(state: Disputed, now: number): ObjectionRefusal | null {
  switch (state.stage) {
    case 'received':
    case 'triage':
    case 'assigned':
    case 'accepted':
    case 'inProgress':
    case 'scheduled':
    case 'waitingCitizen':
    case 'waitingInstitution':
      return 'stillOpen';
    case 'duplicate':
      return 'followsAnother';
    case 'objected':
      return 'underWay';
    case 'withdrawn':
      return 'withdrawn';
    case 'planned':
    case 'resolved':
    case 'closed':
    case 'rejected':
    case 'handedOff':
      if (termsOf(state).emergency) return 'emergency';
      if (state.outcomeIsFinal) return 'final';
      // A resolved case needs no time limit: its survey closes it.
      return state.stage !== 'resolved' && now > objectionsUntil(state) ? 'tooLate' : null;
  }
}
