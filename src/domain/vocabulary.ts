import { foldWord } from './turkish';

/** Whether a folded word matches a list. */
export type WordTest = (word: string) => boolean;

/** Whether folded words contain a phrase of a list. */
export type PhraseTest = (words: readonly string[]) => boolean;

/** Compiles configured stems. A stem matches every word that begins with it; with $ only the whole word. */
export function vocabulary(stems: readonly string[]): WordTest {
  const whole = new Set(stems.filter(stem => stem.endsWith('$')).map(stem => foldWord(stem.slice(0, -1))));
  const beginnings = stems.filter(stem => !stem.endsWith('$')).map(foldWord);
  return word => whole.has(word) || beginnings.some(stem => word.startsWith(stem));
}

/** Compiles phrases: stems separated by spaces, matched against consecutive words. */
export function phrases(written: readonly string[]): PhraseTest {
  const all = written.map(phrase => phrase.split(' ').map(stem => vocabulary([stem])));
  return words =>
    words.some((_, start) => all.some(tests => tests.every((fits, i) => fits(words[start + i] ?? ''))));
}
