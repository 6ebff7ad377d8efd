/**
 * Terms and how strongly each speaks, 0 to 10. A term is one to five stems ("çöp", "yol boz"): a stem fits every
 * word that begins with it, with or without Turkish marks; a stem ending in $ fits only the whole word ("su$").
 * The stems of a phrase follow one another, at most two other words apart.
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
}

/** Where everything goes that fits no subject; its owner is the triage desk. */
export const OTHER_CATEGORY = 'other';
