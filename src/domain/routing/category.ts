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
