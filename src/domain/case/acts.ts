import { isMissed } from './case-clocks';
import { type CaseState, type Stage, termsOf } from './case';
import type { Named } from '../named';
import type { Priority } from '../sla/sla';

/** What a department can do with its task. */
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
  'note',
  'handOver',
  'join',
  'separate',
] as const;
export type TaskAction = (typeof taskActions)[number];

/** What a manager can do with any case. */
export const managerActions = ['extend', 'reassign', 'setPriority', 'escalate', 'reopen', 'note'] as const;
export type ManagerAction = (typeof managerActions)[number];

/** How a department's work can end. */
export const resolutions = ['resolved', 'partlyResolved', 'planned'] as const;
export type Resolution = (typeof resolutions)[number];

/** What an act needs to say besides its kind; times epoch ms UTC. */
interface ActDetails {
  /** The department to send on to; with `reroute` and `reassign`. */
  department?: string;
  /** Who is waited for or takes the matter over; with `waitInstitution` and `handOff`. */
  institution?: Named;
  /** The day of the work; with `schedule`, and optional with `accept`. */
  plannedFor?: number;
  /** The new resolve target with `extend`; the end of the wait with `waitInstitution`, where it is optional. */
  until?: number;
  /** How it ended, with `resolve`; resolved when left out. */
  outcome?: Resolution;
  /** The number of the case to follow, with `join`. */
  leader?: string;
  /** With `setPriority`. */
  priority?: Priority;
}

/** A department's act as it travels: ids, choices and times; the words are stored under the action id. */
export interface TaskAct extends ActDetails {
  actionId: string;
  by?: 'department';
  action: TaskAction;
  /** The turn the link was made for. */
  task: number;
}

/** A manager's act; reason and actor are stored under the action id. */
export interface ManagerAct extends ActDetails {
  actionId: string;
  by: 'manager';
  action: ManagerAction;
}

export type Act = TaskAct | ManagerAct;

const atDesk = ['triage', 'assigned', 'accepted', 'inProgress', 'scheduled'] as const;
const waiting = ['waitingCitizen', 'waitingInstitution'] as const;
const atWork = ['accepted', 'inProgress', 'scheduled'] as const;

/** In which stages a department may do what; everything that is not listed is refused. */
const stageTable: Readonly<Record<TaskAction, readonly Stage[]>> = {
  accept: ['assigned'],
  schedule: atWork,
  start: ['accepted', 'scheduled'],
  askCitizen: atDesk,
  waitInstitution: atWork,
  resume: waiting,
  reroute: [...atDesk, ...waiting],
  handOff: [...atDesk, ...waiting],
  resolve: [...atDesk, ...waiting],
  reject: [...atDesk, ...waiting],
  note: [...atDesk, ...waiting, 'duplicate', 'resolved'],
  handOver: [...atDesk, ...waiting],
  join: [...atDesk, ...waiting],
  separate: ['duplicate'],
};

/** In which stages a manager may do what. */
const managerTable: Readonly<Record<ManagerAction, readonly Stage[]>> = {
  extend: [...atDesk, ...waiting],
  reassign: [...atDesk, ...waiting],
  setPriority: [...atDesk, ...waiting],
  escalate: atDesk,
  reopen: ['resolved', 'closed', 'rejected', 'handedOff', 'withdrawn'],
  note: [...atDesk, ...waiting, 'duplicate', 'resolved'],
};

export type Refusal =
  | 'taskEnded'
  | 'notInThisStage'
  | 'departmentMissing'
  | 'sameDepartment'
  | 'institutionMissing'
  | 'dateMissing'
  | 'dateNotAhead'
  | 'waitTooLong'
  | 'deadlinePassed'
  | 'priorityMissing'
  | 'samePriority'
  | 'leaderMissing'
  | 'sameCase'
  | 'hasMembers'
  | 'tooLate';

/** What a department may do in a stage, in the order of the table. */
export function legalActions(stage: Stage): TaskAction[] {
  return (Object.keys(stageTable) as TaskAction[]).filter(action => stageTable[action].includes(stage));
}

/** What a manager may do in a stage, in the order of the table. */
export function legalManagerActions(stage: Stage): ManagerAction[] {
  return (Object.keys(managerTable) as ManagerAction[]).filter(action =>
    managerTable[action].includes(stage),
  );
}

/**
 * Why an act is not possible now (epoch ms UTC), or null when it is. An act already carried out is never refused.
 */
export function refusalOf(state: CaseState, act: Act, now: number): Refusal | null {
  if (state.handled.includes(act.actionId)) return null;
  if (act.by === 'manager') {
    if (!managerTable[act.action].includes(state.stage)) return 'notInThisStage';
  } else {
    if (act.task !== state.task) return 'taskEnded';
    if (!stageTable[act.action].includes(state.stage)) return 'notInThisStage';
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
    case 'reopen':
      return state.endedAt !== null && now > state.endedAt + termsOf(state).takeBackWithinMs
        ? 'tooLate'
        : null;
    case 'start':
    case 'askCitizen':
    case 'resume':
    case 'resolve':
    case 'reject':
    case 'note':
    case 'handOver':
    case 'separate':
    case 'escalate':
      return null;
  }
}

/** A day that was given must lie ahead, and not after `latest`. */
function dateRefusal(at: number | undefined, now: number, latest = Infinity): Refusal | null {
  if (at === undefined) return null;
  if (!(at > now)) return 'dateNotAhead';
  return at > latest ? 'waitTooLong' : null;
}
