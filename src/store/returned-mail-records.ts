import { type Connection, Schema } from 'mongoose';
import { insertOnce } from './insert-once';

/** A mail that came back to the line's address, without its content. `id` is the keyed hash of its bytes. */
export interface ReturnedMail {
  id: string;
  receivedAt: Date;
  kind: 'bounce' | 'automatic' | 'reply';
  /** `delayed`: a bounce that names no failure. `kept`: left in the mailbox for a person. */
  outcome: 'failure' | 'delayed' | 'note' | 'operator' | 'kept';
  /** The keyed hash of the sender's address. */
  address: string;
}

const schema = new Schema(
  {
    _id: { type: String, required: true },
    receivedAt: { type: Date, required: true },
    kind: { type: String, required: true },
    outcome: { type: String, required: true },
    address: { type: String, required: true },
  },
  { collection: 'returned-mails', versionKey: false },
).index({ address: 1, receivedAt: 1 });

type Stored = { _id: string } & Omit<ReturnedMail, 'id'>;

export type ReturnedMailRecords = ReturnType<typeof returnedMailRecords>;

export function returnedMailRecords(connection: Connection) {
  const model = connection.model('ReturnedMail', schema);
  return {
    model,
    add: ({ id, ...rest }: ReturnedMail): Promise<boolean> =>
      insertOnce(() => model.collection.insertOne({ _id: id as never, ...rest })),

    async get(id: string): Promise<ReturnedMail | null> {
      const found = await model.findById(id).lean<Stored>();
      if (!found) return null;
      const { _id, ...rest } = found;
      return { id: _id, ...rest };
    },

    /** Returns how many mails of an address were taken since a time. */
    countOf: (address: string, since: Date): Promise<number> =>
      model.countDocuments({ address, receivedAt: { $gte: since } }),
  };
}
