/** Letters whose unmarked lower-case form differs from `toLowerCase`, or that people type without marks. */
const twins: ReadonlyMap<string, string> = new Map(
  Object.entries({
    İ: 'i',
    I: 'i',
    ı: 'i',
    Ğ: 'g',
    ğ: 'g',
    Ş: 's',
    ş: 's',
    Ç: 'c',
    ç: 'c',
    Ö: 'o',
    ö: 'o',
    Ü: 'u',
    ü: 'u',
    Â: 'a',
    â: 'a',
    Î: 'i',
    î: 'i',
    Û: 'u',
    û: 'u',
  }),
);

const wordPattern = /\p{L}[\p{L}\p{M}]*|\p{N}+/gu;

/** Stretched letters. Relevant Turkish stems have no double vowels and no triple consonants. */
const stretched = /([aeiou])\1+|([b-df-hj-np-tv-z])\2{2,}/g;

const twinned = new RegExp(`[${[...twins.keys()].join('')}]`, 'g');

/** Invisible characters such as zero-width spaces and soft hyphens, which pasted text often contains. */
const ignorable = /\p{Default_Ignorable_Code_Point}/gu;

function folded(text: string): string {
  return text
    .replace(ignorable, '')
    .normalize('NFC')
    .replace(twinned, letter => twins.get(letter) ?? letter)
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(stretched, '$1$2');
}

/**
 * Returns a word for comparison: lower case, without Turkish marks, stretched letters reduced ("Çoookkk" and
 * "cok" are equal). Dotted and dotless i are one letter, because people type either.
 */
export function foldWord(word: string): string {
  return folded(word);
}

/**
 * Returns the folded words of a text. Numbers are separate words; punctuation and emoji are removed. Linear
 * in its length.
 */
export function foldedWords(text: string): string[] {
  return folded(text).match(wordPattern) ?? [];
}

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

/** Where a phrase of a list stands in folded words: from `start` to before `end`; null if none does. */
export type PhrasePlace = (words: readonly string[]) => { start: number; end: number } | null;

/** Compiles phrases for finding the first one. */
export function phrasePlace(written: readonly string[]): PhrasePlace {
  const all = written.map(phrase => phrase.split(' ').map(stem => vocabulary([stem])));
  return words => {
    for (let start = 0; start < words.length; start += 1) {
      const tests = all.find(each => each.every((fits, i) => fits(words[start + i] ?? '')));
      if (tests) return { start, end: start + tests.length };
    }
    return null;
  };
}

/** Compiles phrases: stems separated by spaces, matched against consecutive words. */
export function phrases(written: readonly string[]): PhraseTest {
  const place = phrasePlace(written);
  return words => place(words) !== null;
}
