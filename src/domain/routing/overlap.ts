import { foldedWords } from '../turkish';
import { evidenceOf, type RoutingKnowledge } from './classify';

/** Weaker terms occur in reports of many subjects. */
const LEAST_WEIGHT = 3;
/** A term is shared if it is at least this much evidence for the other subject, relative to its own. */
const SHARED_FROM = 0.5;
/** Subjects overlap if at least this share of one subject's terms, by weight, is shared. */
const OVERLAP_FROM = 0.1;

/**
 * Returns for each subject the other subjects of the same department whose reports can describe the same matter, such
 * as a playground and the park around it. Derived from the catalogue's own terms; symmetric.
 */
export function overlapsIn(
  knowledge: Pick<RoutingKnowledge, 'categories' | 'catalogue'>,
): ReadonlyMap<string, readonly string[]> {
  const overlaps = new Map<string, Set<string>>();
  const note = (one: string, other: string): void => {
    overlaps.set(one, (overlaps.get(one) ?? new Set()).add(other));
  };
  for (const { slug, owner, words } of knowledge.categories) {
    if ('institution' in owner) continue;
    const terms = Object.entries(words).filter(([, weight]) => weight >= LEAST_WEIGHT);
    const all = terms.reduce((sum, [, weight]) => sum + weight, 0);
    const shared = new Map<string, number>();
    for (const [term, weight] of terms) {
      const { candidates } = evidenceOf(foldedWords(term), knowledge);
      const own = candidates.find(({ category }) => category.slug === slug);
      if (!own) continue;
      for (const { category, owner: key, score } of candidates) {
        if (category.slug === slug || key !== own.owner || score < SHARED_FROM * own.score) continue;
        shared.set(category.slug, (shared.get(category.slug) ?? 0) + weight);
      }
    }
    for (const [other, weight] of shared) {
      if (weight < OVERLAP_FROM * all) continue;
      note(slug, other);
      note(other, slug);
    }
  }
  return new Map([...overlaps].map(([slug, others]) => [slug, [...others].sort()]));
}
