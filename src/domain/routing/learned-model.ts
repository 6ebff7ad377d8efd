/**
 * What the municipality's own cases have taught: for each owner a weight a bucket. Words are kept as buckets of a
 * hash only, so that nobody's words can be read from the file.
 */
export interface LearnedModel {
  /** Owners by `ownerKey`, in the order of the weights. */
  readonly owners: readonly string[];
  /** `owners.length` rows of `BUCKETS` weights. */
  readonly weights: Float32Array;
}

/** What a text gives the model: buckets and how strongly each is there. */
export interface Signs {
  readonly buckets: readonly number[];
  readonly values: readonly number[];
}

/** How the rules saw a text: the share of the evidence, 0 to 1, of a subject and of its owner. */
export interface RulesView {
  readonly subjects: readonly { readonly slug: string; readonly share: number }[];
  readonly owners: readonly { readonly key: string; readonly share: number }[];
}

export const BUCKETS = 8_192;

/** Suffixes begin about here; longer beginnings would make each form of a word another word. */
const STEM = 5;

/** A longer text has said what it wants to say. */
const MOST_WORDS = 400;

/** How much the view of the rules weighs beside the words. */
const RULES = 3;

/** FNV-1a, 32 bits. */
function bucketOf(feature: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < feature.length; i += 1) {
    hash = Math.imul(hash ^ feature.charCodeAt(i), 0x01000193);
  }
  return (hash >>> 0) % BUCKETS;
}

/**
 * The signs of a text: its stems and pairs of stems as a vector of length one, beside what the rules made of it.
 * `words` are folded.
 */
export function signsOf(words: readonly string[], rules: RulesView): Signs {
  const found = new Set<number>();
  const stems = words.slice(0, MOST_WORDS).map(word => word.slice(0, STEM));
  stems.forEach((stem, i) => {
    if (stem.length > 2) found.add(bucketOf(stem));
    if (i > 0) found.add(bucketOf(`${stems[i - 1] ?? ''} ${stem}`));
  });
  const each = 1 / Math.sqrt(Math.max(found.size, 1));
  const buckets = [...found];
  const values = buckets.map(() => each);
  const add = (feature: string, value: number): void => {
    buckets.push(bucketOf(feature));
    values.push(value);
  };
  for (const { key, share } of rules.owners) add(`owner ${key}`, RULES * share);
  for (const { slug, share } of rules.subjects) add(`subject ${slug}`, RULES * share);
  add('always', 1);
  return { buckets, values };
}

/** How likely each owner is, in the order of `owners`; together 1. */
export function opinionOf({ owners, weights }: LearnedModel, { buckets, values }: Signs): number[] {
  const scores = owners.map((_, row) => {
    const from = row * BUCKETS;
    let score = 0;
    for (let i = 0; i < buckets.length; i += 1)
      score += (weights[from + (buckets[i] ?? 0)] ?? 0) * (values[i] ?? 0);
    return score;
  });
  const highest = Math.max(...scores);
  const powers = scores.map(score => Math.exp(score - highest));
  const all = powers.reduce((sum, power) => sum + power, 0);
  return powers.map(power => power / all);
}
