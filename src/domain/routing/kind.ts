import type { CaseKind } from '../case/case';
import { foldedWords } from '../turkish';
import { findTerms, type Lexicon } from './lexicon';

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
