import { Schema, type Connection } from 'mongoose';
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
