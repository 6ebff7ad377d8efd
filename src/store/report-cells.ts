import { Schema, type Connection } from 'mongoose';
import { DAY_MS } from '../domain/durations';
import { cellOf, cellsAround, metresBetween, type Nearness, type Point } from '../domain/place/distance';
import { insertOnce } from './insert-once';

interface ReportAt extends Point {
  caseNumber: string;
  /** Epoch ms UTC. */
  at: number;
}

/** A nearby recent report of the same subject. */
export interface NearReport {
  caseNumber: string;
  metres: number;
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
  return {
    model,

    /** Adds the position of a case; idempotent. */
    async add(subject: string, report: ReportAt, nearness: Nearness): Promise<void> {
      const _id = cellOf(subject, report, report.at, nearness);
      const { caseNumber, latitude, longitude, at } = report;
      const kept = { caseNumber, latitude, longitude, at };
      const first = await insertOnce(() =>
        model.collection.insertOne({ _id: _id as never, reports: [kept] }),
      );
      if (!first) await model.updateOne({ _id }, { $addToSet: { reports: kept } });
    },

    /** Returns the reports of a subject around a point, up to `nearness.days` before `at`, nearest first. */
    async near(subject: string, point: Point, at: number, nearness: Nearness): Promise<NearReport[]> {
      const keys = cellsAround(subject, point, at, nearness);
      const cells = await Promise.all(
        keys.map(key => model.findById(key).lean<{ reports: ReportAt[] } | null>()),
      );
      return cells
        .flatMap(cell => cell?.reports ?? [])
        .filter(report => report.at <= at && at - report.at <= nearness.days * DAY_MS)
        .map(report => ({
          caseNumber: report.caseNumber,
          metres: Math.round(metresBetween(point, report)),
          at: report.at,
        }))
        .filter(({ metres }) => metres <= nearness.metres)
        .sort((one, other) => one.metres - other.metres || one.at - other.at);
    },
  };
}
