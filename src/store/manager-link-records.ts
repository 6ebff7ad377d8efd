import { Schema, type Connection } from 'mongoose';
import { linksByToken } from './kept-links';

/** A link to the managers' page. `tokenHash` is the SHA-256 of the token, hex. */
export interface ManagerLink {
  tokenHash: string;
  /** Whom it was made for. */
  holder: string;
  createdAt: Date;
  expiresAt: Date;
}

const managerLinkSchema = new Schema(
  {
    _id: { type: String, required: true },
    holder: { type: String, required: true },
    createdAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
  },
  { collection: 'manager-links', versionKey: false },
);

export type ManagerLinkRecords = ReturnType<typeof managerLinkRecords>;

export function managerLinkRecords(connection: Connection) {
  const model = connection.model('ManagerLink', managerLinkSchema);
  return {
    model,
    ...linksByToken<ManagerLink>(model),

    /** Ends all links of a holder now; returns how many were still valid. */
    async revoke(holder: string, at: Date): Promise<number> {
      const valid = await model.find({ holder, expiresAt: { $gt: at } }, { _id: 1 }).lean();
      for (const { _id } of valid) await model.updateOne({ _id }, { $set: { expiresAt: at } });
      return valid.length;
    },
  };
}
