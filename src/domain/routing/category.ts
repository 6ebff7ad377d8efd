/**
 * Terms and how strongly each speaks, 0 to 10. A term is one to five stems ("çöp", "yol boz"): a stem fits every
 * word that begins with it, with or without Turkish marks; a stem ending in $ fits only the whole word ("su$").
 * The stems of a phrase follow one another, at most two other words apart; with " + " between them they may stand
 * in any order within a sentence or two ("park + gürültü").
 */
export type WeightedTerms = Readonly<Record<string, number>>;

/** Who owns a subject: a department of the municipality, or an institution outside it. */
export type Owner = { readonly department: string } | { readonly institution: string };

/** What the classifier has to know of a subject of the catalogue. */
export interface RoutedCategory {
  readonly slug: string;
  readonly owner: Owner;
  /** Terms that speak for the subject. */
  readonly words: WeightedTerms;
  /** Terms that speak against it. */
  readonly notWords: WeightedTerms;
  /** Evidence wanted beyond the usual before going straight: for subjects that are easily taken for another. */
  readonly doubt?: number | undefined;
}

/** Where everything goes that fits no subject; its owner is the triage desk. */
export const OTHER_CATEGORY = 'other';

/** One name for an owner, department or institution, to count by. */
export function ownerKey(owner: Owner): string {
  return 'department' in owner ? `department ${owner.department}` : `institution ${owner.institution}`;
}
