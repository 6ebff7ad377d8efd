import { join } from 'node:path';
import fc from 'fast-check';
import { loadMunicipality } from '../src/config/municipality';
import { hasMapLink, pinIn, withoutLinks, withoutPins } from '../src/domain/place/map-pin';

const { country } = loadMunicipality(join(__dirname, '../config/etimesgut'));
const near = (latitude: number, longitude: number) => ({
  latitude: expect.closeTo(latitude, 4) as number,
  longitude: expect.closeTo(longitude, 4) as number,
});
const pin = near(39.9471, 32.6332);

test.each([
  'https://maps.google.com/?q=39.9471,32.6332',
  'google.com/maps?q=39.9471,32.6332',
  'https://www.google.com/maps/@39.9471,32.6332,17z',
  'https://www.google.com/maps/search/?api=1&query=39.9471%2C32.6332',
  'https://www.google.com/maps/place/X/@39.9,32.6,17z/data=!4m6!3m5!1s0x0!8m2!3d39.9471!4d32.6332',
  'https://www.google.com/maps/place/39%C2%B056%2749.56%22N+32%C2%B037%2759.52%22E/',
  'https://maps.apple.com/?ll=39.9471,32.6332&q=Konum',
  'https://yandex.com.tr/haritalar/?ll=32.6332%2C39.9471&z=17',
  'https://www.openstreetmap.org/?mlat=39.9471&mlon=32.6332#map=17/39.9/32.6',
  'https://www.openstreetmap.org/#map=17/39.9471/32.6332',
  'geo:39.9471,32.6332',
  'geo:0,0?q=39.9471,32.6332(Ev)',
  '39.947100, 32.633200',
  '(39.9471,32.6332)',
  '39,9471 32,6332',
  '32.6332 39.9471',
  `39°56'49.56"N 32°37'59.52"E`,
  'çukur burada:https://maps.google.com/?q=39.9471,32.6332 acele edin',
])('%s is a pin', text => {
  expect(pinIn(text, country)).toEqual(pin);
});

test.each([
  ['a place of another country', '48.8584, 2.2945'],
  ['a number of a meter', '123.456 789.012'],
  ['a telephone number', '0312 123 45 67'],
  ['prices', '3,250 4,125 TL'],
  ['a short link, which does not contain its place', 'https://maps.app.goo.gl/x8Yq2s1kLmN9'],
  ['a date', '25.11.2026, 30.11.2026'],
])('%s is not a pin', (_, text) => {
  expect(pinIn(text, country)).toBeNull();
});

test.each<[text: string, isMap: boolean]>([
  ['https://maps.app.goo.gl/x8Yq2s1kLmN9', true],
  ['maps.app.goo.gl/x8Yq2s1kLmN9', true],
  ['https://goo.gl/maps/abc', true],
  ['https://yandex.com.tr/maps/-/CDabc', true],
  ['https://www.etimesgut.bel.tr/duyuru', false],
  ['haritada gösterdim', false],
])('%s links to a map: %s', (text, isMap) => {
  expect(hasMapLink(text)).toBe(isMap);
});

test('links and coordinates are removed from the text', () => {
  expect(withoutPins('çukur https://maps.app.goo.gl/2s 39.9471, 32.6332 burada').split(/\s+/)).toEqual([
    'çukur',
    'burada',
  ]);
  expect(withoutLinks('No:12 Süvari mah. 1234. sok.')).toBe('No:12 Süvari mah. 1234. sok.');
});

test('coordinates of every place of the country are found, in either order', () => {
  const degrees = (min: number, max: number) => fc.double({ min, max, noNaN: true });
  fc.assert(
    fc.property(degrees(38.5, 41.5), degrees(27, 34), fc.boolean(), (latitude, longitude, turned) => {
      const parts = [latitude.toFixed(6), longitude.toFixed(6)];
      const text = (turned ? parts.reverse() : parts).join(', ');
      expect(pinIn(text, country)).toEqual(near(latitude, longitude));
    }),
  );
});

test('any text is read without an error', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), text => {
      expect(withoutPins(text).length).toBeLessThanOrEqual(text.length);
      pinIn(text, country);
    }),
  );
  for (const piece of ['39.', '- ', '78.947121 ', '°', 'http://', 'a.', '%'])
    expect(pinIn(piece.repeat(20_000), country)).toBeNull();
});
