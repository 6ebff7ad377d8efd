import { loadMunicipality } from '../src/config/municipality';
import { priorityOf } from '../src/domain/routing/urgency';

const { urgency } = loadMunicipality('config/etimesgut').language;

describe('a hazard makes a report urgent, independent of its subject', () => {
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
    expect(priorityOf(text, 'p3', urgency)).toBe('p1');
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
    expect(priorityOf(text, 'p3', urgency)).toBe('p3');
  });
});

test.each([
  ['çok tehlikeli, çocuk düşecek', 'p3', 'p2'],
  ['can güvenliğimiz yok', 'p2', 'p1'],
  ['kaza olacak burada', 'p4', 'p3'],
] as const)('"%s" raises %s by one step, to %s', (text, usual, raised) => {
  expect(priorityOf(text, usual, urgency)).toBe(raised);
});
