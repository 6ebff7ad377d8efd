import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { type Connection, Schema } from 'mongoose';
import { DAY_MS } from '../domain/durations';
import { insertOnce } from './insert-once';

/** The cases received on one local day, as the statistics read them. */
export interface FigureDay {
  /** The local date, "2026-11-24". */
  day: string;
  /** What the day was written from. It is written again once this differs. */
  stamp: string;
  /** When something of its cases last counted, epoch ms UTC; null while one of them can still change. */
  until: number | null;
  /** The lines of its cases. */
  lines: readonly unknown[];
}

/** A day as it stands in the document of its month. `lines` is deflated JSON. */
type StoredDay = Pick<FigureDay, 'stamp' | 'until'> & { lines: { buffer: Buffer } };

const schema = new Schema(
  {
    _id: { type: String, required: true },
    days: Schema.Types.Mixed,
    /** In the list of months: a hash of the rows of each, as of the last run. */
    editions: Schema.Types.Mixed,
    /** In the list of months: when something of their cases last counted, as for a day. */
    months: Schema.Types.Mixed,
  },
  { collection: 'figure-months', versionKey: false, minimize: false },
);

const LIST = 'months';

export type FigureRecords = ReturnType<typeof figureRecords>;

/**
 * The daily rows of the statistics, one document a month: the embedded store only looks up by `_id` fast, so that a year
 * is twelve look-ups and one for the list of months.
 */
export function figureRecords(connection: Connection) {
  const model = connection.model('FigureMonth', schema);

  async function daysOf(month: string): Promise<[string, StoredDay][]> {
    const found = await model.findById(month).lean<{ days?: Record<string, StoredDay> }>();
    return Object.entries(found?.days ?? {});
  }

  /** Returns until when something of the cases of each month counted, and the edition of each. */
  async function listed(): Promise<{
    months: Record<string, number | null>;
    editions: Record<string, string>;
  }> {
    type List = { months?: Record<string, number | null>; editions?: Record<string, string> };
    const found = await model.findById(LIST).lean<List>();
    return { months: found?.months ?? {}, editions: found?.editions ?? {} };
  }

  /** Sets fields of a document, which exists afterwards. */
  async function set(_id: string, fields: object): Promise<void> {
    await insertOnce(() => model.collection.insertOne({ _id: _id as never }));
    await model.updateOne({ _id }, { $set: fields });
  }

  return {
    model,

    /** Returns the days on record without their lines. */
    async days(): Promise<Omit<FigureDay, 'lines'>[]> {
      const found: Omit<FigureDay, 'lines'>[] = [];
      for (const month of Object.keys((await listed()).months).sort()) {
        for (const [day, { stamp, until }] of await daysOf(month)) {
          found.push({ day: `${month}-${day}`, stamp, until });
        }
      }
      return found;
    },

    /** Writes a day, and lists its month as one that can still change. */
    async put({ day, stamp, until, lines }: FigureDay): Promise<void> {
      const [month, date] = [day.slice(0, 7), day.slice(8)];
      if ((await listed()).months[month] !== null) await set(LIST, { [`months.${month}`]: null });
      const packed = deflateRawSync(JSON.stringify(lines));
      await set(month, { [`days.${date}`]: { stamp, until, lines: packed } });
    },

    /** Lists until when something of the cases of each month counted, and what was written of it. */
    async close(): Promise<void> {
      const before = await listed();
      for (const month of Object.keys(before.months)) {
        const days = await daysOf(month);
        const edition = editionOf(days);
        const ends = days.map(([, { until }]) => until);
        const until = ends.includes(null) ? null : Math.max(...ends.map(end => end ?? 0));
        const isListed = until === before.months[month] && edition === before.editions[month];
        if (!isListed) await set(LIST, { [`months.${month}`]: until, [`editions.${month}`]: edition });
      }
    },

    /**
     * Returns the months ("2026-11") with the cases received before the end of a period of which something counted after
     * its start (epoch ms UTC), and the edition of each; null before its first run has ended.
     */
    async months({
      from,
      to,
    }: {
      from: number;
      to: number;
    }): Promise<{ month: string; edition: string | null }[]> {
      // A local month begins at most a day before the same month in UTC.
      const last = new Date(to + DAY_MS).toISOString().slice(0, 7);
      const { months, editions } = await listed();
      return Object.entries(months)
        .filter(([month, until]) => month <= last && (until === null || until >= from))
        .map(([month]) => ({ month, edition: editions[month] ?? null }));
    },

    /** Returns the lines of all cases of a month. */
    async rows(month: string): Promise<unknown[]> {
      return (await daysOf(month)).flatMap(([, { lines }]) => unpacked(lines.buffer));
    },
  };
}

function editionOf(days: readonly [string, StoredDay][]): string {
  const hash = createHash('sha256');
  for (const [day, { lines }] of days) hash.update(day).update(lines.buffer);
  return hash.digest('base64url').slice(0, 16);
}

function unpacked(lines: Buffer): unknown[] {
  return JSON.parse(inflateRawSync(lines).toString()) as unknown[];
}
