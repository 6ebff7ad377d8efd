import type { Named, Priority } from './case';

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
