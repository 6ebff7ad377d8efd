import { foldWord } from '../turkish';
import type { RoutedCategory } from './category';

interface Stem {
  readonly folded: string;
  readonly whole: boolean;
}

interface Term {
  /** Place of the subject in the catalogue. */
  readonly category: number;
  /** As written in the catalogue. */
  readonly written: string;
  /** Negative when it speaks against the subject. */
  readonly weight: number;
  readonly whole: boolean;
  /** The further stems of a phrase, each with its softened twin. */
  readonly rest: readonly (readonly Stem[])[];
}

/** All terms of a catalogue under their folded first stem. */
export interface Lexicon {
  readonly terms: ReadonlyMap<string, readonly Term[]>;
  readonly longestStem: number;
}

/** A term found in a text, and how often. */
export interface Found {
  readonly term: Term;
  readonly times: number;
}

/** How many other words may stand between two stems of a phrase. */
const LONGEST_GAP = 2;

/** A shorter stem that softens would fit too many other words. */
const SHORTEST_SOFTENING = 4;

/** A final k, p or t softens before a vowel (köpek, köpeği); ç and c are one letter when folded. */
const softened: Readonly<Record<string, string>> = { k: 'g', p: 'b', t: 'd' };

function stemsOf(written: string): Stem[] {
  const whole = written.endsWith('$');
  const folded = foldWord(whole ? written.slice(0, -1) : written);
  const soft = softened[folded.slice(-1)];
  if (whole || soft === undefined || folded.length < SHORTEST_SOFTENING) return [{ folded, whole }];
  return [
    { folded, whole },
    { folded: folded.slice(0, -1) + soft, whole },
  ];
}

/** Prepares a catalogue for matching; done once, it costs more than many texts. */
export function lexiconOf(categories: readonly RoutedCategory[]): Lexicon {
  const terms = new Map<string, Term[]>();
  const add = (category: number, written: string, weight: number): void => {
    const [first = [], ...rest] = written.split(' ').map(stemsOf);
    const term = { category, written, weight, whole: written.split(' ')[0]?.endsWith('$') ?? false, rest };
    for (const { folded } of first) terms.set(folded, [...(terms.get(folded) ?? []), term]);
  };
  categories.forEach(({ words, notWords }, category) => {
    Object.entries(words).forEach(([written, weight]) => add(category, written, weight));
    Object.entries(notWords).forEach(([written, weight]) => add(category, written, -weight));
  });
  return { terms, longestStem: Math.max(0, ...[...terms.keys()].map(stem => stem.length)) };
}

function fits(word: string, { folded, whole }: Stem): boolean {
  return whole ? word === folded : word.startsWith(folded);
}

function restFits(words: readonly string[], from: number, rest: Term['rest']): boolean {
  let next = from;
  for (const stems of rest) {
    const window = words.slice(next, next + LONGEST_GAP + 1);
    const gap = window.findIndex(word => stems.some(stem => fits(word, stem)));
    if (gap < 0) return false;
    next += gap + 1;
  }
  return true;
}

/** The terms found in folded words. Linear: each word is looked up by its beginnings, each phrase is short. */
export function findTerms(lexicon: Lexicon, words: readonly string[]): Found[] {
  const times = new Map<Term, number>();
  words.forEach((word, position) => {
    for (let length = Math.min(word.length, lexicon.longestStem); length > 0; length -= 1) {
      for (const term of lexicon.terms.get(word.slice(0, length)) ?? []) {
        if (term.whole && length < word.length) continue;
        if (restFits(words, position + 1, term.rest)) times.set(term, (times.get(term) ?? 0) + 1);
      }
    }
  });
  return [...times].map(([term, count]) => ({ term, times: count }));
}
