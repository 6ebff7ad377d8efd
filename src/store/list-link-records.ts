import { Schema, type Connection } from 'mongoose';
import { linksByToken } from './kept-links';
import type { LinkRecipient } from './task-records';

/** A link to the open tasks of one department, read-only. `tokenHash` is the SHA-256 of the token, hex. */
export interface ListLink {
  tokenHash: string;
  department: string;
  recipient: LinkRecipient;
  createdAt: Date;
  expiresAt: Date;
}

const listLinkSchema = new Schema(
  {
    _id: { type: String, required: true },
    department: { type: String, required: true },
    recipient: { type: Schema.Types.Mixed, required: true },
    createdAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
  },
  { collection: 'list-links', versionKey: false },
);

export type ListLinkRecords = ReturnType<typeof listLinkRecords>;

export function listLinkRecords(connection: Connection) {
  const model = connection.model('ListLink', listLinkSchema);
  return {
    model,
    ...linksByToken<ListLink>(model),
  };
}
