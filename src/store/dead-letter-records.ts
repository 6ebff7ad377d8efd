import { Schema, type Connection } from 'mongoose';
import { insertOnce } from './insert-once';

/**
 * A signed webhook item that the line could not parse, kept for the operator. `id` is the keyed hash of its bytes.
 */
export interface DeadLetter {
  id: string;
  receivedAt: Date;
  reason: string;
  payload: string;
  /** When it was replayed successfully; null before. */
  replayedAt: Date | null;
}

const schema = new Schema(
  {
    _id: { type: String, required: true },
    receivedAt: { type: Date, required: true },
    reason: { type: String, required: true },
    payload: { type: String, required: true },
    replayedAt: { type: Date, default: null },
  },
  { collection: 'dead-letters', versionKey: false },
).index({ receivedAt: 1 });

type Stored = { _id: string; replayedAt?: Date | null } & Omit<DeadLetter, 'id' | 'replayedAt'>;

const read = ({ _id, replayedAt, ...rest }: Stored): DeadLetter => ({
  id: _id,
  ...rest,
  replayedAt: replayedAt ?? null,
});

export type DeadLetterRecords = ReturnType<typeof deadLetterRecords>;

export function deadLetterRecords(connection: Connection) {
  const model = connection.model('DeadLetter', schema);
  return {
    model,
    add: ({ id, ...rest }: Omit<DeadLetter, 'replayedAt'>): Promise<boolean> =>
      insertOnce(() => model.collection.insertOne({ _id: id as never, ...rest, replayedAt: null })),

    async get(id: string): Promise<DeadLetter | null> {
      const found = await model.findById(id).lean<Stored>();
      return found && read(found);
    },

    /** Returns the latest dead letters, newest first, optionally of one reason. */
    async latest(limit: number, reason?: string): Promise<DeadLetter[]> {
      const found = await model
        .find(reason === undefined ? {} : { reason })
        .sort({ receivedAt: -1 })
        .limit(limit)
        .lean<Stored[]>();
      return found.map(read);
    },

    async replayed(id: string, at: Date): Promise<void> {
      await model.updateOne({ _id: id }, { $set: { replayedAt: at } });
    },
  };
}
