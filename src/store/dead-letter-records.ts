import { Schema, type Connection } from 'mongoose';
import { insertOnce } from './insert-once';

/** Something Meta signed but the line could not read, kept for people. `id` is the keyed hash of its bytes. */
export interface DeadLetter {
  id: string;
  receivedAt: Date;
  reason: string;
  payload: string;
}

const schema = new Schema(
  {
    _id: { type: String, required: true },
    receivedAt: { type: Date, required: true },
    reason: { type: String, required: true },
    payload: { type: String, required: true },
  },
  { collection: 'dead-letters', versionKey: false },
).index({ receivedAt: 1 });

export type DeadLetterRecords = ReturnType<typeof deadLetterRecords>;

export function deadLetterRecords(connection: Connection) {
  const model = connection.model('DeadLetter', schema);
  return {
    model,
    add: ({ id, ...rest }: DeadLetter): Promise<boolean> =>
      insertOnce(() => model.collection.insertOne({ _id: id as never, ...rest })),
  };
}
