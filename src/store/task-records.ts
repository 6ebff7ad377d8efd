import { Schema, type Connection } from 'mongoose';
import type { PlannedTime } from '../domain/case/case';
import type { Role } from '../domain/sla/sla';
import type { ManagerAction, Resolution, TaskAction } from '../domain/case/acts';
import { insertOnce } from './insert-once';
import { linkCollection, type LinkRecipient } from './link-records';

/** A task link: the case, the task and the holder. `tokenHash` is the hex SHA-256 of the token. */
export interface TaskLink {
  tokenHash: string;
  caseNumber: string;
  task: number;
  department: string;
  role: Role;
  recipient: LinkRecipient;
  createdAt: Date;
  expiresAt: Date;
}

/** An act on a task, stored before it is sent to the case's workflow. */
export interface TaskActionRecord {
  actionId: string;
  caseNumber: string;
  task: number;
  action: TaskAction | ManagerAction;
  /** The text for the citizen, or of the note. */
  words: string | null;
  /** The slug of the reason of a rejection. */
  reason: string | null;
  department: string | null;
  /** The slug of the institution that is awaited or takes over. */
  institution?: string | null;
  outcome?: Resolution | null;
  /** The day of the work or the end of a pause, epoch ms UTC. */
  day?: number | null;
  /** How precisely the citizen is told the planned date. */
  precision?: PlannedTime['precision'] | null;
  /** The e-mail address of the colleague who gets the task. */
  colleague?: string | null;
  /** The number of the leading case. */
  leader?: string | null;
  /** The role of the link; managers act without a link. */
  role: Role | 'manager';
  /** Who acted: the address of the link, or the name given by the manager. */
  actor: string | null;
  at: Date;
}

const linkSchema = new Schema(
  {
    _id: { type: String, required: true },
    caseNumber: { type: String, required: true },
    task: { type: Number, required: true },
    department: { type: String, required: true },
    role: { type: String, required: true },
    recipient: { type: Schema.Types.Mixed, required: true },
    createdAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
  },
  { collection: 'tasks', versionKey: false },
).index({ caseNumber: 1 });

const actionSchema = new Schema(
  {
    _id: { type: String, required: true },
    caseNumber: { type: String, required: true },
    task: { type: Number, required: true },
    action: { type: String, required: true },
    words: String,
    reason: String,
    department: String,
    institution: String,
    outcome: String,
    day: Number,
    precision: String,
    colleague: String,
    leader: String,
    role: { type: String, required: true },
    actor: String,
    at: { type: Date, required: true },
  },
  { collection: 'task-actions', versionKey: false },
).index({ caseNumber: 1 });

export type TaskRecords = ReturnType<typeof taskRecords>;

export function taskRecords(connection: Connection) {
  const links = connection.model('Task', linkSchema);
  const actions = connection.model('TaskAction', actionSchema);
  const kept = linkCollection<TaskLink>(links);
  return {
    links,
    actions,
    addLink: kept.add,
    link: kept.get,

    /** Stores an action. Returns false if the same form was sent before. */
    addAction: ({ actionId, ...rest }: TaskActionRecord): Promise<boolean> =>
      insertOnce(() => actions.collection.insertOne({ _id: actionId as never, ...rest })),

    async action(actionId: string): Promise<TaskActionRecord | null> {
      const found = await actions
        .findById(actionId)
        .lean<{ _id: string } & Omit<TaskActionRecord, 'actionId'>>();
      if (!found) return null;
      const { _id, ...rest } = found;
      return { actionId: _id, ...rest };
    },

    /** Returns the actions on a case, oldest first. */
    async actionsOf(caseNumber: string): Promise<TaskActionRecord[]> {
      const found = await actions
        .find({ caseNumber })
        .sort({ at: 1 })
        .lean<({ _id: string } & Omit<TaskActionRecord, 'actionId'>)[]>();
      return found.map(({ _id, ...rest }) => ({ actionId: _id, ...rest }));
    },
  };
}
