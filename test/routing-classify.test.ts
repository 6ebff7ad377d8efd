import fc from 'fast-check';
import { join } from 'node:path';
import { loadMunicipality } from '../src/config/municipality';
import { classify } from '../src/domain/routing/classify';
import type { RoutedCategory } from '../src/domain/routing/category';
import { foldedWords, foldWord } from '../src/domain/turkish';
import { knowledgeOf } from './support/routing';

const municipality = loadMunicipality(join(__dirname, '../config/etimesgut'));
const { categories } = municipality;

function ownerOf(text: string): string {
  const best = classify(text, municipality).ranked[0]?.category;
  const owner = categories.find(({ slug }) => slug === best)?.owner;
  if (!owner) return 'none';
  return 'department' in owner ? owner.department : owner.institution;
}

describe('the owner of a report', () => {
  test.each<[owner: string, text: string]>([
    ['fen-isleri', 'Süvari mahallesi 1234. sokakta çukur var, arabalar zarar görüyor'],
    ['fen-isleri', 'suvari mah yol cukurlarla dolu'],
    ['fen-isleri', 'KALDIRIM TAŞLARI KIRILMIŞ, YAŞLILAR DÜŞÜYOR'],
    ['fen-isleri', 'Sokağımızın asfaltı tamamen bozuldu'],
    ['fen-isleri', 'Okul yolu buzlandı, tuzlama yapılmadı'],
    ['fen-isleri', 'There is a big pothole in front of my house'],
    ['park-ve-bahceler', 'Parktaki salıncağın zinciri kopmuş'],
    ['park-ve-bahceler', 'Ağacın dalları elektrik tellerine değiyor, budanmasını istiyoruz'],
    ['park-ve-bahceler', 'agac devrildi yolu kapatti'],
    ['park-ve-bahceler', 'Parkın lambaları yanmıyor, park karanlık'],
    ['temizlik-isleri', 'Çöpler üç gündür alınmadı, konteyner taştı'],
    ['temizlik-isleri', 'copler alinmiyor'],
    ['temizlik-isleri', 'Eski koltukları almanızı rica ediyorum, eski eşya'],
    ['temizlik-isleri', 'Sokağımız uzun süredir süpürülmüyor'],
    ['zabita', 'Lokanta masa sandalyelerle kaldırımı işgal etmiş'],
    ['zabita', 'Pazarcılar tezgahlarını toplamadan gidiyor'],
    ['zabita', 'Gece yarısına kadar yüksek sesle müzik çalıyorlar, gürültüden uyuyamıyoruz'],
    ['zabita', 'Hurda araç aylardır kapımızın önünde duruyor'],
    ['veteriner-isleri', 'Başıboş köpekler çocuklara saldırıyor'],
    ['veteriner-isleri', 'kopekler cok saldirgan'],
    ['veteriner-isleri', 'Yol kenarında yaralı bir kedi var'],
    ['veteriner-isleri', 'Sivrisinekler çoğaldı, ilaçlama istiyoruz'],
    ['yapi-kontrol', 'Komşu binada kaçak kat çıkılıyor'],
    ['yapi-kontrol', 'Metruk bina yıkılmak üzere'],
    ['cevre-koruma', 'Boş arsaya moloz döküyorlar'],
    ['sosyal-yardim-isleri', 'İşsizim, gıda yardımı almak istiyorum'],
    ['sosyal-yardim-isleri', 'Yaşlı annem için evde bakım desteği istiyoruz'],
    ['aski', 'İki gündür sular akmıyor'],
    ['aski', 'Rögar kapağı açık, kanalizasyon taşıyor'],
    ['aski', 'Su faturası çok yüksek geldi'],
    ['baskent-edas', 'Sokak lambası yanmıyor'],
    ['baskent-edas', 'Mahallede elektrik yok'],
    ['baskentgaz', 'Doğalgaz bağlantımız yapılmadı'],
    ['ego', 'Otobüs durağa hiç zamanında gelmiyor'],
    ['abb', 'Kavşaktaki trafik ışıkları bozuk'],
    ['acil-112', 'Sokakta uyuşturucu satıyorlar'],
    ['triage', 'Evlendirme dairesi ile ilgili bir konu'],
    ['triage', 'qwerty asdfgh'],
  ])('%s: %s', (owner, text) => {
    expect(ownerOf(text)).toBe(owner);
  });
});

test('every subject except "other" has terms in Turkish and English', () => {
  for (const { slug, words } of categories) {
    expect(Object.keys(words).length > 2).toBe(slug !== 'other');
  }
});

test('a clear report is sure; one without a known word is "other" and unsure', () => {
  expect(
    classify('Süvari mahallesi 1234. sokakta çukur var, arabalar zarar görüyor', municipality),
  ).toMatchObject({
    sure: true,
    matched: ['çukur'],
  });
  expect(classify('bir bakar mısınız', municipality)).toEqual({
    ranked: [{ category: 'other', confidence: 0 }],
    matched: [],
    sure: false,
  });
});

test.each([
  ['pothole', 'Süvari 1234. sokakta kocaman bir çukur var, 06 ABC 123 plakalı araç düştü, lastiği patladı'],
  ['rubbish', 'çöpler üç gündür alınmadı, klimanın önüne koku geliyor, temizlik işleri müdürü nerede'],
  ['street-light', 'sokak lambası yanmıyor, ekip hep geç geliyor, karanlıkta yolda kaldık'],
])('words that stand in any report do not add a second subject to %s', (subject, text) => {
  const { ranked, sure } = classify(text, municipality);
  expect([ranked[0]?.category, sure]).toEqual([subject, true]);
});

test.each(['bi telefon açan olmadı daha', 'telefonla aradım, bakan olmadı'])(
  'a telephone that nobody answers is no dead animal: %s',
  text => {
    expect(classify(text, municipality).ranked.map(({ category }) => category)).not.toContain('dead-animal');
  },
);

test('a report about two subjects is unsure and ranks both', () => {
  const { ranked, sure } = classify(
    'Kaldırımda otobüs durağının yanında çöp ve başıboş köpek var',
    municipality,
  );
  expect(sure).toBe(false);
  expect(ranked.map(({ category }) => category)).toEqual(
    expect.arrayContaining(['bus', 'rubbish', 'stray-animal']),
  );
});

const own = (
  slug: string,
  words: RoutedCategory['words'],
  notWords: RoutedCategory['notWords'] = {},
): RoutedCategory => ({
  slug,
  owner: { department: slug },
  words,
  notWords,
});

describe('how a term of the catalogue matches', () => {
  const hits = (term: string, text: string): boolean =>
    classify(text, knowledgeOf([own('one', { [term]: 3 })])).matched.length > 0;
  test.each<[rule: string, term: string, text: string, fits: boolean]>([
    ['a stem matches its suffixed forms', 'çukur', 'Çukurlardan bıktık', true],
    ['Turkish marks are optional in the text', 'çukur', 'cukurlar', true],
    ['Turkish marks are optional in the term', 'cukur', 'ÇUKURDA', true],
    ['capital dotless I and dotted İ', 'ışık', 'IŞIKLAR', true],
    ['capital dotted İ', 'ilaçlama', 'İLAÇLAMA', true],
    ['decomposed letters', 'çöp', 'c\u0327o\u0308p', true],
    ['stretched letters', 'çöp', 'çööööp', true],
    ['a final k softens', 'köpek', 'köpeğin', true],
    ['a final p softens', 'dolap', 'dolabı', true],
    ['a short stem does not soften', 'ot$', 'odun', false],
    ['a stem does not match inside a word', 'kar', 'akarsu', false],
    ['$ excludes suffixed forms', 'su$', 'sunum', false],
    ['$ matches the whole word', 'su$', 'su, yok', true],
    ['a phrase matches in order', 'çöp al', 'çöpler hâlâ alınmadı', true],
    ['a phrase does not match backwards', 'çöp al', 'alın bu çöpü', false],
    ['a phrase may skip two words', 'yol boz', 'yolumuz çok kötü bozuldu', true],
    ['a phrase may not skip three words', 'yol boz', 'yolumuz artık çok fazla bozuldu', false],
    ['circumflex', 'kağıt', 'kâğıtlar', true],
    ['a typing error in a long word', 'konteyner', 'konetyner taştı', true],
    ['a letter left out', 'salıncak', 'salncak kırık', true],
    ['a letter typed twice', 'köpek', 'köppek var', true],
    ['neighbouring letters exchanged', 'kaldırım', 'kalıdrım bozuk', true],
    ['a short word is never corrected', 'park', 'pakr', false],
    ['another similar word', 'durum', 'durmuyor', false],
    [
      'combined stems in any order',
      'park + gürültü',
      'gürültüden bıktık, parkta sabaha kadar oturuyorlar',
      true,
    ],
    ['combined stems that are far apart', 'park + gürültü', `parkta ${'kelime '.repeat(40)}gürültü`, false],
    ['only one of two combined stems', 'park + gürültü', 'parkta oturuyoruz', false],
    ['a negated term', 'çöp', 'derdimiz çöp değil', false],
    ['a negated problem', 'su$', 'su sorunumuz yok', false],
    ['a missing object is the complaint itself', 'çöp kutu', 'çöp kutusu yok', true],
    ['a question is not a negation', 'çöp', 'bu çöp değil mi', true],
  ])('%s', (_rule, term, text, fits) => {
    expect(hits(term, text)).toBe(fits);
  });

  test('a term against a subject reduces its evidence', () => {
    const parks = [own('park', { park: 3 }, { 'park ed': 3 }), own('parking', { 'park ed': 3 })];
    expect(classify('parkta', knowledgeOf(parks)).ranked[0]?.category).toBe('park');
    expect(
      classify('kapıma park ediyorlar', knowledgeOf(parks)).ranked.map(({ category }) => category),
    ).toEqual(['parking']);
  });

  test('the owner with the most evidence wins, then its strongest subject', () => {
    const desks = [
      { ...own('a', { elma: 4 }), owner: { department: 'x' } },
      { ...own('b', { armut: 3 }), owner: { department: 'y' } },
      { ...own('c', { kiraz: 2 }), owner: { department: 'y' } },
    ];
    expect(classify('elma armut kiraz', knowledgeOf(desks)).ranked.map(({ category }) => category)).toEqual([
      'b',
      'c',
      'a',
    ]);
  });
});

test('the same text gives the same answer, confidences are shares, and matches are terms of the catalogue', () => {
  const terms = new Set(categories.flatMap(({ words }) => Object.keys(words)));
  const plain = new Set([...terms].map(term => term.replaceAll('$', '')));
  const word = fc.oneof(fc.constantFrom(...terms), fc.string({ maxLength: 12 }));
  fc.assert(
    fc.property(fc.array(word, { maxLength: 30 }), words => {
      const text = words.join(' ');
      const once = classify(text, municipality);
      expect(classify(text, municipality)).toEqual(once);
      expect(once.ranked.length).toBeGreaterThan(0);
      for (const { confidence } of once.ranked) expect(confidence >= 0 && confidence < 1).toBe(true);
      expect(once.matched.every(term => plain.has(term))).toBe(true);
    }),
  );
});

test('100 KB of text takes time in proportion to its length', () => {
  const sentence =
    'Sokağımızdaki çöp konteyneri taşmış, köpekler dağıtıyor, yol çukurlarla dolu ve su akmıyor. ';
  const timed = (text: string): number => {
    const started = process.cpuUsage();
    classify(text, municipality);
    const { user, system } = process.cpuUsage(started);
    return (user + system) / 1000;
  };
  timed(sentence.repeat(50));
  const small = timed(sentence.repeat(110));
  const large = timed(sentence.repeat(1100));
  expect(large).toBeLessThan(Math.max(small, 2) * 40);
});

describe('folding', () => {
  test.each([
    ['IŞIĞI', 'isigi'],
    ['İzmir', 'izmir'],
    ['kâğıt', 'kagit'],
    ['çooook', 'cok'],
    ['asfalttttt', 'asfalt'],
    ['attığım', 'attigim'],
    ['2288', '2288'],
  ])('%s becomes %s', (word, folded) => {
    expect(foldWord(word)).toBe(folded);
  });

  test('emoji and punctuation are removed, and digits are separate words', () => {
    expect(foldedWords('Çöp!!! 🗑️ 12.sokak, no:5/A ASKİ’nin')).toEqual([
      'cop',
      '12',
      'sokak',
      'no',
      '5',
      'a',
      'aski',
      'nin',
    ]);
  });
});
