import { Schema, type Connection } from 'mongoose';
import { DAY_MS } from '../domain/durations';
import { cellOf, cellsAround, metresBetween, type Nearness, type Point } from '../domain/place/distance';
import { metresAlong, streetCell, streetCells, type WrittenSpot } from '../domain/place/place-words';
import { insertOnce } from './insert-once';

interface ReportAt extends Point {
  caseNumber: string;
  /** Epoch ms UTC. */
  at: number;
}

/** A report whose place is written in words. */
interface ReportOnStreet extends Omit<WrittenSpot, 'street'> {
  caseNumber: string;
  /** Epoch ms UTC. */
  at: number;
  /** Whether the report has a pin too, so that reports with a pin find it without words. */
  pinned: boolean;
}

/** A nearby recent report of the same subject. */
export interface NearReport {
  caseNumber: string;
  /** Null for a report somewhere in the same street. */
  metres: number | null;
  at: number;
}

const schema = new Schema(
  {
    _id: { type: String, required: true },
    reports: { type: [Schema.Types.Mixed], required: true },
  },
  { collection: 'report-cells', versionKey: false },
);

export type ReportCells = ReturnType<typeof reportCells>;

/**
 * The positions of reports, in buckets by subject, grid square and period of days. A bucket is read by `_id`, so the
 * cost of a look-up does not depend on the number of cases.
 */
export function reportCells(connection: Connection) {
  const model = connection.model('ReportCell', schema);

  async function addTo(_id: string, report: object): Promise<void> {
    const first = await insertOnce(() =>
      model.collection.insertOne({ _id: _id as never, reports: [report] }),
    );
    if (!first) await model.updateOne({ _id }, { $addToSet: { reports: report } });
  }

  async function read<Report extends { at: number }>(
    keys: readonly string[],
    at: number,
    { days }: Nearness,
  ): Promise<Report[]> {
    const cells = await Promise.all(
      keys.map(key => model.findById(key).lean<{ reports: Report[] } | null>()),
    );
    return cells
      .flatMap(cell => cell?.reports ?? [])
      .filter(report => report.at <= at && at - report.at <= days * DAY_MS);
  }

  return {
    model,

    /** Adds the position of a case; idempotent. */
    add(
      subject: string,
      { caseNumber, latitude, longitude, at }: ReportAt,
      nearness: Nearness,
    ): Promise<void> {
      const kept = { caseNumber, latitude, longitude, at };
      return addTo(cellOf(subject, kept, at, nearness), kept);
    },

    /** Adds a case by the street in its text; idempotent. */
    addOnStreet(
      subject: string,
      { street, house, mark }: WrittenSpot,
      { caseNumber, at, pinned }: Pick<ReportOnStreet, 'caseNumber' | 'at' | 'pinned'>,
      nearness: Nearness,
    ): Promise<void> {
      return addTo(streetCell(subject, street, at, nearness), { caseNumber, house, mark, at, pinned });
    },

    /** Returns the reports of a subject around a point, up to `nearness.days` before `at`. */
    async near(subject: string, point: Point, at: number, nearness: Nearness): Promise<NearReport[]> {
      const found = await read<ReportAt>(cellsAround(subject, point, at, nearness), at, nearness);
      return found
        .map(report => ({
          caseNumber: report.caseNumber,
          metres: Math.round(metresBetween(point, report)),
          at: report.at,
        }))
        .filter(({ metres }) => metres <= nearness.metres);
    },

    /**
     * Returns the reports of a subject in a street, up to `nearness.days` before `at`, unless their house numbers show
     * that they are too far away.
     */
    async onStreet(
      subject: string,
      spot: WrittenSpot,
      at: number,
      nearness: Nearness,
    ): Promise<(NearReport & { pinned: boolean })[]> {
      const found = await read<ReportOnStreet>(streetCells(subject, spot.street, at, nearness), at, nearness);
      return found
        .map(({ caseNumber, at: told, pinned, ...other }) => ({
          ...{ caseNumber, at: told, pinned },
          metres: metresAlong(spot, other),
        }))
        .filter(({ metres }) => metres === null || metres <= nearness.metres);
    },
  };
}
