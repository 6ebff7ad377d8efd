import type { CaseKind } from '../case/case';
import { foldedWords } from '../turkish';
import { OTHER_CATEGORY, ownerKey, type RoutedCategory } from './category';
import {
  type LearnedLabels,
  type LearnedModel,
  opinionOf,
  type RulesView,
  type Signs,
  signsOf,
} from './learned';
import { findTerms, type Found, type Lexicon } from './lexicon';

/** The likely subject of a report, with the reason. */
export interface Classification {
  /** The best subjects, most likely first; only `other` if no term matched. */
  readonly ranked: readonly { readonly category: string; readonly confidence: number }[];
  /** Matched terms of the first subject, as written in the catalogue; never the citizen's own text. */
  readonly matched: readonly string[];
  /** Whether to route without a question. */
  readonly sure: boolean;
}

/** The input of routing: the municipality's subjects and, optionally, a model trained on its own cases. */
export interface RoutingKnowledge {
  readonly categories: readonly RoutedCategory[];
  /** The terms of the subjects, in the same order. */
  readonly catalogue: Lexicon;
  readonly learned?: LearnedModel | null;
}

/**
 * The likelihood of the owner from which a report is routed without a question. Chosen on one half of 897 labelled
 * complaints of other municipalities, as the lowest of which at least 97 % are right (97.7 %; 69 % routed). On the other
 * half 96.6 % are right, and 98.2 % without the label "other", which names no owner.
 */
const SURE_FROM = 0.95;

/** The same threshold with a learned model, which is underconfident after few cases (cross-validated). */
const SURE_WHEN_TAUGHT = 0.91;

/** The likelihood of the owner from which a guess is only confirmed, or recorded if the citizen does not answer. */
export const LIKELY_FROM = 0.85;

/** Weight of a learned model relative to the rules, for owners and subjects that it knows. */
const LEARNED = 0.7;

const LONGEST_RANKING = 5;

/** The opinion of a learned model on a text: the likelihood of an owner or subject; undefined for those it does not know. */
interface Opinion {
  readonly ofOwner: (key: string) => number | undefined;
  readonly ofSubject: (slug: string) => number | undefined;
}

function opinionBy({ owners, subjects }: LearnedModel, signs: Signs): Opinion {
  const by = (model: LearnedLabels | null): ((label: string) => number | undefined) => {
    const opinion = model ? opinionOf(model, signs) : [];
    return label => opinion[model?.labels.indexOf(label) ?? -1];
  };
  return { ofOwner: by(owners), ofSubject: by(subjects) };
}

const blended = (byRules: number, taught: number): number => (1 - LEARNED) * byRules + LEARNED * taught;

/** Returns the likelihood of each owner, 0 to 1, from its share of the evidence and from the learned model. */
function likelihoods(evidence: Evidence, opinion: Opinion | null): (owner: string) => number {
  const doubted = evidence.all + (evidence.candidates[0]?.category.doubt ?? 0);
  const byRules = (owner: string): number => calibrated(evidence.ofOwner(owner) / doubted);
  return owner => {
    const taught = opinion?.ofOwner(owner);
    return taught === undefined ? byRules(owner) : blended(byRules(owner), taught);
  };
}

/**
 * Returns the share of each candidate, 0 to 1, in its owner. What the rules give to the subjects that the model knows is
 * divided anew between them.
 */
function sharesInOwner(
  { candidates, ofOwner }: Evidence,
  opinion: Opinion | null,
): (candidate: Candidate) => number {
  const byRules = ({ owner, score }: Candidate): number => score / ofOwner(owner);
  const likely = ({ category }: Candidate): number => opinion?.ofSubject(category.slug) ?? 0;
  return candidate => {
    const known = candidates.filter(each => each.owner === candidate.owner && likely(each) > 0);
    if (!known.includes(candidate)) return byRules(candidate);
    const sum = (of: (each: Candidate) => number): number => known.reduce((all, each) => all + of(each), 0);
    return blended(byRules(candidate), (sum(byRules) * likely(candidate)) / sum(likely));
  };
}

/**
 * Classifies a report by weighted terms. Deterministic and linear in the length of the text. Confidence is
 * the probability, 0 to 1, that the subject's owner is right. The most likely owner wins, then its strongest
 * subject. A learned model only shifts confidence between owners, and between subjects of an owner, that have matching
 * terms, so that every guess can be explained by words.
 */
export function classify(text: string, knowledge: RoutingKnowledge): Classification {
  const words = foldedWords(text);
  const { learned = null } = knowledge;
  const evidence = evidenceOf(words, knowledge);
  const opinion = learned && opinionBy(learned, signsOf(words, viewOf(evidence)));
  const likelyOf = likelihoods(evidence, opinion);
  const shareOf = sharesInOwner(evidence, opinion);
  const candidates = opinion
    ? [...evidence.candidates].sort(
        (a, b) =>
          likelyOf(b.owner) - likelyOf(a.owner) ||
          evidence.ofOwner(b.owner) - evidence.ofOwner(a.owner) ||
          shareOf(b) - shareOf(a),
      )
    : evidence.candidates;
  const [best] = candidates;
  if (!best) return { ranked: [{ category: OTHER_CATEGORY, confidence: 0 }], matched: [], sure: false };
  const likely = likelyOf(best.owner);
  const ranked = candidates.slice(0, LONGEST_RANKING).map(candidate => ({
    category: candidate.category.slug,
    confidence: round(likelyOf(candidate.owner) * shareOf(candidate)),
  }));
  return {
    ranked: [{ category: best.category.slug, confidence: round(likely) }, ...ranked.slice(1)],
    matched: evidence.found
      .filter(({ term }) => term.category === best.index && term.weight > 0)
      // People read these terms, so remove the `$` that marks a whole word.
      .map(({ term }) => term.written.replaceAll('$', '')),
    sure: likely >= (learned ? SURE_WHEN_TAUGHT : SURE_FROM),
  };
}

function round(share: number): number {
  return Math.round(share * 1000) / 1000;
}

/**
 * How often the owner with a given share of the evidence is right, measured on the tuning half of the
 * labelled corpus. Linear between the points.
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

/** Returns the likelihood, 0 to 1, for a share of the evidence, 0 to 1. */
function calibrated(share: number): number {
  for (let i = 1; i < points.length; i += 1) {
    const [x0, y0] = points[i - 1] ?? [0, 0];
    const [x1, y1] = points[i] ?? [1, 1];
    if (share <= x1) return y0 + ((share - x0) / (x1 - x0)) * (y1 - y0);
  }
  return points.at(-1)?.[1] ?? 1;
}

/** Evidence for no subject. It keeps one weak term from being a certain match. */
const DOUBT = 2;

interface Candidate {
  readonly category: RoutedCategory;
  /** Index in the catalogue. */
  readonly index: number;
  readonly owner: string;
  readonly score: number;
}

/** The evidence in a text. */
export interface Evidence {
  readonly found: readonly Found[];
  /** The owner with the most evidence first, then its strongest subject. */
  readonly candidates: readonly Candidate[];
  /** Total evidence of an owner's subjects; 0 if none matched. */
  readonly ofOwner: (owner: string) => number;
  readonly all: number;
}

/** A repeated term adds less each time, and at most doubles its weight. */
function repeated(weight: number, times: number): number {
  return weight * (2 - 2 ** (1 - times));
}

/** Weighs the terms in folded words. Linear in the number of words. */
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

/** Returns the evidence in the form that a learned model uses. */
export function viewOf({ candidates, ofOwner, all }: Evidence): RulesView {
  const keys = [...new Set(candidates.map(({ owner }) => owner))];
  return {
    subjects: candidates.map(({ category, score }) => ({ slug: category.slug, share: score / all })),
    owners: keys.map(key => ({ key, share: ofOwner(key) / all })),
  };
}

/** The kinds of report, in the order of the lexicon's entries. */
export interface KindLexicon {
  readonly kinds: readonly CaseKind[];
  readonly terms: Lexicon;
}

/** The evidence, beyond that for a problem, that a kind needs to override the subject's usual kind. */
const LEAST = 3;

/**
 * Returns the kind of a report: problem, request, suggestion, thanks or information. `usual` is the usual kind
 * of the subject. A polite phrase at the end of a complaint does not change it.
 */
export function kindOf(text: string, usual: CaseKind, { kinds, terms }: KindLexicon): CaseKind {
  const scores = new Map<CaseKind, number>();
  for (const { term, times } of findTerms(terms, foldedWords(text))) {
    const kind = kinds[term.category] ?? usual;
    scores.set(kind, (scores.get(kind) ?? 0) + term.weight * Math.min(times, 2));
  }
  const complaint = scores.get('problem') ?? 0;
  const [best] = [...scores]
    .filter(([kind, score]) => kind !== 'problem' && score >= LEAST && score > complaint)
    .sort(([, one], [, other]) => other - one);
  return best?.[0] ?? (complaint >= LEAST && usual !== 'request' ? 'problem' : usual);
}
