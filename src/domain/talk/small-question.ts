import { evidenceOf, type RoutingKnowledge } from '../routing/classify';
import { findTerms, type Lexicon } from '../routing/lexicon';
import { foldedWords } from '../turkish';

/** The questions of the municipality's files with a prepared answer. */
export interface SmallQuestions {
  readonly slugs: readonly string[];
  /** The terms of the questions, in their order. */
  readonly terms: Lexicon;
}

/** A single strong term is enough. */
const LEAST = 4;
/** "Ne zaman yapılacak" beside a pothole is still a report of it. */
const MARGIN = 1.5;
/** A longer text tells a story, and a question in it is not all of it. */
const MOST_WORDS = 25;

/**
 * Returns the slug of the question that a text asks; null if it asks none of them, or if its words speak as much for a
 * second question, or almost as much for a subject of reports.
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
