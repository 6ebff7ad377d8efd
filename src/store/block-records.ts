import { randomUUID } from 'node:crypto';
import { Schema, type Connection } from 'mongoose';

/** A citizen whose messages are kept, but answered by nobody until a day; only staff decide so, with a reason. */
export interface Block {
  citizenId: string;
  reason: string;
  since: Date;
  until: Date;
}

/** What staff did about a block, by whom and why; `until` is null where a block was ended. */
export interface BlockAct {
  citizenId: string;
  at: Date;
  actor: string;
  reason: string;
  until: Date | null;
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

const actSchema = new Schema(
  {
    _id: { type: String, required: true },
    citizenId: { type: String, required: true },
    at: { type: Date, required: true },
    actor: { type: String, required: true },
    reason: { type: String, required: true },
    until: { type: Date, default: null },
  },
  { collection: 'block-acts', versionKey: false },
).index({ citizenId: 1, at: 1 });

type Stored = { _id: string } & Omit<Block, 'citizenId'>;

export type BlockRecords = ReturnType<typeof blockRecords>;

/** Written by the commands of the staff alone. */
export function blockRecords(connection: Connection) {
  const model = connection.model('Block', schema);
  const actModel = connection.model('BlockAct', actSchema);
  const read = ({ _id, ...rest }: Stored): Block => ({ citizenId: _id, ...rest });

  async function get(citizenId: string): Promise<Block | null> {
    const found = await model.findById(citizenId).lean<Stored>();
    return found && read(found);
  }

  return {
    model,
    get,

    /** Keeps what was done; acts are only ever inserted, since a block itself is overwritten by the next one. */
    async addAct(act: BlockAct): Promise<void> {
      await actModel.create({ _id: randomUUID(), ...act });
    },

    /** All that was done about a citizen's blocks, in order. */
    async actsOf(citizenId: string): Promise<BlockAct[]> {
      const found = await actModel.find({ citizenId }).sort({ at: 1 }).lean<(BlockAct & { _id: string })[]>();
      return found.map(({ _id, ...act }) => act);
    },

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
