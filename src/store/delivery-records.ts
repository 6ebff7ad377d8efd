import { type Connection, Schema } from 'mongoose';
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

/** What Meta reported about a message of ours. Every report is kept, each once. */
export interface DeliveryStatus {
  /** The outbox key that Meta echoes, or `provider:<keyed hash of the wamid>` when it echoed none. */
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
    /** Keeps a report; false when the same one had come before. */
    add: (status: DeliveryStatus): Promise<boolean> =>
      insertOnce(() =>
        model.collection.insertOne({ _id: `${status.key}:${status.status}` as never, ...status }),
      ),

    /** Every known report about a message, from the least to the last. */
    async all(key: string): Promise<DeliveryStatus[]> {
      const found = await Promise.all(
        ranked.map(status => model.findById(`${key}:${status}`, { _id: 0 }).lean<DeliveryStatus>()),
      );
      return found.filter(status => status !== null);
    },

    /** Whether anything was reported about a message, so that Meta has taken it. */
    async has(key: string): Promise<boolean> {
      const found = await Promise.all(
        ranked.map(status => model.findById(`${key}:${status}`, { _id: 1 }).lean()),
      );
      return found.some(status => status !== null);
    },
  };
}
