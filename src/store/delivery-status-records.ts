import { Schema, type Connection } from 'mongoose';
import { insertOnce } from './insert-once';

/** What Meta reported about a message of ours. Every report is kept; the highest rank counts. */
export interface DeliveryStatus {
  /** The outbox key that Meta echoes, or `provider:<keyed hash of the wamid>` when it echoed none. */
  key: string;
  status: string;
  at: Date;
  errorCode: string | null;
}

const schema = new Schema(
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
type Stored = { _id: string } & DeliveryStatus;

export type DeliveryStatusRecords = ReturnType<typeof deliveryStatusRecords>;

export function deliveryStatusRecords(connection: Connection) {
  const model = connection.model('DeliveryStatus', schema);
  return {
    model,
    /** Keeps a report; false when the same one had come before. */
    add: (status: DeliveryStatus): Promise<boolean> =>
      insertOnce(() =>
        model.collection.insertOne({ _id: `${status.key}:${status.status}` as never, ...status }),
      ),

    /** The furthest that a message got, or null when nothing was reported. A failure outranks all else. */
    async furthest(key: string): Promise<DeliveryStatus | null> {
      const found = await Promise.all(
        ranked.map(status => model.findById(`${key}:${status}`).lean<Stored>()),
      );
      return found.findLast(status => status !== null) ?? null;
    },
  };
}
