import { Schema, type Connection } from 'mongoose';
import { linksByToken } from './kept-links';

/** A link to a citizen's status page. `tokenHash` is the SHA-256 of the token, hex. */
export interface StatusLink {
  tokenHash: string;
  caseNumber: string;
  createdAt: Date;
}

const statusLinkSchema = new Schema(
  {
    _id: { type: String, required: true },
    caseNumber: { type: String, required: true },
    createdAt: { type: Date, required: true },
  },
  { collection: 'status-links', versionKey: false },
).index({ caseNumber: 1 });

export type StatusLinkRecords = ReturnType<typeof statusLinkRecords>;

export function statusLinkRecords(connection: Connection) {
  const model = connection.model('StatusLink', statusLinkSchema);
  return {
    model,
    ...linksByToken<StatusLink>(model),
  };
}
