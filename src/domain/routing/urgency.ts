import type { Priority } from '../case/case';
import { foldedWords } from '../turkish';
import { hazards } from './hazards';
import { findTerms, lexiconOf, type Lexicon } from './lexicon';

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
