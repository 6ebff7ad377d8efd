import { join } from 'node:path';
import { loadMunicipality } from '../src/config/municipality';
import { categoryOf } from '../src/config/offices';
import { placeOf } from '../src/config/places';
import { roadOf, type KeptRoad } from '../src/domain/place/place-words';
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
  line: [
    [32.65, 39.95],
    [32.66, 39.95],
  ],
  width: 30,
};

test.each<[where: string, metresNorth: number, found: string]>([
  ['in the middle', 0, 'artery'],
  ['on the kerb', 15, 'artery'],
  ['where people place it beside the road', 25, 'artery'],
  ['in the next street', 45, 'street'],
])('a pin %s of a kept road whose line is known', (_where, metres, found) => {
  const pin = { latitude: 39.95 + metres / 111_195, longitude: 32.655 };
  expect(roadOf('çukur var', pin, [longRoad], municipality.language.address).class).toBe(found);
});

test('a pin beyond the end of a kept road is not on it', () => {
  expect(
    roadOf('', { latitude: 39.95, longitude: 32.662 }, [longRoad], municipality.language.address).class,
  ).toBe('street');
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
