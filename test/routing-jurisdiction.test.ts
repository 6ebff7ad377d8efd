import fc from 'fast-check';
import { join } from 'node:path';
import { loadMunicipality } from '../src/config/municipality';
import { categoryOf } from '../src/config/offices';
import { placeOf } from '../src/config/places';
import { type Line, metresBetween, metresToLine } from '../src/domain/place/distance';
import { type KeptRoad, type RoadMap, roadOf } from '../src/domain/place/place-words';
import { jurisdictionOf, type JurisdictionRule, type Owner } from '../src/domain/routing/category';

const municipality = loadMunicipality(join(__dirname, '../config/etimesgut'));

function ownerOf(subject: string, words: string): string {
  const { road, neighbourhood } = placeOf(municipality, null, words);
  const { owner } = jurisdictionOf(municipality.jurisdiction, categoryOf(municipality, subject), {
    road,
    neighbourhood: neighbourhood?.slug ?? null,
  });
  return 'department' in owner ? owner.department : owner.institution;
}

test.each<[subject: string, words: string, owner: string]>([
  ['pothole', 'Süvari mahallesi 1234. sokakta çukur', 'fen-isleri'],
  ['pothole', 'çukur var', 'fen-isleri'],
  ['pothole', 'İstasyon Caddesinde kocaman çukur', 'abb'],
  ['pothole', 'istasyon caddesi uzerinde cukur', 'abb'],
  ['pothole', "Eskişehir yolu'nda çukur", 'abb'],
  ['pothole', 'Fatih Sultan Mehmet Bulvarında asfalt çökmüş', 'abb'],
  ['pothole', 'çevre yolunda çukur', 'kgm'],
  ['pothole', 'Gonca Bulvarında çukur', 'triage'],
  ['pothole', 'Ayaş yoluna çıkan 12. sokakta çukur', 'triage'],
  ['pavement', 'Bağlıca Bulvarı kaldırımı bozuk', 'abb'],
  ['snow-ice', 'Ahi Mesut Bulvarı buz tuttu', 'abb'],
  ['snow-ice', 'sokağımız buz tuttu', 'fen-isleri'],
  ['sweeping', 'İstanbul yolu çok kirli', 'abb'],
  ['sweeping', '2288. cadde çok kirli', 'temizlik-isleri'],
  ['tree', 'Eskişehir yolu refüjündeki ağaçlar kurumuş', 'abb'],
  ['tree', 'bahçedeki ağaç', 'park-ve-bahceler'],
  ['main-road', 'ana arterde çukur', 'triage'],
  ['main-road', 'Ayaş Yolunda çukur', 'abb'],
  ['park-light', 'parkın lambası yanmıyor', 'park-ve-bahceler'],
  ['street-light', 'sokak lambası yanmıyor', 'baskent-edas'],
  ['rubbish', 'İstasyon Caddesinde çöp', 'temizlik-isleri'],
  ['parking', 'Bağlıca Bulvarında kaldırıma park', 'zabita'],
  ['water-cut', '', 'aski'],
  ['flooding', '', 'aski'],
  ['storm-grate', '12. sokakta su birikiyor', 'fen-isleri'],
  ['bus', '', 'ego'],
  ['traffic-signal', '', 'abb'],
  ['gas', '', 'baskentgaz'],
  ['public-order', '', 'acil-112'],
])('%s: "%s" belongs to %s', (subject, words, owner) => {
  expect(ownerOf(subject, words)).toBe(owner);
});

const longRoad: KeptRoad = {
  slug: 'long',
  name: 'Uzun Yol',
  aliases: [],
  keeper: 'abb',
  lines: [
    [
      [32.65, 39.95],
      [32.66, 39.95],
    ],
  ],
  width: 30,
};

const street: Line = [
  [32.65, 39.951],
  [32.66, 39.951],
];
const ring: Line = [
  [32.65, 39.953],
  [32.66, 39.953],
];
const map: RoadMap = {
  roads: [longRoad],
  roadLines: { own: [street], other: [ring] },
  roadRules: municipality.roadRules,
};
const classAt = (metresNorth: number, words: string, namesStreet = false): string => {
  const pin = { latitude: 39.95 + metresNorth / 111_195, longitude: 32.655 };
  return roadOf(words, pin, namesStreet, map, municipality.language.address).class;
};

test.each<[where: string, metresNorth: number, found: string]>([
  ['in the middle', 0, 'artery'],
  ['on the kerb', 15, 'artery'],
  ['where people place it beside the road', 25, 'artery'],
  ['between the roads, near none', 45, 'unknown'],
  ['in the next street', 100, 'street'],
  ['on a larger road that is not in the list', 330, 'unknown'],
])('a pin %s of a kept road whose line is known', (_where, metres, found) => {
  expect(classAt(metres, 'çukur var')).toBe(found);
});

test.each<[what: string, metresNorth: number, words: string, namesStreet: boolean, found: string]>([
  ['a numbered street', 45, '1234. sokakta çukur', true, 'street'],
  ['a named avenue', 45, 'Gazi Caddesi çukur', true, 'street'],
  ['a boulevard that is not in the list', 45, 'Gonca Bulvarında çukur', true, 'unknown'],
  ['a kept road that is elsewhere', 100, 'Uzun Yol kenarında çukur', false, 'unknown'],
  ['a kept road under the pin', 10, '1234. sokakta çukur', true, 'artery'],
])('words and a pin: %s', (_what, metres, words, namesStreet, found) => {
  expect(classAt(metres, words, namesStreet)).toBe(found);
});

test.each([
  ['on a street of the municipality, and says that this is a guess', 'street', 'street', true],
  ['left to the desk where the municipality wants that', 'desk', 'unknown', undefined],
] as const)('before lines of streets are known, a pin alone is %s', (_what, withoutLines, found, isGuess) => {
  const roadRules = { ...map.roadRules, withoutLines };
  const unlined = { ...map, roadRules, roadLines: { own: [], other: [] } };
  const pin = { latitude: 39.96, longitude: 32.655 };
  const { address } = municipality.language;
  const road = roadOf('çukur', pin, false, unlined, address);
  expect([road.class, road.isGuess]).toEqual([found, isGuess]);
  expect(roadOf('1234. sokakta çukur', pin, true, unlined, address)).toEqual({ class: 'street', road: null });
});

test('a pin beyond the end of a kept road is not on it', () => {
  const pin = { latitude: 39.95, longitude: 32.662 };
  expect(roadOf('', pin, false, map, municipality.language.address)).toEqual({
    class: 'unknown',
    road: null,
  });
});

test('the distance to a line is that to the nearest of its points', () => {
  const near = fc.double({ min: -0.01, max: 0.01, noNaN: true });
  const place = fc.tuple(near, near).map(([x, y]) => [32.65 + x, 39.95 + y] as const);
  fc.assert(
    fc.property(place, fc.array(place, { minLength: 2, maxLength: 5 }), ([longitude, latitude], line) => {
      const pin = { latitude, longitude };
      const sampled = line.slice(1).flatMap(([x, y], i) => {
        const [x0, y0] = line[i] ?? [x, y];
        return Array.from({ length: 201 }, (_, step) =>
          metresBetween(pin, {
            longitude: x0 + ((x - x0) * step) / 200,
            latitude: y0 + ((y - y0) * step) / 200,
          }),
        );
      });
      const nearest = Math.min(...sampled);
      const exact = metresToLine(pin, line);
      expect(exact).toBeLessThanOrEqual(nearest + 0.001);
      // A step is at most 15 metres long.
      expect(exact).toBeGreaterThanOrEqual(nearest - 8);
    }),
  );
});

test('the first matching rule wins, and a rule may be limited to neighbourhoods', () => {
  const rule = (owner: Owner, over: Partial<JurisdictionRule> = {}): JurisdictionRule => ({
    subjects: ['tree'],
    owner,
    why: { tr: 'x', en: 'x' },
    ...over,
  });
  const rules = [
    rule({ institution: 'forest' }, { neighbourhoods: ['yapracik'] }),
    rule({ department: 'gardens' }, { road: 'street' }),
    rule({ department: 'never' }),
  ];
  const at = (neighbourhood: string | null): Owner =>
    jurisdictionOf(
      rules,
      { slug: 'tree', owner: { department: 'usual' } },
      {
        road: { class: 'street', road: null },
        neighbourhood,
      },
    ).owner;
  expect(at('yapracik')).toEqual({ institution: 'forest' });
  expect(at('suvari')).toEqual({ department: 'gardens' });
  expect(at(null)).toEqual({ department: 'gardens' });
  expect(
    jurisdictionOf(
      rules,
      { slug: 'pest', owner: { department: 'usual' } },
      {
        road: { class: 'street', road: null },
        neighbourhood: null,
      },
    ),
  ).toEqual({ owner: { department: 'usual' }, why: null });
});
