import { Schema, type Connection } from 'mongoose';
import { insertOnce } from './insert-once';

/** Stars that a citizen gave for the work; they change nothing in the case. */
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
  return {
    model,
    /** Keeps the first rating of a case; false when it had one. */
    add: ({ caseNumber, ...rest }: Rating): Promise<boolean> =>
      insertOnce(() => model.collection.insertOne({ _id: caseNumber as never, ...rest })),
  };
}
