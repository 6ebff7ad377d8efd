import { type Connection, Schema } from 'mongoose';
import { insertOnce } from './insert-once';

/** Why nothing is sent at the moment, and when the next message tries whether it works again. */
export interface SendingPause {
  since: Date;
  /** Meta's error number. */
  reason: string;
  /** Messages that have tried since. */
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

/** The one record that all workers share of whether WhatsApp takes messages from the line. */
export function sendingPauseRecords(connection: Connection) {
  const model = connection.model('SendingPause', pauseSchema);
  return {
    model,
    /** The pause in force; null when messages are sent. */
    async current(): Promise<SendingPause | null> {
      const found = await model.findById(ID).lean<SendingPause & { _id: string }>();
      if (!found) return null;
      const { since, reason, probes, probeAt } = found;
      return { since, reason, probes, probeAt };
    },

    /** Begins a pause; false when another worker was first, whose beginning then counts. */
    begin: (pause: SendingPause): Promise<boolean> =>
      insertOnce(() => model.collection.insertOne({ _id: ID as never, ...pause })),

    /** Notes one more vain try of the pause in force. */
    async goOn(vain: Omit<SendingPause, 'since'>): Promise<void> {
      await model.updateOne({ _id: ID }, { $set: vain });
    },

    /** Moves the next try. */
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
 * Slots of time in which a citizen gets a message. A slot is taken by inserting it, which every store refuses to the
 * second: so workers share one pace without a counter.
 */
export function sendingSlotRecords(connection: Connection) {
  const model = connection.model('SendingSlot', slotSchema);
  return {
    model,
    /** Takes a slot; false when it was taken before. */
    take: (citizenId: string, slot: number, at: Date): Promise<boolean> =>
      insertOnce(() => model.collection.insertOne({ _id: `${citizenId}:${slot}` as never, at })),

    /** Forgets the slots of before a moment; nobody asks for them any more. */
    async forgetBefore(moment: Date): Promise<void> {
      await model.deleteMany({ at: { $lt: moment } });
    },
  };
}
