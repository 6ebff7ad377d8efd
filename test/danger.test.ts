import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { loadMunicipality } from '../src/config/municipality';
import { dangerIn, priorityOf } from '../src/domain/routing/danger';
import { foldedWords } from '../src/domain/turkish';

const { danger: lexicon } = loadMunicipality('config/etimesgut').language;

describe('a hazard makes a report urgent for every subject', () => {
  test.each([
    'yol çöktü, arabalar geçemiyor',
    'Yolun yarısı göçtü',
    'YOL ÇÖKMÜŞ ACİL BAKIN',
    'yol coktu araba gecemiyo',
    'Sokağın ortasında obruk oluştu',
    'Kaldırım çöktü, altı boş',
    'Rögarın kapağı açık kalmış',
    'rogar kapagi yok, cocuklar oynuyor',
    'Logar kapağı çalınmış, açık duruyor',
    'İnşaatın yanında açık kuyu var',
    'Fırtınada ağaç yola devrildi',
    'agac arabanin ustune devrildi',
    'Elektrik direği devrildi',
    'direk devrilmek üzere',
    'Okulun istinat duvarı yıkıldı',
    'yanımızdaki duvar yıkılmak üzere',
    'Kablolar sarkıyor, yere değiyor',
    'elektrik kablosu acikta duruyor',
    'Rüzgarda elektrik teli koptu',
    'Parktaki direk elektrik kaçırıyor',
    'direğe dokunan çocuğu elektrik çarptı',
    'Trafo patladı',
    'Sokakta gaz kokusu var',
    'dogalgaz kacagi var galiba',
    'Bodrum katı su bastı',
    'evimizi su basti yardim edin',
    'Araçlar yüzünden ambulans geçemiyor',
    'itfaiye giremiyor sokağa',
    'Yaşlı bir kadın çukura düştü',
    'köpek ısırdı beni',
    'başıboş köpekler çocuğuma saldırdı',
    'Asansörde kaldık',
    'The road collapsed, cars cannot pass',
    'There is an open manhole in front of the school',
  ])('%s', text => {
    expect(priorityOf(text, 'p3', lexicon)).toBe('p1');
  });
});

describe('a nuisance keeps the priority of its subject', () => {
  test.each([
    'Yolda çukur var',
    'Yolda hafif çökme var, düzeltilsin',
    'Çöpler alınmadı, acil',
    'Ağaç dalları budansın',
    'Rögar kokuyor',
    'Sokak lambası yanmıyor',
    'Parktaki kablolu salıncak kırık',
    'Köpekler havlıyor, uyuyamıyoruz',
    'Su kesik',
    'Doğalgaz faturası yüksek',
    'Otobüs gelmedi',
    'Duvara yazı yazmışlar',
    'The bus is late',
  ])('%s', text => {
    expect(priorityOf(text, 'p3', lexicon)).toBe('p3');
  });
});

test.each([
  ['çok tehlikeli, çocuk düşecek', 'p3', 'p2'],
  ['can güvenliğimiz yok', 'p2', 'p1'],
  ['kaza olacak burada', 'p4', 'p3'],
] as const)('"%s" raises %s by one step, to %s', (text, usual, raised) => {
  expect(priorityOf(text, usual, lexicon)).toBe(raised);
});

const people = [
  'yangın var',
  'YANGIN ÇIKTI',
  'yangin var yardim edin',
  'Evin çatısından alevler çıkıyor',
  'Karşı bina yanıyor',
  'Trafik kazası oldu, yaralı var',
  'kaza oldu',
  'Apartmanda gaz kokusu var',
  'dogalgaz kacagi var',
  'İmdat',
  'Sokakta biri bayıldı',
  'Adam kalp krizi geçiriyor',
  'silah sesleri geliyor',
  'Eve hırsız girdi',
  'Çocuğu elektrik çarptı',
  'Yangın merdiveninin önünde yangın çıktı',
  'There is a fire',
  'We smell gas in the building',
  'someone is injured',
];

test.each(people)('people are in danger: %s', text => {
  expect(dangerIn(text, lexicon)?.to).toBe('people');
});

test.each([
  ['gas', 'Apartmanda gaz kokusu var', { to: 'people', gas: true }],
  ['a fall', 'Adam düştü kafası kanıyor', { to: 'people', gas: false }],
  ['poisoning', 'zehirlendik', { to: 'people', gas: false }],
  ['an explosion', 'patlama oldu', { to: 'people', gas: false }],
  ['exploded gas', 'doğalgaz patladı', { to: 'people', gas: true }],
  ['a collapsed house', 'ev çöktü insanlar altında', { to: 'people', gas: false }],
  ['a person who lost consciousness', 'bilinci kapalı', { to: 'people', gas: false }],
  ['a call for an ambulance', 'ambulans', { to: 'people', gas: false }],
  ['a child in a well', 'çocuk kuyuya düştü', { to: 'people', gas: false }],
  ['a zero-width space within a word', 'yan\u200bgın var', { to: 'people', gas: false }],
  ['a hazard', 'rö\u200bgar kapağı açık', { to: 'passers', hurt: false }],
  [
    'a hazard that hurt somebody',
    'salıncak zinciri kopmuş çocuk düştü kafası kanıyor',
    { to: 'passers', hurt: true },
  ],
  ['a bite', 'köpek sürüsü az önce kızımı ısırdı', { to: 'passers', hurt: true, byAnimal: true }],
  ['a tree', 'ağaç devrilmek üzere, çok tehlikeli', { to: 'passers', hurt: false }],
  ['a hurt animal', 'Yaralı kirpi var', { to: 'animal' }],
  ['a street of that name', 'Alev Sokak çöp konteyneri istiyor', null],
  ['a figure of speech', 'sıcaktan yandık bittik', null],
])('%s: %s', (_what, text, danger) => {
  expect(dangerIn(text, lexicon)).toEqual(danger);
});

test.each([
  ['dün bi motorcu daha düştü oraya', false],
  ['geçen hafta burada bir çocuk düştü kafası kanadı', false],
  ['geçen sene bu binada yangın çıkmıştı', false],
  ['dünden beri gaz kokusu var', true],
  ['dün düştü hâlâ kalkamıyor, kanaması var', true],
  ['dün akşamdan beri yanıyor burası', true],
  ['dün bıçaklandı kan kaybediyor', true],
])('an accident of an earlier day is an emergency only while it goes on: %s: %s', (text, isNow) => {
  expect(dangerIn(text, lexicon)?.to === 'people').toBe(isNow);
});

describe('typing errors are corrected in danger words only', () => {
  test.each([
    'yngın var',
    'yagnın çıktı apartmanda',
    'ambulas lazım',
    'ambulanas yollayın',
    'zehrlendik',
    'hırızs girdi eve',
    'doğlgaz kokuyor',
  ])('%s', text => {
    expect(dangerIn(text, lexicon)?.to).toBe('people');
  });

  test.each([
    'parkın yanında oturuyoruz',
    'bidonlar doluyor',
    'hizmet sağlanıyor mu',
    'evde kalıyoruz',
    'çöp yakmasınlar',
    'yaygın bir sorun',
    'işyeri sarılıyor',
  ])('no danger is made of "%s"', text => {
    expect(dangerIn(text, lexicon)).toBeNull();
  });

  test('at most one in two hundred words of ordinary complaints is corrected', () => {
    const words = readdirSync('test/corpus')
      .filter(file => file.endsWith('.yaml'))
      .flatMap(file =>
        Object.values(parse(readFileSync(`test/corpus/${file}`, 'utf8')) as Record<string, string[]>),
      )
      .flat()
      .flatMap(foldedWords);
    const mend = lexicon.mender();
    const corrected = [...new Set(words)].filter(word => mend(word) !== word);
    expect(corrected.length / new Set(words).size).toBeLessThan(1 / 200);
  });
});

describe('endings decide what a word means', () => {
  test.each([
    ['a denied verb', 'ev yanmıyor artık', null],
    ['a wish', 'duvar yıkılmasın diye destek koysanız', null],
    ['a noun that begins like another', 'evrak yanlış doldurulmuş', null],
    ['a thing that the text excludes', 'rögar kapağı açık değil', null],
    ['a name', 'Alev Sokak çöp istiyor', null],
    ['a compound', 'yangın tüpünün tarihi geçmiş', null],
    ['a compound beside a fire', 'yangın merdiveninde yangın var', { to: 'people', gas: false }],
    [
      'a fire before the word of a compound',
      'yangın var merdivenden inemiyoruz',
      { to: 'people', gas: false },
    ],
    ['suffixes of a thing', 'istinat duvarlarımızdan taşlar düşüyor', { to: 'passers', hurt: false }],
  ])('%s: %s', (_what, text, danger) => {
    expect(dangerIn(text, lexicon)).toEqual(danger);
  });

  test('a trapped animal is not a trapped person', () => {
    expect(dangerIn('yavru köpek çukura düşmüş çıkamıyor', lexicon)?.to).not.toBe('people');
    expect(dangerIn('yangın var kedi mahsur kaldı', lexicon)?.to).toBe('people');
  });
});
