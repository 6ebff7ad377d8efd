import { createHash } from 'node:crypto';
import { type Connection, Schema } from 'mongoose';
import type { Says } from '../domain/talk/conversation-state';
import { type Span, struck } from '../domain/personal-words';
import { withoutPins } from '../domain/place/map-pin';
import { insertOnce, lastRevision, revisionId } from './insert-once';

/** One citizen message exactly as Meta delivered it. `id` is the keyed hash of its wamid. */
export interface InboxRecord {
  id: string;
  citizenId: string;
  sentAt: Date;
  receivedAt: Date;
  /** The message object of the webhook. */
  payload: unknown;
  /** The sender's contact object, if the webhook had one. */
  contact: unknown;
  handedOver: boolean;
}

const inboxSchema = new Schema(
  {
    _id: { type: String, required: true },
    citizenId: { type: String, required: true },
    sentAt: { type: Date, required: true },
    receivedAt: { type: Date, required: true },
    payload: { type: String, required: true },
    contact: { type: String, required: true },
    handedOver: { type: Boolean, required: true },
  },
  { collection: 'inbox', versionKey: false },
).index({ handedOver: 1, receivedAt: 1 });

/** The latest messages of one citizen, of which some may not be handed over. `_id` is the citizen's id. */
const arrivalSchema = new Schema(
  {
    _id: { type: String, required: true },
    messageIds: { type: [String], required: true },
    /** Time of the last message. */
    at: { type: Date, required: true },
  },
  { collection: 'arrivals', versionKey: false },
).index({ at: 1 });

export type InboxRecords = ReturnType<typeof inboxRecords>;

/**
 * The message is stored as JSON text. Document databases restrict key names, nesting depth and numbers, and a message
 * that violates such a rule could never be stored.
 */
type Stored = { _id: string; payload: string; contact: string } & Omit<
  InboxRecord,
  'id' | 'payload' | 'contact'
>;

const read = ({ _id, payload, contact, ...rest }: Stored): InboxRecord => ({
  id: _id,
  ...rest,
  payload: JSON.parse(payload) as unknown,
  contact: JSON.parse(contact) as unknown,
});

export function inboxRecords(connection: Connection) {
  const model = connection.model('Inbox', inboxSchema);
  const arrivalModel = connection.model('Arrival', arrivalSchema);

  async function get(id: string): Promise<InboxRecord | null> {
    const found = await model.findById(id).lean<Stored>();
    return found && read(found);
  }

  /**
   * Lists a message under its citizen, so that `notHandedOver` needs only look-ups by `_id`: any other query
   * scans the whole collection on the embedded store.
   */
  async function listArrival({ id, citizenId, receivedAt }: InboxRecord): Promise<void> {
    const listed = { $push: { messageIds: id }, $set: { at: receivedAt } };
    const upsert = (): Promise<unknown> =>
      arrivalModel.collection.updateOne({ _id: citizenId as never }, listed as never, { upsert: true });
    // Of two concurrent first messages, one fails to insert the list.
    await upsert().catch(upsert);
  }

  /** Removes from the list what has been handed over meanwhile. */
  async function arrivalsOf(citizenId: string): Promise<InboxRecord[]> {
    const list = await arrivalModel.findById(citizenId).lean();
    if (!list) return [];
    const found = await Promise.all(list.messageIds.map(get));
    const waiting = found.filter(record => record !== null).filter(({ handedOver }) => !handedOver);
    const done = list.messageIds.filter(id => waiting.every(record => record.id !== id));
    if (done.length > 0) await arrivalModel.updateOne({ _id: citizenId }, { $pullAll: { messageIds: done } });
    return waiting;
  }

  return {
    model,
    get,

    /** Stores a message before it is processed. Returns false if it exists. */
    async add(record: InboxRecord): Promise<boolean> {
      const { id, payload, contact, ...rest } = record;
      const texts = { payload: JSON.stringify(payload), contact: JSON.stringify(contact ?? null) };
      const isNew = await insertOnce(() =>
        model.collection.insertOne({ _id: id as never, ...rest, ...texts }),
      );
      if (isNew) await listArrival(record);
      return isNew;
    },

    /**
     * Returns a citizen's messages that are not marked as handed over, in order of arrival. `citizenIds` are the
     * citizen's current and former ids.
     */
    async notHandedOver(citizenIds: readonly string[]): Promise<InboxRecord[]> {
      const found = await Promise.all(citizenIds.map(arrivalsOf));
      return found.flat().sort((one, other) => one.receivedAt.getTime() - other.receivedAt.getTime());
    },

    /** Deletes the lists of citizens whose last message arrived before a time. */
    async forgetArrivals(before: Date): Promise<void> {
      await arrivalModel.deleteMany({ at: { $lt: before } });
    },

    /** Updates one by one: FerretDB can deadlock on a command with many updates. */
    markHandedOver: async (id: string): Promise<void> => {
      await model.collection.updateOne({ _id: id as never }, { $set: { handedOver: true } });
    },

    /** Returns messages received between two times that were not handed over, oldest first. */
    async waiting(after: Date, before: Date, limit: number): Promise<InboxRecord[]> {
      const found = await model
        .find({ handedOver: false, receivedAt: { $gt: after, $lt: before } })
        .sort({ receivedAt: 1 })
        .limit(limit)
        .lean<Stored[]>();
      return found.map(read);
    },
  };
}

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
  /** Absent in older records. */
  receivedAt?: Date;
  /** Meta's message type, or `unknown`. */
  type: string;
  words: string | null;
  /**
   * Set if a machine made the words from a recording: whether the citizen has confirmed them. The words of a refused
   * transcript are deleted.
   */
  transcript?: 'unconfirmed' | 'confirmed' | 'refused' | null;
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

/** Whether a message has a file that belongs to the report. */
export function bringsFile({ media }: Pick<Message, 'media'>): boolean {
  return media !== null && media.kind !== 'sticker';
}

/** Whether a message has a picture. Citizens also send photos as documents. */
export function isPhoto({ media }: Pick<Message, 'media'>): boolean {
  return media?.kind === 'image' || (media?.kind === 'document' && media.mimeType.startsWith('image/'));
}

const schema = new Schema(
  {
    _id: { type: String, required: true },
    citizenId: { type: String, required: true },
    sentAt: { type: Date, required: true },
    receivedAt: Date,
    type: { type: String, required: true },
    words: String,
    transcript: { type: String, default: null },
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

/**
 * The words of a message that are hidden from everybody who opens it. Each change is a record of its own, so that two
 * people cannot overwrite each other; the last one counts.
 */
export interface Strike {
  messageId: string;
  /** From 1. */
  revision: number;
  caseNumber: string;
  citizenId: string;
  spans: readonly Span[];
  /** Hex SHA-256 of the text that the spans belong to. */
  digest: string;
  /** The address of the link's holder. */
  by: string;
  at: Date;
}

/** FerretDB stores no arrays in arrays. */
type StoredStrike = Omit<Strike, 'spans'> & { spans: { from: number; to: number }[] };

const strikeSchema = new Schema(
  {
    _id: { type: String, required: true },
    messageId: { type: String, required: true },
    revision: { type: Number, required: true },
    caseNumber: { type: String, required: true },
    citizenId: { type: String, required: true },
    spans: { type: Schema.Types.Mixed, required: true },
    digest: { type: String, required: true },
    by: { type: String, required: true },
    at: { type: Date, required: true },
  },
  { collection: 'strikes', versionKey: false },
)
  .index({ caseNumber: 1 })
  .index({ messageId: 1 });

/** Returns the digest that a strike keeps of its text. */
export function digestOf(words: string): string {
  return createHash('sha256').update(words).digest('hex');
}

/** Returns the text that others see. If the citizen has edited it since, all of it stays hidden. */
function shownWords(words: string, { spans, digest }: Pick<Strike, 'spans' | 'digest'>): string {
  if (spans.length === 0) return words;
  return struck(words, digest === digestOf(words) ? spans : [[0, words.length]]);
}

export type MessageRecords = ReturnType<typeof messageRecords>;

export function messageRecords(connection: Connection) {
  const model = connection.model('Message', schema);
  const strikeModel = connection.model('Strike', strikeSchema);

  async function get(id: string): Promise<Message | null> {
    const found = await model.findById(id).lean<{ _id: string } & Omit<Message, 'id'>>();
    if (!found) return null;
    const { _id, ...rest } = found;
    return { id: _id, ...rest };
  }

  /** Returns the last strike of a message. */
  async function strikeOf(messageId: string): Promise<Strike | null> {
    const found = await lastRevision(messageId, id =>
      strikeModel.findById(id, { _id: 0 }).lean<StoredStrike>().exec(),
    );
    return found && { ...found, spans: found.spans.map(({ from, to }) => [from, to]) };
  }

  async function shown(id: string): Promise<Message | null> {
    const message = await get(id);
    if (message === null || message.words === null) return message;
    const strike = await strikeOf(id);
    return strike ? { ...message, words: shownWords(message.words, strike) } : message;
  }

  return {
    model,
    get,
    strikeOf,

    /** Stores a strike. Returns false if somebody else has stored this revision. */
    strike: ({ spans, ...rest }: Strike): Promise<boolean> => {
      const stored: StoredStrike = { ...rest, spans: spans.map(([from, to]) => ({ from, to })) };
      const _id = revisionId(rest.messageId, rest.revision) as never;
      return insertOnce(() => strikeModel.collection.insertOne({ _id, ...stored }));
    },

    /** Returns the messages with these ids, in their order, without the words that were hidden. */
    async shown(ids: readonly string[]): Promise<Message[]> {
      const found = await Promise.all(ids.map(shown));
      return found.filter(message => message !== null);
    },

    /** Stores a parsed message. Returns false if it exists. */
    add: ({ id, ...rest }: Message): Promise<boolean> =>
      insertOnce(() => model.collection.insertOne({ _id: id as never, ...rest })),

    /** Returns the messages with these ids, in their order. Skips unknown ids. */
    async several(ids: readonly string[]): Promise<Message[]> {
      const found = await Promise.all(ids.map(get));
      return found.filter(message => message !== null);
    },

    /** Returns the latest messages of these citizen ids without hidden words, oldest first. */
    async latestOf(citizenIds: readonly string[], limit: number): Promise<Message[]> {
      const newest = model.find({ citizenId: { $in: [...citizenIds] } }, { _id: 1 }).sort({ sentAt: -1 });
      const ids = (await newest.limit(limit).lean<{ _id: string }[]>()).map(({ _id }) => _id).reverse();
      return (await Promise.all(ids.map(shown))).filter(message => message !== null);
    },

    /** Returns how many messages these citizen ids sent. */
    countOf: (citizenIds: readonly string[]): Promise<number> =>
      model.countDocuments({ citizenId: { $in: citizenIds } }),

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

    /** Stores the machine-made text of a recording. */
    async transcribed(id: string, to: Pick<Message, 'words' | 'says' | 'language'>): Promise<void> {
      await model.updateOne({ _id: id }, { $set: { ...to, transcript: 'unconfirmed' } });
    },

    /** Notes whether the transcript of a recording is right. A wrong one is deleted. */
    async transcriptJudged(id: string, isRight: boolean): Promise<void> {
      const wrong = { transcript: 'refused', words: null, language: null, says: 'attachment' };
      await model.updateOne({ _id: id }, { $set: isRight ? { transcript: 'confirmed' } : wrong });
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

/**
 * Returns the text of a burst for routing, without links and coordinates. Unconfirmed transcripts count only if there
 * is no other text.
 */
export function wordsOf(messages: readonly Pick<Message, 'words' | 'transcript'>[]): string {
  const certain = messages.filter(({ words, transcript }) => words !== null && transcript !== 'unconfirmed');
  return (certain.length > 0 ? certain : messages)
    .flatMap(({ words }) => (words === null ? [] : withoutPins(words)))
    .join('\n');
}
