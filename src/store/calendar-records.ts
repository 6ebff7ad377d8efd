import { Schema, type Connection } from 'mongoose';
import type { Absence } from '../domain/absence';
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

/** A dated substitute (vekâlet). Administrators add and end absences. */
export interface AbsenceRecord extends Absence {
  /** The role and the start, `chief:fen-isleri:2026-12-01T05:30:00.000Z`. */
  id: string;
  /** The role that is away, such as `chief:fen-isleri`. */
  role: string;
  addedBy: string;
  addedAt: Date;
  /** Who ended it before its time, and when. */
  endedBy: string | null;
  endedAt: Date | null;
}

const absenceSchema = new Schema(
  {
    _id: { type: String, required: true },
    role: { type: String, required: true },
    away: { type: Schema.Types.Mixed, required: true },
    instead: { type: Schema.Types.Mixed, required: true },
    from: { type: Date, required: true },
    to: { type: Date, required: true },
    addedBy: { type: String, required: true },
    addedAt: { type: Date, required: true },
    endedBy: { type: String, default: null },
    endedAt: { type: Date, default: null },
  },
  { collection: 'absences', versionKey: false },
).index({ to: 1 });

type StoredAbsence = { _id: string } & Omit<AbsenceRecord, 'id'>;

export type AbsenceRecords = ReturnType<typeof absenceRecords>;

export function absenceRecords(connection: Connection) {
  const model = connection.model('Absence', absenceSchema);
  return {
    model,

    /** Adds an absence. Returns false if this role has one from the same time. */
    add: ({ id, ...rest }: AbsenceRecord): Promise<boolean> =>
      insertOnce(() => model.collection.insertOne({ _id: id as never, ...rest })),

    /** Ends an absence at a time. Returns false if there is none, or if it has ended before. */
    async end(id: string, { at, by }: { at: Date; by: string }): Promise<boolean> {
      const found = await model.findById(id).lean<StoredAbsence>();
      if (!found || found.to <= at) return false;
      await model.updateOne({ _id: id }, { $set: { to: at, endedBy: by, endedAt: at } });
      return true;
    },

    /** Returns the absences that have not ended at a time, by their start. There are only a few. */
    async since(at: Date): Promise<AbsenceRecord[]> {
      const found = await model
        .find({ to: { $gt: at } })
        .sort({ from: 1 })
        .lean<StoredAbsence[]>();
      return found.map(({ _id, ...rest }) => ({ id: _id, ...rest }));
    },
  };
}
