import type { RoadClass, RoadFound } from '../place/place-words';

/**
 * Terms and their weights, 0 to 10. A term is one to five stems ("çöp", "yol boz"). A stem matches every word
 * that begins with it, with or without Turkish marks; a stem ending in $ matches only the whole word ("su$").
 * The stems of a phrase follow one another with at most two other words between them. Stems joined by " + "
 * may occur in any order within a sentence or two ("park + gürültü").
 */
export type WeightedTerms = Readonly<Record<string, number>>;

/** The owner of a subject: a department of the municipality, or an institution outside it. */
export type Owner = { readonly department: string } | { readonly institution: string };

/** A subject of the catalogue, as the classifier needs it. */
export interface RoutedCategory {
  readonly slug: string;
  readonly owner: Owner;
  /** Terms that support the subject. */
  readonly words: WeightedTerms;
  /** Terms that contradict the subject. */
  readonly notWords: WeightedTerms;
  /**
   * Extra evidence required before routing without a question. For subjects that are easily confused with
   * another.
   */
  readonly doubt?: number | undefined;
}

/** The subject of reports that match no other. Its owner is the triage desk. */
export const OTHER_CATEGORY = 'other';

/** Returns one key for an owner, department or institution. */
export function ownerKey(owner: Owner): string {
  return 'department' in owner ? `department ${owner.department}` : `institution ${owner.institution}`;
}

/** The same text in both languages. */
interface Why {
  readonly tr: string;
  readonly en: string;
}

/** An exception to the usual owner of a subject. */
export interface JurisdictionRule {
  readonly subjects: readonly string[];
  /** Undefined for every road. */
  readonly road?: RoadClass | undefined;
  /** Undefined for every neighbourhood. */
  readonly neighbourhoods?: readonly string[] | undefined;
  /** `keeper` is the institution that keeps the road. */
  readonly owner: Owner | 'keeper';
  readonly why: Why;
}

/** The owner of a matter at a place, and the reason. The reason is null if the usual owner is responsible. */
export interface Jurisdiction {
  readonly owner: Owner;
  readonly why: Why | null;
}

/** Returns the owner of a subject at a place: that of the first matching rule, otherwise the usual one. */
export function jurisdictionOf(
  rules: readonly JurisdictionRule[],
  subject: { readonly slug: string; readonly owner: Owner },
  { road, neighbourhood }: { readonly road: RoadFound; readonly neighbourhood: string | null },
): Jurisdiction {
  for (const rule of rules) {
    if (!rule.subjects.includes(subject.slug)) continue;
    if (rule.road !== undefined && rule.road !== road.class) continue;
    if (rule.neighbourhoods && (neighbourhood === null || !rule.neighbourhoods.includes(neighbourhood)))
      continue;
    if (rule.owner !== 'keeper') return { owner: rule.owner, why: rule.why };
    if (road.road) return { owner: { institution: road.road.keeper }, why: rule.why };
  }
  return { owner: subject.owner, why: null };
}
