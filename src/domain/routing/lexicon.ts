import type { RoutedCategory } from './category';
import { isDenied } from './denial';
import { spellingOf, type Mend } from './spelling';
import { fits, termOf, type Term } from './term';

/** All terms of a catalogue under their folded first stem. */
export interface Lexicon {
  readonly terms: ReadonlyMap<string, readonly Term[]>;
  readonly longestStem: number;
  /** A fresh mender of typing errors for one text. */
  readonly mender: () => Mend;
}

/** A term found in a text, and how often. */
export interface Found {
  readonly term: Term;
  readonly times: number;
}

/** How many other words may stand between two stems of a phrase. */
const LONGEST_GAP = 2;

/** How far apart, in words, stems that speak together may stand: a sentence or two. */
const TOGETHER_WITHIN = 30;

/** Prepares a catalogue for matching; done once, it costs more than many texts. */
export function lexiconOf(categories: readonly Pick<RoutedCategory, 'words' | 'notWords'>[]): Lexicon {
  const terms = new Map<string, Term[]>();
  const stems = new Set<string>();
  const add = (term: Term): void => {
    term.stems.flat().forEach(({ folded }) => stems.add(folded));
    // Terms that speak together may begin with any of their stems.
    const beginnings = term.together ? term.stems : term.stems.slice(0, 1);
    for (const { folded } of beginnings.flat()) terms.set(folded, [...(terms.get(folded) ?? []), term]);
  };
  categories.forEach(({ words, notWords }, category) => {
    Object.entries(words).forEach(([written, weight]) => add(termOf(category, written, weight)));
    Object.entries(notWords).forEach(([written, weight]) => add(termOf(category, written, -weight)));
  });
  const longestStem = Math.max(0, ...[...terms.keys()].map(stem => stem.length));
  return { terms, longestStem, mender: spellingOf(stems) };
}

/** Where the last stem of a phrase stands that begins at `start`, or -1. */
function endOfPhrase(words: readonly string[], start: number, { stems }: Term): number {
  let end = start;
  for (let i = 1; i < stems.length; i += 1) {
    const stem = stems[i] ?? [];
    let next = end + 1;
    while (next <= end + 1 + LONGEST_GAP && !fits(words[next] ?? '', stem)) next += 1;
    if (next > end + 1 + LONGEST_GAP) return -1;
    end = next;
  }
  return end;
}

/** A term with what has been seen of it in a text. */
interface Tally {
  readonly term: Term;
  times: number;
  /** Where each stem of a term that speaks together was last seen, or -1. */
  readonly places: number[];
}

/** A term that has been said so often gains nothing by being said again. */
const TIMES_COUNTED = 8;

/** The terms that a word may begin, each word of a text looked up once; all words share a term's tally. */
function beginnersIn({ terms, longestStem }: Lexicon, tallies: Map<Term, Tally>) {
  const seen = new Map<string, readonly Tally[]>();
  const tallyOf = (term: Term): Tally => {
    const tally = tallies.get(term) ?? {
      term,
      times: 0,
      places: term.together ? term.stems.map(() => -1) : [],
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
        if (term.together || fits(word, term.stems[0] ?? [])) found.push(tallyOf(term));
      }
    }
    seen.set(word, found);
    return found;
  };
}

/** Whether with this word the last of the stems that speak together has come near the others. */
function isComplete({ term, places }: Tally, word: string, position: number): boolean {
  const mine = term.stems.findIndex(stem => fits(word, stem));
  if (mine < 0) return false;
  places[mine] = position;
  for (const place of places) if (place < 0 || position - place > TOGETHER_WITHIN) return false;
  places.fill(-1);
  return true;
}

/**
 * The terms found in folded words, typing errors mended, what the text denies left out. Linear: each word is looked
 * up by its beginnings, each phrase is short.
 */
export function findTerms(lexicon: Lexicon, written: readonly string[]): Found[] {
  const words = written.map(lexicon.mender());
  const tallies = new Map<Term, Tally>();
  const beginners = beginnersIn(lexicon, tallies);
  words.forEach((word, position) => {
    for (const tally of beginners(word)) {
      if (tally.times >= TIMES_COUNTED) continue;
      const { term } = tally;
      if (term.together) {
        if (!isComplete(tally, word, position)) continue;
      } else {
        const end = endOfPhrase(words, position, term);
        if (end < 0 || isDenied(words, end)) continue;
      }
      tally.times += 1;
    }
  });
  return [...tallies.values()].filter(({ times }) => times > 0);
}
