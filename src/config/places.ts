import { booleanPointInPolygon } from '@turf/boolean-point-in-polygon';
import type { Municipality } from './municipality';
import type { Area } from './schemas/places';

/** A point on the map in degrees, WGS84. */
export interface Point {
  readonly latitude: number;
  readonly longitude: number;
}

function contains(area: Area, { latitude, longitude }: Point): boolean {
  return booleanPointInPolygon([longitude, latitude], area);
}

/**
 * The slug of the neighbourhood around a point; `unknown` inside the district where no neighbourhood is drawn,
 * `outside` beyond it. On a common border the first one of the file holds. A neighbourhood wins over the
 * district's own line, which is drawn more coarsely.
 */
export function neighbourhoodAt(municipality: Municipality, point: Point): string {
  const neighbourhood = municipality.neighbourhoods.find(({ area }) => contains(area, point));
  if (neighbourhood) return neighbourhood.slug;
  return municipality.district.some(area => contains(area, point)) ? 'unknown' : 'outside';
}
