import { foldWord } from '../turkish';
import type { WordTest } from '../vocabulary';
import type { RoutedCategory } from './category';
import { type Mend, spellingOf } from './spelling';

/** A word beginning, or a whole word with `whole`. Folded. */
export interface Stem {
  readonly folded: string;
  readonly whole: boolean;
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
  /** Whether the stems may occur in any order, some words apart. */
  readonly together: boolean;
}

/** Shorter softened stems would match too many other words. */
const SHORTEST_SOFTENING = 4;

/** A final k, p or t softens before a vowel (köpek, köpeği). ç and c are already one letter when folded. */
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

export function termOf(category: number, written: string, weight: number): Term {
  const together = written.includes(' + ');
  const stems = written.split(together ? ' + ' : ' ').map(stemsOf);
  return { category, written, weight, stems, together };
}

export function fits(word: string, stems: readonly Stem[]): boolean {
  for (const { folded, whole } of stems) if (whole ? word === folded : word.startsWith(folded)) return true;
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
}

/**
 * Whether the text excludes the word at `end`: "çöp değil", "suyla ilgili değil", "çöp sorunu yok". "Çöp
 * konteyneri yok" is not a negation but the complaint itself.
 */
function isDenied(words: readonly string[], end: number, is: DenialLexicon): boolean {
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

/** The most other words between two stems of a phrase. */
const LONGEST_GAP = 2;

/** The longest distance, in words, between combined stems: a sentence or two. */
const TOGETHER_WITHIN = 30;

/** Prepares a catalogue for matching. Do this once: it costs more than matching many texts. */
export function lexiconOf(
  categories: readonly Pick<RoutedCategory, 'words' | 'notWords'>[],
  grammar: Grammar,
): Lexicon {
  const terms = new Map<string, Term[]>();
  const stems = new Set<string>();
  const add = (term: Term): void => {
    term.stems.flat().forEach(({ folded }) => stems.add(folded));
    // Combined terms can begin with any of their stems.
    const beginnings = term.together ? term.stems : term.stems.slice(0, 1);
    for (const { folded } of beginnings.flat()) terms.set(folded, [...(terms.get(folded) ?? []), term]);
  };
  categories.forEach(({ words, notWords }, category) => {
    Object.entries(words).forEach(([written, weight]) => add(termOf(category, written, weight)));
    Object.entries(notWords).forEach(([written, weight]) => add(termOf(category, written, -weight)));
  });
  const longestStem = Math.max(0, ...[...terms.keys()].map(stem => stem.length));
  return { terms, longestStem, mender: spellingOf(stems, grammar.asWritten), denial: grammar.denial };
}

/** Returns the position of the last stem of a phrase that begins at `start`, or -1. */
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

/** Whether this word completes a combined term: all its stems are near each other. */
function isComplete({ term, places }: Tally, word: string, position: number): boolean {
  const mine = term.stems.findIndex(stem => fits(word, stem));
  if (mine < 0) return false;
  places[mine] = position;
  for (const place of places) if (place < 0 || position - place > TOGETHER_WITHIN) return false;
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
      if (term.together) {
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
