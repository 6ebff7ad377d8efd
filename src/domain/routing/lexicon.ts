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
  for (const stem of stems.slice(1)) {
    const window = words.slice(end + 1, end + 2 + LONGEST_GAP);
    const gap = window.findIndex(word => fits(word, stem));
    if (gap < 0) return -1;
    end += gap + 1;
  }
  return end;
}

/** Notes for each term that speaks together where its stems were last seen. */
class Company {
  private readonly seen = new Map<Term, number[]>();

  /** Whether with this word the last of its stems has come near the others. */
  completes(term: Term, word: string, position: number): boolean {
    const places = this.seen.get(term) ?? term.stems.map(() => -1);
    this.seen.set(term, places);
    const mine = term.stems.findIndex(stem => fits(word, stem));
    if (mine < 0) return false;
    places[mine] = position;
    const complete = places.every(place => place >= 0 && position - place <= TOGETHER_WITHIN);
    if (complete) places.fill(-1);
    return complete;
  }
}

/**
 * The terms found in folded words, typing errors mended, what the text denies left out. Linear: each word is looked
 * up by its beginnings, each phrase is short.
 */
export function findTerms(lexicon: Lexicon, written: readonly string[]): Found[] {
  const words = written.map(lexicon.mender());
  const times = new Map<Term, number>();
  const company = new Company();
  words.forEach((word, position) => {
    for (let length = Math.min(word.length, lexicon.longestStem); length > 0; length -= 1) {
      for (const term of lexicon.terms.get(word.slice(0, length)) ?? []) {
        if (term.together) {
          if (!company.completes(term, word, position)) continue;
        } else {
          if (!fits(word, term.stems[0] ?? [])) continue;
          const end = endOfPhrase(words, position, term);
          if (end < 0 || isDenied(words, end)) continue;
        }
        times.set(term, (times.get(term) ?? 0) + 1);
      }
    }
  });
  return [...times].map(([term, count]) => ({ term, times: count }));
}
