import type { Priority } from '../sla/sla';
import { foldedWords } from '../turkish';
import type { WeightedTerms } from './category';
import { findTerms, type Lexicon, lexiconOf } from './lexicon';

/** Words of danger to life: a place that may hurt the next who passes, told as a fact. Written like the catalogue. */
const hazards: WeightedTerms = {
  // Ground that has given way.
  'yol çöktü': 3,
  'yolun çöktü': 3,
  'yol çökmüş$': 3,
  'asfalt çöktü': 3,
  'kaldırım çöktü': 3,
  'köprü çök': 3,
  'üst geçit çök': 3,
  'zemin çöktü': 3,
  'toprak kaydı$': 3,
  heyelan: 3,
  obruk: 3,
  göçük: 3,
  'yol göçtü': 3,
  'yolun yarısı göç': 3,
  'yol yarıl': 3,
  'road collapsed$': 3,
  sinkhole: 3,
  // A hole that swallows: covers gone, shafts open.
  'rögar + açık': 3,
  'rögar kapağı yok': 3,
  'rögar kapağı çalın': 3,
  'rögar kapaksız': 3,
  'logar kapağı yok': 3,
  'logar + açık': 3,
  'rogar + açık': 3,
  'rögar + kapaksız': 3,
  'mazgal kapağı yok': 3,
  'kuyu + açık': 3,
  'açık kuyu': 3,
  'open manhole': 3,
  'manhole cover missing$': 3,
  // What is about to fall, or has fallen on the way.
  'ağaç araba üstüne': 3,
  'ağaç araba üzerine': 3,
  'ağaç yola devril': 3,
  'ağaç devrildi$': 3,
  'yola ağaç devril': 3,
  'ağaç devrilmek üzere': 3,
  'direk devril': 3,
  'direği devril': 3,
  'direk devrilmek üzere': 3,
  'direk düşmek üzere': 3,
  'duvar yıkıldı$': 3,
  'duvarı yıkıldı$': 3,
  'duvar çöktü': 3,
  'duvar yıkılmak üzere': 3,
  'bina çök': 3,
  'bina yıkılmak üzere': 3,
  'balkon çök': 3,
  'balkon düş': 3,
  'çatı uç': 3,
  'iskele çök': 3,
  'vinç devril': 3,
  'tree fell$': 3,
  // Electricity and gas.
  'kablo + sark': 3,
  'kablo + açıkta': 3,
  'kablolar açıkta': 3,
  'elektrik tel kop': 3,
  'tel koptu$': 3,
  'teli koptu$': 3,
  'elektrik çarp': 3,
  'direk + çarpıyor': 3,
  'elektrik kaçağ': 3,
  'elektrik kaçır': 3,
  'trafo patla': 3,
  'trafo + kıvılcım': 3,
  'kıvılcım + direk': 3,
  'gaz kokusu$': 3,
  'gaz kaçağ': 3,
  'doğalgaz kaçağ': 3,
  'gaz sız': 3,
  'doğalgaz sız': 3,
  'gas leak': 3,
  'live wire': 3,
  // Water that comes into houses or takes people along.
  'evi su bas': 3,
  'evimi su bas': 3,
  'evleri su bas': 3,
  'evimizi su bas': 3,
  'bodrum su bast': 3,
  'sel sürük': 3,
  'sele kapıl': 3,
  'mahsur kal': 3,
  'asansörde kal': 3,
  // People already hurt, or the way of an ambulance shut.
  'ambulans geçem': 3,
  'ambulans girem': 3,
  'itfaiye geçem': 3,
  'itfaiye girem': 3,
  'çukura düştü': 3,
  'kuyuya düştü': 3,
  'rögara düştü': 3,
  'köpek ısırdı$': 3,
  'köpek + ısırıl': 3,
  'köpek + parçala': 3,
  'çocuğa saldır': 3,
  'çocuğuma saldır': 3,
  'çocuklara saldır': 3,
  'kafasına düştü': 3,
  'yangın çıktı$': 3,
  'alev al': 3,
};

/** Danger to people, told in the citizen's words. "Acil" alone is how many people ask, so it is not among them. */
const danger = lexiconOf([
  {
    words: {
      'can güvenliğ': 3,
      'hayati tehlike': 3,
      'çok tehlikeli$': 3,
      'tehlike saç': 3,
      'tehlike arz': 3,
      'tehlike oluştur': 3,
      ölecek: 3,
      'ölüm tehlike': 3,
      yaralanacak: 3,
      'çocuk düş': 3,
      'çocuklar düş': 3,
      'yaşlılar düş': 3,
      'düşüp yaralan': 3,
      'kaza olacak$': 3,
      'kaza olması an': 3,
      çökecek$: 3,
      devrilecek$: 3,
      yıkılacak$: 3,
      'açıkta kablo': 3,
      'elektrik kaçağ': 3,
      çarpılma: 2,
      saldırdı: 2,
      ısırdı$: 3,
      ısırıld: 3,
      'içine düş': 3,
      hastanelik$: 3,
      'very dangerous$': 3,
      'someone will$ get hurt': 3,
      'fell$ into$': 3,
    },
    notWords: {},
  },
]);

const hazard = lexiconOf([{ words: hazards, notWords: {} }]);

const LEAST = 3;

const raised: Readonly<Record<Priority, Priority>> = { p1: 'p1', p2: 'p1', p3: 'p2', p4: 'p3' };

function speaksOf(lexicon: Lexicon, words: readonly string[]): boolean {
  return findTerms(lexicon, words).reduce((sum, { term }) => sum + term.weight, 0) >= LEAST;
}

/**
 * The priority of a report: that of its subject, one step up when the words tell of danger to people, and the
 * highest at once when they tell of a hazard that is there already.
 */
export function priorityOf(text: string, usual: Priority): Priority {
  const words = foldedWords(text);
  if (speaksOf(hazard, words)) return 'p1';
  return speaksOf(danger, words) ? raised[usual] : usual;
}
