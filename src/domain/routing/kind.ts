import type { CaseKind } from '../case/case';
import { foldedWords } from '../turkish';
import { findTerms, type Lexicon } from './lexicon';

/** What tells the kinds of report apart: the kinds in the order of the lexicon's entries. */
export interface KindLexicon {
  readonly kinds: readonly CaseKind[];
  readonly terms: Lexicon;
}

/** A kind other than that of the subject needs so much evidence, beyond that for a problem. */
const LEAST = 3;

/**
 * What the citizen wants: to have something mended, to get something, to suggest, to thank or to know. `usual` is
 * what reports of the subject mostly are; a courtesy at the end of a complaint does not change that.
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
