import { type Connection, Schema } from 'mongoose';
import type { ManagerAction, Resolution, TaskAction } from '../domain/case/acts';
import type { PlannedTime } from '../domain/case/case';
import type { CallResult } from '../domain/case/citizen-call';
import type { HandOffAnswer, HandOffSide } from '../domain/case/hand-off';
import type { Priority, Role } from '../domain/sla/sla';
import { insertOnce } from './insert-once';

/** The holder of a link: name and address, from the configuration or a delegation. */
export interface LinkRecipient {
  readonly name: string;
  readonly address: string;
  /** The name of the holder who is away, if the recipient stands in. `name` says so as well. */
  readonly insteadOf?: string;
}

/** The operations of a mongoose model with a string `_id` that links need. */
interface Links {
  collection: { insertOne(record: never): Promise<unknown> };
  findById(id: string): { lean(): PromiseLike<unknown> };
}

/** Inserts and finds links by the hex SHA-256 of their token. The token itself is never stored. */
function linkCollection<Link extends { tokenHash: string }>(links: Links) {
  return {
    /** Returns false if the token exists already. */
    add: ({ tokenHash, ...rest }: Link): Promise<boolean> =>
      insertOnce(() => links.collection.insertOne({ _id: tokenHash, ...rest } as never)),

    get: async (tokenHash: string): Promise<Link | null> => {
      const found = (await links.findById(tokenHash).lean()) as ({ _id: string } & object) | null;
      if (!found) return null;
      const { _id, ...rest } = found;
      return { tokenHash: _id, ...rest } as unknown as Link;
    },
  };
}

/** A read-only link to the open tasks of one department. `tokenHash` is the hex SHA-256 of the token. */
export interface ListLink {
  tokenHash: string;
  department: string;
  recipient: LinkRecipient;
  createdAt: Date;
  expiresAt: Date;
}

const listLinkSchema = new Schema(
  {
    _id: { type: String, required: true },
    department: { type: String, required: true },
    recipient: { type: Schema.Types.Mixed, required: true },
    createdAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
  },
  { collection: 'list-links', versionKey: false },
);

export type ListLinkRecords = ReturnType<typeof listLinkRecords>;

export function listLinkRecords(connection: Connection) {
  const model = connection.model('ListLink', listLinkSchema);
  return {
    model,
    ...linkCollection<ListLink>(model),

    /** Ends the links of a department now, by default of all its people. Returns how many were still valid. */
    async revoke(department: string, address: string | null, at: Date): Promise<number> {
      const valid = await model
        .find({ department, expiresAt: { $gt: at } }, { _id: 1, recipient: 1 })
        .lean<{ _id: string; recipient: LinkRecipient }[]>();
      const meant = valid.filter(({ recipient }) => address === null || recipient.address === address);
      for (const { _id } of meant) await model.updateOne({ _id }, { $set: { expiresAt: at } });
      return meant.length;
    },
  };
}

/** A link to the managers' page. `tokenHash` is the hex SHA-256 of the token. */
export interface ManagerLink {
  tokenHash: string;
  /** The person it was made for. */
  holder: string;
  createdAt: Date;
  expiresAt: Date;
}

const managerLinkSchema = new Schema(
  {
    _id: { type: String, required: true },
    holder: { type: String, required: true },
    createdAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
  },
  { collection: 'manager-links', versionKey: false },
);

export type ManagerLinkRecords = ReturnType<typeof managerLinkRecords>;

export function managerLinkRecords(connection: Connection) {
  const model = connection.model('ManagerLink', managerLinkSchema);
  return {
    model,
    ...linkCollection<ManagerLink>(model),

    /** Ends all links of a holder now. Returns how many were still valid. */
    async revoke(holder: string, at: Date): Promise<number> {
      const valid = await model.find({ holder, expiresAt: { $gt: at } }, { _id: 1 }).lean();
      for (const { _id } of valid) await model.updateOne({ _id }, { $set: { expiresAt: at } });
      return valid.length;
    },
  };
}

/** A link to a citizen's status page. `tokenHash` is the hex SHA-256 of the token. */
export interface StatusLink {
  tokenHash: string;
  caseNumber: string;
  createdAt: Date;
}

const statusLinkSchema = new Schema(
  {
    _id: { type: String, required: true },
    caseNumber: { type: String, required: true },
    createdAt: { type: Date, required: true },
  },
  { collection: 'status-links', versionKey: false },
).index({ caseNumber: 1 });

export type StatusLinkRecords = ReturnType<typeof statusLinkRecords>;

export function statusLinkRecords(connection: Connection) {
  const model = connection.model('StatusLink', statusLinkSchema);
  return {
    model,
    ...linkCollection<StatusLink>(model),
  };
}

/** A citizen who wants to speak to somebody, and the messages that say so. */
export interface CallWish {
  citizenId: string;
  messageIds: readonly string[];
}

/** A link to the page of a call. `tokenHash` is the hex SHA-256 of the token. */
export interface CallLink {
  tokenHash: string;
  /** Null if the call is a citizen's wish. */
  caseNumber: string | null;
  wish?: CallWish;
  recipient: LinkRecipient;
  createdAt: Date;
  expiresAt: Date;
}

const callLinkSchema = new Schema(
  {
    _id: { type: String, required: true },
    caseNumber: String,
    wish: Schema.Types.Mixed,
    recipient: { type: Schema.Types.Mixed, required: true },
    createdAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
  },
  { collection: 'call-links', versionKey: false },
)
  .index({ caseNumber: 1 })
  .index({ 'wish.citizenId': 1 });

export type CallLinkRecords = ReturnType<typeof callLinkRecords>;

export function callLinkRecords(connection: Connection) {
  const model = connection.model('CallLink', callLinkSchema);
  return {
    model,
    ...linkCollection<CallLink>(model),

    /** Returns the citizens who wanted to speak to somebody since a time, newest first, each once. */
    async wishes(since: Date, limit: number): Promise<(CallWish & { at: Date })[]> {
      const found = await model
        .find({ createdAt: { $gte: since } }, { wish: 1, createdAt: 1 })
        .sort({ createdAt: -1 })
        .lean<Pick<CallLink, 'wish' | 'createdAt'>[]>();
      const wishes = new Map<string, CallWish & { at: Date }>();
      for (const { wish, createdAt } of found) {
        if (wish && !wishes.has(wish.citizenId)) wishes.set(wish.citizenId, { ...wish, at: createdAt });
      }
      return [...wishes.values()].slice(0, limit);
    },
  };
}

/** A link to the page of a hand-off. `tokenHash` is the hex SHA-256 of the token. */
export interface HandOffLink {
  tokenHash: string;
  caseNumber: string;
  /** The effect of the case that started the hand-off. */
  number: number;
  side: HandOffSide;
  /** The slug of the institution. */
  institution: string;
  recipient: LinkRecipient;
  createdAt: Date;
  expiresAt: Date;
}

const handOffLinkSchema = new Schema(
  {
    _id: { type: String, required: true },
    caseNumber: { type: String, required: true },
    number: { type: Number, required: true },
    side: { type: String, required: true },
    institution: { type: String, required: true },
    recipient: { type: Schema.Types.Mixed, required: true },
    createdAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
  },
  { collection: 'hand-off-links', versionKey: false },
).index({ caseNumber: 1 });

export type HandOffLinkRecords = ReturnType<typeof handOffLinkRecords>;

export function handOffLinkRecords(connection: Connection) {
  const model = connection.model('HandOffLink', handOffLinkSchema);
  return {
    model,
    ...linkCollection<HandOffLink>(model),
  };
}

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
  action: TaskAction | ManagerAction | CallResult | HandOffAnswer | 'resend' | 'newLink';
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
  /** What a correction gives: slugs, coordinates as text, and the street in words. */
  subject?: string | null;
  priority?: Priority | null;
  pin?: string | null;
  neighbourhood?: string | null;
  street?: string | null;
  /** The role of the link; managers and citizens act without a link. */
  role: Role | 'manager' | 'institution' | 'citizen';
  /** Who acted: the address of the link, or the name given by the manager. */
  actor: string | null;
  /** The name of the holder for whom the actor stood in. */
  insteadOf?: string | null;
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
    subject: String,
    priority: String,
    pin: String,
    neighbourhood: String,
    street: String,
    role: { type: String, required: true },
    actor: String,
    insteadOf: String,
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

    /** Returns who accepted tasks of these cases or got them from a colleague, oldest first. */
    takersOf: (
      caseNumbers: readonly string[],
    ): Promise<Pick<TaskActionRecord, 'caseNumber' | 'task' | 'action' | 'actor' | 'colleague'>[]> =>
      actions
        .find({ caseNumber: { $in: [...caseNumbers] }, action: { $in: ['accept', 'handOver'] } })
        .sort({ at: 1 })
        .lean<TaskActionRecord[]>(),

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
