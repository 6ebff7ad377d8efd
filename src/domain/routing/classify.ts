import { foldedWords } from '../turkish';
import { OTHER_CATEGORY, ownerKey, type RoutedCategory } from './category';
import { type LearnedModel, opinionOf, type RulesView, signsOf } from './learned';
import { findTerms, type Found, type Lexicon } from './lexicon';

/** A guess at the subject of a report, for a reason that can be read. */
export interface Classification {
  /** The best subjects, most likely first; `other` alone when nothing speaks for any. */
  readonly ranked: readonly { readonly category: string; readonly confidence: number }[];
  /** Terms of the catalogue that spoke for the first subject; never the citizen's own words. */
  readonly matched: readonly string[];
  /** Whether to route without asking. */
  readonly sure: boolean;
}

/** What a report is routed by: the municipality's subjects, and what its own cases have taught, if they have. */
export interface RoutingKnowledge {
  readonly categories: readonly RoutedCategory[];
  /** The terms of the subjects, in their order. */
  readonly catalogue: Lexicon;
  readonly learned?: LearnedModel | null;
}

/** How likely the owner must be for a report to go straight to the desk. */
const SURE_FROM = 0.95;

/** The same with a learned model, which says less than it knows while it has seen few cases (cross-validated). */
const SURE_WHEN_TAUGHT = 0.91;

/** How much a learned model weighs beside the rules, for owners it knows. */
const LEARNED = 0.7;

const LONGEST_RANKING = 5;

/** How likely an owner is, 0 to 1: by its share of the evidence, and by what the town's own cases have taught. */
function likelihoods(
  words: readonly string[],
  evidence: Evidence,
  learned: LearnedModel | null,
): (owner: string) => number {
  const doubted = evidence.all + (evidence.candidates[0]?.category.doubt ?? 0);
  const byRules = (owner: string): number => calibrated(evidence.ofOwner(owner) / doubted);
  if (!learned) return byRules;
  const opinion = opinionOf(learned, signsOf(words, viewOf(evidence)));
  return owner => {
    const taught = opinion[learned.owners.indexOf(owner)];
    return taught === undefined ? byRules(owner) : (1 - LEARNED) * byRules(owner) + LEARNED * taught;
  };
}

/**
 * Guesses the subject of a report from weighted terms. Deterministic and linear in the text; a confidence is how
 * likely the subject's owner is the right one, 0 to 1. The likeliest owner wins, then its strongest subject. A
 * learned model moves confidence between owners that the words speak for; it never brings in one of its own, so
 * that each guess has words to show.
 */
export function classify(text: string, knowledge: RoutingKnowledge): Classification {
  const words = foldedWords(text);
  const { learned = null } = knowledge;
  const evidence = evidenceOf(words, knowledge);
  const likelyOf = likelihoods(words, evidence, learned);
  // The sort is stable: owners as likely as each other keep the order of their evidence.
  const candidates = learned
    ? [...evidence.candidates].sort((a, b) => likelyOf(b.owner) - likelyOf(a.owner))
    : evidence.candidates;
  const [best] = candidates;
  if (!best) return { ranked: [{ category: OTHER_CATEGORY, confidence: 0 }], matched: [], sure: false };
  const likely = likelyOf(best.owner);
  const ranked = candidates.slice(0, LONGEST_RANKING).map(({ category, owner, score }) => ({
    category: category.slug,
    confidence: round(likelyOf(owner) * (score / evidence.ofOwner(owner))),
  }));
  return {
    ranked: [{ category: best.category.slug, confidence: round(likely) }, ...ranked.slice(1)],
    matched: evidence.found
      .filter(({ term }) => term.category === best.index && term.weight > 0)
      // People read these: the catalogue's mark of a whole word would puzzle them.
      .map(({ term }) => term.written.replaceAll('$', '')),
    sure: likely >= (learned ? SURE_WHEN_TAUGHT : SURE_FROM),
  };
}

function round(share: number): number {
  return Math.round(share * 1000) / 1000;
}

/**
 * How often the owner with a share of the evidence is the right one, measured on the tuning half of the labelled
 * corpus; between the points in a straight line.
 */
const points: readonly (readonly [share: number, right: number])[] = [
  [0, 0],
  [0.25, 0.45],
  [0.4, 0.7],
  [0.55, 0.9],
  [0.62, 0.94],
  [0.8, 0.98],
  [1, 0.995],
];

/** The likelihood, 0 to 1, behind a share of the evidence, 0 to 1. */
function calibrated(share: number): number {
  for (let i = 1; i < points.length; i += 1) {
    const [x0, y0] = points[i - 1] ?? [0, 0];
    const [x1, y1] = points[i] ?? [1, 1];
    if (share <= x1) return y0 + ((share - x0) / (x1 - x0)) * (y1 - y0);
  }
  return points.at(-1)?.[1] ?? 1;
}

/** Evidence that nothing at all gives; keeps one weak word from looking like certainty. */
const DOUBT = 2;

interface Candidate {
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

/** A repeated term counts on, but less each time and never more than double. */
function repeated(weight: number, times: number): number {
  return weight * (2 - 2 ** (1 - times));
}

/** Weighs the terms in folded words; linear in their number. */
export function evidenceOf(
  words: readonly string[],
  { categories, catalogue }: Omit<RoutingKnowledge, 'learned'>,
): Evidence {
  const found = findTerms(catalogue, words);
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
