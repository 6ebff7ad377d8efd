import { foldWord } from './turkish';

/** Whether a folded word is one of a list. */
export type WordTest = (word: string) => boolean;

/** Whether folded words hold a phrase of a list. */
export type PhraseTest = (words: readonly string[]) => boolean;

/** Compiles stems, as the municipality writes them: a word fits that begins with one; with $ the whole word. */
export function vocabulary(stems: readonly string[]): WordTest {
  const whole = new Set(stems.filter(stem => stem.endsWith('$')).map(stem => foldWord(stem.slice(0, -1))));
  const beginnings = stems.filter(stem => !stem.endsWith('$')).map(foldWord);
  return word => whole.has(word) || beginnings.some(stem => word.startsWith(stem));
}

/** Compiles phrases: stems parted by blanks, whose words follow one another. */
export function phrases(written: readonly string[]): PhraseTest {
  const all = written.map(phrase => phrase.split(' ').map(stem => vocabulary([stem])));
  return words =>
    words.some((_, start) => all.some(tests => tests.every((fits, i) => fits(words[start + i] ?? ''))));
}
