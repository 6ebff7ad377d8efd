import { join } from 'node:path';
import fc from 'fast-check';
import { loadMunicipality } from '../src/config/municipality';
import { tellsAddress } from '../src/config/places';
import { addressIn, addressLine } from '../src/domain/place/address';
import { plainNames } from '../src/domain/place/place-words';

const municipality = loadMunicipality(join(__dirname, '../config/etimesgut'));
const lexicon = municipality.language.address;
const around = plainNames(municipality.neighbourhoods);
const lineOf = (text: string): string | null => addressLine(addressIn(text, lexicon, around));

describe('a street is formatted as on street signs', () => {
  test.each<[text: string, line: string]>([
    ['Süvari mahallesi 1234. sokakta çukur var', '1234. Sokak'],
    ['1234.sok no 5', '1234. Sokak No: 5'],
    ['1234 nolu sokakta', '1234. Sokak'],
    ["1234 no'lu sokağın başı", '1234. Sokak'],
    ["1234'üncü sokakta lamba yok", '1234. Sokak'],
    ['1234/2. sokak no 3/A', '1234/2. Sokak No: 3/A'],
    ['2288 cad.', '2288. Cadde'],
    ['bağlıca 1050. cadde no 4', '1050. Cadde No: 4'],
    ['1050. cadde 4 numara', '1050. Cadde No: 4'],
    ['1234. sokak 3 gündür karanlık', '1234. Sokak'],
    ['Süvari Mah 1234 Sk. No:12 D:5', '1234. Sokak No: 12'],
    ['SÜVARİ MAH. 1234 SK NO 12 KAT 3', '1234. Sokak No: 12'],
    ['Mahalle: Süvari Sokak: 1234 No: 5', '1234. Sokak No: 5'],
    ['Lale Sokak No 12', 'Lale Sokak No: 12'],
    ['Gül Sokak üzerinde', 'Gül Sokak'],
    ['gül sokak üzerinde çukur var', 'Gül Sokak'],
    ['Lale sokağında çukur var', 'Lale Sokak'],
    ['LALE SOKAK NO 5', 'Lale Sokak No: 5'],
    ['Süvari mah. lale sokak lamba yanmıyor', 'Lale Sokak'],
    ['Süvari Lale Sokak No 3', 'Lale Sokak No: 3'],
    ['süvari lale sokakta bir çukur var', 'Lale Sokak'],
    ['Merhaba Lale Sokakta çukur var', 'Lale Sokak'],
    ['Atatürk Bulv. 15', 'Atatürk Bulvarı No: 15'],
    ['Atatürk Bulvarı 25/3', 'Atatürk Bulvarı No: 25/3'],
    ['Ahi Mesut Bulvarı üzerinde', 'Ahi Mesut Bulvarı'],
    ["gazi caddesi'nde su akıyor", 'Gazi Caddesi'],
    ['şehit ali caddesinde', 'Şehit Ali Caddesi'],
    ['Şehit Osman Avcı Caddesi numara 15', 'Şehit Osman Avcı Caddesi No: 15'],
    ['istasyon caddesi girişi', 'İstasyon Caddesi'],
    ['12th street', '12. Sokak'],
    ['On Lale Street there is a hole', 'Lale Street'],
  ])('%s → %s', (text, line) => {
    expect(lineOf(text)).toBe(line);
    expect(tellsAddress(municipality, text)).toBe(true);
  });
});

describe('estates, buildings and landmarks are kept', () => {
  test.each<[text: string, line: string, findable: boolean]>([
    ['Yeşil Vadi Sitesi arkası', 'Yeşil Vadi Sitesi', true],
    ['Tunahan Mah. Yeşilvadi sitesi B blok önü', 'B Blok, Yeşilvadi Sitesi', true],
    ['Türk Kızılayı Caddesi A101 karşısı', 'Türk Kızılayı Caddesi, A101 karşısı', true],
    ['1234. sokak, Migros Market önünde', '1234. Sokak, Migros Market önü', true],
    ['Gül apartmanı no 12 önü', 'Gül Apartmanı No: 12', false],
    ['okulun karşısında çöp birikti', 'okulun karşısı', false],
  ])('%s → %s', (text, line, findable) => {
    expect(lineOf(text)).toBe(line);
    expect(tellsAddress(municipality, text)).toBe(findable);
  });
});

describe('general words are not an address', () => {
  test.each([
    'dar sokak',
    'dar sokakta araba geçemiyor',
    'Dark street near the park',
    'Sokağımızda büyük bir çukur var',
    'Merhaba, sokağımın lambası yanmıyor',
    'There is a pothole in our street',
    'sokakta çukur var',
    'köpekler sokakta geziyor',
    'çocuk sokakta oynuyor',
    'Kırık sokak lambası var',
    'her sokak başında köpek var',
    'bizim cadde çok kirli',
    '2 sokak ileride çöp var',
    '3 gündür çöp alınmıyor',
    'belediye sitesinden başvurdum',
    'evimin önünde çukur',
    'https://maps.app.goo.gl/x8Yq2s1kLmN9',
    'https://example.org/2s/1234.sokak',
    '',
  ])('%s', text => {
    expect(tellsAddress(municipality, text)).toBe(false);
  });
});

test('any text is read without an error, in linear time', () => {
  const pieces = [
    'sokak',
    '1234',
    'Gül',
    'no',
    '.',
    ' ',
    ',',
    '/',
    'mah',
    'blok',
    'sitesi',
    'karşısı',
    '\n',
    "'",
    '-',
  ];
  const text = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.array(fc.constantFrom(...pieces), { maxLength: 80 }).map(parts => parts.join('')),
  );
  fc.assert(
    fc.property(text, written => {
      expect(addressLine(addressIn(written, lexicon))).not.toBe('');
    }),
  );
  for (const piece of pieces) expect(() => addressIn(piece.repeat(20_000), lexicon)).not.toThrow();
});
