import { Schema, type Connection } from 'mongoose';
import {
  isWithDepartment,
  stages,
  type CaseKind,
  type CaseState,
  type Named,
  type Priority,
} from '../domain/case/case';
import type { CaseFact } from '../domain/case/case-events';
import { insertOnce } from './insert-once';
import type { Place } from './message-records';
import type { RoadClass } from '../domain/place/road';

/** How the place is known, and what people should know of it. */
export interface LocationNote {
  source: 'pin' | 'words' | 'none';
  precision: 'point' | 'street' | 'neighbourhood' | 'none';
  /** As the citizen wrote it. */
  street: string | null;
  road: RoadClass;
  /** The road of another keeper that pin or words told. */
  keptRoad: string | null;
  /** The neighbourhood of the words, when the pin lies in another one. */
  namedInWords: Named | null;
  /** Metres from the pin to the district's border. */
  borderMetres: number | null;
  /** The municipality around a pin outside the district, where it can be told. */
  neighbour: { name: string; website: string; phone: string | null } | null;
}

/** What the citizen is told about a matter of another institution, in the citizen's language: who, why, how to reach. */
export interface HandOff {
  name: string;
  why: string;
  phone: string;
  website: string | null;
}

/** A proposal: other open reports of the subject nearby, told alike. */
export interface SimilarReports {
  /** The case that the cluster follows. */
  leader: string;
  /** To the nearest of them. */
  metres: number;
  /** How much the words have in common, 0 to 1. */
  likeness: number;
  /** How many open reports there are beside this one. */
  reports: number;
  /** Plainly the same: joined at once, to be separated with one click. */
  same: boolean;
}

/**
 * What was known when the case was opened; never changed afterwards. Parts with a question mark are missing in
 * records of before the line kept them.
 */
export interface CaseIntake {
  /** The message that began it. */
  openedBy: string;
  citizenId: string;
  language: 'tr' | 'en';
  kind: CaseKind;
  category: Named;
  priority: Priority;
  /** How sure the routing was (0 to 1) and the words that decided it, for the people who ask why. */
  confidence: number;
  matchedWords: string[];
  /** All subjects that came into question, most likely first. */
  guessed?: { slug: string; confidence: number }[];
  /** Whether the citizen chose the subject from the list. */
  chosenByCitizen?: boolean;
  neighbourhood: Named | null;
  place: Place | null;
  /** Whether the pin lies outside the district. */
  outside: boolean;
  location?: LocationNote;
  /** The department that gets the first task. */
  desk: string;
  /** The rule behind the desk, when it is not the usual one of the subject. */
  deskReason?: string | null;
  /** Set when the matter belongs to an institution outside the municipality. */
  institution: Named | null;
  handOff?: HandOff | null;
  /** Whether a picture came with the report. */
  photographed?: boolean;
  /** Open cases that may be about the same thing. */
  similar?: SimilarReports | null;
  /** Whether the acknowledgement carries the privacy notice. */
  withNotice: boolean;
  receivedAt: Date;
}

/** The case as its workflow last wrote it. */
export type CaseProgress = Omit<CaseState, 'handled'>;

export interface CaseRecord {
  caseNumber: string;
  intake: CaseIntake;
  progress: CaseProgress | null;
}

/** A case whose workflow has written its record. */
export interface OpenedCase {
  caseNumber: string;
  intake: CaseIntake;
  progress: CaseProgress;
}

export interface CaseFilter {
  stage?: string | undefined;
  department?: string | undefined;
  sla?: string | undefined;
}

const caseSchema = new Schema(
  {
    _id: { type: String, required: true },
    intake: { type: Schema.Types.Mixed, required: true },
    progress: { type: Schema.Types.Mixed, default: null },
  },
  { collection: 'cases', versionKey: false, minimize: false },
)
  .index({ 'progress.stage': 1, 'progress.plan.desk.slug': 1, 'progress.slaState': 1 })
  .index({ 'intake.citizenId': 1, 'intake.receivedAt': 1 });

const eventSchema = new Schema(
  {
    _id: { type: String, required: true },
    caseNumber: { type: String, required: true },
    number: { type: Number, required: true },
    at: { type: Date, required: true },
    fact: { type: Schema.Types.Mixed, required: true },
  },
  { collection: 'case-events', versionKey: false, minimize: false },
)
  .index({ caseNumber: 1, number: 1 })
  .index({ at: 1 });

type StoredCase = { _id: string; intake: CaseIntake; progress: CaseProgress | null };

export type CaseRecords = ReturnType<typeof caseRecords>;

export function caseRecords(connection: Connection) {
  const model = connection.model('Case', caseSchema);
  const eventModel = connection.model('CaseEvent', eventSchema);
  const read = ({ _id, ...rest }: StoredCase): CaseRecord => ({ caseNumber: _id, ...rest });

  return {
    model,
    eventModel,

    /** Makes the record of a case; false when the number is taken. */
    open: (caseNumber: string, intake: CaseIntake): Promise<boolean> =>
      insertOnce(() => model.collection.insertOne({ _id: caseNumber as never, intake, progress: null })),

    async get(caseNumber: string): Promise<CaseRecord | null> {
      const found = await model.findById(caseNumber).lean<StoredCase>();
      return found && read(found);
    },

    /**
     * Writes the facts of a turn, each once, and the state after them. A write that comes late, after a newer
     * one of the same workflow, leaves the newer state in place. A turn that was taken over after its workflow task
     * was lost may go otherwise: its facts take the place of those that never became history.
     */
    async write(progress: CaseProgress, facts: readonly CaseFact[]): Promise<void> {
      const { caseNumber, revision } = progress;
      const first = revision - facts.length + 1;
      const records = facts.map((fact, place) => {
        const number = first + place;
        return { _id: `${caseNumber}:${number}` as never, caseNumber, number, at: new Date(fact.at), fact };
      });
      const isNew = await Promise.all(
        records.map(record => insertOnce(() => eventModel.collection.insertOne(record))),
      );
      const stored = await model.findById(caseNumber, { 'progress.revision': 1 }).lean<StoredCase>();
      if ((stored?.progress?.revision ?? 0) > revision) return;
      const known = records.filter((_, place) => !isNew[place]);
      await Promise.all(known.map(({ _id, ...rest }) => eventModel.collection.replaceOne({ _id }, rest)));
      await model.updateOne({ _id: caseNumber }, { $set: { progress } });
    },

    /** The story of a case in order, up to its revision. */
    async facts(caseNumber: string, revision: number): Promise<CaseFact[]> {
      const numbers = Array.from({ length: revision }, (_, place) => place + 1);
      const found = await Promise.all(
        numbers.map(number => eventModel.findById(`${caseNumber}:${number}`).lean<{ fact: CaseFact }>()),
      );
      return found.flatMap(event => (event ? [event.fact] : []));
    },

    /** The cases that lie with a department, newest first. */
    async openAt(department: string, limit: number): Promise<CaseRecord[]> {
      const found = await model
        .find({
          'progress.plan.desk.slug': department,
          'progress.stage': { $in: stages.filter(isWithDepartment) },
        })
        .sort({ 'intake.receivedAt': -1 })
        .limit(limit)
        .lean<StoredCase[]>();
      return found.map(read);
    },

    /** Cases that match every given part, newest first. */
    async list({ stage, department, sla }: CaseFilter, limit: number): Promise<CaseRecord[]> {
      const filter = {
        ...(stage && { 'progress.stage': stage }),
        ...(department && { 'progress.plan.desk.slug': department }),
        ...(sla && { 'progress.slaState': sla }),
      };
      const found = await model
        .find(filter)
        .sort({ 'intake.receivedAt': -1 })
        .limit(limit)
        .lean<StoredCase[]>();
      return found.map(read);
    },
  };
}
