import { type Connection, Schema } from 'mongoose';
import type { LetterOrder } from '../domain/case/case-events';
import type { HandOffLetter } from '../domain/case/hand-off';
import type { Role } from '../domain/sla/sla';
import { insertOnce } from './insert-once';

/** The line's own state of a message. Later reports of the provider are delivery statuses. */
type OutboxState = 'pending' | 'sending' | 'accepted' | 'failed';

/** How a message to a citizen was sent. Its price depends on both fields. */
export interface SentAs {
  /** The kind of message, such as `text`, `buttons` or `template`. */
  kind: string;
  /** Whether the 24-hour window was open. */
  inWindow: boolean;
}

/**
 * A letter that is not about a task: of a hand-off (`number` is its effect, `count` numbers its letters), of a call, or the
 * daily list of a department. `at` is epoch ms UTC.
 */
export type OtherLetter =
  | {
      type: 'handOff';
      number: number;
      institution: string;
      letter: HandOffLetter;
      count: number;
      /** The messages of a letter about what the citizen wrote later. */
      added?: string[];
    }
  | { type: 'call'; attempt: number; at: number }
  | { type: 'digest'; department: string; at: number };

/** An outgoing message, stored before it is sent. `key` is the idempotency key. */
export interface OutboxRecord {
  key: string;
  channel: 'whatsapp' | 'mail';
  /** The recipient: a citizen id, or a role and department such as `chief:fen-isleri`. */
  recipient: string;
  caseNumber: string | null;
  /** The content in the provider's format. */
  content: unknown;
  /** Alternatives for a closed window, best first. */
  outsideWindow: unknown[];
  /** Whether the citizen must hear the content by telephone if it does not arrive. Absent in older records. */
  byPhone?: boolean;
  /** What a letter of a case was about, to compose it again. Absent in older records and in other messages. */
  order?: LetterOrder;
  /** The keys of the letters that this one gathers. */
  gathers?: string[];
  /** What any other letter is about. */
  about?: OtherLetter;
  /** The member of staff who wrote it in a chat. */
  by?: string;
  createdAt: Date;
  state: OutboxState;
  /** The number of send attempts. */
  attempts: number;
  /** The start of the latest attempt. */
  lastAttemptAt: Date | null;
  /** The reserved send slot; null if none is reserved. */
  notBefore: Date | null;
  sentAs: SentAs | null;
  /** The provider's message id; null also if only its status webhook confirmed that the provider accepted it. */
  providerId: string | null;
  /** The provider's error number or reply code of a permanent rejection. */
  errorCode: string | null;
}

const schema = new Schema(
  {
    _id: { type: String, required: true },
    channel: { type: String, required: true },
    recipient: { type: String, required: true },
    caseNumber: String,
    content: { type: Schema.Types.Mixed, required: true },
    outsideWindow: { type: [Schema.Types.Mixed], default: [] },
    byPhone: Boolean,
    order: Schema.Types.Mixed,
    gathers: { type: [String], default: undefined },
    about: Schema.Types.Mixed,
    by: String,
    createdAt: { type: Date, required: true },
    state: { type: String, required: true },
    attempts: { type: Number, required: true },
    lastAttemptAt: Date,
    notBefore: Date,
    sentAs: { type: Schema.Types.Mixed, default: null },
    providerId: String,
    errorCode: String,
    /** When its content and recipient were removed. */
    erasedAt: Date,
  },
  { collection: 'outbox', versionKey: false, minimize: false },
)
  .index({ state: 1, createdAt: 1 })
  .index({ caseNumber: 1 })
  .index({ recipient: 1, createdAt: 1 })
  .index({ providerId: 1 })
  .index({ 'content.messageId': 1 });

export type OutboxRecords = ReturnType<typeof outboxRecords>;

type NewOutboxRecord = Pick<
  OutboxRecord,
  'key' | 'channel' | 'recipient' | 'caseNumber' | 'content' | 'createdAt'
> &
  Partial<Pick<OutboxRecord, 'outsideWindow' | 'byPhone' | 'order' | 'gathers' | 'about' | 'by'>>;
type Stored = { _id: string } & Omit<OutboxRecord, 'key'>;

const unsent = {
  outsideWindow: [],
  state: 'pending' as OutboxState,
  attempts: 0,
  lastAttemptAt: null,
  notBefore: null,
  sentAs: null,
  providerId: null,
  errorCode: null,
};

const read = ({ _id, ...rest }: Stored): OutboxRecord => ({ ...unsent, ...rest, key: _id });

/** The latest effects searched for a message to the citizen. Letters and photos are effects as well. */
const EFFECTS_LOOKED_AT = 8;

/** Whether a message to a citizen carries the survey buttons. */
function asksSolved(content: unknown): boolean {
  const { buttons = [] } = content as { buttons?: readonly { id: string }[] };
  return buttons.some(({ id }) => id.startsWith('feedback:'));
}

export function outboxRecords(connection: Connection) {
  const model = connection.model('Outbox', schema);

  async function get(key: string): Promise<OutboxRecord | null> {
    const found = await model.findById(key).lean<Stored>();
    return found && read(found);
  }

  /** Inserts the record unless its key exists. The second element tells whether it was inserted. */
  async function insert(
    { key, ...rest }: NewOutboxRecord,
    first: Partial<OutboxRecord>,
  ): Promise<{ record: OutboxRecord; isNew: boolean }> {
    const fresh = { ...unsent, ...rest, ...first };
    const isNew = await insertOnce(() => model.collection.insertOne({ _id: key as never, ...fresh }));
    return { record: (isNew ? null : await get(key)) ?? { key, ...fresh }, isNew };
  }

  return {
    model,
    get,

    /** Returns the record of this message: the given one on the first call, the stored one afterwards. */
    async prepare(given: NewOutboxRecord): Promise<OutboxRecord> {
      return (await insert(given, {})).record;
    },

    /** Like `prepare`, but also marks the first attempt as started, which saves one write in the usual case. */
    begin: (given: NewOutboxRecord): Promise<{ record: OutboxRecord; isNew: boolean }> =>
      insert(given, { state: 'sending', attempts: 1, lastAttemptAt: given.createdAt }),

    /** Marks the start of an attempt. Until its end is recorded, it is unknown whether the message was sent. */
    async sending(key: string, at = new Date()): Promise<void> {
      const change = { $set: { state: 'sending', lastAttemptAt: at }, $inc: { attempts: 1 } };
      await model.updateOne({ _id: key }, change);
    },

    /** Records that the message was not sent and may be retried, and keeps its send slot if it has one. */
    async pending(key: string, notBefore: Date | null = null): Promise<void> {
      await model.updateOne({ _id: key }, { $set: { state: 'pending', ...(notBefore && { notBefore }) } });
    },

    /** Returns the keys of unfinished messages prepared before a time, oldest first. */
    async stuck(before: Date, limit: number): Promise<string[]> {
      const found = await model
        .find({ state: { $in: ['pending', 'sending'] }, createdAt: { $lt: before } }, { _id: 1 })
        .sort({ createdAt: 1 })
        .limit(limit)
        .lean();
      return found.map(({ _id }) => _id);
    },

    /**
     * Returns when each letter to a department was prepared, newest last, by case number and recipient such as
     * `PK-7F3K-92QX department:fen-isleri`. Reads all letters since a time at once, because a query for each case
     * scans the collection on the embedded store.
     */
    async departmentLetters(since: Date): Promise<Map<string, Date>> {
      const letters = new Map<string, Date>();
      const found = model
        .find(
          { createdAt: { $gte: since }, channel: 'mail', recipient: /^department:/ },
          { caseNumber: 1, recipient: 1, createdAt: 1 },
        )
        .sort({ createdAt: 1 })
        .lean<Pick<OutboxRecord, 'caseNumber' | 'recipient' | 'createdAt'>[]>()
        .cursor();
      for await (const { caseNumber, recipient, createdAt } of found)
        letters.set(`${caseNumber} ${recipient}`, createdAt);
      return letters;
    },

    async accepted(key: string, providerId: string | null, sentAs: SentAs | null = null): Promise<void> {
      const change = { state: 'accepted', providerId, ...(sentAs && { sentAs }) };
      await model.updateOne({ _id: key }, { $set: change });
    },

    async failed(key: string, errorCode: string): Promise<void> {
      await model.updateOne({ _id: key }, { $set: { state: 'failed', errorCode } });
    },

    /** Returns all messages and letters of a case, oldest first. */
    async ofCase(caseNumber: string): Promise<OutboxRecord[]> {
      return (await model.find({ caseNumber }).sort({ createdAt: 1 }).lean<Stored[]>()).map(read);
    },

    /** Returns the letters with these Message-IDs. */
    async byMessageIds(ids: readonly string[]): Promise<OutboxRecord[]> {
      if (ids.length === 0) return [];
      const found = await model.find({ channel: 'mail', 'content.messageId': { $in: ids } }).lean<Stored[]>();
      return found.map(read);
    },

    /** Returns the message about a case with this provider id; null if it has no case or is not ours. */
    async quoted(providerId: string): Promise<{ caseNumber: string; asksSolved: boolean } | null> {
      const found = await model
        .findOne({ providerId }, { caseNumber: 1, content: 1 })
        .lean<Pick<OutboxRecord, 'caseNumber' | 'content'>>();
      if (!found?.caseNumber) return null;
      return { caseNumber: found.caseNumber, asksSolved: asksSolved(found.content) };
    },

    /** Returns when one of the latest effects of a case last wrote to the citizen, or null. */
    async lastTold(caseNumber: string, effects: number): Promise<Date | null> {
      for (let effect = effects; effect > Math.max(0, effects - EFFECTS_LOOKED_AT); effect -= 1) {
        const record = await get(`${caseNumber}:${effect}`);
        if (record?.channel === 'whatsapp') return record.createdAt;
      }
      return null;
    },

    /** Returns all messages for a recipient over a channel since a time, oldest first. */
    async sentTo(recipient: string, channel: OutboxRecord['channel'], from: Date): Promise<OutboxRecord[]> {
      const found = await model
        .find({ recipient, channel, createdAt: { $gte: from } })
        .sort({ createdAt: 1 })
        .lean<Stored[]>();
      return found.map(read);
    },
  };
}

/** A failed message of a case, kept until the case is notified. `key` is its outbox key. */
export interface DeliveryFailure {
  key: string;
  caseNumber: string;
  /** The number of the effect that sent the message. */
  effect: number;
  /** The role that did not get a letter. Absent for messages to the citizen. */
  recipient?: Role;
  receivedAt: Date;
  /** When Meta reported the delivery of the message after its failure. Absent without such a report. */
  arrivedAt?: Date;
  /** Whether the case was notified of the latest report, failure or delivery. */
  reported: boolean;
}

const failureSchema = new Schema(
  {
    _id: { type: String, required: true },
    caseNumber: { type: String, required: true },
    effect: { type: Number, required: true },
    recipient: String,
    receivedAt: { type: Date, required: true },
    arrivedAt: Date,
    reported: { type: Boolean, required: true },
  },
  { collection: 'delivery-failures', versionKey: false },
).index({ reported: 1, receivedAt: 1 });

type StoredFailure = { _id: string } & Omit<DeliveryFailure, 'key'>;

export type DeliveryFailureRecords = ReturnType<typeof deliveryFailureRecords>;

export function deliveryFailureRecords(connection: Connection) {
  const model = connection.model('DeliveryFailure', failureSchema);
  return {
    model,
    /** Stores a failure before its case is notified. Returns false if it exists. */
    add: ({ key, ...rest }: DeliveryFailure): Promise<boolean> =>
      insertOnce(() => model.collection.insertOne({ _id: key as never, ...rest })),

    async get(key: string): Promise<DeliveryFailure | null> {
      const found = await model.findById(key).lean<StoredFailure>();
      if (!found) return null;
      const { _id, ...rest } = found;
      return { key: _id, ...rest };
    },

    /** Records the delivery of a failed message, and that the case must be notified of it. */
    async arrived(key: string, arrivedAt: Date): Promise<void> {
      await model.updateOne({ _id: key }, { $set: { arrivedAt, reported: false } });
    },

    async markReported(key: string): Promise<void> {
      await model.updateOne({ _id: key }, { $set: { reported: true } });
    },

    /** Returns failures received between two times whose case was not notified, oldest first. */
    async waiting(after: Date, before: Date, limit: number): Promise<DeliveryFailure[]> {
      const found = await model
        .find({ reported: false, receivedAt: { $gt: after, $lt: before } })
        .sort({ receivedAt: 1 })
        .limit(limit)
        .lean<StoredFailure[]>();
      return found.map(({ _id, ...rest }) => ({ key: _id, ...rest }));
    },
  };
}

/** A delivery status from Meta. Every distinct status is stored once. */
export interface DeliveryStatus {
  /** The outbox key echoed by Meta, or `provider:<keyed hash of the wamid>` without an echo. */
  key: string;
  status: string;
  at: Date;
  errorCode: string | null;
}

const statusSchema = new Schema(
  {
    _id: { type: String, required: true },
    key: { type: String, required: true },
    status: { type: String, required: true },
    at: { type: Date, required: true },
    errorCode: String,
  },
  { collection: 'delivery-statuses', versionKey: false },
).index({ key: 1 });

const ranked = ['sent', 'delivered', 'read', 'played', 'failed'] as const;

export type DeliveryStatusRecords = ReturnType<typeof deliveryStatusRecords>;

export function deliveryStatusRecords(connection: Connection) {
  const model = connection.model('DeliveryStatus', statusSchema);
  return {
    model,
    /** Stores a status. Returns false if the same one exists. */
    add: (status: DeliveryStatus): Promise<boolean> =>
      insertOnce(() =>
        model.collection.insertOne({ _id: `${status.key}:${status.status}` as never, ...status }),
      ),

    /** Returns all statuses of a message, in the order of its life (sent, delivered, read). */
    async all(key: string): Promise<DeliveryStatus[]> {
      const found = await Promise.all(
        ranked.map(status => model.findById(`${key}:${status}`, { _id: 0 }).lean<DeliveryStatus>()),
      );
      return found.filter(status => status !== null);
    },

    /** Returns whether any status exists, which proves that Meta accepted the message. */
    async has(key: string): Promise<boolean> {
      const found = await Promise.all(
        ranked.map(status => model.findById(`${key}:${status}`, { _id: 1 }).lean()),
      );
      return found.some(status => status !== null);
    },
  };
}
