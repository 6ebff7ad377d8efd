import { booleanPointInPolygon } from '@turf/boolean-point-in-polygon';
import { type Area, metresBetween, metresToLine, type Point } from '../domain/place/distance';
import { type Address, addressIn, addressLine, isFindable } from '../domain/place/address';
import { withoutPins } from '../domain/place/map-pin';
import { neighbourhoodIn, plainNames, type RoadFound, roadOf } from '../domain/place/place-words';
import type { Municipality, Neighbourhood } from './municipality';
import type { Neighbour } from './schemas/places';

export type { Point } from '../domain/place/distance';

/** The place of a report, derived from pin and text. */
export interface PlaceFound {
  readonly neighbourhood: Neighbourhood | null;
  /** The neighbourhood named in the text, if the pin lies in a different one. */
  readonly named: Neighbourhood | null;
  /** The street in the form of street signs, for example "1234. Sokak". */
  readonly street: string | null;
  /** Street, house number, estate and landmark in one line. */
  readonly address: string | null;
  readonly road: RoadFound;
  /** What the place was derived from, and how precise it is. */
  readonly source: 'pin' | 'words' | 'none';
  readonly precision: 'point' | 'street' | 'neighbourhood' | 'none';
  /** Whether the pin lies outside the district. */
  readonly outside: boolean;
  /** Metres from the pin to the district border; null without a pin. */
  readonly borderMetres: number | null;
}

/** The nearest municipality is named only if it is nearer than the second by this factor. */
const PLAINLY_NEARER = 0.7;
/** Pins farther away get no neighbour's name. */
const FARTHEST_NEIGHBOUR_METRES = 25_000;

/** Whether a point lies within an area. */
export function contains(area: Area, { latitude, longitude }: Point): boolean {
  return booleanPointInPolygon([longitude, latitude], area);
}

function ringsOf(area: Area): readonly (readonly [number, number])[][] {
  return area.type === 'Polygon' ? area.coordinates : area.coordinates.flat();
}

/**
 * Returns the slug of the neighbourhood that contains a point; `unknown` for a gap inside the district, `outside`
 * beyond it. On a shared border the first neighbourhood in the file wins. Neighbourhoods win over the district
 * polygon, which is less precise.
 */
export function neighbourhoodAt(municipality: Municipality, point: Point): string {
  const neighbourhood = municipality.neighbourhoods.find(({ area }) => contains(area, point));
  if (neighbourhood) return neighbourhood.slug;
  return municipality.district.some(area => contains(area, point)) ? 'unknown' : 'outside';
}

/** Returns the metres from a point, inside or outside, to the nearest part of the district border. */
export function metresToBorder(municipality: Municipality, point: Point): number {
  const rings = municipality.district.flatMap(ringsOf);
  return Math.round(Math.min(...rings.map(ring => metresToLine(point, ring))));
}

/**
 * Returns the neighbouring municipality with the nearest centre; null if two are about equally near or all are far
 * away.
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

/** Returns the address parts found in a citizen's text. Links and coordinates are ignored. */
export function addressOf({ neighbourhoods, language }: Municipality, words: string): Address {
  return addressIn(withoutPins(words), language.address, plainNames(neighbourhoods));
}

/** Whether a text names a place that a crew can find: a street or a housing estate. */
export function tellsAddress(municipality: Municipality, words: string): boolean {
  return isFindable(addressOf(municipality, words));
}

/**
 * Derives the place from pin and text. If they disagree, the pin wins and `named` keeps the other neighbourhood.
 */
export function placeOf(municipality: Municipality, pin: Point | null, text: string): PlaceFound {
  const { neighbourhoods, language } = municipality;
  const words = withoutPins(text);
  const bySlug = (slug: string | undefined): Neighbourhood | null =>
    neighbourhoods.find(neighbourhood => neighbourhood.slug === slug) ?? null;
  const told = bySlug(neighbourhoodIn(words, neighbourhoods, language.address));
  const written = addressOf(municipality, words);
  const known = {
    street: written.street,
    address: addressLine(written),
    road: roadOf(words, pin, written.street !== null, municipality, language.address),
  };
  if (!pin) {
    const isFound = isFindable(written);
    return {
      ...known,
      neighbourhood: told,
      named: null,
      source: told || isFound ? 'words' : 'none',
      precision: isFound ? 'street' : told ? 'neighbourhood' : 'none',
      outside: false,
      borderMetres: null,
    };
  }
  const around = neighbourhoodAt(municipality, pin);
  const neighbourhood = bySlug(around);
  return {
    ...known,
    neighbourhood,
    named: told && told !== neighbourhood ? told : null,
    source: 'pin',
    precision: 'point',
    outside: around === 'outside',
    borderMetres: metresToBorder(municipality, pin),
  };
}
