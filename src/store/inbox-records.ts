import { Schema, type Connection } from 'mongoose';
import { insertOnce } from './insert-once';

/** One citizen message exactly as Meta delivered it. `id` is the keyed hash of its wamid. */
export interface InboxRecord {
  id: string;
  citizenId: string;
  sentAt: Date;
  receivedAt: Date;
  /** The message object of the webhook. */
  payload: unknown;
  /** The sender's contact object, if the webhook had one. */
  contact: unknown;
  handedOver: boolean;
}

const schema = new Schema(
  {
    _id: { type: String, required: true },
    citizenId: { type: String, required: true },
    sentAt: { type: Date, required: true },
    receivedAt: { type: Date, required: true },
    payload: { type: String, required: true },
    contact: { type: String, required: true },
    handedOver: { type: Boolean, required: true },
  },
  { collection: 'inbox', versionKey: false },
).index({ handedOver: 1, receivedAt: 1 });

export type InboxRecords = ReturnType<typeof inboxRecords>;

/**
 * The message is stored as JSON text. Document databases restrict key names, nesting depth and numbers, and a message
 * that violates such a rule could never be stored.
 */
type Stored = { _id: string; payload: string; contact: string } & Omit<
  InboxRecord,
  'id' | 'payload' | 'contact'
>;

const read = ({ _id, payload, contact, ...rest }: Stored): InboxRecord => ({
  id: _id,
  ...rest,
  payload: JSON.parse(payload) as unknown,
  contact: JSON.parse(contact) as unknown,
});

export function inboxRecords(connection: Connection) {
  const model = connection.model('Inbox', schema);
  return {
    model,
    /** Stores a message before it is processed. Returns false if it exists. */
    add({ id, payload, contact, ...rest }: InboxRecord): Promise<boolean> {
      const texts = { payload: JSON.stringify(payload), contact: JSON.stringify(contact ?? null) };
      return insertOnce(() => model.collection.insertOne({ _id: id as never, ...rest, ...texts }));
    },

    async get(id: string): Promise<InboxRecord | null> {
      const found = await model.findById(id).lean<Stored>();
      return found && read(found);
    },

    /** Updates one by one: FerretDB can deadlock on a command with many updates. */
    markHandedOver: async (id: string): Promise<void> => {
      await model.collection.updateOne({ _id: id as never }, { $set: { handedOver: true } });
    },

    /** Returns messages received between two times that were not handed over, oldest first. */
    async waiting(after: Date, before: Date, limit: number): Promise<InboxRecord[]> {
      const found = await model
        .find({ handedOver: false, receivedAt: { $gt: after, $lt: before } })
        .sort({ receivedAt: 1 })
        .limit(limit)
        .lean<Stored[]>();
      return found.map(read);
    },
  };
}
