import { Schema, type Connection } from 'mongoose';
import type { Absence } from '../domain/absence';
import type { Area } from '../domain/place/distance';
import { insertOnce } from './insert-once';

/**
 * An extra closure of the calendars, added while cases run. Administrators add and remove closures; none is updated.
 * Closures are kept forever: who added one is in the audit trail, whose entries end.
 */
export interface ClosureRecord {
  /** The local date, "2027-03-12". At most one closure per date. */
  date: string;
  reason: string;
  /** The local time from which it is closed, "13:00"; null for the whole day. */
  closedFrom: string | null;
  /** Calendar names; null applies it to every calendar that observes holidays. */
  calendars: string[] | null;
  addedAt: Date;
}

const closureSchema = new Schema(
  {
    _id: { type: String, required: true },
    reason: { type: String, required: true },
    closedFrom: { type: String, default: null },
    calendars: { type: [String], default: null },
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

/**
 * A declared incident, such as a water cut. Administrators add it and move its end. While it lasts, matching reports
 * are answered with its words.
 */
export interface IncidentRecord {
  /** The first subject and the start, `water-cut:2026-12-01T05:30:00.000Z`. */
  id: string;
  /** A few Turkish words, as managers and citizens see them. */
  name: string;
  /** What the citizen is told at once. */
  words: { tr: string; en: string | null };
  subjects: string[];
  /** Slugs of neighbourhoods. With an empty `areas` as well, it applies to the whole district. */
  neighbourhoods: string[];
  areas: Area[];
  from: Date;
  to: Date;
  reason: string;
  addedBy: string;
  addedAt: Date;
  /** The last change of its end. */
  moved: { by: string; at: Date; reason: string } | null;
}

const incidentSchema = new Schema(
  {
    _id: { type: String, required: true },
    name: { type: String, required: true },
    words: { type: Schema.Types.Mixed, required: true },
    subjects: { type: [String], required: true },
    neighbourhoods: { type: [String], required: true },
    areas: { type: Schema.Types.Mixed, required: true },
    from: { type: Date, required: true },
    to: { type: Date, required: true },
    reason: { type: String, required: true },
    addedBy: { type: String, required: true },
    addedAt: { type: Date, required: true },
    moved: { type: Schema.Types.Mixed, default: null },
  },
  { collection: 'incidents', versionKey: false },
).index({ to: 1 });

const leaderSchema = new Schema(
  {
    _id: { type: String, required: true },
    caseNumber: { type: String, required: true },
    at: { type: Date, required: true },
  },
  { collection: 'incident-leaders', versionKey: false },
);

type StoredIncident = { _id: string } & Omit<IncidentRecord, 'id'>;

export type IncidentRecords = ReturnType<typeof incidentRecords>;

export function incidentRecords(connection: Connection) {
  const model = connection.model('Incident', incidentSchema);
  const leaders = connection.model('IncidentLeader', leaderSchema);
  const read = ({ _id, ...rest }: StoredIncident): IncidentRecord => ({ id: _id, ...rest });
  return {
    model,

    /** Adds an incident. Returns false if there is one with this id. */
    add: ({ id, ...rest }: IncidentRecord): Promise<boolean> =>
      insertOnce(() => model.collection.insertOne({ _id: id as never, ...rest })),

    async get(id: string): Promise<IncidentRecord | null> {
      const found = await model.findById(id).lean<StoredIncident>();
      return found && read(found);
    },

    async move(id: string, to: Date, moved: NonNullable<IncidentRecord['moved']>): Promise<void> {
      await model.updateOne({ _id: id }, { $set: { to, moved } });
    },

    /** Returns the incidents that have not ended at a time, those declared last first. There are only a few. */
    async since(at: Date): Promise<IncidentRecord[]> {
      const found = await model
        .find({ to: { $gt: at } })
        .sort({ addedAt: -1 })
        .lean<StoredIncident[]>();
      return found.map(read);
    },

    /**
     * Returns the case with the task of an incident at a desk: the first one that asked. `place` names the incident,
     * the desk, and how many tasks there were before.
     */
    async leader(place: string, caseNumber: string, at: Date): Promise<string> {
      await insertOnce(() => leaders.collection.insertOne({ _id: place as never, caseNumber, at }));
      return (await leaders.findById(place).lean<{ caseNumber: string }>())?.caseNumber ?? caseNumber;
    },
  };
}
