/** Letters whose lower-case, unmarked twin differs from what toLowerCase gives, or that people type without marks. */
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

/** Stretched letters: vowels are never double in Turkish stems that matter here, consonants never threefold. */
const stretched = /([aeiou])\1+|([b-df-hj-np-tv-z])\2{2,}/g;

const twinned = new RegExp(`[${[...twins.keys()].join('')}]`, 'g');

/** Characters that show nothing, such as zero-width spaces and soft hyphens: people paste them without knowing. */
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
 * A word as it is compared: lower case, without Turkish marks, stretched letters once ("Çoookkk" and "cok" alike).
 * Dotted and dotless i are one letter, since people type either.
 */
export function foldWord(word: string): string {
  return folded(word);
}

/** The folded words of a text, numbers apart, punctuation and emoji gone; linear in its length. */
export function foldedWords(text: string): string[] {
  return folded(text).match(wordPattern) ?? [];
}
