import { Schema, type Connection } from 'mongoose';
import { insertOnce } from './insert-once';

/** What the line itself knows of a message; what the provider reported later is a delivery status. */
export type OutboxState = 'pending' | 'sending' | 'accepted' | 'failed';

/** How a message to a citizen went out; what it costs depends on both. */
export interface SentAs {
  /** The kind of message, such as `text`, `buttons` or `template`. */
  kind: string;
  /** Whether the citizen's 24-hour window was open. */
  inWindow: boolean;
}

/** A message to the outside, written down before anything is sent. `key` makes it happen once. */
export interface OutboxRecord {
  key: string;
  channel: 'whatsapp' | 'mail';
  /** Who is meant: a citizen id, or a role and department such as `chief:fen-isleri`. */
  recipient: string;
  caseNumber: string | null;
  /** What is sent, as the provider takes it. */
  content: unknown;
  /** What is sent when the window has closed, the best first. */
  outsideWindow: unknown[];
  createdAt: Date;
  state: OutboxState;
  /** Times a send was begun. */
  attempts: number;
  /** When the latest send was begun. */
  lastAttemptAt: Date | null;
  /** The message's turn in the citizen's pace; null while it has none. */
  notBefore: Date | null;
  sentAs: SentAs | null;
  /** The provider's id of the message; null also when only its echo told that it was taken. */
  providerId: string | null;
  /** A provider's error number or reply code, when it was refused for good. */
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
    createdAt: { type: Date, required: true },
    state: { type: String, required: true },
    attempts: { type: Number, required: true },
    lastAttemptAt: Date,
    notBefore: Date,
    sentAs: { type: Schema.Types.Mixed, default: null },
    providerId: String,
    errorCode: String,
  },
  { collection: 'outbox', versionKey: false, minimize: false },
)
  .index({ state: 1, createdAt: 1 })
  .index({ caseNumber: 1 })
  .index({ recipient: 1, createdAt: 1 })
  .index({ providerId: 1 });

export type OutboxRecords = ReturnType<typeof outboxRecords>;

type NewOutboxRecord = Pick<
  OutboxRecord,
  'key' | 'channel' | 'recipient' | 'caseNumber' | 'content' | 'createdAt'
> &
  Partial<Pick<OutboxRecord, 'outsideWindow'>>;
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

export function outboxRecords(connection: Connection) {
  const model = connection.model('Outbox', schema);

  async function get(key: string): Promise<OutboxRecord | null> {
    const found = await model.findById(key).lean<Stored>();
    return found && read(found);
  }

  /** Inserts the record unless there is one with its key; the second part tells which it is. */
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

    /** The record of this message: the given one on the first call, the stored one on every later call. */
    async prepare(given: NewOutboxRecord): Promise<OutboxRecord> {
      return (await insert(given, {})).record;
    },

    /** Like `prepare`, but notes at once that the first send begins: one write less on the usual way. */
    begin: (given: NewOutboxRecord): Promise<{ record: OutboxRecord; isNew: boolean }> =>
      insert(given, { state: 'sending', attempts: 1, lastAttemptAt: given.createdAt }),

    /** Notes that a send begins; from here on it is not known whether the message left, until a next note. */
    async sending(key: string, at = new Date()): Promise<void> {
      const change = { $set: { state: 'sending', lastAttemptAt: at }, $inc: { attempts: 1 } };
      await model.updateOne({ _id: key }, change);
    },

    /** Notes that the message did not leave and may be sent again, with its turn if it has one. */
    async pending(key: string, notBefore: Date | null = null): Promise<void> {
      await model.updateOne({ _id: key }, { $set: { state: 'pending', ...(notBefore && { notBefore }) } });
    },

    /** Keys of what was prepared before a time and has not come to an end, oldest first. */
    async stuck(before: Date, limit: number): Promise<string[]> {
      const found = await model
        .find({ state: { $in: ['pending', 'sending'] }, createdAt: { $lt: before } }, { _id: 1 })
        .sort({ createdAt: 1 })
        .limit(limit)
        .lean();
      return found.map(({ _id }) => _id);
    },

    /** Whether a letter of a case to a recipient, such as `department:fen-isleri`, was prepared since a time. */
    async hasLetter(caseNumber: string, recipient: string, since: Date): Promise<boolean> {
      const found = await model
        .findOne({ caseNumber, recipient, channel: 'mail', createdAt: { $gte: since } }, { _id: 1 })
        .lean();
      return found !== null;
    },

    async accepted(key: string, providerId: string | null, sentAs: SentAs | null = null): Promise<void> {
      const change = { state: 'accepted', providerId, ...(sentAs && { sentAs }) };
      await model.updateOne({ _id: key }, { $set: change });
    },

    async failed(key: string, errorCode: string): Promise<void> {
      await model.updateOne({ _id: key }, { $set: { state: 'failed', errorCode } });
    },

    /** The case that a message is about which the provider knows by this id; null when it is about none or not ours. */
    async caseOf(providerId: string): Promise<string | null> {
      const found = await model
        .findOne({ providerId }, { caseNumber: 1 })
        .lean<Pick<OutboxRecord, 'caseNumber'>>();
      return found?.caseNumber ?? null;
    },

    /** Everything meant for somebody over a channel since a moment, oldest first. */
    async sentTo(recipient: string, channel: OutboxRecord['channel'], from: Date): Promise<OutboxRecord[]> {
      const found = await model
        .find({ recipient, channel, createdAt: { $gte: from } })
        .sort({ createdAt: 1 })
        .lean<Stored[]>();
      return found.map(read);
    },
  };
}
