import { type Connection, Schema } from 'mongoose';
import { insertOnce } from './insert-once';

/** A pause of all sending: its reason, and when the next message may try again. */
export interface SendingPause {
  since: Date;
  /** Meta's error number. */
  reason: string;
  /** The number of attempts since it began. */
  probes: number;
  probeAt: Date;
}

const ID = 'cloud-api';

const pauseSchema = new Schema(
  {
    _id: { type: String, required: true },
    since: { type: Date, required: true },
    reason: { type: String, required: true },
    probes: { type: Number, required: true },
    probeAt: { type: Date, required: true },
  },
  { collection: 'sending-pauses', versionKey: false },
);

export type SendingPauseRecords = ReturnType<typeof sendingPauseRecords>;

/** The single pause record that all workers share. */
export function sendingPauseRecords(connection: Connection) {
  const model = connection.model('SendingPause', pauseSchema);
  return {
    model,
    /** Returns the current pause; null if messages are sent. */
    async current(): Promise<SendingPause | null> {
      const found = await model.findById(ID).lean<SendingPause & { _id: string }>();
      if (!found) return null;
      const { since, reason, probes, probeAt } = found;
      return { since, reason, probes, probeAt };
    },

    /** Begins a pause. Returns false if another worker was first; its start then counts. */
    begin: (pause: SendingPause): Promise<boolean> =>
      insertOnce(() => model.collection.insertOne({ _id: ID as never, ...pause })),

    /** Counts a failed attempt of the current pause. */
    async goOn(vain: Omit<SendingPause, 'since'>): Promise<void> {
      await model.updateOne({ _id: ID }, { $set: vain });
    },

    /** Sets the time of the next attempt. */
    async nextProbe(at: Date): Promise<void> {
      await model.updateOne({ _id: ID }, { $set: { probeAt: at } });
    },

    async end(): Promise<void> {
      await model.deleteOne({ _id: ID });
    },
  };
}

const slotSchema = new Schema(
  { _id: { type: String, required: true }, at: { type: Date, required: true } },
  { collection: 'sending-slots', versionKey: false },
).index({ at: 1 });

export type SendingSlotRecords = ReturnType<typeof sendingSlotRecords>;

/**
 * Send slots per citizen. A slot is reserved by inserting its record, which can succeed only once, so workers share
 * the rate limit without a counter.
 */
export function sendingSlotRecords(connection: Connection) {
  const model = connection.model('SendingSlot', slotSchema);
  return {
    model,
    /** Reserves a slot. Returns false if it is taken. */
    take: (citizenId: string, slot: number, at: Date): Promise<boolean> =>
      insertOnce(() => model.collection.insertOne({ _id: `${citizenId}:${slot}` as never, at })),

    /** Deletes slots before a time; they are not read again. */
    async forgetBefore(moment: Date): Promise<void> {
      await model.deleteMany({ at: { $lt: moment } });
    },
  };
}
