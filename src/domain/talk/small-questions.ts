import { evidenceOf, type RoutingKnowledge } from '../routing/classify';
import { findTerms, type Lexicon } from '../routing/lexicon';
import { foldedWords } from '../turkish';

/** Small questions with a prepared answer, from the municipality's configuration. */
export interface SmallQuestions {
  readonly slugs: readonly string[];
  /** The terms of the questions, in the same order. */
  readonly terms: Lexicon;
}

/** The evidence of a single strong term. */
const LEAST = 4;
/** The factor over the evidence for a subject: "Ne zaman yapılacak" with a pothole is still a report. */
const MARGIN = 1.5;
/** Longer texts contain more than a question. */
const MOST_WORDS = 25;

/**
 * Returns the slug of the question in a text. Returns null if there is none, or if the evidence for a second
 * question is equal, or that for a subject of reports almost equal.
 */
export function questionIn(
  text: string,
  { slugs, terms }: SmallQuestions,
  subjects: Pick<RoutingKnowledge, 'categories' | 'catalogue'>,
): string | null {
  const words = foldedWords(text);
  if (words.length === 0 || words.length > MOST_WORDS) return null;
  const scores = slugs.map(() => 0);
  for (const { term } of findTerms(terms, words)) {
    scores[term.category] = (scores[term.category] ?? 0) + term.weight;
  }
  const [best, second] = scores
    .map((score, i) => ({ score, slug: slugs[i] }))
    .sort((a, b) => b.score - a.score);
  if (!best || best.score < LEAST || best.score === second?.score) return null;
  const [subject] = evidenceOf(words, subjects).candidates;
  return best.score > MARGIN * (subject?.score ?? 0) ? (best.slug ?? null) : null;
}
