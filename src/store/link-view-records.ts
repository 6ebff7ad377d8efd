import { Schema, Types, type Connection } from 'mongoose';
import type { LinkRecipient } from './task-records';

/** That something was opened by a link: who the link was made for, what was opened, and when. Never changed. */
export interface LinkView {
  tokenHash: string;
  /** Null for the list of a department. */
  caseNumber: string | null;
  department: string;
  recipient: LinkRecipient;
  what: 'task' | 'photo' | 'list';
  at: Date;
}

const linkViewSchema = new Schema(
  {
    tokenHash: { type: String, required: true },
    caseNumber: String,
    department: { type: String, required: true },
    recipient: { type: Schema.Types.Mixed, required: true },
    what: { type: String, required: true },
    at: { type: Date, required: true },
  },
  { collection: 'link-views', versionKey: false },
)
  .index({ caseNumber: 1, at: 1 })
  .index({ at: 1 });

export type LinkViewRecords = ReturnType<typeof linkViewRecords>;

export function linkViewRecords(connection: Connection) {
  const model = connection.model('LinkView', linkViewSchema);
  return {
    model,
    async add(view: LinkView): Promise<void> {
      await model.collection.insertOne({ _id: new Types.ObjectId(), ...view });
    },

    /** Who opened a case by a link, oldest first. */
    async ofCase(caseNumber: string, limit: number): Promise<LinkView[]> {
      const found = await model
        .find({ caseNumber }, { _id: 0 })
        .sort({ at: 1 })
        .limit(limit)
        .lean<LinkView[]>();
      return found;
    },
  };
}
