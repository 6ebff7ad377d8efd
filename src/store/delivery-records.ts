import { type Connection, Schema } from 'mongoose';
import { insertOnce } from './insert-once';

/** A failed message of a case, kept until the case is notified. `key` is its outbox key. */
export interface DeliveryFailure {
  key: string;
  caseNumber: string;
  /** The number of the effect that sent the message. */
  effect: number;
  receivedAt: Date;
  /** When Meta reported the delivery of the message after its failure. Absent without such a report. */
  arrivedAt?: Date;
  /** Whether the case was notified of the latest report, failure or delivery. */
  reported: boolean;
}

const failureSchema = new Schema(
  {
    _id: { type: String, required: true },
    caseNumber: { type: String, required: true },
    effect: { type: Number, required: true },
    receivedAt: { type: Date, required: true },
    arrivedAt: Date,
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
    /** Stores a failure before its case is notified. Returns false if it exists. */
    add: ({ key, ...rest }: DeliveryFailure): Promise<boolean> =>
      insertOnce(() => model.collection.insertOne({ _id: key as never, ...rest })),

    async get(key: string): Promise<DeliveryFailure | null> {
      const found = await model.findById(key).lean<Stored>();
      if (!found) return null;
      const { _id, ...rest } = found;
      return { key: _id, ...rest };
    },

    /** Records the delivery of a failed message, and that the case must be notified of it. */
    async arrived(key: string, arrivedAt: Date): Promise<void> {
      await model.updateOne({ _id: key }, { $set: { arrivedAt, reported: false } });
    },

    async markReported(key: string): Promise<void> {
      await model.updateOne({ _id: key }, { $set: { reported: true } });
    },

    /** Returns failures received between two times whose case was not notified, oldest first. */
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

/** A delivery status from Meta. Every distinct status is stored once. */
export interface DeliveryStatus {
  /** The outbox key echoed by Meta, or `provider:<keyed hash of the wamid>` without an echo. */
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
    /** Stores a status. Returns false if the same one exists. */
    add: (status: DeliveryStatus): Promise<boolean> =>
      insertOnce(() =>
        model.collection.insertOne({ _id: `${status.key}:${status.status}` as never, ...status }),
      ),

    /** Returns all statuses of a message, in the order of its life (sent, delivered, read). */
    async all(key: string): Promise<DeliveryStatus[]> {
      const found = await Promise.all(
        ranked.map(status => model.findById(`${key}:${status}`, { _id: 0 }).lean<DeliveryStatus>()),
      );
      return found.filter(status => status !== null);
    },

    /** Returns whether any status exists, which proves that Meta accepted the message. */
    async has(key: string): Promise<boolean> {
      const found = await Promise.all(
        ranked.map(status => model.findById(`${key}:${status}`, { _id: 1 }).lean()),
      );
      return found.some(status => status !== null);
    },
  };
}
