const SHORTEST_MENDED = 5;
/** A word that begins with a shorter stem may still be a mistyped longer stem. */
const SHORTEST_KNOWN = 4;
const LONGEST_MENDED = 14;
/** Shorter stems resemble other words, so only swapped or doubled letters are corrected in them. */
const ANY_MISTAKE_FROM = 7;
/** Two mistakes are corrected in stems of at least this length. */
const TWO_MISTAKES_FROM = 10;
/** The most distinct words corrected in one text. Longer texts have enough evidence in their other words. */
const MOST_TRIED = 300;

/** Corrects a word of one text so that it begins with a stem of the catalogue. */
export type Mend = (word: string) => string;

/** Returns the word and all forms with one letter left out. */
function shortened(word: string): string[] {
  const all = [word];
  for (let i = 1; i < word.length; i += 1) all.push(word.slice(0, i) + word.slice(i + 1));
  return all;
}

/**
 * Returns the edit distance of two words: insertions, omissions, substitutions and swapped neighbours
 * (optimal string alignment).
 */
function mistakesBetween(one: string, other: string): number {
  let before: number[] = [];
  let above = Array.from({ length: other.length + 1 }, (_, i) => i);
  for (let i = 1; i <= one.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const same = one[i - 1] === other[j - 1] ? 0 : 1;
      let least = Math.min((above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (above[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) {
        least = Math.min(least, (before[j - 2] ?? 0) + 1);
      }
      row.push(least);
    }
    [before, above] = [above, row];
  }
  return above[other.length] ?? 0;
}

/** Whether the difference is two swapped letters ("köpke") or one doubled letter ("köppek"). */
function isSlip(typed: string, stem: string): boolean {
  let i = 0;
  while (i < stem.length && typed[i] === stem[i]) i += 1;
  const exchanged = stem.slice(0, i) + (stem[i + 1] ?? '') + (stem[i] ?? '') + stem.slice(i + 2);
  const twice = stem.slice(0, i) + (stem[i - 1] ?? '') + stem.slice(i);
  // A swap at the end of the stem is usually another ending: "durmuyor" is not "durum".
  return (typed === exchanged && i + 2 < stem.length) || typed === twice;
}

function isMeant(typed: string, stem: string): boolean {
  // A different first letter usually makes another word.
  if (typed[0] !== stem[0]) return false;
  if (stem.length < ANY_MISTAKE_FROM) return isSlip(typed, stem);
  return (
    typed.at(-1) === stem.at(-1) && mistakesBetween(typed, stem) <= (stem.length >= TWO_MISTAKES_FROM ? 2 : 1)
  );
}

/**
 * Prepares spelling correction towards `stems` (folded, of one catalogue). `asWritten` are folded word
 * beginnings that resemble a stem but are correct. Words are compared by their forms with one letter left
 * out, so the time for a word does not depend on the number of stems. The first letter must match, and words
 * that begin with a known stem are not changed.
 */
export function spellingOf(stems: Iterable<string>, asWritten: readonly string[]): () => Mend {
  const stemsOfCatalogue = new Set(stems);
  const known = new Set([...stemsOfCatalogue, ...asWritten]);
  const near = new Map<string, string[]>();
  for (const stem of stemsOfCatalogue) {
    if (stem.length < SHORTEST_MENDED || stem.length > LONGEST_MENDED) continue;
    for (const part of shortened(stem)) near.set(part, [...(near.get(part) ?? []), stem]);
  }
  const isKnown = (word: string): boolean => {
    for (let length = word.length; length >= SHORTEST_KNOWN; length -= 1) {
      if (known.has(word.slice(0, length))) return true;
    }
    return known.has(word);
  };

  function mended(word: string): string {
    for (let length = Math.min(word.length, LONGEST_MENDED + 1); length >= SHORTEST_MENDED - 1; length -= 1) {
      const beginning = word.slice(0, length);
      for (const part of shortened(beginning)) {
        const stem = near.get(part)?.find(stem => isMeant(beginning, stem));
        if (stem !== undefined) return stem;
      }
    }
    return word;
  }

  return () => {
    const tried = new Map<string, string>();
    return word => {
      if (word.length < SHORTEST_MENDED - 1 || word.length > 2 * LONGEST_MENDED) return word;
      const before = tried.get(word);
      if (before !== undefined) return before;
      if (tried.size >= MOST_TRIED || isKnown(word)) return word;
      const mine = mended(word);
      tried.set(word, mine);
      return mine;
    };
  };
}
