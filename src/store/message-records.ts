import { Schema, type Connection } from 'mongoose';
import type { Says } from '../domain/talk/conversation-state';
import { insertOnce } from './insert-once';

export interface Place {
  latitude: number;
  longitude: number;
  name: string | null;
  address: string | null;
}

/** A media file; Meta keeps it for seven days. */
export interface Media {
  kind: 'image' | 'video' | 'audio' | 'document' | 'sticker';
  mediaId: string;
  mimeType: string;
}

/** A parsed message. */
export interface Message {
  id: string;
  citizenId: string;
  sentAt: Date;
  /** Meta's message type, or `unknown`. */
  type: string;
  words: string | null;
  place: Place | null;
  media: Media | null;
  /** The id of the tapped button or list row. */
  tap: string | null;
  /** The id of the citizen's message that this one quotes, edits or revokes, if known. */
  refersTo?: string | null;
  /** The case of the quoted message, if the line sent it. */
  quotedCase?: string | null;
  /** Whether the quoted message asked if the problem is solved. */
  quotesSurvey?: boolean;
  /** When the citizen deleted the message. */
  takenBackAt?: Date | null;
  /** Whether Meta could not deliver the attached file. */
  lostFile?: boolean;
  says: Says;
  /** The language of the text; null if it is not clear. */
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
    quotesSurvey: { type: Boolean, default: false },
    takenBackAt: { type: Date, default: null },
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

    /** Stores a parsed message. Returns false if it exists. */
    add: ({ id, ...rest }: Message): Promise<boolean> =>
      insertOnce(() => model.collection.insertOne({ _id: id as never, ...rest })),

    /** Returns the messages with these ids, in their order. Skips unknown ids. */
    async several(ids: readonly string[]): Promise<Message[]> {
      const found = await Promise.all(ids.map(get));
      return found.filter(message => message !== null);
    },

    /** Returns the unanswered messages, oldest first. */
    async unhandled(): Promise<{ id: string; citizenId: string }[]> {
      const found = await model
        .find({ handledAt: null }, { citizenId: 1 })
        .sort({ sentAt: 1 })
        .lean<{ _id: string; citizenId: string }[]>();
      return found.map(({ _id, citizenId }) => ({ id: _id, citizenId }));
    },

    /** Replaces the text of a message with the text of an edit. */
    async reword(id: string, to: Pick<Message, 'words' | 'says' | 'language'>): Promise<void> {
      await model.updateOne({ _id: id }, { $set: to });
    },

    /** Notes that the citizen deleted a message. */
    async takenBack(id: string, at: Date): Promise<void> {
      await model.updateOne({ _id: id }, { $set: { takenBackAt: at } });
    },

    /** Marks messages as answered and, if given, assigns them to a case. */
    async handled(ids: readonly string[], at: Date, caseNumber: string | null): Promise<void> {
      const change = caseNumber ? { handledAt: at, caseNumber } : { handledAt: at };
      await Promise.all(ids.map(id => model.updateOne({ _id: id }, { $set: change })));
    },
  };
}
