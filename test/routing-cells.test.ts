import fc from 'fast-check';
import { DAY_MS } from '../src/domain/durations';
import { cellOf, cellsAround, metresBetween, metresToLine } from '../src/domain/place/distance';
import { areAlike, likeness } from '../src/domain/routing/likeness';

const nearness = fc.record({
  metres: fc.integer({ min: 5, max: 300 }),
  days: fc.integer({ min: 1, max: 60 }),
});
const inTown = fc.record({
  latitude: fc.double({ min: 39.72, max: 40.01, noNaN: true }),
  longitude: fc.double({ min: 32.48, max: 32.8, noNaN: true }),
});

test('every report within distance and days is in one of the eighteen buckets read', () => {
  fc.assert(
    fc.property(
      inTown,
      nearness,
      fc.double({ min: 0, max: 2 * Math.PI, noNaN: true }),
      fc.double({ min: 0, max: 0.99, noNaN: true }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      fc.integer({ min: 0, max: 40_000 }),
      (point, near, angle, far, old, day) => {
        const at = day * DAY_MS;
        const other = {
          latitude: point.latitude + (Math.sin(angle) * far * near.metres) / 111_195,
          longitude:
            point.longitude +
            (Math.cos(angle) * far * near.metres) / (111_195 * Math.cos((point.latitude * Math.PI) / 180)),
        };
        const keys = cellsAround('pothole', point, at, near);
        expect(keys).toHaveLength(18);
        expect(new Set(keys).size).toBe(18);
        expect(keys).toContain(cellOf('pothole', other, at - old * near.days * DAY_MS, near));
      },
    ),
  );
});

test('distances match the map', () => {
  const here = { latitude: 39.95, longitude: 32.66 };
  expect(metresBetween(here, here)).toBe(0);
  expect(metresBetween(here, { latitude: 39.951, longitude: 32.66 })).toBeCloseTo(111.2, 0);
  expect(metresBetween(here, { latitude: 39.95, longitude: 32.661 })).toBeCloseTo(85.2, 0);
  expect(
    metresToLine({ latitude: 39.951, longitude: 32.66 }, [
      [32.65, 39.95],
      [32.67, 39.95],
    ]),
  ).toBeCloseTo(111.2, 0);
  expect(metresToLine(here, [])).toBe(Infinity);
});

test.each<[one: string, other: string, alike: boolean]>([
  ['Yolda büyük çukur var', 'yolda buyuk cukur var!!', true],
  ['Okulun önündeki yolda derin bir çukur oluştu', 'okulun önünde çukur var', true],
  ['', 'çukur var', true],
  ['Kaldırım taşları sökülmüş', 'Elektrik direği devrilmek üzere', false],
])('"%s" and "%s" are alike: %s', (one, other, alike) => {
  expect(areAlike({ words: one, matched: [] }, { words: other, matched: [] })).toBe(alike);
});

test('reports with a common catalogue term are similar, whatever their wording', () => {
  const one = { words: 'Kaldırım taşları sökülmüş', matched: ['kaldırım'] };
  expect(areAlike(one, { words: 'Burada yürünmüyor', matched: ['kaldırım'] })).toBe(true);
});

test('similarity is between 0 and 1, symmetric, and 1 for equal texts', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (one, other) => {
      const share = likeness(one, other);
      expect(share >= 0 && share <= 1).toBe(true);
      expect(likeness(other, one)).toBe(share);
    }),
  );
  expect(likeness('Çukur var', 'cukur VAR')).toBe(1);
});
