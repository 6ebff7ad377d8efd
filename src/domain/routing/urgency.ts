import { raised } from '../case/case';
import type { Priority } from '../sla/sla';
import { foldedWords } from '../turkish';
import { findTerms, type Lexicon } from './lexicon';

/** Words of danger, from the municipality's files. */
export interface UrgencyLexicon {
  /** A place that may hurt the next who passes, told as a fact. */
  readonly hazards: Lexicon;
  /** Danger to people in the citizen's words. */
  readonly risks: Lexicon;
}

const LEAST = 3;

function speaksOf(lexicon: Lexicon, words: readonly string[]): boolean {
  return findTerms(lexicon, words).reduce((sum, { term }) => sum + term.weight, 0) >= LEAST;
}

/**
 * The priority of a report: that of its subject, one step up when the words tell of danger to people, and the
 * highest at once when they tell of a hazard that is there already.
 */
export function priorityOf(text: string, usual: Priority, { hazards, risks }: UrgencyLexicon): Priority {
  const words = foldedWords(text);
  if (speaksOf(hazards, words)) return 'p1';
  return speaksOf(risks, words) ? raised[usual] : usual;
}
