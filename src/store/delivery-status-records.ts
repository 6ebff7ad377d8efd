import { Schema, type Connection } from 'mongoose';
import { insertOnce } from './insert-once';

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
