import { randomUUID } from 'node:crypto';
import { type Connection, Schema } from 'mongoose';
import { DAY_MS } from '../domain/durations';
import type { RecordFamily } from '../domain/retention';
import { insertOnce } from './insert-once';

/** One application of the retention rules: how many records of each family went. No personal data. */
export interface RetentionRun {
  /** The id of the run's workflow, so that a repeated activity writes one record. */
  id: string;
  /** The date for which it ran. */
  at: Date;
  finishedAt: Date;
  counts: Partial<Record<RecordFamily, number>>;
}

/** A legal hold: the records of a case or citizen are neither erased nor anonymised until it ends. */
export interface Hold {
  id: string;
  caseNumber: string | null;
  citizenId: string | null;
  reason: string;
  actor: string;
  since: Date;
  until: Date;
}

/** The decision of one person about a request. */
interface Approval {
  actor: string;
  reason: string;
  at: Date;
}

/** A request to erase the data of a citizen, or of one case. */
export interface ErasureRequest {
  id: string;
  /** Null once it is done, so that the record names nobody. */
  citizenId: string | null;
  caseNumber: string | null;
  /** Who decided it, and why. For a request from the chat, the citizen, until somebody decides. */
  actor: string;
  reason: string;
  requestedAt: Date;
  /** The legal limit: 30 days (Law 6698, article 13). */
  dueBy: Date;
  /**
   * `asked`: waits for the data protection officer. `approved`: the citizen is told, then the erasure runs. `waiting`: an
   * open case or a legal hold delays the rest.
   */
  state: 'asked' | 'approved' | 'refused' | 'waiting' | 'done';
  /** Absent in requests from before the chat took them. */
  approvals?: Approval[];
  doneAt: Date | null;
}

/** The limit for answering a request: 30 days (Law 6698, article 13). */
const ANSWER_LIMIT_MS = 30 * DAY_MS;

/** Returns when a request must be answered. */
export function answerDue(requestedAt: Date): Date {
  return new Date(requestedAt.getTime() + ANSWER_LIMIT_MS);
}

/** Requests that need a decision or an answer. */
const openStates: readonly ErasureRequest['state'][] = ['asked', 'approved', 'waiting'];

const runSchema = new Schema(
  {
    _id: { type: String, required: true },
    at: { type: Date, required: true },
    finishedAt: { type: Date, required: true },
    counts: { type: Schema.Types.Mixed, required: true },
  },
  { collection: 'retention-runs', versionKey: false, minimize: false },
).index({ at: 1 });

const holdSchema = new Schema(
  {
    _id: { type: String, required: true },
    caseNumber: { type: String, default: null },
    citizenId: { type: String, default: null },
    reason: { type: String, required: true },
    actor: { type: String, required: true },
    since: { type: Date, required: true },
    until: { type: Date, required: true },
  },
  { collection: 'holds', versionKey: false },
).index({ until: 1 });

const requestSchema = new Schema(
  {
    _id: { type: String, required: true },
    citizenId: { type: String, default: null },
    caseNumber: { type: String, default: null },
    actor: { type: String, required: true },
    reason: { type: String, required: true },
    requestedAt: { type: Date, required: true },
    dueBy: { type: Date, required: true },
    state: { type: String, required: true },
    approvals: { type: [{ actor: String, reason: String, at: Date, _id: false }], default: [] },
    doneAt: { type: Date, default: null },
  },
  { collection: 'erasure-requests', versionKey: false },
).index({ state: 1, requestedAt: 1 });

export type RetentionRunRecords = ReturnType<typeof retentionRunRecords>;

export function retentionRunRecords(connection: Connection) {
  const model = connection.model('RetentionRun', runSchema);
  return {
    model,
    /** Stores a run. Returns false if it exists. */
    add: ({ id, ...rest }: RetentionRun): Promise<boolean> =>
      insertOnce(() => model.collection.insertOne({ _id: id as never, ...rest })),

    /** Returns the latest runs, newest first. */
    async latest(limit: number): Promise<RetentionRun[]> {
      type Stored = { _id: string } & Omit<RetentionRun, 'id'>;
      const found = await model.find().sort({ finishedAt: -1 }).limit(limit).lean<Stored[]>();
      return found.map(({ _id, ...rest }) => ({ id: _id, ...rest }));
    },
  };
}

type StoredHold = { _id: string } & Omit<Hold, 'id'>;

export type HoldRecords = ReturnType<typeof holdRecords>;

/** Legal holds. None is deleted before its retention ends. */
export function holdRecords(connection: Connection) {
  const model = connection.model('Hold', holdSchema);
  return {
    model,
    /** Adds a hold and returns its id. Idempotent by a given id. */
    async add(hold: Omit<Hold, 'id'>, id: string = randomUUID()): Promise<string> {
      await insertOnce(() => model.collection.insertOne({ _id: id as never, ...hold }));
      return id;
    },

    /** Ends a hold now. Returns false if it does not exist or has ended. */
    async end(id: string, at: Date): Promise<boolean> {
      const found = await model.findById(id).lean<StoredHold>();
      if (!found || found.until <= at) return false;
      await model.updateOne({ _id: id }, { $set: { until: at } });
      return true;
    },

    /** Returns the holds in force at a time, by their end. There are only a few. */
    async inForce(at: Date): Promise<Hold[]> {
      const found = await model
        .find({ until: { $gt: at } })
        .sort({ until: 1 })
        .lean<StoredHold[]>();
      return found.map(({ _id, ...rest }) => ({ id: _id, ...rest }));
    },
  };
}

type StoredRequest = { _id: string } & Omit<ErasureRequest, 'id'>;

export type ErasureRequestRecords = ReturnType<typeof erasureRequestRecords>;

export function erasureRequestRecords(connection: Connection) {
  const model = connection.model('ErasureRequest', requestSchema);
  const read = ({ _id, ...rest }: StoredRequest): ErasureRequest => ({ id: _id, ...rest });

  async function get(id: string): Promise<ErasureRequest | null> {
    const found = await model.findById(id).lean<StoredRequest>();
    return found && read(found);
  }

  async function inState(states: readonly ErasureRequest['state'][]): Promise<ErasureRequest[]> {
    const found = await model
      .find({ state: { $in: states } })
      .sort({ requestedAt: 1 })
      .lean<StoredRequest[]>();
    return found.map(read);
  }

  /** Ends a request and forgets whom it was about. */
  async function done(id: string, doneAt: Date, state: 'done' | 'refused' = 'done'): Promise<void> {
    await model.updateOne({ _id: id }, { $set: { state, doneAt, citizenId: null } });
  }

  return {
    model,
    get,

    /** Adds a request that staff decided, and returns its id. */
    async add(
      request: Pick<ErasureRequest, 'citizenId' | 'caseNumber' | 'actor' | 'reason' | 'requestedAt'>,
    ) {
      const id = randomUUID();
      const record = { ...request, dueBy: answerDue(request.requestedAt), state: 'waiting', doneAt: null };
      await model.collection.insertOne({ _id: id as never, ...record });
      return id;
    },

    /** Stores a request from the chat. Idempotent by its id. */
    async ask(id: string, citizenId: string, requestedAt: Date): Promise<void> {
      const about = { citizenId, caseNumber: null, actor: 'vatandaş', reason: 'WhatsApp' };
      const times = { requestedAt, dueBy: answerDue(requestedAt) };
      const state = { state: 'asked', approvals: [], doneAt: null };
      await insertOnce(() => model.collection.insertOne({ _id: id as never, ...about, ...times, ...state }));
    },

    /** Stores a request that staff took, which others may have to approve. Idempotent by its id. */
    async take(
      id: string,
      request: Pick<ErasureRequest, 'citizenId' | 'caseNumber' | 'actor' | 'reason' | 'requestedAt'>,
    ): Promise<void> {
      const state = { dueBy: answerDue(request.requestedAt), state: 'asked', approvals: [], doneAt: null };
      await insertOnce(() => model.collection.insertOne({ _id: id as never, ...request, ...state }));
    },

    /** Returns the requests that are neither done nor refused, oldest first. */
    open: (): Promise<ErasureRequest[]> => inState(openStates),

    /** Returns the requests that ended last, newest first. */
    async ended(limit: number): Promise<ErasureRequest[]> {
      const found = await model
        .find({ state: { $in: ['done', 'refused'] } })
        .sort({ requestedAt: -1 })
        .limit(limit)
        .lean<StoredRequest[]>();
      return found.map(read);
    },

    /** Returns the requests whose erasure an open case or a hold delays, oldest first. */
    waiting: (): Promise<ErasureRequest[]> => inState(['waiting']),

    /** Adds an approval. With `isLast`, the erasure can run. */
    async approve(id: string, approval: Approval, isLast: boolean): Promise<void> {
      await model.updateOne(
        { _id: id },
        { $push: { approvals: approval }, ...(isLast && { $set: { state: 'approved' } }) },
      );
    },

    /** Refuses a request. The reason is told to the citizen. */
    async refuse(id: string, { actor, reason }: Pick<Approval, 'actor' | 'reason'>): Promise<void> {
      await model.updateOne({ _id: id }, { $set: { state: 'refused', actor, reason } });
    },

    /** Marks an approved request as one that an open case or a hold delays. */
    async delayed(id: string): Promise<void> {
      await model.updateOne({ _id: id }, { $set: { state: 'waiting' } });
    },

    done,

    /** Ends all open requests of a person who is gone. */
    async doneOf(citizenIds: readonly string[], doneAt: Date): Promise<void> {
      const requests = await inState(openStates);
      const own = requests.filter(({ citizenId }) => citizenId !== null && citizenIds.includes(citizenId));
      for (const { id } of own) await done(id, doneAt);
    },
  };
}
