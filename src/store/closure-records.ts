import { Schema, type Connection } from 'mongoose';
import { insertOnce } from './insert-once';

/**
 * An extra closure of the calendars, added while cases run. Administrators add and remove closures; none is updated.
 */
export interface ClosureRecord {
  /** The local date, "2027-03-12". At most one closure per date. */
  date: string;
  reason: string;
  /** The local time from which it is closed, "13:00"; null for the whole day. */
  closedFrom: string | null;
  /** Calendar names; null applies it to every calendar that observes holidays. */
  calendars: string[] | null;
  addedBy: string;
  addedAt: Date;
}

const closureSchema = new Schema(
  {
    _id: { type: String, required: true },
    reason: { type: String, required: true },
    closedFrom: { type: String, default: null },
    calendars: { type: [String], default: null },
    addedBy: { type: String, required: true },
    addedAt: { type: Date, required: true },
  },
  { collection: 'calendar-closures', versionKey: false },
);

type StoredClosure = { _id: string } & Omit<ClosureRecord, 'date'>;

export type ClosureRecords = ReturnType<typeof closureRecords>;

export function closureRecords(connection: Connection) {
  const model = connection.model('CalendarClosure', closureSchema);
  return {
    model,

    /** Adds a closure. Returns false if the date has one already. */
    add: ({ date, ...rest }: ClosureRecord): Promise<boolean> =>
      insertOnce(() => model.collection.insertOne({ _id: date as never, ...rest })),

    /** Removes the closure of a date. Returns false if there is none. */
    async remove(date: string): Promise<boolean> {
      const { deletedCount } = await model.deleteOne({ _id: date });
      return deletedCount > 0;
    },

    /** Returns all closures by date. There are only a few per year. */
    async all(): Promise<ClosureRecord[]> {
      const found = await model.find({}).sort({ _id: 1 }).lean<StoredClosure[]>();
      return found.map(({ _id, ...rest }) => ({ date: _id, ...rest }));
    },
  };
}
