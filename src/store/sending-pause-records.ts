import { Schema, type Connection } from 'mongoose';

/** Why nothing is sent at the moment, and when the next message tries whether it works again. */
export interface SendingPause {
  since: Date;
  /** Meta's error number. */
  reason: string;
  /** Messages that have tried since. */
  probes: number;
  probeAt: Date;
}

const ID = 'whatsapp';

const schema = new Schema(
  {
    _id: { type: String, required: true },
    isPaused: { type: Boolean, required: true },
    since: Date,
    reason: String,
    probes: Number,
    probeAt: Date,
  },
  { collection: 'sending-pauses', versionKey: false },
);

type Stored = { _id: string; isPaused: boolean } & SendingPause;

export type SendingPauseRecords = ReturnType<typeof sendingPauseRecords>;

/** The one record that all workers share of whether WhatsApp takes messages from the line. */
export function sendingPauseRecords(connection: Connection) {
  const model = connection.model('SendingPause', schema);
  return {
    model,
    /** The pause in force; null when messages are sent. */
    async current(): Promise<SendingPause | null> {
      const found = await model.findById(ID).lean<Stored>();
      if (!found?.isPaused) return null;
      const { since, reason, probes, probeAt } = found;
      return { since, reason, probes, probeAt };
    },

    async pause(pause: SendingPause): Promise<void> {
      await model.updateOne({ _id: ID }, { $set: { isPaused: true, ...pause } }, { upsert: true });
    },

    /** Moves the next try. */
    async nextProbe(at: Date): Promise<void> {
      await model.updateOne({ _id: ID }, { $set: { probeAt: at } });
    },

    async end(): Promise<void> {
      await model.updateOne({ _id: ID }, { $set: { isPaused: false } });
    },
  };
}
