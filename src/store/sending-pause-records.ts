import { Schema, type Connection } from 'mongoose';
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
