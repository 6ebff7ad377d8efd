import { createHmac } from 'node:crypto';
import { Schema, type Connection } from 'mongoose';
import {
  type CaseKind,
  type CaseProgress,
  isWithDepartment,
  laterFields,
  type Stage,
  stages,
} from '../domain/case/case';
import type { Named } from '../domain/named';
import type { Priority } from '../domain/sla/sla';
import type { CaseFact } from '../domain/case/case-events';
import { AppError } from '../errors';
import { type CaseFilter, caseQuery } from './case-filter';
import { insertOnce } from './insert-once';
import type { Message, Place } from './message-records';
import type { RoadClass } from '../domain/place/place-words';

/** How the place was determined, and hints for the department. */
export interface LocationNote {
  source: 'pin' | 'words' | 'none';
  precision: 'point' | 'street' | 'neighbourhood' | 'none';
  /** The street in the form of street signs; older records keep it as written by the citizen. */
  street: string | null;
  /** Street, house number, estate and landmark in one line. */
  address?: string | null;
  road: RoadClass;
  /** Whether the owner depends on the road, and the pin only counts as a street for lack of lines. */
  roadGuessed?: true;
  /** A road of another authority, found by pin or text. */
  keptRoad: string | null;
  /** The neighbourhood named in the text, if the pin lies in a different one. */
  namedInWords: Named | null;
  /** Metres from the pin to the district border. */
  borderMetres: number | null;
  /** The municipality around a pin outside the district, if known. */
  neighbour: { name: string; website: string; phone: string | null } | null;
}

/** The institution that owns the matter, the reason, and its contact, in the citizen's language. */
interface HandOff {
  name: string;
  why: string;
  phone: string;
  website: string | null;
}

/** A proposed cluster: similar open reports of the same subject nearby. */
export interface SimilarReports {
  /** The leading case of the cluster. */
  leader: string;
  /** Metres to the nearest of them. Null if both texts only name the same street. */
  metres: number | null;
  /** Text similarity, 0 to 1. */
  likeness: number;
  /** The number of other open reports. */
  reports: number;
  /** A certain duplicate: joined automatically, and the department can separate it. */
  same: boolean;
}

/** How a report reached the line if a member of staff entered it. */
export interface StaffEntry {
  source: 'phone' | 'counter' | 'muhtar';
  /** How the citizen is answered: by WhatsApp with the citizen's consent, by a call, or not at all. */
  answer: 'whatsapp' | 'call' | 'none';
  /** The name of the member of staff. */
  by: string;
}

/**
 * The facts known when the case was opened. They are stored once; what people corrected since replaces them when a
 * record is read. Optional fields are absent in records of older versions.
 */
export interface CaseIntake {
  /** The first message of the report. */
  openedBy: string;
  citizenId: string;
  language: 'tr' | 'en';
  kind: CaseKind;
  category: Named;
  priority: Priority;
  /** Whether subject or words make it a hazard, which is answered at any hour. */
  hazard?: boolean;
  /** The confidence of the routing (0 to 1) and the matched words, shown as its explanation. */
  confidence: number;
  matchedWords: string[];
  /** All candidate subjects, most likely first. */
  guessed?: { slug: string; confidence: number }[];
  /** Whether the citizen chose the subject from the list. */
  chosenByCitizen?: boolean;
  neighbourhood: Named | null;
  place: Place | null;
  /** Whether the pin lies outside the district. */
  outside: boolean;
  location?: LocationNote;
  /** The department of the first task. */
  desk: string;
  /** The rule that chose the department, if it is not the usual one of the subject. */
  deskReason?: string | null;
  /** Set if the matter belongs to an outside institution. */
  institution: Named | null;
  handOff?: HandOff | null;
  /** Whether the report included a photo. */
  photographed?: boolean;
  /** Open cases that may be duplicates. */
  similar?: SimilarReports | null;
  /** The declared incident that the report belongs to. */
  incident?: string;
  /** Whether the acknowledgement includes the privacy notice. */
  withNotice: boolean;
  /** Absent if the citizen wrote the report. */
  entry?: StaffEntry;
  receivedAt: Date;
  /** When somebody corrected the place. Earlier pins of the citizen no longer count. */
  placedAt?: Date;
  /** When its personal data were removed. Ids of people and messages are empty since then. */
  anonymisedAt?: Date;
}

/** What people corrected, and the open reports around the case since then. */
export interface Corrected {
  category: Named;
  place?: Pick<CaseIntake, 'place' | 'neighbourhood'> & { location: LocationNote; at: Date };
  similar: SimilarReports | null;
}

/**
 * Returns the place of a case: that of the last pin among its messages, unless somebody corrected the place later.
 */
export function placeNow(
  { place, placedAt }: Pick<CaseIntake, 'place' | 'placedAt'>,
  messages: readonly Pick<Message, 'place' | 'sentAt'>[],
): Place | null {
  const isCurrent = ({ sentAt }: Pick<Message, 'sentAt'>): boolean => !placedAt || sentAt > placedAt;
  return messages.findLast(message => message.place && isCurrent(message))?.place ?? place;
}

export interface CaseRecord {
  caseNumber: string;
  intake: CaseIntake;
  progress: CaseProgress | null;
}

/** A case whose workflow has written its state at least once. */
export interface OpenedCase {
  caseNumber: string;
  intake: CaseIntake;
  progress: CaseProgress;
}

const caseSchema = new Schema(
  {
    _id: { type: String, required: true },
    intake: { type: Schema.Types.Mixed, required: true },
    progress: { type: Schema.Types.Mixed, default: null },
    corrected: { type: Schema.Types.Mixed },
    /** The last sealed fact, so that the next one needs no read. */
    sealed: { type: Schema.Types.Mixed },
  },
  { collection: 'cases', versionKey: false, minimize: false },
)
  .index({ 'progress.stage': 1, 'progress.plan.desk.slug': 1, 'progress.slaState': 1 })
  .index({ 'intake.citizenId': 1, 'intake.receivedAt': 1 })
  .index({ 'intake.incident': 1 });

const eventSchema = new Schema(
  {
    _id: { type: String, required: true },
    caseNumber: { type: String, required: true },
    number: { type: Number, required: true },
    at: { type: Date, required: true },
    fact: { type: Schema.Types.Mixed, required: true },
    seal: { type: Schema.Types.Mixed },
  },
  { collection: 'case-events', versionKey: false, minimize: false },
)
  .index({ caseNumber: 1, number: 1 })
  .index({ at: 1 });

/** Older records name the loss of a file after photos, the only files that citizens could send then. */
export type StoredFact =
  CaseFact | (Omit<Extract<CaseFact, { type: 'fileLost' }>, 'type'> & { type: 'photoLost' });

/** Returns a fact with its current name. */
function readFact(stored: StoredFact): CaseFact {
  return stored.type === 'photoLost' ? { ...stored, type: 'fileLost' } : stored;
}

type StoredCase = {
  _id: string;
  intake: CaseIntake;
  progress: CaseProgress | null;
  corrected?: Corrected;
  sealed?: SealedFact;
};

/** Returns the facts of the intake as corrected since. */
function asCorrected({ intake, corrected }: StoredCase): CaseIntake {
  if (!corrected) return intake;
  const { category, place, similar } = corrected;
  const isRenamed = category.slug !== intake.category.slug;
  return {
    ...intake,
    ...{ category, similar },
    // Nobody guessed or chose the subject that people corrected it to.
    ...(isRenamed && { matchedWords: [], chosenByCitizen: false, confidence: 1 }),
    ...(place && {
      ...{ place: place.place, neighbourhood: place.neighbourhood, location: place.location },
      ...{ placedAt: place.at, outside: false },
    }),
  };
}

/** A fact as it is stored. */
export interface StoredEvent {
  _id: string;
  caseNumber: string;
  number: number;
  at: Date;
  fact: StoredFact;
  /** Absent in facts that were written without `AUDIT_KEYS`. */
  seal?: FactSeal;
}

/** A key that seals facts. */
export interface AuditKey {
  readonly id: string;
  readonly key: Buffer;
}

/** Links a fact to the one before it: the id of the key, the number of that fact, and the MAC over both. */
interface FactSeal {
  key: string;
  /** 0 for the first sealed fact of a case. */
  after: number;
  mac: string;
}

/** The number of a sealed fact, and its MAC. */
export interface SealedFact {
  number: number;
  mac: string;
}

/** What stands before the first sealed fact of a case. */
export const chainStart: SealedFact = { number: 0, mac: '' };

/**
 * Returns the MAC of a fact that follows another one. Ids of messages are left out, because the erasure of a citizen
 * removes them; so the chain holds before and after.
 */
export function macOfFact(
  key: Buffer,
  { caseNumber, number, at, fact }: Omit<StoredEvent, '_id' | 'seal'>,
  before: SealedFact,
): string {
  const { messageId: _, messageIds: __, ...kept } = fact as Record<string, unknown>;
  const parts = [before.number, before.mac, caseNumber, number, at.getTime(), kept];
  return createHmac('sha256', key).update(canonical(parts)).digest('base64url');
}

/** Returns the same JSON for equal values. A missing member equals null, as in a MongoDB document. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) => {
    if (typeof member !== 'object' || member === null || Array.isArray(member)) return member;
    return Object.fromEntries(
      Object.entries(member)
        .filter(([, each]) => (each ?? null) !== null)
        .sort(),
    );
  });
}

export type CaseRecords = ReturnType<typeof caseRecords>;

/** With `auditKeys` each new fact is sealed by the first of them. */
export function caseRecords(connection: Connection, auditKeys: readonly AuditKey[] = []) {
  const model = connection.model('Case', caseSchema);
  const eventModel = connection.model('CaseEvent', eventSchema);
  const read = (stored: StoredCase): CaseRecord => ({
    caseNumber: stored._id,
    intake: asCorrected(stored),
    progress: stored.progress && { ...laterFields, ...stored.progress },
  });

  async function sorted(filter: object, by: Record<string, 1 | -1>, limit?: number): Promise<CaseRecord[]> {
    const query = model.find(filter).sort(by);
    const found = await (limit === undefined ? query : query.limit(limit)).lean<StoredCase[]>();
    return found.map(read);
  }

  const [sealing] = auditKeys;

  /** Returns the sealed fact before one with this number. Reads it only if the case does not hold it. */
  async function sealedBefore({ _id, sealed = chainStart }: StoredCase, number: number): Promise<SealedFact> {
    const last = number - 1;
    if (last === 0 || sealed.number === last) return last === 0 ? chainStart : sealed;
    const found = await eventModel.findById(`${_id}:${last}`, { seal: 1 }).lean<Pick<StoredEvent, 'seal'>>();
    if (found?.seal) return { number: last, mac: found.seal.mac };
    // Facts that were lost with the database leave a gap in the numbers, but not in the chain.
    return sealed.number < last ? sealed : chainStart;
  }

  return {
    model,
    eventModel,

    /** Inserts the record of a case. Returns false if the number is taken. */
    open: (caseNumber: string, intake: CaseIntake): Promise<boolean> =>
      insertOnce(() => model.collection.insertOne({ _id: caseNumber as never, intake, progress: null })),

    async get(caseNumber: string): Promise<CaseRecord | null> {
      const found = await model.findById(caseNumber).lean<StoredCase>();
      return found && read(found);
    },

    /**
     * Writes the facts of a turn once and the state after them. A late write does not overwrite a newer state. If a
     * lost workflow task is executed again with a different result, the new facts replace those that never became
     * history. Rejects with `case-missing` if the record is lost.
     */
    async write(progress: CaseProgress, facts: readonly CaseFact[]): Promise<void> {
      const { caseNumber, revision } = progress;
      const stored = await model
        .findById(caseNumber, { 'progress.revision': 1, sealed: 1 })
        .lean<StoredCase>();
      if (!stored) throw new AppError('case-missing');
      const first = revision - facts.length + 1;
      let sealed = sealing && facts.length > 0 ? await sealedBefore(stored, first) : null;
      const records = facts.map((fact, place): StoredEvent => {
        const number = first + place;
        const event = { _id: `${caseNumber}:${number}`, caseNumber, number, at: new Date(fact.at), fact };
        if (!sealing || !sealed) return event;
        const seal = { key: sealing.id, after: sealed.number, mac: macOfFact(sealing.key, event, sealed) };
        sealed = { number, mac: seal.mac };
        return { ...event, seal };
      });
      const isNew = await Promise.all(
        records.map(record => insertOnce(() => eventModel.collection.insertOne(record as never))),
      );
      if ((stored.progress?.revision ?? 0) > revision) return;
      const known = records.filter((_, place) => !isNew[place]);
      await Promise.all(
        known.map(({ _id, ...rest }) => eventModel.collection.replaceOne({ _id: _id as never }, rest)),
      );
      await model.updateOne({ _id: caseNumber }, { $set: { progress, ...(sealed && { sealed }) } });
    },

    /** Stores what people corrected. Without a place, an earlier corrected one stays. */
    async correct(caseNumber: string, { category, place, similar }: Corrected): Promise<void> {
      const changed = {
        ...{ 'corrected.category': category, 'corrected.similar': similar },
        ...(place && { 'corrected.place': place }),
      };
      await model.updateOne({ _id: caseNumber }, { $set: changed });
    },

    /** Returns the facts of a case in order, from the first wanted up to its revision. */
    async facts(caseNumber: string, revision: number, first = 1): Promise<CaseFact[]> {
      const numbers = Array.from({ length: Math.max(0, revision - first + 1) }, (_, place) => place + first);
      const found = await Promise.all(
        numbers.map(number => eventModel.findById(`${caseNumber}:${number}`).lean<{ fact: StoredFact }>()),
      );
      return found.flatMap(event => (event ? [readFact(event.fact)] : []));
    },

    /** Returns the cases in some stages whose legal limit is before a time (epoch ms UTC), the latest limit first. */
    dueByLaw: (within: readonly Stage[], before: number, limit: number): Promise<CaseRecord[]> => {
      const filter = { 'progress.stage': { $in: within }, 'progress.plan.legalBy': { $lt: before } };
      return sorted(filter, { 'progress.plan.legalBy': -1 }, limit);
    },

    /** Returns the cases that opened with an incident, oldest first. */
    ofIncident: (incident: string): Promise<CaseRecord[]> =>
      sorted({ 'intake.incident': incident }, { 'intake.receivedAt': 1 }),

    /** Returns the cases of a department, newest first. */
    openAt: (department: string, limit: number): Promise<CaseRecord[]> => {
      const stage = { $in: stages.filter(isWithDepartment) };
      return sorted({ 'progress.plan.desk.slug': department, 'progress.stage': stage }, newestFirst, limit);
    },

    /** Returns the cases that match all given criteria, newest first. */
    list: (filter: CaseFilter, limit: number): Promise<CaseRecord[]> =>
      sorted(caseQuery(filter), newestFirst, limit),
  };
}

const newestFirst = { 'intake.receivedAt': -1 } as const;
