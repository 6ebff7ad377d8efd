import type { Point } from './distance';

const METRES_PER_DEGREE_2 = 111_195;
const DAY_MS = 86_400_000;

/** How near and how recent reports of a subject must be to be about one thing. */
export interface Nearness {
  readonly metres: number;
  readonly days: number;
}

/** Column and row of the square, `metres` wide, that a point lies in; squares are as wide as the distance sought. */
function squareOf({ latitude, longitude }: Point, metres: number): [column: number, row: number] {
  const scale = Math.cos((Math.round(latitude) * Math.PI) / 180);
  return [
    Math.floor((longitude * METRES_PER_DEGREE_2 * scale) / metres),
    Math.floor((latitude * METRES_PER_DEGREE_2) / metres),
  ];
}

function keyOf(subject: string, column: number, row: number, period: number): string {
  return `${subject}:${column}:${row}:${period}`;
}

/** The key of the bucket that a report belongs to: its subject, its square, its stretch of days. */
export function cellOf(subject: string, point: Point, at: number, { metres, days }: Nearness): string {
  const [column, row] = squareOf(point, metres);
  return keyOf(subject, column, row, Math.floor(at / (days * DAY_MS)));
}

/** The keys of all buckets that can hold a report near enough and recent enough before `at`: always eighteen. */
export function cellsAround(subject: string, point: Point, at: number, { metres, days }: Nearness): string[] {
  const [column, row] = squareOf(point, metres);
  const period = Math.floor(at / (days * DAY_MS));
  const steps = [-1, 0, 1];
  return [period, period - 1].flatMap(time =>
    steps.flatMap(x => steps.map(y => keyOf(subject, column + x, row + y, time))),
  );
}
