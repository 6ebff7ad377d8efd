import { type Connection, mongo, Schema } from 'mongoose';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../errors';
import { insertOnce, lastRevision, revisionId } from './insert-once';

/** A citizen's photo, re-encoded without metadata. `id` is the id of its message. */
export interface Photo {
  id: string;
  caseNumber: string;
  /** JPEG, longest side at most 1,600 px. */
  jpeg: Buffer;
  /** JPEG, longest side at most 320 px. */
  thumbnail: Buffer;
  width: number;
  height: number;
  /** The camera position (WGS84), a hint for the place. Stored only if the citizen sent no pin. */
  takenAt: { latitude: number; longitude: number } | null;
  keptAt: Date;
  /** Set by staff for a photo that must not be shown unasked. Letters omit it. */
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

/** A part of a picture, in thousandths of its width and height. */
export interface Region {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** A photo with blurred regions, shown to everybody. Each change is a record of its own; the last one counts. */
export interface Cover {
  photoId: string;
  /** From 1. */
  revision: number;
  caseNumber: string;
  /** Empty after somebody removed the blur. */
  regions: readonly Region[];
  /** The blurred photo and thumbnail; null without regions, and once there is a later revision. */
  jpeg: Buffer | null;
  thumbnail: Buffer | null;
  /** The address of the link's holder. */
  by: string;
  at: Date;
}

type CoverState = Omit<Cover, 'jpeg' | 'thumbnail'>;

const coverSchema = new Schema(
  {
    _id: { type: String, required: true },
    photoId: { type: String, required: true },
    revision: { type: Number, required: true },
    caseNumber: { type: String, required: true },
    regions: { type: Schema.Types.Mixed, required: true },
    jpeg: Buffer,
    thumbnail: Buffer,
    by: { type: String, required: true },
    at: { type: Date, required: true },
  },
  { collection: 'photo-covers', versionKey: false },
).index({ caseNumber: 1 });

type Bytes = { buffer: Uint8Array };
type StoredPhoto = { _id: string; jpeg: Bytes; thumbnail: Bytes } & Omit<Photo, 'id' | 'jpeg' | 'thumbnail'>;

export type PhotoRecords = ReturnType<typeof photoRecords>;

/**
 * Citizens' photos. Each is a single document: re-encoded photos are far smaller than the 16 MB limit, and one read
 * by id is fast.
 */
export function photoRecords(connection: Connection) {
  const model = connection.model('Photo', photoSchema);
  const coverModel = connection.model('PhotoCover', coverSchema);

  /** Returns the last cover of a photo, without its bytes. */
  const coverOf = (photoId: string): Promise<CoverState | null> =>
    lastRevision(photoId, id => coverModel.findById(id, { jpeg: 0, thumbnail: 0 }).lean<CoverState>().exec());

  return {
    model,
    coverOf,

    /** Stores a cover. Returns false if somebody else has stored this revision. */
    async cover(cover: Cover): Promise<boolean> {
      const { photoId, revision } = cover;
      const _id = revisionId(photoId, revision) as never;
      if (!(await insertOnce(() => coverModel.collection.insertOne({ _id, ...cover })))) return false;
      const before = revisionId(photoId, revision - 1);
      await coverModel.updateOne({ _id: before }, { $set: { jpeg: null, thumbnail: null } });
      return true;
    },

    /** Returns a photo or its thumbnail as everybody sees it, with its case; null if there is no such photo. */
    async shown(
      id: string,
      size: 'jpeg' | 'thumbnail',
    ): Promise<{ caseNumber: string; jpeg: Buffer } | null> {
      const cover = await coverOf(id);
      const fields = { caseNumber: 1, [size]: 1 };
      const found = cover?.regions.length
        ? await coverModel.findById(revisionId(id, cover.revision), fields).lean<StoredPhoto>()
        : await model.findById(id, fields).lean<StoredPhoto>();
      return found && { caseNumber: found.caseNumber, jpeg: Buffer.from(found[size].buffer) };
    },

    add: ({ id, ...rest }: Photo): Promise<boolean> =>
      insertOnce(() => model.collection.insertOne({ _id: id as never, ...rest })),

    async get(id: string): Promise<Omit<Photo, 'thumbnail'> | null> {
      const found = await model.findById(id, { thumbnail: 0 }).lean<Omit<StoredPhoto, 'thumbnail'>>();
      if (!found) return null;
      const { _id, jpeg, ...rest } = found;
      return { id: _id, ...rest, jpeg: Buffer.from(jpeg.buffer) };
    },

    /** Returns a photo without its bytes; null if there is none. */
    async about(id: string): Promise<Omit<Photo, 'jpeg' | 'thumbnail'> | null> {
      const found = await model
        .findById(id, { jpeg: 0, thumbnail: 0 })
        .lean<Omit<StoredPhoto, 'jpeg' | 'thumbnail'>>();
      if (!found) return null;
      const { _id, ...rest } = found;
      return { id: _id, ...rest };
    },

    /** Returns the photos of a case without their bytes, oldest first. */
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

/** A department's photo of its work, re-encoded without metadata. */
export interface WorkPhoto {
  caseNumber: string;
  /** Hex SHA-256 of the uploaded file, to detect a repeated upload. */
  digest: string;
  /** JPEG, longest side at most 1,600 px. */
  jpeg: Buffer;
  /** JPEG, longest side at most 320 px. */
  thumbnail: Buffer;
  width: number;
  height: number;
  keptAt: Date;
}

/** The maximum number of photos per act. */
export const MOST_WORK_PHOTOS = 3;

/** The id of an act's photo at a position, from 1. It allows reading the photos of an act by `_id`. */
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

    /**
     * Stores a photo at the first free position of an act. Returns false if all are taken. A repeated upload is
     * stored once.
     */
    async add(actionId: string, photo: WorkPhoto): Promise<boolean> {
      for (const place of places) {
        const id = workPhotoId(actionId, place);
        if (await insertOnce(() => model.collection.insertOne({ _id: id as never, ...photo }))) return true;
        if ((await digestOf(id)) === photo.digest) return true;
      }
      return false;
    },

    /** Returns the photo or its thumbnail with its case; null if there is no such photo. */
    async picture(
      id: string,
      size: 'jpeg' | 'thumbnail',
    ): Promise<{ caseNumber: string; jpeg: Buffer } | null> {
      const found = await model
        .findById(id, { caseNumber: 1, [size]: 1 })
        .lean<{ caseNumber: string } & Record<typeof size, Bytes>>();
      return found && { caseNumber: found.caseNumber, jpeg: Buffer.from(found[size].buffer) };
    },

    /**
     * Deletes the photos of a period whose act was never sent, because its form was refused and left. `isSent`
     * receives the id of an act. Returns the number of deleted photos.
     */
    async forgetUnsent(
      from: Date,
      to: Date,
      isSent: (actionId: string) => Promise<boolean>,
    ): Promise<number> {
      const found = await model.find({ keptAt: { $gte: from, $lt: to } }, { _id: 1 }).lean();
      const unsent: string[] = [];
      for (const { _id } of found) {
        if (!(await isSent(_id.slice(0, _id.lastIndexOf('-'))))) unsent.push(_id);
      }
      for (const id of unsent) await model.deleteOne({ _id: id });
      return unsent.length;
    },

    /** Returns the ids of an act's photos, in order. */
    async ofAct(actionId: string): Promise<string[]> {
      const ids = places.map(place => workPhotoId(actionId, place));
      const digests = await Promise.all(ids.map(digestOf));
      return ids.filter((_, place) => digests[place] !== null);
    },
  };
}

/** A citizen's voice note, video or document, stored unchanged. `id` is the id of its message. */
export interface Attachment {
  id: string;
  caseNumber: string;
  kind: 'audio' | 'video' | 'document';
  /** Detected from the bytes, not from the name the sender gave. */
  mimeType: string;
  /** In bytes. */
  size: number;
  /** Generated by the line, because the sender's file name is untrusted. */
  name: string;
  keptAt: Date;
}

/** A byte range, both ends inclusive. */
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
 * File records, with the bytes in GridFS because files may exceed the 16 MB document limit. The record is inserted
 * after its bytes, so that an incomplete upload is never visible.
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

    /** Stores a file. Returns false if it exists. Rejects with the error of the byte stream. */
    async add({ id, ...rest }: Omit<Attachment, 'size'>, bytes: AsyncIterable<Uint8Array>): Promise<boolean> {
      const files = bucket();
      const upload = files.openUploadStream(rest.name);
      try {
        await pipeline(bytes, upload);
      } catch (error) {
        // Delete the chunks written so far, because no file refers to them.
        await upload.abort().catch(() => undefined);
        throw error;
      }
      const size = upload.length;
      const made = await insertOnce(() =>
        model.collection.insertOne({ _id: id as never, ...rest, size, blob: upload.id }),
      );
      if (!made) await files.delete(upload.id);
      return made;
    },

    /**
     * Finds files in GridFS without a record, and chunks without a file, begun before a time. Reads the ids of all
     * chunks. With `clear`, deletes them. Returns their numbers.
     */
    async orphans(before: Date, { clear }: { clear: boolean }): Promise<{ files: number; uploads: number }> {
      const files = bucket();
      const records = await model.find({}, { blob: 1 }).lean<{ blob: mongo.ObjectId }[]>();
      const known = new Set(records.map(({ blob }) => String(blob)));
      const isOrphan = (id: mongo.ObjectId): boolean => !known.has(String(id)) && id.getTimestamp() < before;
      const stored = (await files.find({}, { projection: { _id: 1 } }).toArray()).map(({ _id }) => _id);
      const unrecorded = stored.filter(isOrphan);
      const whole = new Set(stored.map(String));
      const chunks = connection.collection<{ files_id: mongo.ObjectId }>('attachments.chunks');
      const broken = (await chunks.distinct('files_id')).filter(id => !whole.has(String(id)) && isOrphan(id));
      if (clear) {
        for (const id of unrecorded) await files.delete(id);
        for (const id of broken) await chunks.deleteMany({ files_id: id });
      }
      return { files: unrecorded.length, uploads: broken.length };
    },

    /** Deletes files with their bytes. Idempotent: a repetition deletes what a crash left behind. */
    async remove(ids: readonly string[]): Promise<void> {
      if (ids.length === 0) return;
      const found = await model
        .find({ _id: { $in: ids } }, { blob: 1 })
        .lean<Pick<StoredAttachment, 'blob'>[]>();
      for (const { blob } of found) {
        await bucket()
          .delete(blob)
          .catch((error: unknown) => {
            // The driver deletes remaining chunks before it reports that the file is missing.
            if (!(error instanceof mongo.MongoRuntimeError)) throw error;
          });
      }
      await model.deleteMany({ _id: { $in: ids } });
    },

    /** Returns a file or a range of it; null if there is no such file. */
    async open(id: string, range?: ByteRange): Promise<Readable | null> {
      const found = await model.findById(id).lean<StoredAttachment>();
      if (!found) return null;
      return bucket().openDownloadStream(found.blob, range && { start: range.start, end: range.end + 1 });
    },
  };
}
