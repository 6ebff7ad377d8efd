import { ownerKey, type RoutedCategory } from './category';
import { findTerms, lexiconOf, type Found, type Lexicon } from './lexicon';
import type { RulesView } from './learned-model';

/** Evidence that nothing at all gives; keeps one weak word from looking like certainty. */
const DOUBT = 2;

export interface Candidate {
  readonly category: RoutedCategory;
  /** Place in the catalogue. */
  readonly index: number;
  readonly owner: string;
  readonly score: number;
}

/** What the words of a text speak for. */
export interface Evidence {
  readonly found: readonly Found[];
  /** The owner with the most evidence first, then its strongest subject. */
  readonly candidates: readonly Candidate[];
  /** Of an owner's subjects together; 0 when nothing speaks for it. */
  readonly ofOwner: (owner: string) => number;
  readonly all: number;
}

/** Compiled once for each loaded catalogue, which is frozen. */
const lexicons = new WeakMap<readonly RoutedCategory[], Lexicon>();

function lexiconFor(categories: readonly RoutedCategory[]): Lexicon {
  const known = lexicons.get(categories);
  if (known) return known;
  const lexicon = lexiconOf(categories);
  lexicons.set(categories, lexicon);
  return lexicon;
}

/** A repeated term counts on, but less each time and never more than double. */
function repeated(weight: number, times: number): number {
  return weight * (2 - 2 ** (1 - times));
}

/** Weighs the terms in folded words; linear in their number. */
export function evidenceOf(words: readonly string[], categories: readonly RoutedCategory[]): Evidence {
  const found = findTerms(lexiconFor(categories), words);
  const scores = categories.map(() => 0);
  for (const { term, times } of found) {
    scores[term.category] = (scores[term.category] ?? 0) + repeated(term.weight, times);
  }
  const candidates = categories
    .map((category, index) => ({
      category,
      index,
      owner: ownerKey(category.owner),
      score: scores[index] ?? 0,
    }))
    .filter(({ score }) => score > 0);
  const owners = new Map<string, number>();
  for (const { owner, score } of candidates) owners.set(owner, (owners.get(owner) ?? 0) + score);
  const ofOwner = (owner: string): number => owners.get(owner) ?? 0;
  candidates.sort((a, b) => ofOwner(b.owner) - ofOwner(a.owner) || b.score - a.score || a.index - b.index);
  const all = [...owners.values()].reduce((sum, score) => sum + score, DOUBT);
  return { found, candidates, ofOwner, all };
}

/** What a learned model is told of the evidence. */
export function viewOf({ candidates, ofOwner, all }: Evidence): RulesView {
  const keys = [...new Set(candidates.map(({ owner }) => owner))];
  return {
    subjects: candidates.map(({ category, score }) => ({ slug: category.slug, share: score / all })),
    owners: keys.map(key => ({ key, share: ofOwner(key) / all })),
  };
}
