import { foldWord } from '../turkish';

/** A trained choice between labels. */
export interface LearnedLabels {
  /** In the order of the weights. */
  readonly labels: readonly string[];
  /** `labels.length` rows of one weight a bucket. */
  readonly weights: Float32Array;
}

/** A trained model. Words are stored only as hash buckets, so that the file reveals no text. */
export interface LearnedModel {
  /** By `ownerKey`. */
  readonly owners: LearnedLabels;
  /** By slug; null if too few reports have a subject that people confirmed. */
  readonly subjects: LearnedLabels | null;
}

/** The features of a text: buckets and their values. */
export interface Signs {
  readonly buckets: readonly number[];
  readonly values: readonly number[];
}

/** The rule-based view of a text: the shares of the evidence, 0 to 1, of subjects and of owners. */
export interface RulesView {
  readonly subjects: readonly { readonly slug: string; readonly share: number }[];
  readonly owners: readonly { readonly key: string; readonly share: number }[];
}

/** The buckets of the model of owners. */
export const BUCKETS = 8_192;

/** Stems are cut at this length: suffixes begin about here. */
const STEM = 5;

/** Words considered in a text. */
const MOST_WORDS = 400;

/** Weight of the rule-based view relative to the words. */
const RULES = 3;

/** Returns the bucket of a feature: FNV-1a, 32 bits. */
function bucketOf(feature: string, buckets = BUCKETS): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < feature.length; i += 1) {
    hash = Math.imul(hash ^ feature.charCodeAt(i), 0x01000193);
  }
  return (hash >>> 0) % buckets;
}

/**
 * Returns the features of a text: its stems and pairs of stems as a unit vector, and the rule-based view.
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

/** Returns the probability of each label, in the order of `labels`. The sum is 1. */
export function opinionOf({ labels, weights }: LearnedLabels, { buckets, values }: Signs): number[] {
  const width = weights.length / labels.length;
  const scores = labels.map((_, row) => {
    const from = row * width;
    let score = 0;
    for (let i = 0; i < buckets.length; i += 1)
      score += (weights[from + (buckets[i] ?? 0)] ?? 0) * (values[i] ?? 0);
    return score;
  });
  return sharesOf(scores);
}

/** Returns the probabilities of scores in the logarithm of the odds (softmax). The sum is 1. */
function sharesOf(scores: readonly number[]): number[] {
  const highest = Math.max(...scores);
  const powers = scores.map(score => Math.exp(score - highest));
  const all = powers.reduce((sum, power) => sum + power, 0);
  return powers.map(power => power / all);
}

/** What a text may tell: people in danger, a hazard (`hurt`: that hurt somebody), an animal in need, or no danger. */
export const dangerClasses = ['people', 'hazard', 'hurt', 'animal', 'harmless'] as const;

export type DangerClass = (typeof dangerClasses)[number];

/** The units of the hidden layer. They hold what belongs together: "bebek kilitli" is a danger in a car, not in a form. */
export const DANGER_UNITS = 64;

/** Words of a kind: what is learned of "amca" then holds for "teyze" too. */
export interface WordKinds {
  /** A line for each kind: its name, and the stems of its words ("amca") or their endings ("-iyor"). */
  readonly written: readonly string[];
  /** The numbers of kinds by folded stem. */
  readonly stems: ReadonlyMap<string, readonly number[]>;
  readonly endings: readonly { readonly ending: string; readonly kind: number }[];
}

/** A trained network with one hidden layer, which tells dangers by the pieces and kinds of their words. */
export interface DangerModel {
  readonly classes: readonly DangerClass[];
  readonly kinds: WordKinds;
  /** A row of weights of the units for each bucket. */
  readonly buckets: Float32Array;
  /** The score of each unit without any words. */
  readonly starts: Float32Array;
  /** A row of weights of the units for each class. */
  readonly units: Float32Array;
}

/** The buckets of the model of danger. Fewer let unrelated pieces of words share a weight. */
export const DANGER_BUCKETS = 32_768;

/** Words considered in a text about danger. */
const MOST_OF_DANGER = 200;

/** Pieces of words of these lengths are compared, so that a typing error leaves most of a word. */
const PIECES = [3, 4, 5];

/** The weights of the kinds of feature: whole words and stems, pairs, consonants, pieces, kinds of words and their pairs. */
const WORD = 1;
const FAR_PAIR = 0.7;
const CONSONANTS = 0.8;
const PIECE = 0.4;
const KIND = 1.5;
const NEAR_KINDS = 1;
const FAR_KINDS = 0.5;

/** Kinds of words at most this many words apart are a near pair. */
const NEAR_WORDS = 5;

/** Shorter stems of a kind are whole words, or have an ending of at most three letters. */
const LONG_STEM = 4;

/** Prepares kinds of words, from lines such as "person: amca teyze". */
export function wordKinds(written: readonly string[]): WordKinds {
  const stems = new Map<string, number[]>();
  const endings: { ending: string; kind: number }[] = [];
  written.forEach((line, kind) => {
    for (const item of line.replace(/^[^:]*:/, '').split(' ')) {
      const stem = foldWord(item.replace('-', ''));
      if (stem === '') continue;
      if (item.startsWith('-')) endings.push({ ending: stem, kind });
      else stems.set(stem, [...(stems.get(stem) ?? []), kind]);
    }
  });
  return { written, stems, endings };
}

/** Returns the kinds of a folded word: those of its longest stem, of its short stems, and of its ending. */
function kindsOf(word: string, { stems, endings }: WordKinds): number[] {
  const found = new Set<number>();
  for (let length = Math.min(word.length, 12); length > 0; length -= 1) {
    const most = length < 3 ? length : length < LONG_STEM ? length + 3 : Infinity;
    const kinds = word.length > most ? undefined : stems.get(word.slice(0, length));
    kinds?.forEach(kind => found.add(kind));
    if (kinds && length >= LONG_STEM) break;
  }
  for (const { ending, kind } of endings) {
    if (word.length > ending.length + 1 && word.endsWith(ending)) found.add(kind);
  }
  return [...found];
}

/** The length of the vector of features. A longer one lets single features decide. */
const LENGTH = 6;

/** Returns the consonants of a word: people leave out vowels ("gz kokusu", "yrdm"). */
function consonantsOf(word: string): string {
  return word.replace(/[aeiou]/g, '');
}

/**
 * Returns the features of folded words: words, stems, pairs of stems up to three words apart, consonants, pieces of
 * words, and pairs of the kinds of words. Linear in the number of words.
 */
export function dangerSignsOf(all: readonly string[], kinds: WordKinds): Signs {
  const words = all.slice(0, MOST_OF_DANGER);
  const found = new Map<number, number>();
  const add = (feature: string, value: number): void => {
    const bucket = bucketOf(feature, DANGER_BUCKETS);
    found.set(bucket, Math.max(found.get(bucket) ?? 0, value));
  };
  const stems = words.map(word => word.slice(0, STEM));
  const skeletons = words.map(consonantsOf);
  words.forEach((word, i) => {
    add(`word ${word}`, WORD);
    add(`stem ${stems[i] ?? ''}`, WORD);
    for (let apart = 1; apart <= Math.min(i, 3); apart += 1) {
      add(`${stems[i - apart] ?? ''} ${stems[i] ?? ''}`, apart === 1 ? WORD : FAR_PAIR);
    }
    const skeleton = skeletons[i] ?? '';
    if (skeleton.length > 1) {
      add(`consonants ${word.slice(0, 1)}${skeleton.slice(0, STEM)}`, CONSONANTS);
      if (i > 0) add(`consonants ${skeletons[i - 1]?.slice(0, 4) ?? ''} ${skeleton.slice(0, 4)}`, CONSONANTS);
    }
    const bounded = `_${word}_`;
    for (const length of PIECES) {
      for (let at = 0; at + length <= bounded.length; at += 1) {
        add(`piece ${bounded.slice(at, at + length)}`, PIECE);
      }
    }
  });
  addKinds(
    words.map(word => kindsOf(word, kinds)),
    add,
  );
  const values = [...found.values()];
  const norm = LENGTH / Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) || 1);
  return {
    buckets: [...found.keys(), bucketOf('always', DANGER_BUCKETS)],
    values: [...values.map(value => value * norm), 1],
  };
}

/** Adds the kinds of words, the pairs of kinds of near words in their order, and those of the whole text. */
function addKinds(
  kinds: readonly (readonly number[])[],
  add: (feature: string, value: number) => void,
): void {
  kinds.forEach((here, i) => {
    for (const kind of here) {
      add(`kind ${kind}`, KIND);
      for (const before of kinds.slice(Math.max(i - NEAR_WORDS, 0), i).flat()) {
        add(`near ${before} ${kind}`, NEAR_KINDS);
      }
    }
  });
  const all = [...new Set(kinds.flat())].sort((a, b) => a - b);
  all.forEach((kind, i) => {
    for (const other of all.slice(0, i)) add(`far ${other} ${kind}`, FAR_KINDS);
  });
}

/** Returns the scores of the units for a text: those below zero count as nothing. */
export function unitsOf(
  { buckets, starts }: Pick<DangerModel, 'buckets' | 'starts'>,
  signs: { readonly buckets: ArrayLike<number>; readonly values: ArrayLike<number> },
): Float32Array {
  const units = Float32Array.from(starts);
  for (let i = 0; i < signs.buckets.length; i += 1) {
    const [from, value] = [(signs.buckets[i] ?? 0) * units.length, signs.values[i] ?? 0];
    for (let unit = 0; unit < units.length; unit += 1)
      units[unit] = (units[unit] ?? 0) + (buckets[from + unit] ?? 0) * value;
  }
  return units.map(score => Math.max(score, 0));
}

/** Returns the probability of each class from the scores of the units. The sum is 1. */
export function dangersOf(
  { classes, units }: Pick<DangerModel, 'classes' | 'units'>,
  scores: Float32Array,
): number[] {
  return sharesOf(
    classes.map((_, row) =>
      scores.reduce((sum, score, unit) => sum + score * (units[row * scores.length + unit] ?? 0), 0),
    ),
  );
}

/**
 * What the danger words told counts as much as this in favour of it, in the logarithm of the odds. Chosen on written
 * wordings that neither the words nor the model knew: less raises false alarms, more misses what the words do not know.
 */
const WORDS_COUNT = 1.5;

/** The same if the words told no danger: a false alarm may cost a report its case. */
const SILENCE_COUNTS = 1.8;

/** The same in texts of few words, which are answers in a talk ("iptal edin") more often than reports. */
const SILENCE_OF_FEW_COUNTS = 3.5;
const FEW_WORDS = 4;

/** The same in long texts, which are complaints about everyday matters more often than reports of danger. */
const SILENCE_OF_MANY_COUNTS = 5;

/** A text of more words than this is long: words of danger meet in it by chance. */
export const MANY_WORDS = 18;

/**
 * The model alone must be this sure of people in danger, because such a message gets 112 and no case. Otherwise the
 * message is a hazard: a case of the highest priority, whose receipt names 112 too.
 */
const SURE_OF_PEOPLE = 0.5;

/** In a long text, people in danger must be this many times, as a logarithm, as likely as something harmless. */
const SURE_IN_MANY = 6;

/** From this likelihood of a hazard, people in danger are in danger by something that the municipality must remove. */
const OF_A_HAZARD = 0.08;

/** Returns the likelihood of each class for folded words. */
function likelihoods(words: readonly string[], model: DangerModel): (name: DangerClass) => number {
  const shares = dangersOf(model, unitsOf(model, dangerSignsOf(words, model.kinds)));
  return name => shares[model.classes.indexOf(name)] ?? 0;
}

/**
 * Whether folded words that tell people in danger also tell a hazard that the municipality must remove: then they are
 * 112 and a case.
 */
export function tellsHazardToo(words: readonly string[], model: DangerModel): boolean {
  return likelihoods(words, model)('hazard') >= OF_A_HAZARD;
}

/**
 * Returns what a text most likely tells, from its folded words, the model, and what the danger words told; null to
 * ask the model alone.
 */
export function likeliestDanger(
  words: readonly string[],
  model: DangerModel,
  told: DangerClass | null,
): DangerClass {
  const shareOf = likelihoods(words, model);
  const toldCounts = told === 'harmless' ? silenceCounts(words.length) : WORDS_COUNT;
  const logOf = (name: DangerClass): number => Math.log(shareOf(name) + 1e-9);
  const scoreOf = (name: DangerClass): number => logOf(name) + (name === told ? toldCounts : 0);
  const best = dangerClasses.reduce(
    (found, name) => (scoreOf(name) > scoreOf(found) ? name : found),
    told ?? 'harmless',
  );
  if (best !== 'people' || told === 'people') return best;
  const isSure =
    words.length > MANY_WORDS
      ? logOf('people') - logOf('harmless') >= SURE_IN_MANY
      : shareOf('people') >= SURE_OF_PEOPLE;
  return isSure ? best : 'hazard';
}

function silenceCounts(words: number): number {
  if (words > MANY_WORDS) return SILENCE_OF_MANY_COUNTS;
  return words > FEW_WORDS ? SILENCE_COUNTS : SILENCE_OF_FEW_COUNTS;
}
