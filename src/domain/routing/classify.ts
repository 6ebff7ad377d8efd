import { foldedWords } from '../turkish';
import { calibrated } from './calibration';
import { OTHER_CATEGORY, ownerKey, type RoutedCategory } from './category';
import { findTerms, lexiconOf, type Found, type Lexicon } from './lexicon';

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

/** How likely the owner must be for a report to go straight to the desk. */
const SURE_FROM = 0.94;

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

/** A repeated term counts on, but less each time and never more than double. */
function repeated(weight: number, times: number): number {
  return weight * (2 - 2 ** (1 - times));
}

interface Candidate {
  readonly category: RoutedCategory;
  readonly index: number;
  readonly owner: string;
  readonly score: number;
}

function candidatesOf(categories: readonly RoutedCategory[], found: readonly Found[]): Candidate[] {
  const scores = categories.map(() => 0);
  for (const { term, times } of found) {
    scores[term.category] = (scores[term.category] ?? 0) + repeated(term.weight, times);
  }
  return categories
    .map((category, index) => ({
      category,
      index,
      owner: ownerKey(category.owner),
      score: scores[index] ?? 0,
    }))
    .filter(({ score }) => score > 0);
}

/**
 * Guesses the subject of a report from weighted terms. Deterministic and linear in the text; a confidence is how
 * likely the subject's owner is the right one, 0 to 1. The owner with the most evidence wins, then its strongest
 * subject.
 */
export function classify(text: string, categories: readonly RoutedCategory[]): Classification {
  const found = findTerms(lexiconFor(categories), foldedWords(text));
  const candidates = candidatesOf(categories, found);
  const owners = new Map<string, number>();
  for (const { owner, score } of candidates) owners.set(owner, (owners.get(owner) ?? 0) + score);
  const ofOwner = (owner: string): number => owners.get(owner) ?? 0;
  candidates.sort((a, b) => ofOwner(b.owner) - ofOwner(a.owner) || b.score - a.score || a.index - b.index);

  const [best] = candidates;
  if (!best) return { ranked: [{ category: OTHER_CATEGORY, confidence: 0 }], matched: [], sure: false };
  const evidence = [...owners.values()].reduce((sum, score) => sum + score, DOUBT);
  const doubted = evidence + (best.category.doubt ?? 0);
  const likely = calibrated(ofOwner(best.owner) / doubted);
  const ranked = candidates.slice(0, LONGEST_RANKING).map(({ category, owner, score }) => ({
    category: category.slug,
    confidence: round(calibrated(ofOwner(owner) / doubted) * (score / ofOwner(owner))),
  }));
  return {
    ranked: [{ category: best.category.slug, confidence: round(likely) }, ...ranked.slice(1)],
    matched: found
      .filter(({ term }) => term.category === best.index && term.weight > 0)
      // People read these: the catalogue's mark of a whole word would puzzle them.
      .map(({ term }) => term.written.replaceAll('$', '')),
    sure: likely >= SURE_FROM,
  };
}

function round(share: number): number {
  return Math.round(share * 1000) / 1000;
}
