import { placeNotes } from '../src/mail/case-text';
import type { CaseIntake, LocationNote } from '../src/store/case-records';

const pin = { latitude: 39.95, longitude: 32.64, name: null, address: null };
const neighbourhood = { slug: 'etiler', name: 'Etiler' };
const exact: LocationNote = {
  source: 'pin',
  precision: 'point',
  street: null,
  road: 'street',
  keptRoad: null,
  namedInWords: null,
  borderMetres: 900,
  neighbour: null,
};
const base: Pick<CaseIntake, 'location' | 'neighbourhood' | 'outside' | 'place'> = {
  location: exact,
  neighbourhood,
  outside: false,
  place: pin,
};
const placed = (over: Partial<LocationNote>, rest: Partial<CaseIntake> = {}): string[] =>
  placeNotes({ ...base, ...rest, location: { ...exact, ...over } } as CaseIntake);

const yenimahalle = { name: 'Yenimahalle Belediyesi', website: 'https://example.org', phone: null };

it.each<[string, string[], string[]]>([
  ['nothing if pin and text agree', placed({}), []],
  [
    'that pin and text disagree',
    placed({ namedInWords: { slug: 'suvari', name: 'Süvari' } }),
    ['Metinde Süvari Mahallesi geçiyor, gönderilen konum ise Etiler Mahallesi’nde.'],
  ],
  [
    'the distance to the border',
    placed({ borderMetres: 84 }),
    ['Konum ilçe sınırına yaklaşık 80 metre uzaklıkta.'],
  ],
  [
    'the likely municipality of a place outside, and its distance',
    placed({ borderMetres: 2_449, neighbour: yenimahalle }, { outside: true, neighbourhood: null }),
    [
      'Gönderilen konum ilçe sınırları dışında görünüyor, sınıra yaklaşık 2,4 km uzaklıkta; en yakın komşu: Yenimahalle Belediyesi.',
    ],
  ],
  [
    'that the place comes from the text only, and its precision',
    placed(
      { source: 'words', precision: 'street', street: '1234. sokak', borderMetres: null },
      { place: null },
    ),
    ['Yer, bildirim metnindeki sokak adı ile belirlendi (“1234. sokak”).'],
  ],
  [
    'that the road was guessed',
    placed({ roadGuessed: true }),
    ['Vatandaş yol adı yazmadı; konum, belediyenin sokağı sayıldı. Başka kurumun yoluysa kaydı düzeltiniz.'],
  ],
  [
    'that another authority keeps the road',
    placed({ road: 'artery', keptRoad: 'Ayaş Ankara Yolu' }),
    ['Yol: Ayaş Ankara Yolu; bakımı ilçe belediyesinde olmayan yollardandır.'],
  ],
  [
    'the place outside in older records without notes',
    placeNotes({ ...base, location: undefined, outside: true } as unknown as CaseIntake),
    ['Gönderilen konum ilçe sınırları dışında görünüyor.'],
  ],
])('the notes for the desk contain %s', (_, notes, expected) => {
  expect(notes).toEqual(expected);
});
