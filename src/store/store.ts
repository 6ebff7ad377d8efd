import { setTimeout } from 'node:timers/promises';
import { type Connection, createConnection, Schema } from 'mongoose';
import { createHmac, randomBytes } from 'node:crypto';
import { AppError } from '../errors';
import { timeLimit } from '../time-limit';
import { accountNoticeRecords, type AccountNoticeRecords } from './account-notice-records';
import { blockRecords, type BlockRecords, citizenRecords, type CitizenRecords } from './citizen-records';
import { caseErasure, type CaseErasure } from './case-erasure';
import { type AuditKey, caseRecords, type CaseRecords } from './case-records';
import { caseCourses, type CaseCourses, caseStories, type CaseStories } from './case-stories';
import {
  absenceRecords,
  type AbsenceRecords,
  closureRecords,
  type ClosureRecords,
  incidentRecords,
  type IncidentRecords,
} from './calendar-records';
import { factChains, type FactChains } from './fact-chain';
import { breachRecords, type BreachRecords } from './breach';
import { eventRecords, type EventRecords } from './sending-records';
import { erasureList, type ErasureList } from './erasure-list';
import { deadLetterRecords, type DeadLetterRecords } from './dead-letter-records';
import {
  erasureRequestRecords,
  type ErasureRequestRecords,
  holdRecords,
  type HoldRecords,
  retentionRunRecords,
  type RetentionRunRecords,
} from './erasure-records';
import {
  deliveryFailureRecords,
  type DeliveryFailureRecords,
  deliveryStatusRecords,
  type DeliveryStatusRecords,
  outboxRecords,
  type OutboxRecords,
} from './outbox-records';
import { attachmentRecords, type AttachmentRecords } from './file-records';
import {
  photoCovers,
  type PhotoCovers,
  photoRecords,
  type PhotoRecords,
  workPhotoRecords,
  type WorkPhotoRecords,
} from './photo-records';
import { identityRecords, type IdentityRecords, mergeRecords, type MergeRecords } from './identity-records';
import { inboxRecords, type InboxRecords, messageRecords, type MessageRecords } from './message-records';
import { figureRecords, type FigureRecords } from './figure-records';
import { insertOnce } from './insert-once';
import {
  callLinkRecords,
  type CallLinkRecords,
  handOffLinkRecords,
  type HandOffLinkRecords,
  listLinkRecords,
  type ListLinkRecords,
  managerLinkRecords,
  type ManagerLinkRecords,
  statusLinkRecords,
  type StatusLinkRecords,
  taskRecords,
  type TaskRecords,
} from './task-records';
import { copyOfPerson, type CopyOfPerson } from './person-copy';
import { personErasure, type PersonErasure } from './person-erasure';
import { ratingRecords, type RatingRecords } from './rating-records';
import { reportCells, type ReportCells } from './report-cells';
import { returnedMailRecords, type ReturnedMailRecords } from './returned-mail-records';
import { retentionStore, type RetentionStore } from './retention';
import {
  sendingPauseRecords,
  type SendingPauseRecords,
  sendingSlotRecords,
  type SendingSlotRecords,
} from './sending-records';
import { staffRecords, type StaffRecords } from './staff-records';
import { linkViewRecords, type LinkViewRecords, trailRecords, type TrailRecords } from './trail-records';

const RECONNECT_MS = 1_000;

/** All records. Functions reject with the driver's error if the database is unreachable. */
export interface Store {
  inbox: InboxRecords;
  identities: IdentityRecords;
  merges: MergeRecords;
  citizens: CitizenRecords;
  blocks: BlockRecords;
  accountNotices: AccountNoticeRecords;
  messages: MessageRecords;
  cases: CaseRecords;
  stories: CaseStories;
  figures: FigureRecords;
  courses: CaseCourses;
  outbox: OutboxRecords;
  sendingSlots: SendingSlotRecords;
  sendingPauses: SendingPauseRecords;
  deliveryStatuses: DeliveryStatusRecords;
  deliveryFailures: DeliveryFailureRecords;
  tasks: TaskRecords;
  reportCells: ReportCells;
  listLinks: ListLinkRecords;
  linkViews: LinkViewRecords;
  statusLinks: StatusLinkRecords;
  callLinks: CallLinkRecords;
  handOffLinks: HandOffLinkRecords;
  managerLinks: ManagerLinkRecords;
  staff: StaffRecords;
  photos: PhotoRecords;
  workPhotos: WorkPhotoRecords;
  photoCovers: PhotoCovers;
  attachments: AttachmentRecords;
  ratings: RatingRecords;
  deadLetters: DeadLetterRecords;
  returnedMails: ReturnedMailRecords;
  events: EventRecords;
  closures: ClosureRecords;
  absences: AbsenceRecords;
  incidents: IncidentRecords;
  retention: RetentionStore;
  retentionRuns: RetentionRunRecords;
  holds: HoldRecords;
  erasureRequests: ErasureRequestRecords;
  erasureList: ErasureList;
  caseErasure: CaseErasure;
  personErasure: PersonErasure;
  copyOfPerson: CopyOfPerson;
  trail: TrailRecords;
  breach: BreachRecords;
  factChains: FactChains;
  /** Loads its key on first use, so that a role can start before the database. */
  hashId(): Promise<HashId>;
  /** Rejects with `store-unavailable` if the database does not answer within `limitMs`. */
  ping(limitMs: number): Promise<void>;
  /** Creates collections and indexes; idempotent. Returns the names of the collections. */
  sync(): Promise<string[]>;
  /**
   * Rewrites the file of the embedded store, which otherwise still holds the bytes of deleted records. Returns false and
   * does nothing on MongoDB, which uses the space again by itself.
   */
  compact(): Promise<boolean>;
  close(): Promise<void>;
}

interface StoreOptions {
  operationLimitMs?: number;
  poolSize?: number;
  /** The file of erased people and cases, apart from the database; no list if omitted. */
  erasureListFile?: string | undefined;
  /** The keys that seal facts: the first seals, all verify. Facts are not sealed if omitted. */
  auditKeys?: readonly AuditKey[] | undefined;
}

/**
 * Opens the records of a MongoDB URI and returns immediately. Operations wait at most `operationLimitMs` for the
 * first connection, so that a web request can answer 503 in time. `poolSize` is the most connections at once.
 */
export function openStore(
  uri: string,
  { operationLimitMs = 2_000, poolSize = 20, erasureListFile, auditKeys = [] }: StoreOptions = {},
): Store {
  const connection = createConnection();
  let closed = false;
  const connecting = connect(connection, uri, { operationLimitMs, poolSize }, () => closed);

  const identities = identityRecords(connection);
  const messages = messageRecords(connection);
  const cases = caseRecords(connection, auditKeys);
  const ratings = ratingRecords(connection);
  const outbox = outboxRecords(connection);
  const citizens = citizenRecords(connection, identities);
  const blocks = blockRecords(connection);
  const attachments = attachmentRecords(connection);
  const covers = photoCovers(connection);
  const holds = holdRecords(connection);
  const ofCases = caseErasure(connection, { cases, citizens, attachments });
  const people = personErasure(connection, { citizens, identities, ofCases });
  let hashing: Promise<HashId> | undefined;
  const hashId = (): Promise<HashId> => {
    hashing ??= hashIds(connection).catch((error: unknown) => {
      hashing = undefined;
      throw error;
    });
    return hashing;
  };
  return {
    inbox: inboxRecords(connection),
    identities,
    merges: mergeRecords(connection),
    citizens,
    blocks,
    accountNotices: accountNoticeRecords(connection),
    messages,
    cases,
    stories: caseStories(cases, ratings, outbox),
    figures: figureRecords(connection),
    courses: caseCourses(cases, messages),
    outbox,
    sendingSlots: sendingSlotRecords(connection),
    sendingPauses: sendingPauseRecords(connection),
    deliveryStatuses: deliveryStatusRecords(connection),
    deliveryFailures: deliveryFailureRecords(connection),
    tasks: taskRecords(connection),
    reportCells: reportCells(connection),
    listLinks: listLinkRecords(connection),
    linkViews: linkViewRecords(connection),
    statusLinks: statusLinkRecords(connection),
    callLinks: callLinkRecords(connection),
    handOffLinks: handOffLinkRecords(connection),
    managerLinks: managerLinkRecords(connection),
    staff: staffRecords(connection),
    photos: photoRecords(connection, covers),
    workPhotos: workPhotoRecords(connection, covers),
    photoCovers: covers,
    attachments,
    ratings,
    deadLetters: deadLetterRecords(connection),
    returnedMails: returnedMailRecords(connection),
    events: eventRecords(connection),
    closures: closureRecords(connection),
    absences: absenceRecords(connection),
    incidents: incidentRecords(connection),
    retention: retentionStore(connection, {
      cases,
      citizens,
      identities,
      blocks,
      attachments,
      holds,
      ofCases,
      people,
    }),
    retentionRuns: retentionRunRecords(connection),
    holds,
    erasureRequests: erasureRequestRecords(connection),
    erasureList: erasureList(erasureListFile, hashId),
    caseErasure: ofCases,
    personErasure: people,
    copyOfPerson: copyOfPerson(connection, { cases, messages, ratings }),
    trail: trailRecords(connection, auditKeys),
    breach: breachRecords(connection, { cases, identities }),
    factChains: factChains(cases, auditKeys),

    hashId,

    async ping(limitMs) {
      try {
        await timeLimit(
          limitMs,
          connecting.then(() => connection.db?.command({ ping: 1 })),
        );
      } catch (cause) {
        throw new AppError('store-unavailable', { status: 503, cause });
      }
    },

    async sync() {
      await connecting;
      return syncIndexes(connection);
    },

    async compact() {
      await connecting;
      const { ferretdbVersion } = (await connection.db?.command({ buildInfo: 1 })) ?? {};
      if (ferretdbVersion === undefined) return false;
      // One file holds all collections, so that any of them will do.
      await connection.db?.command({ compact: cases.model.collection.name, force: true });
      return true;
    },

    async close() {
      closed = true;
      await connecting;
      await connection.close();
    },
  };
}

/** Mongoose does not retry a failed first connection, but a role must be able to start before its database. */
async function connect(
  connection: Connection,
  uri: string,
  { operationLimitMs: limitMs, poolSize }: { operationLimitMs: number; poolSize: number },
  closed: () => boolean,
): Promise<void> {
  const options = {
    serverSelectionTimeoutMS: limitMs,
    bufferTimeoutMS: limitMs,
    // Otherwise an operation could still wait for a free connection after its caller received the error.
    waitQueueTimeoutMS: limitMs,
    autoIndex: false,
    autoCreate: false,
    maxPoolSize: poolSize,
  };
  while (!closed()) {
    try {
      await connection.openUri(uri, options);
      return;
    } catch {
      await setTimeout(RECONNECT_MS);
    }
  }
}

async function syncIndexes(connection: Connection): Promise<string[]> {
  const models = Object.values(connection.models);
  for (const model of models) {
    await model.createCollection();
    await model.createIndexes();
  }
  return models.map(model => model.collection.name).sort();
}

const schema = new Schema(
  { _id: { type: String, required: true }, key: { type: String, required: true } },
  { collection: 'settings', versionKey: false },
);

/** Derives our id from an id of Meta: 32 hex digits that reveal nothing without the key. */
export type HashId = (name: string) => string;

/**
 * The keyed hash for all ids derived from Meta's ids. Its key is created once and stored with the records: ids
 * survive a rotation of the link keys, and become meaningless once the records are deleted.
 */
async function hashIds(connection: Connection): Promise<HashId> {
  const model = connection.model('Setting', schema);
  const fresh = randomBytes(32).toString('base64url');
  await insertOnce(() => model.collection.insertOne({ _id: 'hash-key' as never, key: fresh }));
  const stored = await model.findById('hash-key').lean();
  const key = Buffer.from(stored?.key ?? fresh, 'base64url');
  return name => createHmac('sha256', key).update(name).digest('hex').slice(0, 32);
}
