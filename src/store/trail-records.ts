import { randomUUID } from 'node:crypto';
import { type Connection, Schema } from 'mongoose';

/**
 * What somebody of the municipality read or changed by a command or on a page, or that a process started otherwise than
 * before.
 */
type Trace =
  | 'export'
  | 'case'
  | 'cases'
  | 'messages'
  | 'deadLetter'
  | 'training'
  | 'auditExport'
  | 'breach'
  | 'photoFlagged'
  | 'photoCleared'
  | 'redacted'
  | 'redactionEnded'
  | 'originalShown'
  | 'closureAdded'
  | 'closureRemoved'
  | 'numberShown'
  | 'linkMade'
  | 'linksEnded'
  | 'configuration';

/** An entry of the audit trail: who, what and why. Acts through links are in their own records. */
export interface TrailEntry {
  at: Date;
  /** A person, or the role of a process. */
  actor: string;
  /** Empty if none is needed. */
  reason: string;
  what: Trace;
  /** The id, day, holder or versions it is about. */
  detail?: string;
  /** The person; null for one case, and after the person was erased. */
  citizenId: string | null;
  caseNumber: string | null;
}

const schema = new Schema(
  {
    _id: { type: String, required: true },
    at: { type: Date, required: true },
    actor: { type: String, required: true },
    reason: { type: String, default: '' },
    what: { type: String, required: true },
    detail: { type: String },
    citizenId: { type: String, default: null },
    caseNumber: { type: String, default: null },
  },
  { collection: 'audit-trail', versionKey: false },
)
  .index({ caseNumber: 1, at: 1 })
  .index({ citizenId: 1, at: 1 })
  .index({ at: 1 });

export type TrailRecords = ReturnType<typeof trailRecords>;

/** The audit trail of commands, insert-only. */
export function trailRecords(connection: Connection) {
  const model = connection.model('TrailEntry', schema);
  return {
    async add(entry: Omit<TrailEntry, 'citizenId' | 'caseNumber'> & Partial<TrailEntry>): Promise<void> {
      await model.collection.insertOne({
        ...{ _id: randomUUID() as never, citizenId: null, caseNumber: null },
        ...entry,
      });
    },

    /** Returns the entries about a case and its citizen, oldest first. */
    async of(caseNumber: string, citizenId: string): Promise<TrailEntry[]> {
      const ofCase = await model.find({ caseNumber }, { _id: 0 }).lean<TrailEntry[]>();
      const ofCitizen =
        citizenId === '' ? [] : await model.find({ citizenId }, { _id: 0 }).lean<TrailEntry[]>();
      return [...ofCase, ...ofCitizen].sort((a, b) => a.at.getTime() - b.at.getTime());
    },

    /** Returns the entries of a period (epoch ms UTC, the end excluded), oldest first. */
    between: (from: number, to: number): Promise<TrailEntry[]> =>
      model
        .find({ at: { $gte: new Date(from), $lt: new Date(to) } }, { _id: 0 })
        .sort({ at: 1 })
        .lean<TrailEntry[]>()
        .exec(),

    /** Returns the latest entry of an actor of this kind, or null. */
    async latest(what: Trace, actor: string): Promise<TrailEntry | null> {
      const [found] = await model
        .find({ what, actor }, { _id: 0 })
        .sort({ at: -1 })
        .limit(1)
        .lean<TrailEntry[]>();
      return found ?? null;
    },
  };
}
