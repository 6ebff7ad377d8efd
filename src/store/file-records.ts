import { type Connection, mongo, Schema } from 'mongoose';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../errors';
import { insertOnce } from './insert-once';

/** A citizen's photo, re-encoded and without metadata; `id` is the id of the message that brought it. */
export interface Photo {
  id: string;
  caseNumber: string;
  /** JPEG, longest side at most 1,600 px. */
  jpeg: Buffer;
  /** JPEG, longest side at most 320 px. */
  thumbnail: Buffer;
  width: number;
  height: number;
  /** Where the camera was, WGS84: a hint for finding the place, kept only when the citizen sent no pin. */
  takenAt: { latitude: number; longitude: number } | null;
  keptAt: Date;
  /** Set when somebody judged it unfit to be shown unasked: it then stays out of letters. */
  flagged?: boolean;
}

const photoSchema = new Schema(
  {
    _id: { type: String, required: true },
    caseNumber: { type: String, required: true },
    jpeg: { type: Buffer, required: true },
    thumbnail: { type: Buffer, required: true },
    width: { type: Number, required: true },
    height: { type: Number, required: true },
    takenAt: { type: Schema.Types.Mixed, default: null },
    keptAt: { type: Date, required: true },
    flagged: Boolean,
  },
  { collection: 'photos', versionKey: false },
).index({ caseNumber: 1 });

type Bytes = { buffer: Uint8Array };
type StoredPhoto = { _id: string; jpeg: Bytes; thumbnail: Bytes } & Omit<Photo, 'id' | 'jpeg' | 'thumbnail'>;

export type PhotoRecords = ReturnType<typeof photoRecords>;

/** Photos are single documents: re-encoded they stay far below the 16 MB of one, and are read in one go by id. */
export function photoRecords(connection: Connection) {
  const model = connection.model('Photo', photoSchema);
  return {
    model,
    add: ({ id, ...rest }: Photo): Promise<boolean> =>
      insertOnce(() => model.collection.insertOne({ _id: id as never, ...rest })),

    async get(id: string): Promise<Omit<Photo, 'thumbnail'> | null> {
      const found = await model.findById(id, { thumbnail: 0 }).lean<Omit<StoredPhoto, 'thumbnail'>>();
      if (!found) return null;
      const { _id, jpeg, ...rest } = found;
      return { id: _id, ...rest, jpeg: Buffer.from(jpeg.buffer) };
    },

    /** The small picture with the case it belongs to; null when there is no such photo. */
    async thumbnail(id: string): Promise<Pick<Photo, 'caseNumber' | 'thumbnail'> | null> {
      const found = await model.findById(id, { caseNumber: 1, thumbnail: 1 }).lean<StoredPhoto>();
      return found && { caseNumber: found.caseNumber, thumbnail: Buffer.from(found.thumbnail.buffer) };
    },

    /** What is known of a photo without its bytes; null when there is no such photo. */
    async about(id: string): Promise<Omit<Photo, 'jpeg' | 'thumbnail'> | null> {
      const found = await model
        .findById(id, { jpeg: 0, thumbnail: 0 })
        .lean<Omit<StoredPhoto, 'jpeg' | 'thumbnail'>>();
      if (!found) return null;
      const { _id, ...rest } = found;
      return { id: _id, ...rest };
    },

    /** What is known of a case's photos without their bytes, oldest first. */
    async ofCase(caseNumber: string): Promise<Omit<Photo, 'jpeg' | 'thumbnail'>[]> {
      const found = await model
        .find({ caseNumber }, { jpeg: 0, thumbnail: 0 })
        .sort({ keptAt: 1 })
        .lean<Omit<StoredPhoto, 'jpeg' | 'thumbnail'>[]>();
      return found.map(({ _id, ...rest }) => ({ id: _id, ...rest }));
    },

    async flag(id: string, flagged: boolean): Promise<void> {
      await model.updateOne({ _id: id }, { $set: { flagged } });
    },

    async has(id: string): Promise<boolean> {
      return (await model.findById(id, { _id: 1 }).lean()) !== null;
    },
  };
}

/** A photo by which a department shows its work, re-encoded and without metadata. */
export interface WorkPhoto {
  caseNumber: string;
  /** SHA-256 of the file as it was uploaded, hex: the same one sent again is not kept twice. */
  digest: string;
  /** JPEG, longest side at most 1,600 px. */
  jpeg: Buffer;
  /** JPEG, longest side at most 320 px. */
  thumbnail: Buffer;
  width: number;
  height: number;
  keptAt: Date;
}

/** So many photos go with one act. */
export const MOST_WORK_PHOTOS = 3;

/** The id of an act's photo by its place, from 1: who knows the act finds its photos without a search. */
function workPhotoId(actionId: string, place: number): string {
  return `${actionId}-${place}`;
}

const workPhotoSchema = new Schema(
  {
    _id: { type: String, required: true },
    caseNumber: { type: String, required: true },
    digest: { type: String, required: true },
    jpeg: { type: Buffer, required: true },
    thumbnail: { type: Buffer, required: true },
    width: { type: Number, required: true },
    height: { type: Number, required: true },
    keptAt: { type: Date, required: true },
  },
  { collection: 'work-photos', versionKey: false },
).index({ caseNumber: 1 });

type Bytes_2 = { buffer: Uint8Array };

export type WorkPhotoRecords = ReturnType<typeof workPhotoRecords>;

export function workPhotoRecords(connection: Connection) {
  const model = connection.model('WorkPhoto', workPhotoSchema);
  const places = Array.from({ length: MOST_WORK_PHOTOS }, (_, place) => place + 1);

  async function digestOf(id: string): Promise<string | null> {
    const found = await model.findById(id, { digest: 1 }).lean<{ digest: string }>();
    return found?.digest ?? null;
  }

  return {
    model,

    /** Keeps a photo of an act in the first free place; false when there is none. One that is there stays once. */
    async add(actionId: string, photo: WorkPhoto): Promise<boolean> {
      for (const place of places) {
        const id = workPhotoId(actionId, place);
        if (await insertOnce(() => model.collection.insertOne({ _id: id as never, ...photo }))) return true;
        if ((await digestOf(id)) === photo.digest) return true;
      }
      return false;
    },

    /** One of the two pictures of a photo with the case it belongs to; null when there is no such photo. */
    async picture(
      id: string,
      size: 'jpeg' | 'thumbnail',
    ): Promise<{ caseNumber: string; jpeg: Buffer } | null> {
      const found = await model
        .findById(id, { caseNumber: 1, [size]: 1 })
        .lean<{ caseNumber: string } & Record<typeof size, Bytes_2>>();
      return found && { caseNumber: found.caseNumber, jpeg: Buffer.from(found[size].buffer) };
    },

    /** The ids of an act's photos, in their order. */
    async ofAct(actionId: string): Promise<string[]> {
      const ids = places.map(place => workPhotoId(actionId, place));
      const digests = await Promise.all(ids.map(digestOf));
      return ids.filter((_, place) => digests[place] !== null);
    },
  };
}

/** A citizen's voice note, video or document as it was sent; `id` is the id of the message that brought it. */
export interface Attachment {
  id: string;
  caseNumber: string;
  kind: 'audio' | 'video' | 'document';
  /** By its bytes, not by what the sender called it. */
  mimeType: string;
  /** In bytes. */
  size: number;
  /** Made up by the line: a name of the sender's could carry anything. */
  name: string;
  keptAt: Date;
}

/** Part of a file, both ends inclusive, in bytes. */
export interface ByteRange {
  start: number;
  end: number;
}

const attachmentSchema = new Schema(
  {
    _id: { type: String, required: true },
    caseNumber: { type: String, required: true },
    kind: { type: String, required: true },
    mimeType: { type: String, required: true },
    size: { type: Number, required: true },
    name: { type: String, required: true },
    keptAt: { type: Date, required: true },
    blob: { type: Schema.Types.ObjectId, required: true },
  },
  { collection: 'attachments', versionKey: false },
).index({ caseNumber: 1 });

type StoredAttachment = { _id: string; blob: mongo.ObjectId } & Omit<Attachment, 'id'>;

export type AttachmentRecords = ReturnType<typeof attachmentRecords>;

/**
 * Records of files, and their bytes in GridFS: they can be larger than the 16 MB of a document. A record is written
 * once its bytes are complete, so that a copy that broke off is never seen.
 */
export function attachmentRecords(connection: Connection) {
  const model = connection.model('Attachment', attachmentSchema);

  function bucket(): mongo.GridFSBucket {
    if (!connection.db) throw new AppError('store-unavailable', { status: 503 });
    return new mongo.GridFSBucket(connection.db, { bucketName: 'attachments' });
  }

  const shown = ({ _id, blob, ...rest }: StoredAttachment): Attachment => ({ id: _id, ...rest });

  return {
    model,

    async has(id: string): Promise<boolean> {
      return (await model.findById(id, { _id: 1 }).lean()) !== null;
    },

    async get(id: string): Promise<Attachment | null> {
      const found = await model.findById(id).lean<StoredAttachment>();
      return found && shown(found);
    },

    /** Keeps a file; false when it was kept before. Rejects with whatever the bytes reject with. */
    async add({ id, ...rest }: Omit<Attachment, 'size'>, bytes: AsyncIterable<Uint8Array>): Promise<boolean> {
      const files = bucket();
      const upload = files.openUploadStream(rest.name);
      await pipeline(bytes, upload);
      const size = upload.length;
      const made = await insertOnce(() =>
        model.collection.insertOne({ _id: id as never, ...rest, size, blob: upload.id }),
      );
      if (!made) await files.delete(upload.id);
      return made;
    },

    /** The bytes of a file, or a part of them; null when there is no such file. */
    async open(id: string, range?: ByteRange): Promise<Readable | null> {
      const found = await model.findById(id).lean<StoredAttachment>();
      if (!found) return null;
      return bucket().openDownloadStream(found.blob, range && { start: range.start, end: range.end + 1 });
    },
  };
}
