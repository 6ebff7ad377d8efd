import { type Connection, Types } from 'mongoose';
import { isEnded } from '../domain/case/case';
import { isCaseNumber } from '../domain/identifiers';
import { dueAt, type lastingFamilies, type RecordFamily } from '../domain/retention';
import { type CaseErasure, modelOf, type Stored } from './case-erasure';
import type { CaseRecord, CaseRecords } from './case-records';
import type { BlockRecords, CitizenRecords } from './citizen-records';
import type { HoldRecords } from './erasure-records';
import type { AttachmentRecords } from './file-records';
import type { IdentityRecords } from './identity-records';
import type { PersonErasure } from './person-erasure';

/** A position in the scan of a family: the collection and the last `_id`. */
export interface ScanPlace {
  shelf: number;
  last: string | null;
}

/** The result of one page of a scan. */
export interface ScanPage {
  /** The number of records that were due, and removed unless it was a rehearsal. */
  due: number;
  /** When the first of the other records is due, epoch ms UTC; null if none has a date. */
  next: number | null;
  /** Where the scan continues; null at its end. */
  place: ScanPlace | null;
}

/** The question of one page. Times are epoch ms UTC. */
export interface ScanOrder {
  family: RecordFamily;
  days: number;
  at: number;
  place: ScanPlace;
  /** Whether to count only. */
  rehearsal?: boolean;
}

/** One collection of a family. */
interface Shelf {
  collection: string;
  fields: readonly string[];
  /** The time from which a record's days count, epoch ms UTC; null while the record must stay. */
  start: (record: Stored, look: Look) => number | null | Promise<number | null>;
  /** Removes the due records. Defaults to deleting them. */
  remove?: (ids: string[], at: Date) => Promise<void>;
}

/** What a scan knows about cases and holds. */
interface Look {
  /** Records that started after this time are not due, epoch ms UTC. */
  cutoff: number;
  at: Date;
  holds: ReadonlyMap<string, Date>;
  caseOf(caseNumber: unknown): Promise<CaseRecord | null>;
}

const PAGE = 200;

/** Collections that go together with a case or a citizen. */
const withOthers = ['status-links', 'identities'] as const;

/** Reconcile deletes slots after an hour; the key of ids lasts as long as the records. */
const lastingCollections: readonly (readonly [(typeof lastingFamilies)[number], readonly string[]])[] = [
  ['caseFacts', ['case-events']],
  ['ratings', ['ratings']],
  ['figures', ['figure-months']],
  ['closures', ['calendar-closures']],
  ['settings', ['settings', 'sending-slots', 'sending-pauses']],
];

const timeOf = (value: unknown): number | null => (value instanceof Date ? value.getTime() : null);

/** When a case ended; null while it is open or under a hold. */
function endOf({ caseNumber, intake, progress }: CaseRecord, holds: Look['holds']): number | null {
  if (!progress || !isEnded(progress.stage)) return null;
  if (holds.has(caseNumber) || holds.has(intake.citizenId)) return null;
  return progress.endedAt;
}

export type RetentionStore = ReturnType<typeof retentionStore>;

/**
 * Applies the retention rules to the records, page by page in the order of `_id`: on the embedded store every other
 * query scans the whole collection. A page can be repeated.
 */
export function retentionStore(
  connection: Connection,
  records: {
    cases: CaseRecords;
    citizens: CitizenRecords;
    identities: IdentityRecords;
    blocks: BlockRecords;
    attachments: AttachmentRecords;
    holds: HoldRecords;
    ofCases: CaseErasure;
    people: PersonErasure;
  },
) {
  const { cases, citizens, identities, blocks, attachments, holds, ofCases, people } = records;

  const since =
    (field: string): Shelf['start'] =>
    record =>
      timeOf(record[field]);

  /** For records with a citizen: null under a hold. */
  const sinceUnheld =
    (field: string): Shelf['start'] =>
    (record, look) =>
      look.holds.has(String(record.citizenId)) ? null : timeOf(record[field]);

  /** From the end of the record's case. Records of a missing case count from their own date. */
  const sinceCaseEnd =
    (field: string): Shelf['start'] =>
    async (record, look) => {
      const found = await look.caseOf(record.caseNumber);
      return found ? endOf(found, look.holds) : timeOf(record[field]);
    };

  /** From the end of the last case with a message: one message can open two cases. */
  const sinceAllEnds =
    (id: string, field: string): Shelf['start'] =>
    async (record, look) => {
      const end = await sinceCaseEnd(field)(record, look);
      if (end === null || end > look.cutoff) return end;
      const others = await ofCases.casesWith({ id, citizenId: String(record.citizenId) });
      const ends = others.map(other => endOf(other, look.holds));
      return ends.includes(null) ? null : Math.max(end, ...ends.map(each => each ?? 0));
    };

  /** From the record's own date, but never while its case is open. */
  const sinceUnlessOpen =
    (field: string, caseOf: (record: Stored) => unknown): Shelf['start'] =>
    async (record, look) => {
      const found = await look.caseOf(caseOf(record));
      return found && endOf(found, look.holds) === null ? null : timeOf(record[field]);
    };

  const caseInKey = (key: unknown): string | null => {
    const [first = ''] = String(key).split(':');
    return isCaseNumber(first) ? first : null;
  };

  const shelf = (
    collection: string,
    fields: readonly string[],
    start: Shelf['start'],
    remove?: Shelf['remove'],
  ): Shelf => ({ collection, fields, start, ...(remove && { remove }) });

  const own = (collection: string, field: string): Shelf => shelf(collection, [field], since(field));
  const ofCase = (collection: string, field: string, remove?: Shelf['remove']): Shelf =>
    shelf(collection, ['caseNumber', field], sinceCaseEnd(field), remove);

  const shelves: Readonly<Record<RecordFamily, readonly Shelf[]>> = {
    rawMessages: [
      shelf('inbox', ['citizenId', 'receivedAt'], sinceUnheld('receivedAt')),
      own('arrivals', 'at'),
      own('merges', 'receivedAt'),
    ],
    deadLetters: [own('dead-letters', 'receivedAt')],
    photos: [ofCase('photos', 'keptAt'), ofCase('photo-covers', 'at'), ofCase('work-photos', 'keptAt')],
    files: [ofCase('attachments', 'keptAt', ids => attachments.remove(ids))],
    messages: [
      shelf('messages', ['caseNumber', 'citizenId', 'sentAt'], (record, look) =>
        record.caseNumber ? sinceAllEnds(record._id, 'sentAt')(record, look) : null,
      ),
      shelf('strikes', ['caseNumber', 'citizenId', 'messageId', 'at'], (record, look) =>
        sinceAllEnds(String(record.messageId), 'at')(record, look),
      ),
    ],
    letters: [
      shelf(
        'outbox',
        ['caseNumber', 'createdAt', 'erasedAt'],
        (record, look) =>
          record.caseNumber && !record.erasedAt ? sinceCaseEnd('createdAt')(record, look) : null,
        (ids, at) => ofCases.clearLetters(ids, at),
      ),
    ],
    cases: [
      shelf(
        'cases',
        ['intake', 'progress'],
        (record, look) => {
          const { intake, progress } = record as unknown as Omit<CaseRecord, 'caseNumber'>;
          return intake.anonymisedAt ? null : endOf({ caseNumber: record._id, intake, progress }, look.holds);
        },
        (ids, at) => ofCases.anonymise(ids, at),
      ),
    ],
    acts: [
      shelf(
        'task-actions',
        ['caseNumber', 'at', 'actor', 'insteadOf', 'words', 'colleague', 'pin', 'street'],
        (record, look) =>
          record.actor || record.words || record.colleague || record.pin || record.street
            ? sinceCaseEnd('at')(record, look)
            : null,
        ids =>
          ofCases.clearActs(ids, {
            ...{ actor: null, insteadOf: null, words: null, colleague: null, pin: null, street: null },
          }),
      ),
    ],
    messagesWithoutCase: [
      shelf('messages', ['caseNumber', 'citizenId', 'sentAt'], (record, look) =>
        record.caseNumber ? null : sinceUnheld('sentAt')(record, look),
      ),
    ],
    lettersWithoutCase: [
      shelf(
        'outbox',
        ['caseNumber', 'recipient', 'createdAt'],
        ({ caseNumber, recipient, createdAt }, look) =>
          caseNumber || look.holds.has(String(recipient)) ? null : timeOf(createdAt),
      ),
    ],
    deliveries: [
      shelf(
        'delivery-statuses',
        ['key', 'at'],
        sinceUnlessOpen('at', ({ key }) => caseInKey(key)),
      ),
      shelf(
        'delivery-failures',
        ['caseNumber', 'receivedAt'],
        sinceUnlessOpen('receivedAt', ({ caseNumber }) => caseNumber),
      ),
    ],
    events: [own('outgoing-events', 'createdAt')],
    returnedMails: [own('returned-mails', 'receivedAt')],
    linkViews: [
      shelf(
        'link-views',
        ['caseNumber', 'at'],
        sinceUnlessOpen('at', ({ caseNumber }) => caseNumber),
      ),
    ],
    auditTrail: [
      shelf(
        'audit-trail',
        ['caseNumber', 'at'],
        sinceUnlessOpen('at', ({ caseNumber }) => caseNumber),
      ),
    ],
    links: ['tasks', 'call-links', 'hand-off-links', 'list-links', 'manager-links'].map(collection =>
      own(collection, 'expiresAt'),
    ),
    staffSessions: [own('staff-sessions', 'expiresAt'), own('staff-sign-ins', 'expiresAt')],
    reportPlaces: [
      shelf('report-cells', ['reports'], ({ reports }) =>
        Math.max(0, ...(reports as { at: number }[]).map(({ at }) => at)),
      ),
    ],
    citizens: [shelf('citizens', ['lastInboundAt'], lastMessage, forgetPeople)],
    blocks: [
      shelf('blocks', ['until'], ({ _id, until }, look) => (look.holds.has(_id) ? null : timeOf(until))),
    ],
    blockActs: [shelf('block-acts', ['citizenId', 'at'], sinceUnheld('at'))],
    absences: [own('absences', 'to')],
    incidents: [own('incidents', 'to'), own('incident-leaders', 'at')],
    accountNotices: [own('account-notices', 'receivedAt')],
    retentionRuns: [
      own('retention-runs', 'finishedAt'),
      own('erasure-requests', 'doneAt'),
      own('holds', 'until'),
    ],
  };

  /** When a citizen last wrote; null while a case names them, or a block or hold is in force. */
  async function lastMessage(record: Stored, look: Look): Promise<number | null> {
    const citizen = await citizens.get(record._id);
    // The record of a merged citizen goes with the one that remains.
    if (citizen?.id !== record._id || citizen.cases.length > 0) return null;
    const ids = [citizen.id, ...citizen.formerIds];
    if (ids.some(id => look.holds.has(id)) || (await blocks.isBlocked(ids, look.at))) return null;
    return Math.max(citizen.lastInboundAt.getTime(), firstSeen(citizen.id));
  }

  async function forgetPeople(ids: string[]): Promise<void> {
    const found = await Promise.all(ids.map(citizens.get));
    await people.forget(found.filter(citizen => citizen !== null));
  }

  /**
   * Returns the numbers and ids under a hold, with its end. A hold on a citizen includes earlier ids of the same person.
   */
  async function heldAt(at: Date): Promise<Map<string, Date>> {
    const held = new Map<string, Date>();
    // The holds are sorted by their end, so the latest one remains.
    for (const { caseNumber, citizenId, until } of await holds.inForce(at)) {
      if (caseNumber !== null) held.set(caseNumber, until);
      if (citizenId === null) continue;
      const citizen = await citizens.get(citizenId);
      for (const id of [citizenId, ...(citizen ? [citizen.id, ...citizen.formerIds] : [])])
        held.set(id, until);
    }
    // A hold on a case keeps its citizen as well.
    for (const [name, until] of [...held].filter(([each]) => isCaseNumber(each))) {
      const owner = (await cases.get(name))?.intake.citizenId;
      const current = owner ? await identities.currentOf(owner) : null;
      if (current !== null && (held.get(current) ?? until) <= until) held.set(current, until);
    }
    return held;
  }

  return {
    heldAt,

    /** Applies the rule of a family to one page of its records. */
    async apply({ family, days, at, place, rehearsal = false }: ScanOrder): Promise<ScanPage> {
      const open = shelves[family][place.shelf];
      if (!open) return { due: 0, next: null, place: null };
      const { collection, fields, start, remove } = open;
      const model = modelOf(connection, collection);
      // Older visits have an ObjectId.
      const isOlder = collection === 'link-views' && Types.ObjectId.isValid(place.last ?? '');
      const last = isOlder ? new Types.ObjectId(place.last ?? '') : place.last;
      const page = await model
        .find(
          last === null ? {} : { _id: { $gt: last } },
          Object.fromEntries(fields.map(field => [field, 1])),
        )
        .sort({ _id: 1 })
        .limit(PAGE)
        .lean<Stored[]>();
      const look = lookingAt(await heldAt(new Date(at)), { at, days }, cases);
      const due: Stored['_id'][] = [];
      let next: number | null = null;
      for (const record of page) {
        const from = await start(record, look);
        if (from === null) continue;
        const when = dueAt(from, days);
        if (when <= at) due.push(record._id);
        else next = Math.min(next ?? when, when);
      }
      if (due.length > 0 && !rehearsal) {
        await (remove ? remove(due, new Date(at)) : ofCases.remove(collection, due));
      }
      const end = page.at(-1);
      const further = page.length < PAGE || !end ? { shelf: place.shelf + 1, last: null } : null;
      const more = further ?? { shelf: place.shelf, last: String(end?._id) };
      return { due: due.length, next, place: more.shelf < shelves[family].length ? more : null };
    },

    /** The names of all collections that belong to a family. Every collection of the store must be one of them. */
    collections: [
      ...Object.values(shelves).flatMap(all => all.map(({ collection }) => collection)),
      ...withOthers,
      ...lastingCollections.flatMap(([, all]) => all),
    ],
  };
}

function lookingAt(
  holds: Look['holds'],
  { at, days }: { at: number; days: number },
  cases: Pick<CaseRecords, 'get'>,
): Look {
  const known = new Map<string, Promise<CaseRecord | null>>();
  return {
    cutoff: dueAt(at, -days),
    at: new Date(at),
    holds,
    caseOf(caseNumber) {
      if (typeof caseNumber !== 'string') return Promise.resolve(null);
      const found = known.get(caseNumber) ?? cases.get(caseNumber);
      known.set(caseNumber, found);
      return found;
    },
  };
}

/** The creation time in a citizen's id, a version 7 UUID, epoch ms UTC; 0 for other ids. */
function firstSeen(citizenId: string): number {
  const digits = /^([0-9a-f]{8})-([0-9a-f]{4})-7/.exec(citizenId);
  return digits ? parseInt(`${digits[1]}${digits[2]}`, 16) : 0;
}
