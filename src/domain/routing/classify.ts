import { foldedWords } from '../turkish';
import { calibrated } from './calibration';
import { OTHER_CATEGORY, type RoutedCategory } from './category';
import { evidenceOf, viewOf, type Evidence } from './evidence';
import { opinionOf, signsOf, type LearnedModel } from './learned-model';

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
  readonly learned?: LearnedModel | null;
}

/** How likely the owner must be for a report to go straight to the desk. */
const SURE_FROM = 0.94;

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
export function classify(text: string, { categories, learned = null }: RoutingKnowledge): Classification {
  const words = foldedWords(text);
  const evidence = evidenceOf(words, categories);
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
