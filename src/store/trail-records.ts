import { createHmac, randomUUID } from 'node:crypto';
import { type Connection, Schema } from 'mongoose';
import { HOUR_MS } from '../domain/durations';
import { type AuditKey, canonical } from './case-records';
import { insertOnce } from './insert-once';
import type { LinkRecipient } from './task-records';

/**
 * What somebody of the municipality read or changed by a command or on a page, or that a process started otherwise than
 * before.
 */
type Trace =
  | 'export'
  | 'case'
  | 'cases'
  | 'messages'
  | 'deadLetter'
  | 'training'
  | 'auditExport'
  | 'breach'
  | 'photoFlagged'
  | 'photoCleared'
  | 'redacted'
  | 'redactionEnded'
  | 'originalShown'
  | 'closureAdded'
  | 'closureRemoved'
  | 'numberShown'
  | 'staffSignedIn'
  | 'staffSignedOut'
  | 'staffRefused'
  | 'deskViewed'
  | 'deskActed'
  | 'linkMade'
  | 'linksEnded'
  | 'configuration';

/** An entry of the audit trail: who, what and why. Acts through links are in their own records. */
export interface TrailEntry {
  at: Date;
  /** A person, or the role of a process. */
  actor: string;
  /** Empty if none is needed. */
  reason: string;
  what: Trace;
  /** The id, day, holder or versions it is about. */
  detail?: string;
  /** The person; null for one case, and after the person was erased. */
  citizenId: string | null;
  caseNumber: string | null;
}

/** Links an entry to the one before it: the time and MAC of that entry, and the MAC over both. */
interface TrailSeal {
  key: string;
  /** Epoch ms UTC; 0 for the first entry. Tells whether a missing entry had reached the end of its retention. */
  after: number;
  before: string;
  mac: string;
}

type StoredEntry = TrailEntry & { _id: string; seal?: TrailSeal };

/** What is wrong with an entry. `unknownKey`: the key of its MAC is not in `AUDIT_KEYS`. */
interface TrailFinding {
  /** Its number in the chain, or the id of an entry without one. */
  entry: string;
  fault: 'changed' | 'missing' | 'added' | 'unknownKey';
}

export interface TrailReport {
  sealed: number;
  /** Entries from before the chain, which have no MAC. */
  beforeChain: number;
  /** Entries that retention has removed since. */
  ended: number;
  findings: TrailFinding[];
}

const schema = new Schema(
  {
    _id: { type: String, required: true },
    at: { type: Date, required: true },
    actor: { type: String, required: true },
    reason: { type: String, default: '' },
    what: { type: String, required: true },
    detail: { type: String },
    citizenId: { type: String, default: null },
    caseNumber: { type: String, default: null },
    seal: { type: Schema.Types.Mixed },
  },
  { collection: 'audit-trail', versionKey: false },
)
  .index({ caseNumber: 1, at: 1 })
  .index({ citizenId: 1, at: 1 })
  .index({ at: 1 });

/** Sealed entries are numbered; their ids sort behind the random ones of others. */
const SEALED = 'n:';
const idOf = (number: number): string => `${SEALED}${String(number).padStart(12, '0')}`;
const numberOf = (id: string): number => Number(id.slice(SEALED.length));

/** The MAC leaves out the citizen, whom the erasure of a person removes. */
function macOfEntry(
  key: Buffer,
  number: number,
  { at, actor, reason, what, detail, caseNumber }: TrailEntry,
  { after, before }: Pick<TrailSeal, 'after' | 'before'>,
): string {
  const entry = { at: at.getTime(), actor, reason, what, detail, caseNumber };
  return createHmac('sha256', key)
    .update(canonical([number, after, before, entry]))
    .digest('base64url');
}

/** The setting with the highest number that was given. */
const HEAD = 'trail-head';
const PAGE = 1_000;
const shown = { _id: 0, seal: 0 } as const;

export type TrailRecords = ReturnType<typeof trailRecords>;

/** The audit trail, insert-only. With `auditKeys` each new entry is sealed by the first of them. */
export function trailRecords(connection: Connection, auditKeys: readonly AuditKey[] = []) {
  const model = connection.model('TrailEntry', schema);
  const [sealing] = auditKeys;
  /** The last entry that this process knows of. */
  let last: StoredEntry | null = null;

  const at = (number: number): Promise<StoredEntry | null> =>
    model.findById(idOf(number)).lean<StoredEntry>().exec();

  async function newestSealed(): Promise<StoredEntry | null> {
    const newest = model.find({ _id: { $gte: SEALED } }).sort({ _id: -1 });
    const [found] = await newest.limit(1).lean<StoredEntry[]>();
    return found ?? null;
  }

  const settings = () => connection.collection<{ _id: string; last: number }>('settings');
  const highest = async (): Promise<number> => (await settings().findOne({ _id: HEAD }))?.last ?? 0;

  /**
   * Returns the last sealed entry and the number of the next one. A number is never given twice, so that entries removed
   * from the end leave a gap.
   */
  async function endOfChain(): Promise<{ before: StoredEntry | null; next: number }> {
    // Read first: an entry behind it that another process adds meanwhile is found by the walk.
    const head = await highest();
    let before = last ?? (await newestSealed());
    for (;;) {
      const next = await at((before ? numberOf(before._id) : 0) + 1);
      if (!next) break;
      before = next;
    }
    // The walk ends at an entry that was removed.
    if ((before ? numberOf(before._id) : 0) < head) before = await newestSealed();
    return { before, next: Math.max(before ? numberOf(before._id) : 0, head) + 1 };
  }

  async function addSealed(entry: TrailEntry, { id: key, key: secret }: AuditKey): Promise<void> {
    for (;;) {
      const { before, next } = await endOfChain();
      const link = { after: before?.at.getTime() ?? 0, before: before?.seal?.mac ?? '' };
      const seal = { key, ...link, mac: macOfEntry(secret, next, entry, link) };
      const stored: StoredEntry = { _id: idOf(next), ...entry, seal };
      // Somebody else took the number in the meantime: the entry follows theirs.
      if (!(await insertOnce(() => model.collection.insertOne(stored as never)))) continue;
      last = stored;
      await settings().updateOne({ _id: HEAD }, { $max: { last: next } }, { upsert: true });
      return;
    }
  }

  /** Yields all entries in the order of `_id`: unsealed ones first, then the chain. */
  async function* all(): AsyncGenerator<StoredEntry> {
    let from: string | null = null;
    for (;;) {
      const page: StoredEntry[] = await model
        .find(from === null ? {} : { _id: { $gt: from } })
        .sort({ _id: 1 })
        .limit(PAGE)
        .lean<StoredEntry[]>();
      yield* page;
      from = page.at(-1)?._id ?? null;
      if (page.length < PAGE) return;
    }
  }

  return {
    async add(entry: Omit<TrailEntry, 'citizenId' | 'caseNumber'> & Partial<TrailEntry>): Promise<void> {
      const whole: TrailEntry = { citizenId: null, caseNumber: null, ...entry };
      if (sealing) await addSealed(whole, sealing);
      else await model.collection.insertOne({ _id: randomUUID() as never, ...whole });
    },

    /**
     * Returns every changed, missing and added entry. Entries from before `keptSince` may be missing, because their
     * retention has ended. Entries after the last one are noticed unless the record of the last number is set back too.
     */
    async verify(keptSince: Date): Promise<TrailReport> {
      const known = new Map(auditKeys.map(({ id, key }) => [id, key]));
      const report: TrailReport = { sealed: 0, beforeChain: 0, ended: 0, findings: [] };
      const unsealed: StoredEntry[] = [];
      const find = (entry: string | number, fault: TrailFinding['fault']): void =>
        void report.findings.push({ entry: String(entry), fault });
      let begins = Infinity;
      let before: StoredEntry | null = null;
      for await (const entry of all()) {
        const { _id, seal } = entry;
        if (!seal || !_id.startsWith(SEALED)) {
          if (_id.startsWith(SEALED) || seal) find(_id, 'added');
          else unsealed.push(entry);
          continue;
        }
        const number = numberOf(_id);
        begins = Math.min(begins, entry.at.getTime());
        report.sealed += 1;
        const expected: number = before === null ? 1 : numberOf(before._id) + 1;
        const key = known.get(seal.key);
        if (number > expected) {
          // The time of the entry before is known from this one.
          if (seal.after < keptSince.getTime()) report.ended += number - expected;
          else for (let gone = expected; gone < number; gone += 1) find(gone, 'missing');
        }
        const follows = number > expected || seal.before === (before?.seal?.mac ?? '');
        if (!key) find(number, 'unknownKey');
        else if (!follows || seal.mac !== macOfEntry(key, number, entry, seal)) find(number, 'changed');
        before = entry;
      }
      const head = await highest();
      for (let gone = before ? numberOf(before._id) + 1 : 1; gone <= head; gone += 1) find(gone, 'missing');
      for (const { _id, at: time } of unsealed) {
        if (time.getTime() > begins) find(_id, 'added');
        else report.beforeChain += 1;
      }
      return report;
    },

    /** Returns the entries about a case and its citizen, oldest first. */
    async of(caseNumber: string, citizenId: string): Promise<TrailEntry[]> {
      const ofCase = await model.find({ caseNumber }, shown).lean<TrailEntry[]>();
      const ofCitizen = citizenId === '' ? [] : await model.find({ citizenId }, shown).lean<TrailEntry[]>();
      return [...ofCase, ...ofCitizen].sort((a, b) => a.at.getTime() - b.at.getTime());
    },

    /** Returns the entries of a period (epoch ms UTC, the end excluded), oldest first. */
    between: (from: number, to: number): Promise<TrailEntry[]> =>
      model
        .find({ at: { $gte: new Date(from), $lt: new Date(to) } }, shown)
        .sort({ at: 1 })
        .lean<TrailEntry[]>()
        .exec(),

    /** Returns the latest entry of an actor of this kind, or null. */
    async latest(what: Trace, actor: string): Promise<TrailEntry | null> {
      const [found] = await model.find({ what, actor }, shown).sort({ at: -1 }).limit(1).lean<TrailEntry[]>();
      return found ?? null;
    },
  };
}

/** One visit through a link: the person the link was made for, what was opened, and when. Insert-only. */
export interface LinkView {
  tokenHash: string;
  /** Null for the task list of a department, and for a call that a citizen wishes. */
  caseNumber: string | null;
  department: string;
  recipient: LinkRecipient;
  what: 'task' | 'photo' | 'file' | 'list' | 'call' | 'handOff' | 'beside';
  /** The first view of its hour. */
  at: Date;
  /** The number of views in that hour. Absent in older records, one for each view. */
  times?: number;
  /** Whether a mail scanner may have opened it instead of the recipient. Absent in older records. */
  isUnsure?: boolean;
}

const linkViewSchema = new Schema(
  {
    /** Older records have an ObjectId. */
    _id: { type: Schema.Types.Mixed, required: true },
    tokenHash: { type: String, required: true },
    caseNumber: String,
    department: { type: String, required: true },
    recipient: { type: Schema.Types.Mixed, required: true },
    what: { type: String, required: true },
    at: { type: Date, required: true },
    times: Number,
    isUnsure: Boolean,
  },
  { collection: 'link-views', versionKey: false },
)
  .index({ caseNumber: 1, at: 1 })
  .index({ at: 1 });

export type LinkViewRecords = ReturnType<typeof linkViewRecords>;

export function linkViewRecords(connection: Connection) {
  const model = connection.model('LinkView', linkViewSchema);
  const found = (filter: object) => model.find(filter, { _id: 0 }).sort({ at: 1 });
  return {
    model,
    /** Records a view. Views of the same kind by one link in the same hour are one record with their number. */
    async add(view: LinkView): Promise<void> {
      const hour = Math.floor(view.at.getTime() / HOUR_MS);
      // One link shows several cases beside its own.
      const what = view.what === 'beside' ? `beside:${view.caseNumber}` : view.what;
      const _id = `${view.tokenHash}:${what}:${view.isUnsure === true ? 'unsure:' : ''}${hour}`;
      if (await insertOnce(() => model.collection.insertOne({ _id: _id as never, ...view, times: 1 })))
        return;
      await model.collection.updateOne({ _id: _id as never }, { $inc: { times: 1 } });
    },

    /** Returns the visits of a period (epoch ms UTC, the end excluded), oldest first. */
    between: (from: number, to: number): Promise<LinkView[]> =>
      found({ at: { $gte: new Date(from), $lt: new Date(to) } })
        .lean<LinkView[]>()
        .exec(),

    /** Returns the visits to a case, oldest first. */
    ofCase: (caseNumber: string, limit: number): Promise<LinkView[]> =>
      found({ caseNumber }).limit(limit).lean<LinkView[]>().exec(),
  };
}
