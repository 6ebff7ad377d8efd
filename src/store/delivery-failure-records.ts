import { Schema, type Connection } from 'mongoose';
import { insertOnce } from './insert-once';

/** A message of a case that never arrived, until the case has been told. `key` is its outbox key. */
export interface DeliveryFailure {
  key: string;
  caseNumber: string;
  /** The number of the case's effect that sent the message. */
  effect: number;
  receivedAt: Date;
  reported: boolean;
}

const failureSchema = new Schema(
  {
    _id: { type: String, required: true },
    caseNumber: { type: String, required: true },
    effect: { type: Number, required: true },
    receivedAt: { type: Date, required: true },
    reported: { type: Boolean, required: true },
  },
  { collection: 'delivery-failures', versionKey: false },
).index({ reported: 1, receivedAt: 1 });

type Stored = { _id: string } & Omit<DeliveryFailure, 'key'>;

export type DeliveryFailureRecords = ReturnType<typeof deliveryFailureRecords>;

export function deliveryFailureRecords(connection: Connection) {
  const model = connection.model('DeliveryFailure', failureSchema);
  return {
    model,
    /** Keeps a failure before its case is told; false when it was known. */
    add: ({ key, ...rest }: DeliveryFailure): Promise<boolean> =>
      insertOnce(() => model.collection.insertOne({ _id: key as never, ...rest })),

    async markReported(key: string): Promise<void> {
      await model.updateOne({ _id: key }, { $set: { reported: true } });
    },

    /** Failures received between two moments that their case has not been told of, oldest first. */
    async waiting(after: Date, before: Date, limit: number): Promise<DeliveryFailure[]> {
      const found = await model
        .find({ reported: false, receivedAt: { $gt: after, $lt: before } })
        .sort({ receivedAt: 1 })
        .limit(limit)
        .lean<Stored[]>();
      return found.map(({ _id, ...rest }) => ({ key: _id, ...rest }));
    },
  };
}
