import { Schema, type Connection } from 'mongoose';
import { insertOnce } from './insert-once';

export type OutboxState = 'pending' | 'sending' | 'accepted' | 'failed';

/** A message to the outside, written down before anything is sent. `key` makes it happen once. */
export interface OutboxRecord {
  key: string;
  channel: 'whatsapp' | 'mail';
  /** Who is meant: a citizen id, or a role and department such as `chief:fen-isleri`. */
  recipient: string;
  caseNumber: string | null;
  /** What is sent, as the provider takes it. */
  content: unknown;
  createdAt: Date;
  state: OutboxState;
  /** Times a send was begun. */
  attempts: number;
  /** When the latest send was begun. */
  lastAttemptAt: Date | null;
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
    createdAt: { type: Date, required: true },
    state: { type: String, required: true },
    attempts: { type: Number, required: true },
    lastAttemptAt: Date,
    providerId: String,
    errorCode: String,
  },
  { collection: 'outbox', versionKey: false, minimize: false },
)
  .index({ state: 1, createdAt: 1 })
  .index({ caseNumber: 1 });

export type OutboxRecords = ReturnType<typeof outboxRecords>;

type NewOutboxRecord = Pick<
  OutboxRecord,
  'key' | 'channel' | 'recipient' | 'caseNumber' | 'content' | 'createdAt'
>;
type Stored = { _id: string } & Omit<OutboxRecord, 'key'>;

export function outboxRecords(connection: Connection) {
  const model = connection.model('Outbox', schema);

  async function get(key: string): Promise<OutboxRecord | null> {
    const found = await model.findById(key).lean<Stored>();
    if (!found) return null;
    const { _id, ...rest } = found;
    return { key: _id, ...rest };
  }

  return {
    model,
    get,

    /** The record of this message: the given one on the first call, the stored one on every later call. */
    async prepare({ key, ...rest }: NewOutboxRecord): Promise<OutboxRecord> {
      const fresh = {
        ...rest,
        state: 'pending' as const,
        attempts: 0,
        lastAttemptAt: null,
        providerId: null,
        errorCode: null,
      };
      const made = await insertOnce(() => model.collection.insertOne({ _id: key as never, ...fresh }));
      return made ? { key, ...fresh } : ((await get(key)) ?? { key, ...fresh });
    },

    /** Notes that a send begins; from here on it is not known whether the message left, until a next note. */
    async sending(key: string, at = new Date()): Promise<void> {
      const change = { $set: { state: 'sending', lastAttemptAt: at }, $inc: { attempts: 1 } };
      await model.updateOne({ _id: key }, change);
    },

    /** Notes that the message did not leave and may be sent again. */
    async pending(key: string): Promise<void> {
      await model.updateOne({ _id: key }, { $set: { state: 'pending' } });
    },

    async accepted(key: string, providerId: string | null): Promise<void> {
      await model.updateOne({ _id: key }, { $set: { state: 'accepted', providerId } });
    },

    async failed(key: string, errorCode: string): Promise<void> {
      await model.updateOne({ _id: key }, { $set: { state: 'failed', errorCode } });
    },
  };
}
