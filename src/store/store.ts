import { type Connection, createConnection, Schema } from 'mongoose';
import { createHmac, randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { AppError } from '../errors';
import { blockRecords, type BlockRecords } from './block-records';
import { caseRecords, type CaseRecords } from './case-records';
import { caseCourses, type CaseCourses, caseStories, type CaseStories } from './case-stories';
import { citizenRecords, type CitizenRecords } from './citizen-records';
import { closureRecords, type ClosureRecords } from './closure-records';
import { deadLetterRecords, type DeadLetterRecords } from './dead-letter-records';
import {
  deliveryFailureRecords,
  type DeliveryFailureRecords,
  deliveryStatusRecords,
  type DeliveryStatusRecords,
} from './delivery-records';
import {
  attachmentRecords,
  type AttachmentRecords,
  photoRecords,
  type PhotoRecords,
  workPhotoRecords,
  type WorkPhotoRecords,
} from './file-records';
import { identityRecords, type IdentityRecords } from './identity-records';
import { inboxRecords, type InboxRecords } from './inbox-records';
import { insertOnce } from './insert-once';
import {
  linkViewRecords,
  type LinkViewRecords,
  listLinkRecords,
  type ListLinkRecords,
  managerLinkRecords,
  type ManagerLinkRecords,
  statusLinkRecords,
  type StatusLinkRecords,
} from './link-records';
import { messageRecords, type MessageRecords } from './message-records';
import { outboxRecords, type OutboxRecords } from './outbox-records';
import { ratingRecords, type RatingRecords } from './rating-records';
import { reportCells, type ReportCells } from './report-cells';
import {
  sendingPauseRecords,
  type SendingPauseRecords,
  sendingSlotRecords,
  type SendingSlotRecords,
} from './sending-records';
import { taskRecords, type TaskRecords } from './task-records';

const RECONNECT_MS = 1_000;

/** All records of the line. Functions reject with the driver's errors when the database is out of reach. */
export interface Store {
  inbox: InboxRecords;
  identities: IdentityRecords;
  citizens: CitizenRecords;
  blocks: BlockRecords;
  messages: MessageRecords;
  cases: CaseRecords;
  stories: CaseStories;
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
  managerLinks: ManagerLinkRecords;
  photos: PhotoRecords;
  workPhotos: WorkPhotoRecords;
  attachments: AttachmentRecords;
  ratings: RatingRecords;
  deadLetters: DeadLetterRecords;
  closures: ClosureRecords;
  /** Loads the key on first use, so that a role can start while the database is still away. */
  hashId(): Promise<HashId>;
  /** Rejects with `store-unavailable` when the database does not answer within `limitMs`. */
  ping(limitMs: number): Promise<void>;
  /** Makes collections and indexes; safe to repeat. Returns the names of the collections. */
  sync(): Promise<string[]>;
  close(): Promise<void>;
}

/**
 * Opens the records behind a MongoDB URI. Returns at once; operations wait for the first connection at most
 * `operationLimitMs`, so that a web request can answer 503 in time.
 */
export function openStore(uri: string, { operationLimitMs = 2_000 } = {}): Store {
  const connection = createConnection();
  let closed = false;
  const connecting = connect(connection, uri, operationLimitMs, () => closed);

  const identities = identityRecords(connection);
  const messages = messageRecords(connection);
  const cases = caseRecords(connection);
  const ratings = ratingRecords(connection);
  let hashing: Promise<HashId> | undefined;
  return {
    inbox: inboxRecords(connection),
    identities,
    citizens: citizenRecords(connection, identities.currentOf),
    blocks: blockRecords(connection),
    messages,
    cases,
    stories: caseStories(cases, ratings),
    courses: caseCourses(cases, messages),
    outbox: outboxRecords(connection),
    sendingSlots: sendingSlotRecords(connection),
    sendingPauses: sendingPauseRecords(connection),
    deliveryStatuses: deliveryStatusRecords(connection),
    deliveryFailures: deliveryFailureRecords(connection),
    tasks: taskRecords(connection),
    reportCells: reportCells(connection),
    listLinks: listLinkRecords(connection),
    linkViews: linkViewRecords(connection),
    statusLinks: statusLinkRecords(connection),
    managerLinks: managerLinkRecords(connection),
    photos: photoRecords(connection),
    workPhotos: workPhotoRecords(connection),
    attachments: attachmentRecords(connection),
    ratings,
    deadLetters: deadLetterRecords(connection),
    closures: closureRecords(connection),

    hashId() {
      hashing ??= hashIds(connection).catch((error: unknown) => {
        hashing = undefined;
        throw error;
      });
      return hashing;
    },

    async ping(limitMs) {
      const answer = await Promise.race([
        connecting.then(() => connection.db?.command({ ping: 1 })),
        setTimeout(limitMs, null, { ref: false }),
      ]).catch((cause: unknown) => {
        throw new AppError('store-unavailable', { status: 503, cause });
      });
      if (!answer) throw new AppError('store-unavailable', { status: 503, reason: 'no answer' });
    },

    async sync() {
      await connecting;
      return syncIndexes(connection);
    },

    async close() {
      closed = true;
      await connecting;
      await connection.close();
    },
  };
}

/** Mongoose gives up after a failed first connection, but a line must come up while its database is still away. */
async function connect(
  connection: Connection,
  uri: string,
  limitMs: number,
  closed: () => boolean,
): Promise<void> {
  const options = {
    serverSelectionTimeoutMS: limitMs,
    bufferTimeoutMS: limitMs,
    // Else an operation would wait for a free connection long after whoever asked was told that it failed.
    waitQueueTimeoutMS: limitMs,
    autoIndex: false,
    autoCreate: false,
    maxPoolSize: 20,
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

/** Turns what Meta names something into an id of ours: 32 hex digits that give nothing away without the key. */
export type HashId = (name: string) => string;

/**
 * The keyed hash behind all ids that derive from Meta's names. Its key is made once and lives beside the records:
 * ids must stay the same when link keys rotate, and lose their meaning when the records are gone.
 */
export async function hashIds(connection: Connection): Promise<HashId> {
  const model = connection.model('Setting', schema);
  const fresh = randomBytes(32).toString('base64url');
  await insertOnce(() => model.collection.insertOne({ _id: 'hash-key' as never, key: fresh }));
  const stored = await model.findById('hash-key').lean();
  const key = Buffer.from(stored?.key ?? fresh, 'base64url');
  return name => createHmac('sha256', key).update(name).digest('hex').slice(0, 32);
}
