import { join } from 'node:path';
import { loadMunicipality } from '../src/config/municipality';
import { neighbourhoodAt, type Point } from '../src/config/places';
import type { Area } from '../src/config/schemas/places';

const municipality = loadMunicipality(join(__dirname, '../config/etimesgut'));

function outerRing(area: Area): [number, number][] {
  const rings = area.type === 'Polygon' ? area.coordinates : (area.coordinates[0] ?? []);
  return rings[0] ?? [];
}

/** A point well inside: halfway between the two outermost crossings of a line through the middle of the ring. */
function pointInside(area: Area): Point {
  const ring = outerRing(area);
  const latitudes = ring.map(([, latitude]) => latitude);
  const latitude = (Math.min(...latitudes) + Math.max(...latitudes)) / 2 + 1e-7;
  const crossings = ring
    .flatMap(([x1, y1], i) => {
      const [x2, y2] = ring[(i + 1) % ring.length] ?? [x1, y1];
      return y1 > latitude === y2 > latitude ? [] : [x1 + ((latitude - y1) / (y2 - y1)) * (x2 - x1)];
    })
    .sort((a, b) => a - b);
  return { latitude, longitude: ((crossings[0] ?? 0) + (crossings[1] ?? 0)) / 2 };
}

test.each(municipality.neighbourhoods.map(({ slug, area }) => [slug, pointInside(area)] as const))(
  'a pin inside %s is found there',
  (slug, point) => {
    expect(neighbourhoodAt(municipality, point)).toBe(slug);
  },
);

test('a pin inside the district where no neighbourhood is drawn is unknown', () => {
  const inside = municipality.district.map(pointInside)[0];
  const grid = Array.from({ length: 400 }, (_, i) => ({
    latitude: 39.87 + (i % 20) * 0.008,
    longitude: 32.45 + Math.floor(i / 20) * 0.012,
  }));
  const found = new Set(
    [...grid, ...(inside ? [inside] : [])].map(point => neighbourhoodAt(municipality, point)),
  );
  expect(found).toContain('unknown');
  expect(found).toContain('outside');
});

test.each<[place: string, point: Point]>([
  ['Kızılay, Çankaya', { latitude: 39.9208, longitude: 32.8541 }],
  ['Galata, Istanbul', { latitude: 41.0256, longitude: 28.9741 }],
  ['the origin of the map', { latitude: 0, longitude: 0 }],
])('%s is outside', (_place, point) => {
  expect(neighbourhoodAt(municipality, point)).toBe('outside');
});

test('a pin on a common border falls to one of the two', () => {
  const [longitude, latitude] = outerRing(
    municipality.neighbourhoods[0]?.area ?? { type: 'Polygon', coordinates: [] },
  )[0] ?? [0, 0];
  expect(municipality.neighbourhoods.map(({ slug }) => slug)).toContain(
    neighbourhoodAt(municipality, { latitude, longitude }),
  );
});
