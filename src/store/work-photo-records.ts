import { Schema, type Connection } from 'mongoose';
import { insertOnce } from './insert-once';

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
