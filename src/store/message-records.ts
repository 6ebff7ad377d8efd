import { Schema, type Connection } from 'mongoose';
import type { Says } from '../domain/talk/conversation';
import { insertOnce } from './insert-once';

export interface Place {
  latitude: number;
  longitude: number;
  name: string | null;
  address: string | null;
}

/** A file that Meta keeps for seven days under its id. */
export interface Media {
  kind: 'image' | 'video' | 'audio' | 'document' | 'sticker';
  mediaId: string;
  mimeType: string;
}

/** A message as the line understood it. */
export interface Message {
  id: string;
  citizenId: string;
  sentAt: Date;
  /** Meta's message type, or `unknown`. */
  type: string;
  words: string | null;
  place: Place | null;
  media: Media | null;
  /** The id of a tapped button or list row. */
  tap: string | null;
  /** The id of the message of a citizen that this one quotes, edits or takes back, if it is known. */
  refersTo?: string | null;
  /** The case of the line's own message that this one quotes. */
  quotedCase?: string | null;
  /** Whether a file was sent that Meta could not pass on. */
  lostFile?: boolean;
  says: Says;
  /** The language that the words speak plainly, null when they do not tell. */
  language: 'tr' | 'en' | null;
  caseNumber: string | null;
  handledAt: Date | null;
}

const schema = new Schema(
  {
    _id: { type: String, required: true },
    citizenId: { type: String, required: true },
    sentAt: { type: Date, required: true },
    type: { type: String, required: true },
    words: String,
    place: { type: Schema.Types.Mixed, default: null },
    media: { type: Schema.Types.Mixed, default: null },
    tap: String,
    refersTo: { type: String, default: null },
    quotedCase: { type: String, default: null },
    lostFile: { type: Boolean, default: false },
    says: { type: String, required: true },
    language: { type: String, default: null },
    caseNumber: String,
    handledAt: Date,
  },
  { collection: 'messages', versionKey: false },
)
  .index({ citizenId: 1, sentAt: 1 })
  .index({ caseNumber: 1 });

export type MessageRecords = ReturnType<typeof messageRecords>;

export function messageRecords(connection: Connection) {
  const model = connection.model('Message', schema);

  async function get(id: string): Promise<Message | null> {
    const found = await model.findById(id).lean<{ _id: string } & Omit<Message, 'id'>>();
    if (!found) return null;
    const { _id, ...rest } = found;
    return { id: _id, ...rest };
  }

  return {
    model,
    get,

    /** Stores what a message says; false when it had been understood before. */
    add: ({ id, ...rest }: Message): Promise<boolean> =>
      insertOnce(() => model.collection.insertOne({ _id: id as never, ...rest })),

    /** The messages with these ids, in their order; ids without a record are left out. */
    async several(ids: readonly string[]): Promise<Message[]> {
      const found = await Promise.all(ids.map(get));
      return found.filter(message => message !== null);
    },

    /** Messages that nobody has answered yet, oldest first. */
    async unhandled(): Promise<{ id: string; citizenId: string }[]> {
      const found = await model
        .find({ handledAt: null }, { citizenId: 1 })
        .sort({ sentAt: 1 })
        .lean<{ _id: string; citizenId: string }[]>();
      return found.map(({ _id, citizenId }) => ({ id: _id, citizenId }));
    },

    /** Marks messages as answered, and as part of a case if there is one. */
    async handled(ids: readonly string[], at: Date, caseNumber: string | null): Promise<void> {
      const change = caseNumber ? { handledAt: at, caseNumber } : { handledAt: at };
      await Promise.all(ids.map(id => model.updateOne({ _id: id }, { $set: change })));
    },
  };
}
