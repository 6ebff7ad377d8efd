import { numberSpans, passageSpans, personalSpans, struck } from '../src/domain/personal-words';

it.each([
  ['Ara: 0533 338 06 06', 'Ara: ███ ███ ███ ███'],
  ['+905333380606 numaram', '███ numaram'],
  ['(312) 244 10 00 yok', '███ ███ ███ ███ yok'],
  ['06 ABC 123 plakalı araç', '███ ███ ███ plakalı araç'],
  ['plaka 06abc123.', 'plaka ███'],
  ['T.C. 10000000146', 'T.C. ███'],
  ['ayse.kaya@ornek.com.tr adresim', '███ adresim'],
  ['TR33 0006 1005 1978 6457 8413 26', '███ ███ ███ ███ ███ ███ ███'],
  ['1234. sokak no 12 daire 3', '1234. sokak no 12 daire 3'],
  ['Kayıt PK-7F3K-92QX, 28 Kasım 2026', 'Kayıt PK-7F3K-92QX, 28 Kasım 2026'],
  ['sipariş 10000000147', 'sipariş 10000000147'],
])('what looks personal in %j is suggested', (text, shown) => {
  expect(struck(text, personalSpans(text))).toBe(shown);
});

it.each([
  ['06 ABC 123 plakalı araç, 0533 338 06 06', '06 ABC 123 plakalı araç, ███ ███ ███ ███'],
  ['T.C. 10000000146, ayse@ornek.com', 'T.C. ███ ███'],
])('of %j the numbers of people are hidden, but not a plate', (text, shown) => {
  expect(struck(text, numberSpans(text))).toBe(shown);
});

it.each([
  ['Komşum AYŞE KAYA çöpü atıyor, ayşe kaya!', 'Ayşe Kaya', 'Komşum ███ ███ çöpü atıyor, ███ ███'],
  ['IĞDIR’a giden Işıl', 'ışıl', 'IĞDIR’a giden ███'],
  ['Ayşe\nKaya', 'ayşe kaya', '███\n███'],
  ['a+b (c)', '(c)', 'a+b ███'],
  ['çukur var', 'kasis', 'çukur var'],
])('in %j the passage %j is hidden', (text, passage, shown) => {
  expect(struck(text, passageSpans(text, passage))).toBe(shown);
});
