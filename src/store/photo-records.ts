import { Schema, type Connection } from 'mongoose';
import { insertOnce } from './insert-once';

/** A citizen's photo, re-encoded and without metadata; `id` is the id of the message that brought it. */
export interface Photo {
  id: string;
  caseNumber: string;
  /** JPEG, longest side at most 1,600 px. */
  jpeg: Buffer;
  width: number;
  height: number;
  keptAt: Date;
}

const schema = new Schema(
  {
    _id: { type: String, required: true },
    caseNumber: { type: String, required: true },
    jpeg: { type: Buffer, required: true },
    width: { type: Number, required: true },
    height: { type: Number, required: true },
    keptAt: { type: Date, required: true },
  },
  { collection: 'photos', versionKey: false },
).index({ caseNumber: 1 });

type Stored = { _id: string; jpeg: { buffer: Uint8Array } } & Omit<Photo, 'id' | 'jpeg'>;

export type PhotoRecords = ReturnType<typeof photoRecords>;

export function photoRecords(connection: Connection) {
  const model = connection.model('Photo', schema);
  return {
    model,
    add: ({ id, ...rest }: Photo): Promise<boolean> =>
      insertOnce(() => model.collection.insertOne({ _id: id as never, ...rest })),

    async get(id: string): Promise<Photo | null> {
      const found = await model.findById(id).lean<Stored>();
      if (!found) return null;
      const { _id, jpeg, ...rest } = found;
      return { id: _id, jpeg: Buffer.from(jpeg.buffer), ...rest };
    },

    async has(id: string): Promise<boolean> {
      return (await model.findById(id, { _id: 1 }).lean()) !== null;
    },
  };
}
