import { type Connection, Schema } from 'mongoose';
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

/**
 * A photo of a citizen or of the work with blurred regions, shown to everybody. Each change is a record of its own; the
 * last one counts.
 */
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
type PictureSize = 'jpeg' | 'thumbnail';
type StoredPicture = { caseNumber: string } & Record<PictureSize, Bytes>;
type StoredPhoto = { _id: string; jpeg: Bytes; thumbnail: Bytes } & Omit<Photo, 'id' | 'jpeg' | 'thumbnail'>;

export type PhotoCovers = ReturnType<typeof photoCovers>;

/** What is hidden of the photos of citizens and of the work. */
export function photoCovers(connection: Connection) {
  const model = connection.model('PhotoCover', coverSchema);

  /** Returns the last cover of a photo, without its bytes. */
  const coverOf = (photoId: string): Promise<CoverState | null> =>
    lastRevision(photoId, id => model.findById(id, { jpeg: 0, thumbnail: 0 }).lean<CoverState>().exec());

  return {
    coverOf,

    /** Stores a cover. Returns false if somebody else has stored this revision. */
    async cover(cover: Cover): Promise<boolean> {
      const { photoId, revision } = cover;
      const _id = revisionId(photoId, revision) as never;
      if (!(await insertOnce(() => model.collection.insertOne({ _id, ...cover })))) return false;
      const before = revisionId(photoId, revision - 1);
      await model.updateOne({ _id: before }, { $set: { jpeg: null, thumbnail: null } });
      return true;
    },

    /** Deletes the covers of a photo that is deleted itself. */
    async forget(photoId: string): Promise<void> {
      for (let revision = 1; ; revision += 1) {
        const { deletedCount } = await model.deleteOne({ _id: revisionId(photoId, revision) });
        if (deletedCount === 0) return;
      }
    },

    /**
     * Returns how everybody sees the pictures of a model: a photo or its thumbnail without what is hidden of it, with
     * its case; null if there is no such photo.
     */
    shownOf(name: 'Photo' | 'WorkPhoto') {
      return async (id: string, size: PictureSize): Promise<{ caseNumber: string; jpeg: Buffer } | null> => {
        const cover = await coverOf(id);
        const fields = { caseNumber: 1, [size]: 1 };
        const found = cover?.regions.length
          ? await model.findById(revisionId(id, cover.revision), fields).lean<StoredPicture>()
          : await connection.model(name).findById(id, fields).lean<StoredPicture>();
        return found && { caseNumber: found.caseNumber, jpeg: Buffer.from(found[size].buffer) };
      };
    },
  };
}

export type PhotoRecords = ReturnType<typeof photoRecords>;

/**
 * Citizens' photos. Each is a single document: re-encoded photos are far smaller than the 16 MB limit, and one read
 * by id is fast.
 */
export function photoRecords(connection: Connection, { shownOf }: Pick<PhotoCovers, 'shownOf'>) {
  const model = connection.model('Photo', photoSchema);

  return {
    model,

    shown: shownOf('Photo'),

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

export function workPhotoRecords(
  connection: Connection,
  { shownOf, forget }: Pick<PhotoCovers, 'shownOf' | 'forget'>,
) {
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

    shown: shownOf('WorkPhoto'),

    /** Returns a photo as it was uploaded, with its case; null if there is no such photo. */
    async get(id: string): Promise<{ caseNumber: string; jpeg: Buffer } | null> {
      const found = await model.findById(id, { caseNumber: 1, jpeg: 1 }).lean<StoredPicture>();
      return found && { caseNumber: found.caseNumber, jpeg: Buffer.from(found.jpeg.buffer) };
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
      for (const id of unsent) {
        await forget(id);
        await model.deleteOne({ _id: id });
      }
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
