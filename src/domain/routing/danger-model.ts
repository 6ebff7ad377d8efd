import { bucketOf, type LearnedModel, opinionOf, type Signs } from './learned';

/** What a text may tell: people in danger, a hazard (`hurt`: that hurt somebody), an animal in need, or no danger. */
export const dangerClasses = ['people', 'hazard', 'hurt', 'animal', 'harmless'] as const;

export type DangerClass = (typeof dangerClasses)[number];

/** The buckets of the model of danger. Fewer let unrelated pieces of words share a weight. */
export const DANGER_BUCKETS = 32_768;

/** Words considered in a text. */
const MOST_WORDS = 200;

/** Stems are cut at this length: suffixes begin about here. */
const STEM = 5;

/** Pieces of words of these lengths are compared, so that a typing error leaves most of a word. */
const PIECES = [3, 4, 5];

/** The weights of the kinds of feature: whole words and stems, pairs, consonants, pieces. */
const WORD = 1;
const FAR_PAIR = 0.7;
const CONSONANTS = 0.8;
const PIECE = 0.6;

/** The length of the vector of features. A longer one lets single features decide. */
const LENGTH = 6;

/** Returns the consonants of a word: people leave out vowels ("gz kokusu", "yrdm"). */
function consonantsOf(word: string): string {
  return word.replace(/[aeiou]/g, '');
}

/**
 * Returns the features of folded words: words, stems, pairs of stems up to three words apart, consonants, and pieces
 * of words. Linear in the number of words.
 */
export function dangerSignsOf(all: readonly string[]): Signs {
  const words = all.slice(0, MOST_WORDS);
  const found = new Map<number, number>();
  const add = (feature: string, value: number): void => {
    const bucket = bucketOf(feature, DANGER_BUCKETS);
    found.set(bucket, Math.max(found.get(bucket) ?? 0, value));
  };
  const stems = words.map(word => word.slice(0, STEM));
  const skeletons = words.map(consonantsOf);
  words.forEach((word, i) => {
    add(`word ${word}`, WORD);
    add(`stem ${stems[i] ?? ''}`, WORD);
    for (let apart = 1; apart <= Math.min(i, 3); apart += 1) {
      add(`${stems[i - apart] ?? ''} ${stems[i] ?? ''}`, apart === 1 ? WORD : FAR_PAIR);
    }
    const skeleton = skeletons[i] ?? '';
    if (skeleton.length > 1) {
      add(`consonants ${word.slice(0, 1)}${skeleton.slice(0, STEM)}`, CONSONANTS);
      if (i > 0) add(`consonants ${skeletons[i - 1]?.slice(0, 4) ?? ''} ${skeleton.slice(0, 4)}`, CONSONANTS);
    }
    const bounded = `_${word}_`;
    for (const length of PIECES) {
      for (let at = 0; at + length <= bounded.length; at += 1) {
        add(`piece ${bounded.slice(at, at + length)}`, PIECE);
      }
    }
  });
  const values = [...found.values()];
  const norm = LENGTH / Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) || 1);
  return {
    buckets: [...found.keys(), bucketOf('always', DANGER_BUCKETS)],
    values: [...values.map(value => value * norm), 1],
  };
}

/**
 * What the danger words told counts as much as this in favour of it, in the logarithm of the odds. Chosen on wordings
 * on which neither words nor model were tuned: less raises false alarms, more misses what the words do not know.
 */
const WORDS_COUNT = 2.5;

/** Returns what a text most likely tells, from its folded words, the model, and what the danger words told. */
export function likeliestDanger(
  words: readonly string[],
  model: LearnedModel,
  told: DangerClass,
): DangerClass {
  const opinion = opinionOf(model, dangerSignsOf(words));
  const scoreOf = (name: DangerClass): number =>
    Math.log((opinion[model.owners.indexOf(name)] ?? 0) + 1e-9) + (name === told ? WORDS_COUNT : 0);
  return dangerClasses.reduce((best, name) => (scoreOf(name) > scoreOf(best) ? name : best), told);
}
