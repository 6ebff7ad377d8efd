import { foldWord, type WordTest } from '../turkish';
import type { RoutedCategory } from './category';

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

function isMeant(typed: string, stem: string, anyMistakeFrom: number): boolean {
  // A different first letter usually makes another word.
  if (typed[0] !== stem[0]) return false;
  if (stem.length < anyMistakeFrom) return isSlip(typed, stem);
  return (
    typed.at(-1) === stem.at(-1) && mistakesBetween(typed, stem) <= (stem.length >= TWO_MISTAKES_FROM ? 2 : 1)
  );
}

/**
 * Prepares spelling correction towards `stems` (folded, of one catalogue). `asWritten` are folded word
 * beginnings that resemble a stem but are correct. Words are compared by their forms with one letter left
 * out, so the time for a word does not depend on the number of stems. The first letter must match, and words
 * that begin with a known stem are not changed. Stems of `anyMistakeFrom` letters or more may have any mistake.
 */
export function spellingOf(
  stems: Iterable<string>,
  asWritten: readonly string[],
  anyMistakeFrom = ANY_MISTAKE_FROM,
): () => Mend {
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
        const stem = near.get(part)?.find(stem => isMeant(beginning, stem, anyMistakeFrom));
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

/** A folded word beginning and the rest that may follow it; null for any rest. */
export interface Stem {
  readonly folded: string;
  readonly endings: ReadonlySet<string> | null;
}

/** Folded endings of Turkish nouns ("ev-") and of affirmed verbs ("yan~"), from the municipality's configuration. */
export interface Endings {
  readonly noun: ReadonlySet<string>;
  readonly verb: ReadonlySet<string>;
}

/** A term prepared for matching. */
interface Term {
  /** Index of the subject in the catalogue. */
  readonly category: number;
  /** As written in the catalogue. */
  readonly written: string;
  /** Negative if the term contradicts the subject. */
  readonly weight: number;
  /** Each stem with its softened form. */
  readonly stems: readonly (readonly Stem[])[];
  /** Whether the stems may occur in any order, with the longest distance in words; null for a phrase. */
  readonly within: number | null;
  /** The most other words between two stems of a phrase. */
  readonly gap: number;
}

/** Shorter softened stems would match too many other words. */
const SHORTEST_SOFTENING = 4;

/** A final k, p or t softens before a vowel (köpek, köpeği). ç and c are already one letter when folded. */
const softened: Readonly<Record<string, string>> = { k: 'g', p: 'b', t: 'd' };

const NOTHING: ReadonlySet<string> = new Set(['']);
const NO_ENDINGS: Endings = { noun: NOTHING, verb: NOTHING };

/**
 * Returns the stem that is written as "çöp" (every word that begins with it), "su$" (the whole word), "ev-" (with the
 * endings of a noun) or "yan~" (with those of an affirmed verb), with its softened form.
 */
export function stemsOf(written: string, { noun, verb }: Endings = NO_ENDINGS): Stem[] {
  const [, word = '', mark = ''] = /^(.*?)([$~-]?)$/.exec(written) ?? [];
  const endings = { $: NOTHING, '-': noun, '~': verb }[mark] ?? null;
  const folded = foldWord(word);
  const soft = softened[folded.slice(-1)];
  if (mark === '$' || soft === undefined || folded.length < SHORTEST_SOFTENING) return [{ folded, endings }];
  return [
    { folded, endings },
    { folded: folded.slice(0, -1) + soft, endings },
  ];
}

/** The longest distance, in words, between combined stems: a sentence or two. */
const TOGETHER_WITHIN = 30;

/** The most other words between two stems of a phrase, unless they are joined by " > ". */
const LONGEST_GAP = 2;

export function termOf(category: number, written: string, weight: number, endings?: Endings): Term {
  const isTogether = written.includes(' + ');
  const isClose = written.includes(' > ');
  const stems = written.split(/ (?:[+>] )?/).map(stem => stemsOf(stem, endings));
  return {
    ...{ category, written, weight, stems },
    within: isTogether ? TOGETHER_WITHIN : null,
    gap: isClose ? 0 : LONGEST_GAP,
  };
}

export function fits(word: string, stems: readonly Stem[]): boolean {
  for (const { folded, endings } of stems) {
    if (word.startsWith(folded) && (endings === null || endings.has(word.slice(folded.length)))) return true;
  }
  return false;
}

/** Words of negation from the municipality's configuration. */
export interface DenialLexicon {
  readonly not: WordTest;
  /** Words after which nothing is negated: "çöp değil mi" is a question, and "değil mi" confirms. */
  readonly stillMeant: WordTest;
  readonly related: WordTest;
  readonly matter: WordTest;
  readonly none: WordTest;
}

/** Language data that matching needs for any catalogue. */
export interface Grammar {
  /** Folded word beginnings that are not corrected. */
  readonly asWritten: readonly string[];
  readonly denial: DenialLexicon;
  readonly endings: Endings;
}

/**
 * Whether the text excludes the word at `end`: "çöp değil", "suyla ilgili değil", "çöp sorunu yok". "Çöp
 * konteyneri yok" is not a negation but the complaint itself.
 */
export function isDenied(words: readonly string[], end: number, is: DenialLexicon): boolean {
  const [next, second = '', third = ''] = words.slice(end + 1, end + 4);
  if (next === undefined) return false;
  if (is.not(next)) return !is.stillMeant(second);
  if (is.related(next) && is.not(second)) return !is.stillMeant(third);
  if (is.matter(next)) return is.none(second) || (is.not(second) && !is.stillMeant(third));
  return false;
}

/** All terms of a catalogue, indexed by their folded first stem. */
export interface Lexicon {
  readonly terms: ReadonlyMap<string, readonly Term[]>;
  readonly longestStem: number;
  /** Returns a spelling corrector for one text. */
  readonly mender: () => Mend;
  readonly denial: DenialLexicon;
}

/** A term found in a text, with its count. */
export interface Found {
  readonly term: Term;
  readonly times: number;
}

/**
 * Prepares a catalogue for matching. Do this once: it costs more than matching many texts. `mended` are the folded
 * stems towards which typing errors are corrected: by default all of the catalogue.
 */
export function lexiconOf(
  categories: readonly Pick<RoutedCategory, 'words' | 'notWords'>[],
  { asWritten, denial, endings }: Grammar,
  mended?: readonly string[],
): Lexicon {
  const terms = new Map<string, Term[]>();
  const stems = new Set<string>();
  const add = (term: Term): void => {
    term.stems.flat().forEach(({ folded }) => stems.add(folded));
    // Combined terms can begin with any of their stems.
    const beginnings = term.within === null ? term.stems.slice(0, 1) : term.stems;
    for (const { folded } of beginnings.flat()) {
      const others = terms.get(folded);
      if (others) others.push(term);
      else terms.set(folded, [term]);
    }
  };
  categories.forEach(({ words, notWords }, category) => {
    Object.entries(words).forEach(([written, weight]) => add(termOf(category, written, weight, endings)));
    Object.entries(notWords).forEach(([written, weight]) => add(termOf(category, written, -weight, endings)));
  });
  const longestStem = Math.max(0, ...[...terms.keys()].map(stem => stem.length));
  return { terms, longestStem, mender: spellingOf(mended ?? stems, asWritten), denial };
}

/** Returns the position of the last stem of a phrase that begins at `start`, or -1. */
function endOfPhrase(words: readonly string[], start: number, { stems, gap }: Term): number {
  let end = start;
  for (let i = 1; i < stems.length; i += 1) {
    const stem = stems[i] ?? [];
    let next = end + 1;
    while (next <= end + 1 + gap && !fits(words[next] ?? '', stem)) next += 1;
    if (next > end + 1 + gap) return -1;
    end = next;
  }
  return end;
}

/** A term with its matches in a text. */
interface Tally {
  readonly term: Term;
  times: number;
  /** Last position of each stem of a combined term, or -1. */
  readonly places: number[];
}

/** Further repetitions of a term are not counted. */
const TIMES_COUNTED = 8;

/**
 * Returns the terms that a word may begin. Each distinct word is looked up once, and all words share a term's
 * tally.
 */
function beginnersIn({ terms, longestStem }: Lexicon, tallies: Map<Term, Tally>) {
  const seen = new Map<string, readonly Tally[]>();
  const tallyOf = (term: Term): Tally => {
    const tally = tallies.get(term) ?? {
      term,
      times: 0,
      places: term.within === null ? [] : term.stems.map(() => -1),
    };
    tallies.set(term, tally);
    return tally;
  };
  return (word: string): readonly Tally[] => {
    const before = seen.get(word);
    if (before) return before;
    const found: Tally[] = [];
    for (let length = Math.min(word.length, longestStem); length > 0; length -= 1) {
      for (const term of terms.get(word.slice(0, length)) ?? []) {
        if (term.within !== null || fits(word, term.stems[0] ?? [])) found.push(tallyOf(term));
      }
    }
    seen.set(word, found);
    return found;
  };
}

/** Whether this word completes a combined term: all its stems are near each other. */
function isComplete({ term, places }: Tally, word: string, position: number): boolean {
  const mine = term.stems.findIndex(stem => fits(word, stem));
  if (mine < 0) return false;
  places[mine] = position;
  const within = term.within ?? 0;
  for (const place of places) if (place < 0 || position - place > within) return false;
  places.fill(-1);
  return true;
}

/**
 * Returns the terms found in folded words, after correcting typing errors and removing negated terms. Linear:
 * each word is looked up by its prefixes, and each phrase is short.
 */
export function findTerms(lexicon: Lexicon, written: readonly string[]): Found[] {
  const words = written.map(lexicon.mender());
  const tallies = new Map<Term, Tally>();
  const beginners = beginnersIn(lexicon, tallies);
  words.forEach((word, position) => {
    for (const tally of beginners(word)) {
      if (tally.times >= TIMES_COUNTED) continue;
      const { term } = tally;
      if (term.within !== null) {
        if (!isComplete(tally, word, position)) continue;
      } else {
        const end = endOfPhrase(words, position, term);
        if (end < 0 || isDenied(words, end, lexicon.denial)) continue;
      }
      tally.times += 1;
    }
  });
  return [...tallies.values()].filter(({ times }) => times > 0);
}
