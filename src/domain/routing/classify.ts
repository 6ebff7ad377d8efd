import { foldedWords } from '../turkish';
import { OTHER_CATEGORY, type RoutedCategory } from './category';
import { findTerms, lexiconOf, type Lexicon } from './lexicon';

/** A guess at the subject of a report, for a reason that can be read. */
export interface Classification {
  /** The best subjects, most likely first; `other` alone when nothing speaks for any. */
  readonly ranked: readonly { readonly category: string; readonly confidence: number }[];
  /** Terms of the catalogue that spoke for the first subject; never the citizen's own words. */
  readonly matched: readonly string[];
  /** Whether to route without asking. */
  readonly sure: boolean;
}

/** Evidence that nothing at all gives; keeps one weak word from looking like certainty. */
const DOUBT = 2;

/** Share of its owner at which a report goes straight to the desk. */
const SURE_SHARE = 0.6;

const LONGEST_RANKING = 5;

/** Compiled once for each loaded catalogue, which is frozen. */
const lexicons = new WeakMap<readonly RoutedCategory[], Lexicon>();

function lexiconFor(categories: readonly RoutedCategory[]): Lexicon {
  const known = lexicons.get(categories);
  if (known) return known;
  const lexicon = lexiconOf(categories);
  lexicons.set(categories, lexicon);
  return lexicon;
}

function ownerName({ owner }: RoutedCategory): string {
  return 'department' in owner ? `department ${owner.department}` : `institution ${owner.institution}`;
}

/** A repeated term counts on, but less each time and never more than double. */
function repeated(weight: number, times: number): number {
  return weight * (2 - 2 ** (1 - times));
}

/**
 * Guesses the subject of a report from weighted terms. Deterministic and linear in the text; confidence is the
 * share of the evidence, 0 to 1. The owner with the most evidence wins, then its strongest subject.
 */
export function classify(text: string, categories: readonly RoutedCategory[]): Classification {
  const found = findTerms(lexiconFor(categories), foldedWords(text));
  const scores = categories.map(() => 0);
  for (const { term, times } of found) {
    scores[term.category] = (scores[term.category] ?? 0) + repeated(term.weight, times);
  }
  const owners = new Map<string, number>();
  const candidates = categories
    .map((category, i) => ({
      category,
      index: i,
      owner: ownerName(category),
      score: Math.max(0, scores[i] ?? 0),
    }))
    .filter(({ score }) => score > 0);
  for (const { owner, score } of candidates) owners.set(owner, (owners.get(owner) ?? 0) + score);
  const ofOwner = (owner: string): number => owners.get(owner) ?? 0;
  candidates.sort((a, b) => ofOwner(b.owner) - ofOwner(a.owner) || b.score - a.score || a.index - b.index);

  const [best] = candidates;
  if (!best) return { ranked: [{ category: OTHER_CATEGORY, confidence: 0 }], matched: [], sure: false };
  const all = DOUBT + candidates.reduce((sum, { score }) => sum + score, 0);
  return {
    ranked: candidates
      .slice(0, LONGEST_RANKING)
      .map(({ category, score }) => ({ category: category.slug, confidence: score / all })),
    matched: found
      .filter(({ term }) => term.category === best.index && term.weight > 0)
      .map(({ term }) => term.written),
    sure: ofOwner(best.owner) / all >= SURE_SHARE,
  };
}
