import { Schema, type Connection } from 'mongoose';
import { insertOnce } from './insert-once';

/** One message of a citizen exactly as Meta delivered it. `id` is the keyed hash of its wamid. */
export interface InboxRecord {
  id: string;
  citizenId: string;
  sentAt: Date;
  receivedAt: Date;
  /** The message object of the webhook. */
  payload: unknown;
  /** The sender's contact object, when the webhook carried one. */
  contact: unknown;
  handedOver: boolean;
}

const schema = new Schema(
  {
    _id: { type: String, required: true },
    citizenId: { type: String, required: true },
    sentAt: { type: Date, required: true },
    receivedAt: { type: Date, required: true },
    payload: { type: Schema.Types.Mixed, required: true },
    contact: Schema.Types.Mixed,
    handedOver: { type: Boolean, required: true },
  },
  { collection: 'inbox', versionKey: false },
).index({ handedOver: 1, receivedAt: 1 });

export type InboxRecords = ReturnType<typeof inboxRecords>;

export function inboxRecords(connection: Connection) {
  const model = connection.model('Inbox', schema);
  const read = ({ _id, ...rest }: { _id: string } & Omit<InboxRecord, 'id'>): InboxRecord => ({
    id: _id,
    ...rest,
  });
  return {
    model,
    /** Stores a message before anything acts on it; false when it had been stored already. */
    add: ({ id, ...rest }: InboxRecord): Promise<boolean> =>
      insertOnce(() => model.collection.insertOne({ _id: id as never, ...rest })),

    async get(id: string): Promise<InboxRecord | null> {
      const found = await model.findById(id).lean<{ _id: string } & Omit<InboxRecord, 'id'>>();
      return found && read(found);
    },

    async markHandedOver(id: string): Promise<void> {
      await model.updateOne({ _id: id }, { $set: { handedOver: true } });
    },

    /** Messages stored before `before` that no workflow has been told of, oldest first. */
    async waiting(before: Date, limit: number): Promise<InboxRecord[]> {
      const found = await model
        .find({ handedOver: false, receivedAt: { $lt: before } })
        .sort({ receivedAt: 1 })
        .limit(limit)
        .lean<({ _id: string } & Omit<InboxRecord, 'id'>)[]>();
      return found.map(read);
    },
  };
}
