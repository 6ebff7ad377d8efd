import { randomUUID } from 'node:crypto';
import { type Connection, Schema } from 'mongoose';

/** Somebody of the municipality read personal data by a command: who, what and why. */
export interface ReadRecord {
  at: Date;
  actor: string;
  reason: string;
  /** What was read. */
  what: 'export';
  /** The person; null for a read of one case, and after the person was erased. */
  citizenId: string | null;
  caseNumber: string | null;
}

const schema = new Schema(
  {
    _id: { type: String, required: true },
    at: { type: Date, required: true },
    actor: { type: String, required: true },
    reason: { type: String, required: true },
    what: { type: String, required: true },
    citizenId: { type: String, default: null },
    caseNumber: { type: String, default: null },
  },
  { collection: 'reads', versionKey: false },
)
  .index({ caseNumber: 1, at: 1 })
  .index({ citizenId: 1, at: 1 });

export type ReadRecords = ReturnType<typeof readRecords>;

/** The record of reads, insert-only. */
export function readRecords(connection: Connection) {
  const model = connection.model('Read', schema);
  return {
    model,
    async add(record: ReadRecord): Promise<void> {
      await model.collection.insertOne({ _id: randomUUID() as never, ...record });
    },

    /** Returns the reads of a case and of its citizen, oldest first. */
    async of(caseNumber: string, citizenId: string): Promise<ReadRecord[]> {
      const ofCase = await model.find({ caseNumber }, { _id: 0 }).lean<ReadRecord[]>();
      const ofCitizen =
        citizenId === '' ? [] : await model.find({ citizenId }, { _id: 0 }).lean<ReadRecord[]>();
      return [...ofCase, ...ofCitizen].sort((a, b) => a.at.getTime() - b.at.getTime());
    },
  };
}
