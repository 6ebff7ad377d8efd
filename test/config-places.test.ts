import { join } from 'node:path';
import { loadMunicipality } from '../src/config/municipality';
import { metresToBorder, neighbourAt, neighbourhoodAt, placeOf, type Point } from '../src/config/places';
import type { Area } from '../src/domain/place/distance';

const municipality = loadMunicipality(join(__dirname, '../config/etimesgut'));

function outerRing(area: Area): [number, number][] {
  const rings = area.type === 'Polygon' ? area.coordinates : (area.coordinates[0] ?? []);
  return rings[0] ?? [];
}

/**
 * Returns a point inside an area: the midpoint of the two outermost crossings of a line through its middle.
 */
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

test('a pin inside the district but outside all neighbourhoods is unknown', () => {
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

test('a pin on a common border belongs to one of the two', () => {
  const [longitude, latitude] = outerRing(
    municipality.neighbourhoods[0]?.area ?? { type: 'Polygon', coordinates: [] },
  )[0] ?? [0, 0];
  expect(municipality.neighbourhoods.map(({ slug }) => slug)).toContain(
    neighbourhoodAt(municipality, { latitude, longitude }),
  );
});

test('for every corner of a boundary an adjacent neighbourhood is found, or none outside the district', () => {
  const slugs = new Set([...municipality.neighbourhoods.map(({ slug }) => slug), 'unknown', 'outside']);
  for (const { area } of municipality.neighbourhoods) {
    for (const [longitude, latitude] of outerRing(area)) {
      expect(slugs).toContain(neighbourhoodAt(municipality, { latitude, longitude }));
    }
  }
});

test('a point between neighbourhoods belongs only to the district', () => {
  expect(neighbourhoodAt(municipality, { latitude: 39.836, longitude: 32.507 })).toBe('unknown');
});

test('the distance to the border is known on both sides', () => {
  const corner = outerRing(municipality.district[0] ?? { type: 'Polygon', coordinates: [] })[0] ?? [0, 0];
  const [longitude, latitude] = corner;
  expect(metresToBorder(municipality, { latitude, longitude })).toBe(0);
  expect(metresToBorder(municipality, { latitude: 39.95, longitude: 32.66 })).toBeGreaterThan(500);
  expect(metresToBorder(municipality, { latitude: 39.9208, longitude: 32.8541 })).toBeGreaterThan(3_000);
});

test.each<[place: string, point: Point, neighbour: string | undefined]>([
  ['the centre of Sincan', { latitude: 39.967, longitude: 32.58 }, 'sincan'],
  ['Kızılay', { latitude: 39.9208, longitude: 32.8541 }, 'cankaya'],
  ['Istanbul', { latitude: 41.0256, longitude: 28.9741 }, undefined],
])('a citizen in %s gets the name of the municipality there, if it is clear', (_place, point, neighbour) => {
  expect(neighbourAt(municipality, point)?.slug).toBe(neighbour);
});

describe('pin and text together', () => {
  const suvari = municipality.neighbourhoods.find(({ slug }) => slug === 'suvari');
  const pin = pointInside(suvari?.area ?? { type: 'Polygon', coordinates: [] });

  test('the pin wins, and a different neighbourhood of the text is kept', () => {
    const place = placeOf(municipality, pin, 'Piyade mahallesi 1234. sokakta çukur');
    expect(place).toMatchObject({
      neighbourhood: { slug: 'suvari' },
      named: { slug: 'piyade' },
      street: '1234. Sokak',
      source: 'pin',
      precision: 'point',
      outside: false,
    });
    expect(placeOf(municipality, pin, 'Süvari mah. çukur').named).toBeNull();
  });

  test.each([
    ['Süvari mahallesi 1234. sokak', 'words', 'street', 'suvari'],
    ['1234. sokakta çukur', 'words', 'street', undefined],
    ['Süvari mahallesinde çukur', 'words', 'neighbourhood', 'suvari'],
    ['çukur var', 'none', 'none', undefined],
  ])('"%s" without a pin: source %s, precision %s', (words, source, precision, slug) => {
    const place = placeOf(municipality, null, words);
    expect(place).toMatchObject({ source, precision, borderMetres: null, outside: false });
    expect(place.neighbourhood?.slug).toBe(slug);
  });
});
