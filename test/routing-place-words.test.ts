import { join } from 'node:path';
import { loadMunicipality } from '../src/config/municipality';
import { neighbourhoodIn } from '../src/domain/place/place-words';

const { neighbourhoods, language } = loadMunicipality(join(__dirname, '../config/etimesgut'));

test.each(neighbourhoods.map(({ name, slug }) => [name, slug]))('%s mahallesi is found', (name, slug) => {
  expect(neighbourhoodIn(`${name} Mahallesi 1234. sokakta çukur var`, neighbourhoods, language.address)).toBe(
    slug,
  );
  expect(
    neighbourhoodIn(`${name.toUpperCase().replaceAll('İ', 'I')} MAH.`, neighbourhoods, language.address),
  ).toBe(slug);
});

test.each(neighbourhoods.flatMap(({ aliases, slug }) => aliases.map(alias => [alias, slug] as const)))(
  '%s is known as %s',
  (alias, slug) => {
    expect(neighbourhoodIn(`${alias}'de çöpler alınmadı`, neighbourhoods, language.address)).toBe(slug);
  },
);

test.each<[text: string, slug: string | undefined]>([
  ['suvari mah. cukur', 'suvari'],
  ["SÜVARİ'DE SU YOK", 'suvari'],
  ['Süvaride köpekler var', 'suvari'],
  ['bağlıcadaki park', 'baglica'],
  ['Yeni Bağlıca sapağı', 'yeni-baglica'],
  ['Eryaman Tunahan mahallesi', 'tunahan'],
  ['eryaman 1. etap', 'sehit-osman-avci'],
  ['eryaman 2.etap', 'devlet'],
  ['Eryaman 3.etapta', 'tunahan'],
  ['eryaman 4. etap', 'guzelkent'],
  ['4.etap eryaman', 'guzelkent'],
  ['Eryaman 5. Etap metro', 'goksu'],
  ['eriyaman çarşısı', 'eryaman'],
  ['Fatih Sultan Mehmet Bulvarında', undefined],
  ['yolun 2. etap çalışması', undefined],
  ['elvankentteki pazar', 'elvan'],
  ['ahimesut bulvarı', 'ahi-mesut'],
  ['Süvari mah. mı Piyade mah. mı bilmiyorum', 'suvari'],
  ['in Topçu neighbourhood', 'topcu'],
  ['devlet hastanesinin önü', undefined],
  ['istasyonda bekliyorum', undefined],
  ['30 Ağustosta kutlama vardı', undefined],
  ['şeker fabrikası', undefined],
  ['süvariler geçti', undefined],
  ['bizim mahallede', undefined],
  ['', undefined],
])('%s → %s', (text, slug) => {
  expect(neighbourhoodIn(text, neighbourhoods, language.address)).toBe(slug);
});
