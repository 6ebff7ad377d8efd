import { Schema, type Connection } from 'mongoose';
import { insertOnce } from './insert-once';

export interface Citizen {
  id: string;
  /** Ids under which the same person was known before it became clear who they are. */
  formerIds: string[];
  phone: string | null;
  bsuid: string | null;
  profileName: string | null;
  language: 'tr' | 'en';
  /** When the citizen last wrote: the 24-hour window of the Cloud API counts from here. */
  lastInboundAt: Date;
  /** When the citizen was given the privacy notice (Law 6698, article 10). */
  noticeGivenAt: Date | null;
  /** The citizen's own cases, oldest first. */
  cases: OwnCase[];
  /** When the citizen asked for no more messages, null when not or no longer. */
  stoppedAt: Date | null;
  /** Ids of messages that insulted somebody. */
  strikes: string[];
  /** When an answer that is given once in a while was last given, by its name. */
  told: Record<string, Date>;
  /** The latest questions for the state of a case, at most ten. */
  statusAsked: { messageId: string; at: Date }[];
}

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
    cases: { type: [{ caseNumber: String, openedAt: Date, _id: false }], default: [] },
    stoppedAt: { type: Date, default: null },
    strikes: { type: [String], default: [] },
    told: { type: Schema.Types.Mixed, default: {} },
    statusAsked: { type: [{ messageId: String, at: Date, _id: false }], default: [] },
  },
  { collection: 'citizens', versionKey: false, minimize: false },
);

/** What one message tells about its sender; absent parts leave what is known as it is. */
export interface Sighting {
  phone: string | null;
  bsuid: string | null;
  profileName: string | null;
  language: 'tr' | 'en' | null;
  at: Date;
  /** Whether it was a message that opens the 24-hour window; a notice or a reaction is none. True when left out. */
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
  cases: [],
  stoppedAt: null,
  strikes: [],
  told: {},
  statusAsked: [],
};

export type CitizenRecords = ReturnType<typeof citizenRecords>;

/** `currentOf` tells which citizen an id has become part of; all functions take former ids as well. */
export function citizenRecords(connection: Connection, currentOf: (id: string) => Promise<string>) {
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

  return {
    model,

    /** The citizen with all that is known under former ids, or null. */
    async get(id: string): Promise<Citizen | null> {
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
      seen.delete(citizen.id);
      return former.reduce(joined, { ...citizen, formerIds: [...seen] });
    },

    /** Lets the citizen that stays name the one that becomes part of it; safe to repeat. */
    absorb: async (kept: string, gone: string): Promise<void> => {
      await insert(kept, {});
      await model.updateOne({ _id: kept }, { $addToSet: { formerIds: gone } });
    },

    /** Notes that a citizen wrote, and by which names; makes the record on first contact. */
    async seen(id: string, { at, isMessage = true, ...names }: Sighting): Promise<void> {
      const current = await currentOf(id);
      const known = Object.fromEntries(Object.entries(names).filter(([, value]) => value !== null));
      const lastInboundAt = isMessage ? at : LONG_AGO;
      if (await insert(current, { ...known, lastInboundAt })) return;
      await model.updateOne({ _id: current }, { $max: { lastInboundAt }, $set: known });
    },

    /** Notes a citizen's new case, and that its acknowledgement carries the privacy notice. */
    async caseOpened(
      id: string,
      { caseNumber, openedAt }: OwnCase,
      noticeGivenAt: Date | null,
    ): Promise<void> {
      await set(id, {
        $addToSet: { cases: { caseNumber, openedAt } },
        ...(noticeGivenAt && { $set: { noticeGivenAt } }),
      });
    },

    /** Notes that the citizen wants no more messages, or wants them again with null. */
    stopped: (id: string, stoppedAt: Date | null): Promise<void> => set(id, { $set: { stoppedAt } }),

    /** Notes that a message insulted somebody. */
    struck: (id: string, messageId: string): Promise<void> => set(id, { $addToSet: { strikes: messageId } }),

    /** Notes that an answer that is given once in a while was given. */
    toldOnce: (id: string, name: string, at: Date): Promise<void> =>
      set(id, { $set: { [`told.${name}`]: at } }),

    /** Citizens whose messages insulted somebody, and how many did; the newest first, at most 200. */
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

/** A citizen with what was known of the same person under another id. */
function joined(citizen: Citizen, other: Citizen): Citizen {
  const later = (a: Date, b: Date): Date => (a < b ? b : a);
  return {
    ...citizen,
    phone: citizen.phone ?? other.phone,
    bsuid: citizen.bsuid ?? other.bsuid,
    profileName: citizen.profileName ?? other.profileName,
    lastInboundAt: later(citizen.lastInboundAt, other.lastInboundAt),
    noticeGivenAt: citizen.noticeGivenAt ?? other.noticeGivenAt,
    cases: [...citizen.cases, ...other.cases].sort((a, b) => a.openedAt.getTime() - b.openedAt.getTime()),
    stoppedAt: citizen.stoppedAt ?? other.stoppedAt,
    strikes: [...new Set([...citizen.strikes, ...other.strikes])],
    told: { ...other.told, ...citizen.told },
    statusAsked: [...citizen.statusAsked, ...other.statusAsked],
  };
}
