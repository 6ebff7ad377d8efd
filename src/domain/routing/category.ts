/** A word of the lexicon and how strongly it speaks; see `termOf` for how a term is written. */
export type WeightedTerms = Readonly<Record<string, number>>;

/** What the classifier has to know of a subject of the catalogue. */
export interface RoutedCategory {
  readonly slug: string;
  /** Words and phrases that speak for the subject. */
  readonly words: WeightedTerms;
  /** Words and phrases that speak against it. */
  readonly notWords: WeightedTerms;
}

/** Where everything goes that fits no subject; its owner is the triage desk. */
export const OTHER_CATEGORY = 'other';
