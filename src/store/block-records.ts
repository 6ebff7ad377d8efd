import { Schema, type Connection } from 'mongoose';

/** A citizen whose messages are kept, but answered by nobody until a day; only staff decide so, with a reason. */
export interface Block {
  citizenId: string;
  reason: string;
  since: Date;
  until: Date;
}

const schema = new Schema(
  {
    _id: { type: String, required: true },
    reason: { type: String, required: true },
    since: { type: Date, required: true },
    until: { type: Date, required: true },
  },
  { collection: 'blocks', versionKey: false },
).index({ until: 1 });

type Stored = { _id: string } & Omit<Block, 'citizenId'>;

export type BlockRecords = ReturnType<typeof blockRecords>;

/** Written by the commands of the staff alone. */
export function blockRecords(connection: Connection) {
  const model = connection.model('Block', schema);
  const read = ({ _id, ...rest }: Stored): Block => ({ citizenId: _id, ...rest });

  async function get(citizenId: string): Promise<Block | null> {
    const found = await model.findById(citizenId).lean<Stored>();
    return found && read(found);
  }

  return {
    model,
    get,

    /** Blocks until a day, or gives an earlier block a new reason and day. */
    async set({ citizenId, ...rest }: Block): Promise<void> {
      await model.updateOne({ _id: citizenId }, { $set: rest }, { upsert: true });
    },

    /** Ends a block now; false when none was in force. */
    async end(citizenId: string, at: Date): Promise<boolean> {
      const block = await get(citizenId);
      if (!block || block.until <= at) return false;
      await model.updateOne({ _id: citizenId }, { $set: { until: at } });
      return true;
    },

    /** Whether one of these ids of a citizen is blocked at a moment. */
    async isBlocked(citizenIds: readonly string[], at: Date): Promise<boolean> {
      const found = await Promise.all(citizenIds.map(get));
      return found.some(block => block !== null && block.until > at);
    },

    /** The blocks in force at a moment, the one that ends first first. */
    async inForce(at: Date): Promise<Block[]> {
      const found = await model
        .find({ until: { $gt: at } })
        .sort({ until: 1 })
        .lean<Stored[]>();
      return found.map(read);
    },
  };
}
