import { Schema, type Connection } from 'mongoose';
import { insertOnce } from './insert-once';

/** A citizen's rating of the work. It does not affect the case. */
export interface Rating {
  caseNumber: string;
  /** One to five. */
  rating: number;
  at: Date;
}

const schema = new Schema(
  {
    _id: { type: String, required: true },
    rating: { type: Number, required: true },
    at: { type: Date, required: true },
  },
  { collection: 'ratings', versionKey: false },
).index({ at: 1 });

export type RatingRecords = ReturnType<typeof ratingRecords>;

export function ratingRecords(connection: Connection) {
  const model = connection.model('Rating', schema);
  async function get(caseNumber: string): Promise<Rating | null> {
    const found = await model.findById(caseNumber).lean<Omit<Rating, 'caseNumber'>>();
    return found && { caseNumber, rating: found.rating, at: found.at };
  }

  return {
    model,
    get,

    /** Returns the rating of a case, one to five, or null. */
    of: async (caseNumber: string): Promise<number | null> => (await get(caseNumber))?.rating ?? null,

    /** Stores the first rating of a case. Returns false if there is one. */
    add: ({ caseNumber, ...rest }: Rating): Promise<boolean> =>
      insertOnce(() => model.collection.insertOne({ _id: caseNumber as never, ...rest })),
  };
}
