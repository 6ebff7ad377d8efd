import { DAY_MS } from '../durations';

/** A point on the map in degrees, WGS84. */
export interface Point {
  readonly latitude: number;
  readonly longitude: number;
}

/** Longitude and latitude in GeoJSON order. */
type Position = readonly [longitude: number, latitude: number];

/** A GeoJSON area, WGS84: longitude before latitude. */
export type Area =
  | { type: 'Polygon'; coordinates: [number, number][][] }
  | { type: 'MultiPolygon'; coordinates: [number, number][][][] };

export type Line = readonly Position[];

const METRES_PER_DEGREE = 111_195;

/** Returns metres east and north of `origin`. Accurate to about 0.1 % within a town. */
function planar(origin: Point, [longitude, latitude]: Position): [x: number, y: number] {
  const scale = Math.cos((origin.latitude * Math.PI) / 180);
  return [
    (longitude - origin.longitude) * METRES_PER_DEGREE * scale,
    (latitude - origin.latitude) * METRES_PER_DEGREE,
  ];
}

/** Returns the metres between two points. Accurate within a town. */
export function metresBetween(one: Point, other: Point): number {
  return Math.hypot(...planar(one, [other.longitude, other.latitude]));
}

/** Returns the metres from a point to the nearest point of a line, or Infinity for a line without points. */
export function metresToLine(point: Point, line: Line): number {
  let nearest = Infinity;
  const corners = line.map(position => planar(point, position));
  corners.forEach(([x, y], i) => {
    const [x0, y0] = corners[i - 1] ?? [x, y];
    const [dx, dy] = [x - x0, y - y0];
    const length = dx * dx + dy * dy;
    const along = length === 0 ? 0 : Math.min(1, Math.max(0, -(x0 * dx + y0 * dy) / length));
    nearest = Math.min(nearest, Math.hypot(x0 + along * dx, y0 + along * dy));
  });
  return nearest;
}

/** Returns the metres from a point to the nearest of several lines, or Infinity without lines. */
export function metresToLines(point: Point, lines: readonly Line[]): number {
  return lines.reduce((nearest, line) => Math.min(nearest, metresToLine(point, line)), Infinity);
}

/** How near and how recent two reports of a subject must be to describe the same problem. */
export interface Nearness {
  readonly metres: number;
  readonly days: number;
}

/** Returns column and row of the square that contains a point. Squares are `metres` wide. */
function squareOf({ latitude, longitude }: Point, metres: number): [column: number, row: number] {
  const scale = Math.cos((Math.round(latitude) * Math.PI) / 180);
  return [
    Math.floor((longitude * METRES_PER_DEGREE * scale) / metres),
    Math.floor((latitude * METRES_PER_DEGREE) / metres),
  ];
}

function keyOf(subject: string, column: number, row: number, period: number): string {
  return `${subject}:${column}:${row}:${period}`;
}

/** Returns the key of a report's bucket: its subject, its square and its period. */
export function cellOf(subject: string, point: Point, at: number, { metres, days }: Nearness): string {
  const [column, row] = squareOf(point, metres);
  return keyOf(subject, column, row, Math.floor(at / (days * DAY_MS)));
}

/**
 * Returns the keys of all buckets that can hold a report near enough and recent enough at `at`: always 18.
 */
export function cellsAround(subject: string, point: Point, at: number, { metres, days }: Nearness): string[] {
  const [column, row] = squareOf(point, metres);
  const period = Math.floor(at / (days * DAY_MS));
  const steps = [-1, 0, 1];
  return [period, period - 1].flatMap(time =>
    steps.flatMap(x => steps.map(y => keyOf(subject, column + x, row + y, time))),
  );
}
