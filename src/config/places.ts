import { booleanPointInPolygon } from '@turf/boolean-point-in-polygon';
import { metresBetween, metresToLine, type Point } from '../domain/place/distance';
import { neighbourhoodIn, streetIn } from '../domain/place/place-words';
import { roadOf, type RoadFound } from '../domain/place/road';
import type { Municipality, Neighbourhood } from './municipality';
import type { Area, Neighbour } from './schemas/places';

export type { Point } from '../domain/place/distance';

/** Where a report is about, as far as pin and words tell it. */
export interface PlaceFound {
  readonly neighbourhood: Neighbourhood | null;
  /** Named in the words, while the pin lies in another one. */
  readonly named: Neighbourhood | null;
  /** As the citizen wrote it. */
  readonly street: string | null;
  readonly road: RoadFound;
  /** What the place was told by, and how exactly. */
  readonly source: 'pin' | 'words' | 'none';
  readonly precision: 'point' | 'street' | 'neighbourhood' | 'none';
  /** Whether the pin lies outside the district. */
  readonly outside: boolean;
  /** Metres from the pin to the district's border; null without a pin. */
  readonly borderMetres: number | null;
}

/** A neighbour must be this much nearer than the next one to be named. */
const PLAINLY_NEARER = 0.7;
/** Beyond it the pin is hardly about a place next to the district. */
const FARTHEST_NEIGHBOUR_METRES = 25_000;

function contains(area: Area, { latitude, longitude }: Point): boolean {
  return booleanPointInPolygon([longitude, latitude], area);
}

function ringsOf(area: Area): readonly (readonly [number, number])[][] {
  return area.type === 'Polygon' ? area.coordinates : area.coordinates.flat();
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

/** Metres from a point to the nearest part of the district's border, on either side of it. */
export function metresToBorder(municipality: Municipality, point: Point): number {
  const rings = municipality.district.flatMap(ringsOf);
  return Math.round(Math.min(...rings.map(ring => metresToLine(point, ring))));
}

/**
 * The neighbouring municipality around a point outside the district, told by the nearest of their centres; null
 * when two are about as near, or when it lies far away.
 */
export function neighbourAt({ neighbours }: Municipality, point: Point): Neighbour | null {
  const [nearest, next] = neighbours
    .map(neighbour => ({
      neighbour,
      metres: Math.min(
        ...neighbour.centres.map(([longitude, latitude]) => metresBetween(point, { latitude, longitude })),
      ),
    }))
    .sort((one, other) => one.metres - other.metres);
  if (!nearest || nearest.metres > FARTHEST_NEIGHBOUR_METRES) return null;
  return !next || nearest.metres < PLAINLY_NEARER * next.metres ? nearest.neighbour : null;
}

/** What pin and words together tell of the place. The pin holds where they disagree, and that is told as well. */
export function placeOf(municipality: Municipality, pin: Point | null, words: string): PlaceFound {
  const { neighbourhoods, roads } = municipality;
  const bySlug = (slug: string | undefined): Neighbourhood | null =>
    neighbourhoods.find(neighbourhood => neighbourhood.slug === slug) ?? null;
  const told = bySlug(neighbourhoodIn(words, neighbourhoods));
  const street = streetIn(words) ?? null;
  const road = roadOf(words, pin, roads);
  if (!pin) {
    const precision = told ? (street ? 'street' : 'neighbourhood') : street ? 'street' : 'none';
    const source = told || street ? 'words' : 'none';
    return {
      neighbourhood: told,
      named: null,
      street,
      road,
      source,
      precision,
      outside: false,
      borderMetres: null,
    };
  }
  const around = neighbourhoodAt(municipality, pin);
  const neighbourhood = bySlug(around);
  return {
    neighbourhood,
    named: told && told !== neighbourhood ? told : null,
    street,
    road,
    source: 'pin',
    precision: 'point',
    outside: around === 'outside',
    borderMetres: metresToBorder(municipality, pin),
  };
}
