import { type Connection, Schema } from 'mongoose';
import { randomUUID } from 'node:crypto';
import type { IdentityRecords } from './identity-records';
import { insertOnce } from './insert-once';

export interface Citizen {
  id: string;
  /** Earlier ids of the same person, merged into this one. */
  formerIds: string[];
  phone: string | null;
  bsuid: string | null;
  profileName: string | null;
  language: 'tr' | 'en';
  /** When the citizen last wrote. The Cloud API's 24-hour window starts here. */
  lastInboundAt: Date;
  /** When the citizen received the privacy notice (Law 6698, article 10). */
  noticeGivenAt: Date | null;
  /** The version of that notice; null if none, or if it was older than versions. */
  noticeVersion: string | null;
  /** The citizen's own cases, oldest first. */
  cases: OwnCase[];
  /** When the citizen opted out of messages; null if messages are wanted. */
  stoppedAt: Date | null;
  /** When a call showed that the number belongs to somebody else; null if never. */
  numberWrongAt: Date | null;
  /** Ids of abusive messages. */
  strikes: string[];
  /** When each rate-limited answer was last given, by name. */
  told: Record<string, Date>;
  /** The latest status questions, at most ten. */
  statusAsked: { messageId: string; at: Date }[];
}

/** When a citizen received which version of the privacy notice. */
type NoticeGiven = { noticeGivenAt: Date; noticeVersion: string };

export interface OwnCase {
  caseNumber: string;
  openedAt: Date;
}

const schema = new Schema(
  {
    _id: { type: String, required: true },
    formerIds: { type: [String], default: [] },
    phone: { type: String, default: null },
    bsuid: { type: String, default: null },
    profileName: { type: String, default: null },
    language: { type: String, default: 'tr' },
    lastInboundAt: { type: Date, required: true },
    noticeGivenAt: { type: Date, default: null },
    noticeVersion: { type: String, default: null },
    cases: { type: [{ caseNumber: String, openedAt: Date, _id: false }], default: [] },
    stoppedAt: { type: Date, default: null },
    numberWrongAt: { type: Date, default: null },
    strikes: { type: [String], default: [] },
    told: { type: Schema.Types.Mixed, default: {} },
    statusAsked: { type: [{ messageId: String, at: Date, _id: false }], default: [] },
  },
  { collection: 'citizens', versionKey: false, minimize: false },
);

/** The facts one message contains about its sender. Absent fields leave the record unchanged. */
export interface Sighting {
  phone: string | null;
  bsuid: string | null;
  profileName: string | null;
  language: 'tr' | 'en' | null;
  at: Date;
  /** Whether the message opens the 24-hour window. System notices and reactions do not. Defaults to true. */
  isMessage?: boolean;
}

const LONG_AGO = new Date(0);
const MOST_FORMER_IDS = 50;

const unknown = {
  formerIds: [],
  phone: null,
  bsuid: null,
  profileName: null,
  language: 'tr' as const,
  lastInboundAt: LONG_AGO,
  noticeGivenAt: null,
  noticeVersion: null,
  cases: [],
  stoppedAt: null,
  numberWrongAt: null,
  strikes: [],
  told: {},
  statusAsked: [],
};

export type CitizenRecords = ReturnType<typeof citizenRecords>;

/** `currentOf` resolves a merged id to the current one. All functions accept earlier ids. */
export function citizenRecords(
  connection: Connection,
  { currentOf, holds }: Pick<IdentityRecords, 'currentOf' | 'holds'>,
) {
  const model = connection.model('Citizen', schema);

  async function own(id: string): Promise<Citizen | null> {
    const found = await model.findById(id).lean<{ _id: string } & Partial<Omit<Citizen, 'id'>>>();
    if (!found) return null;
    const { _id, ...rest } = found;
    return { ...unknown, ...rest, id: _id };
  }

  const insert = (id: string, parts: object): Promise<boolean> =>
    insertOnce(() => model.collection.insertOne({ _id: id as never, ...unknown, ...parts }));

  async function set(id: string, change: object): Promise<void> {
    await model.updateOne({ _id: await currentOf(id) }, change);
  }

  async function get(id: string): Promise<Citizen | null> {
    const citizen = await own(await currentOf(id));
    if (!citizen) return null;
    const former: Citizen[] = [];
    const waiting = [...citizen.formerIds];
    const seen = new Set([citizen.id]);
    for (
      let next = waiting.shift();
      next !== undefined && seen.size < MOST_FORMER_IDS;
      next = waiting.shift()
    ) {
      if (seen.has(next)) continue;
      seen.add(next);
      const other = await own(next);
      if (other) former.push(other);
      waiting.push(...(other?.formerIds ?? []));
    }
    const ids = [...seen];
    const phone = await firstHeld(ids, [citizen, ...former]);
    return former.reduce(joined, { ...citizen, phone, formerIds: ids.slice(1) });
  }

  /** Returns the first phone number that was not recycled meanwhile. */
  async function firstHeld(ids: readonly string[], citizens: readonly Citizen[]): Promise<string | null> {
    for (const { phone } of citizens) if (phone !== null && (await holds(ids, phone))) return phone;
    return null;
  }

  return {
    model,

    /** Returns the citizen, including the data of earlier ids; null if unknown. */
    get,

    /** Returns the latest BSUID of a citizen, or null. */
    bsuidOf: async (id: string): Promise<string | null> => (await get(id))?.bsuid ?? null,

    /** Records that a citizen was merged into this one. Idempotent. */
    absorb: async (kept: string, gone: string): Promise<void> => {
      await insert(kept, {});
      await model.updateOne({ _id: kept }, { $addToSet: { formerIds: gone } });
    },

    /** Records that a citizen wrote, and under which names. Creates the record on first contact. */
    async seen(id: string, { at, isMessage = true, ...names }: Sighting): Promise<void> {
      const current = await currentOf(id);
      const known = Object.fromEntries(Object.entries(names).filter(([, value]) => value !== null));
      const lastInboundAt = isMessage ? at : LONG_AGO;
      if (await insert(current, { ...known, lastInboundAt })) return;
      await model.updateOne({ _id: current }, { $max: { lastInboundAt }, $set: known });
    },

    /** Adds a case to the citizen, and the privacy notice if the acknowledgement includes it. */
    async caseOpened(
      id: string,
      { caseNumber, openedAt }: OwnCase,
      notice: NoticeGiven | null,
    ): Promise<void> {
      await set(id, {
        $addToSet: { cases: { caseNumber, openedAt } },
        ...(notice && { $set: notice }),
      });
    },

    /** Records that an answer included the privacy notice. */
    noticeGiven: (id: string, notice: NoticeGiven): Promise<void> => set(id, { $set: notice }),

    /** Sets the opt-out time; null opts in again. */
    stopped: (id: string, stoppedAt: Date | null): Promise<void> => set(id, { $set: { stoppedAt } }),

    /** Records that the number belongs to somebody else. */
    numberWrong: (id: string, numberWrongAt: Date): Promise<void> => set(id, { $set: { numberWrongAt } }),

    /** Records an abusive message. */
    struck: (id: string, messageId: string): Promise<void> => set(id, { $addToSet: { strikes: messageId } }),

    /** Records that a rate-limited answer was given. */
    toldOnce: (id: string, name: string, at: Date): Promise<void> =>
      set(id, { $set: { [`told.${name}`]: at } }),

    /** Returns the citizens with abusive messages and their counts, newest first, at most 200. */
    async warned(): Promise<{ id: string; strikes: number }[]> {
      const found = await model
        .find({ 'strikes.0': { $gt: '' } })
        .sort({ lastInboundAt: -1 })
        .limit(200)
        .lean<{ _id: string; strikes: string[] }[]>();
      return found.map(({ _id, strikes }) => ({ id: _id, strikes: strikes.length }));
    },

    statusAsked: (id: string, statusAsked: Citizen['statusAsked']): Promise<void> =>
      set(id, { $set: { statusAsked } }),
  };
}

/** Merges the record of an earlier id into that of the citizen. */
function joined(citizen: Citizen, other: Citizen): Citizen {
  const later = (a: Date, b: Date): Date => (a < b ? b : a);
  return {
    ...citizen,
    bsuid: citizen.bsuid ?? other.bsuid,
    profileName: citizen.profileName ?? other.profileName,
    lastInboundAt: later(citizen.lastInboundAt, other.lastInboundAt),
    ...latestNotice(citizen, other),
    cases: [...citizen.cases, ...other.cases].sort((a, b) => a.openedAt.getTime() - b.openedAt.getTime()),
    stoppedAt: citizen.stoppedAt ?? other.stoppedAt,
    numberWrongAt: citizen.numberWrongAt ?? other.numberWrongAt,
    strikes: [...new Set([...citizen.strikes, ...other.strikes])],
    told: { ...other.told, ...citizen.told },
    statusAsked: [...citizen.statusAsked, ...other.statusAsked],
  };
}

function latestNotice(one: Citizen, other: Citizen): Pick<Citizen, 'noticeGivenAt' | 'noticeVersion'> {
  const { noticeGivenAt, noticeVersion } =
    (one.noticeGivenAt ?? LONG_AGO) < (other.noticeGivenAt ?? LONG_AGO) ? other : one;
  return { noticeGivenAt, noticeVersion };
}

/** A blocked citizen: messages are stored but not answered until `until`. Only staff block, with a reason. */
export interface Block {
  citizenId: string;
  reason: string;
  since: Date;
  until: Date;
}

/** One decision about a block, with actor and reason. `until` is null if the decision ended the block. */
export interface BlockAct {
  citizenId: string;
  at: Date;
  actor: string;
  reason: string;
  until: Date | null;
}

const blockSchema = new Schema(
  {
    _id: { type: String, required: true },
    reason: { type: String, required: true },
    since: { type: Date, required: true },
    until: { type: Date, required: true },
  },
  { collection: 'blocks', versionKey: false },
).index({ until: 1 });

const actSchema = new Schema(
  {
    _id: { type: String, required: true },
    citizenId: { type: String, required: true },
    at: { type: Date, required: true },
    actor: { type: String, required: true },
    reason: { type: String, required: true },
    until: { type: Date, default: null },
  },
  { collection: 'block-acts', versionKey: false },
).index({ citizenId: 1, at: 1 });

type StoredBlock = { _id: string } & Omit<Block, 'citizenId'>;

export type BlockRecords = ReturnType<typeof blockRecords>;

/** Blocks. Only staff write them, by command or page. */
export function blockRecords(connection: Connection) {
  const model = connection.model('Block', blockSchema);
  const actModel = connection.model('BlockAct', actSchema);
  const read = ({ _id, ...rest }: StoredBlock): Block => ({ citizenId: _id, ...rest });

  async function get(citizenId: string): Promise<Block | null> {
    const found = await model.findById(citizenId).lean<StoredBlock>();
    return found && read(found);
  }

  /** Records a decision. Decisions are insert-only, because the next block overwrites the current one. */
  async function addAct(act: BlockAct): Promise<void> {
    await actModel.create({ _id: randomUUID(), ...act });
  }

  return {
    model,
    get,

    /** Blocks a citizen, or replaces the reason and end of an existing block. */
    async block(act: BlockAct & { until: Date }): Promise<void> {
      const { citizenId, reason, at: since, until } = act;
      await addAct(act);
      await model.updateOne({ _id: citizenId }, { $set: { reason, since, until } }, { upsert: true });
    },

    /** Ends a block now. Returns false if none was in force. */
    async unblock(act: Omit<BlockAct, 'until'>): Promise<boolean> {
      const { citizenId, at } = act;
      const block = await get(citizenId);
      if (!block || block.until <= at) return false;
      await model.updateOne({ _id: citizenId }, { $set: { until: at } });
      await addAct({ ...act, until: null });
      return true;
    },

    /** Returns all decisions about a citizen, oldest first. */
    async actsOf(citizenId: string): Promise<BlockAct[]> {
      const found = await actModel.find({ citizenId }).sort({ at: 1 }).lean<(BlockAct & { _id: string })[]>();
      return found.map(({ _id, ...act }) => act);
    },

    /** Returns whether one of a citizen's ids is blocked at the given time. */
    async isBlocked(citizenIds: readonly string[], at: Date): Promise<boolean> {
      const found = await Promise.all(citizenIds.map(get));
      return found.some(block => block !== null && block.until > at);
    },

    /** Returns the blocks in force at the given time, sorted by their end. */
    async inForce(at: Date): Promise<Block[]> {
      const found = await model
        .find({ until: { $gt: at } })
        .sort({ until: 1 })
        .lean<StoredBlock[]>();
      return found.map(read);
    },
  };
}
