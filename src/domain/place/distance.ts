/** A point on the map in degrees, WGS84. */
export interface Point {
  readonly latitude: number;
  readonly longitude: number;
}

/** Longitude and latitude, as GeoJSON has them. */
export type Position = readonly [longitude: number, latitude: number];

const METRES_PER_DEGREE = 111_195;

/** Metres east and north of `origin`; exact to about a thousandth within a town. */
function planar(origin: Point, [longitude, latitude]: Position): [x: number, y: number] {
  const scale = Math.cos((origin.latitude * Math.PI) / 180);
  return [
    (longitude - origin.longitude) * METRES_PER_DEGREE * scale,
    (latitude - origin.latitude) * METRES_PER_DEGREE,
  ];
}

/** Metres between two points of a town. */
export function metresBetween(one: Point, other: Point): number {
  return Math.hypot(...planar(one, [other.longitude, other.latitude]));
}

/** Metres from a point to the nearest place on a line; Infinity for a line without points. */
export function metresToLine(point: Point, line: readonly Position[]): number {
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
