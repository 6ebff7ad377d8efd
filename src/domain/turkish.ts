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

const wordPattern = /[\p{L}\p{M}]+|\p{N}+/gu;

function foldLetter(letter: string): string {
  return twins.get(letter) ?? letter.toLowerCase();
}

/**
 * A word as it is compared: lower case, without Turkish marks, doubled letters once ("Çookk" and "cok" alike).
 * Dotted and dotless i are one letter, since people type either.
 */
export function foldWord(word: string): string {
  let folded = '';
  for (const letter of word.normalize('NFC')) {
    const twin = foldLetter(letter);
    if (twin !== folded.slice(-1) || (twin >= '0' && twin <= '9')) folded += twin;
  }
  return folded.replace(/\p{M}/gu, '');
}

/** The folded words of a text, numbers apart, punctuation and emoji gone; linear in its length. */
export function foldedWords(text: string): string[] {
  return (text.normalize('NFC').match(wordPattern) ?? []).map(foldWord);
}
