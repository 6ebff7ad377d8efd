import { foldWord } from '../turkish';
import type { WordTest } from '../vocabulary';
import type { RoutedCategory } from './category';
import { type Mend, spellingOf } from './spelling';

/** The beginning of a word, or with `whole` the word itself; folded. */
export interface Stem {
  readonly folded: string;
  readonly whole: boolean;
}

/** A term of the catalogue, ready for matching. */
interface Term {
  /** Place of the subject in the catalogue. */
  readonly category: number;
  /** As written in the catalogue. */
  readonly written: string;
  /** Negative when it speaks against the subject. */
  readonly weight: number;
  /** Each stem with its softened twin. */
  readonly stems: readonly (readonly Stem[])[];
  /** Whether the stems may stand in any order, some words apart, instead of following one another. */
  readonly together: boolean;
}

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

export function termOf(category: number, written: string, weight: number): Term {
  const together = written.includes(' + ');
  const stems = written.split(together ? ' + ' : ' ').map(stemsOf);
  return { category, written, weight, stems, together };
}

export function fits(word: string, stems: readonly Stem[]): boolean {
  for (const { folded, whole } of stems) if (whole ? word === folded : word.startsWith(folded)) return true;
  return false;
}

/** The words that deny, from the municipality's files. */
export interface DenialLexicon {
  readonly not: WordTest;
  /** After these nothing is denied: "çöp değil mi" asks and "değil mi" confirms. */
  readonly stillMeant: WordTest;
  readonly related: WordTest;
  readonly matter: WordTest;
  readonly none: WordTest;
}

/** What the matching of any catalogue has to know of the language. */
export interface Grammar {
  /** Beginnings of words, folded, that are not mended. */
  readonly asWritten: readonly string[];
  readonly denial: DenialLexicon;
}

/**
 * Whether the text says of the word at `end` that it is not the matter: "çöp değil", "suyla ilgili değil",
 * "çöp sorunu yok". "Çöp konteyneri yok" denies nothing: that is what it complains of.
 */
function isDenied(words: readonly string[], end: number, is: DenialLexicon): boolean {
  const [next, second = '', third = ''] = words.slice(end + 1, end + 4);
  if (next === undefined) return false;
  if (is.not(next)) return !is.stillMeant(second);
  if (is.related(next) && is.not(second)) return !is.stillMeant(third);
  if (is.matter(next)) return is.none(second) || (is.not(second) && !is.stillMeant(third));
  return false;
}

/** All terms of a catalogue under their folded first stem. */
export interface Lexicon {
  readonly terms: ReadonlyMap<string, readonly Term[]>;
  readonly longestStem: number;
  /** A fresh mender of typing errors for one text. */
  readonly mender: () => Mend;
  readonly denial: DenialLexicon;
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
export function lexiconOf(
  categories: readonly Pick<RoutedCategory, 'words' | 'notWords'>[],
  grammar: Grammar,
): Lexicon {
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
  return { terms, longestStem, mender: spellingOf(stems, grammar.asWritten), denial: grammar.denial };
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
        if (end < 0 || isDenied(words, end, lexicon.denial)) continue;
      }
      tally.times += 1;
    }
  });
  return [...tallies.values()].filter(({ times }) => times > 0);
}
