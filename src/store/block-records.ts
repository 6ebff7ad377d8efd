import { randomUUID } from 'node:crypto';
import { Schema, type Connection } from 'mongoose';

/** A blocked citizen: messages are stored but not answered until `until`. Only staff block, with a reason. */
export interface Block {
  citizenId: string;
  reason: string;
  since: Date;
  until: Date;
}

/** One decision about a block, with actor and reason. `until` is null if the decision ended the block. */
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

/** Blocks. Only the admin commands write them. */
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

    /** Records a decision. Decisions are insert-only, because the next block overwrites the current one. */
    async addAct(act: BlockAct): Promise<void> {
      await actModel.create({ _id: randomUUID(), ...act });
    },

    /** Returns all decisions about a citizen, oldest first. */
    async actsOf(citizenId: string): Promise<BlockAct[]> {
      const found = await actModel.find({ citizenId }).sort({ at: 1 }).lean<(BlockAct & { _id: string })[]>();
      return found.map(({ _id, ...act }) => act);
    },

    /** Blocks a citizen, or replaces the reason and end of an existing block. */
    async set({ citizenId, ...rest }: Block): Promise<void> {
      await model.updateOne({ _id: citizenId }, { $set: rest }, { upsert: true });
    },

    /** Ends a block now. Returns false if none was in force. */
    async end(citizenId: string, at: Date): Promise<boolean> {
      const block = await get(citizenId);
      if (!block || block.until <= at) return false;
      await model.updateOne({ _id: citizenId }, { $set: { until: at } });
      return true;
    },

    /** Returns whether one of a citizen's ids is blocked at the given time. */
    async isBlocked(citizenIds: readonly string[], at: Date): Promise<boolean> {
      const found = await Promise.all(citizenIds.map(get));
      return found.some(block => block !== null && block.until > at);
    },

    /** Returns the blocks in force at the given time, sorted by their end. */
    async inForce(at: Date): Promise<Block[]> {
      const found = await model
        .find({ until: { $gt: at } })
        .sort({ until: 1 })
        .lean<Stored[]>();
      return found.map(read);
    },
  };
}
