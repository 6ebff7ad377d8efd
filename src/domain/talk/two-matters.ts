import { ownerKey } from '../routing/category';
import { type Classification, classify, LIKELY_FROM, type RoutingKnowledge } from '../routing/classify';
import { foldedWords, type PhrasePlace, type WordTest } from '../turkish';

/** Two subjects of one message, in their order. */
export type Matters = readonly [first: string, second: string];

/** Words that separate two matters. */
export interface MatterWords {
  /** "Ayrıca", "bir de". */
  readonly joins: PhrasePlace;
  /** Words that end a statement: "alınmadı", "yanmıyor", "kırık". */
  readonly states: WordTest;
}

/** The subjects, and which of them can describe the same matter. */
type Subjects = RoutingKnowledge & { readonly overlaps: ReadonlyMap<string, readonly string[]> };

/** Longer texts tell one matter with its circumstances. */
const MOST_WORDS = 16;
/** The fewest words of a statement. */
const FEWEST_WORDS = 2;

/**
 * Returns the two subjects of a text that tells two matters ("çöp alınmadı, sokak lambası da yanmıyor"); null for any
 * other text.
 */
export function mattersIn(text: string, is: MatterWords, subjects: Subjects): Matters | null {
  const words = foldedWords(text);
  const joint = is.joins(words);
  return joint
    ? joined(words.slice(0, joint.start), words.slice(joint.end), subjects)
    : unjoined(text, words, is, subjects);
}

function joined(one: readonly string[], other: readonly string[], subjects: Subjects): Matters | null {
  const [first, second] = [one, other].map(part => likelyOf(guessOf(part, subjects)));
  if (!first || !second || first === second || subjects.overlaps.get(first)?.includes(second)) return null;
  return [first, second];
}

/**
 * Two statements in a row are two matters only for different owners: one owner can act on both. A text whose subject is
 * sure as a whole often names a cause and its effect ("mazgal tıkandı yolu su bastı"), so both parts must be sure too,
 * unless a punctuation mark or a new message separates them.
 */
function unjoined(
  text: string,
  words: readonly string[],
  { states }: MatterWords,
  subjects: Subjects,
): Matters | null {
  if (words.length > MOST_WORDS) return null;
  const ends = sentenceEnds(text);
  const isSure = guessOf(words, subjects).sure;
  let best: { matters: Matters; likelihood: number } | null = null;
  for (let end = FEWEST_WORDS; end <= words.length - FEWEST_WORDS; end += 1) {
    if (!states(words[end - 1] ?? '') || !words.slice(end).some(states)) continue;
    const [one, other] = [guessOf(words.slice(0, end), subjects), guessOf(words.slice(end), subjects)];
    const [first, second] = [likelyOf(one), likelyOf(other)];
    if (!first || !second || ownerOf(first, subjects) === ownerOf(second, subjects)) continue;
    if (isSure && !ends.has(end) && !(one.sure && other.sure)) continue;
    const likelihood = Math.min(one.ranked[0]?.confidence ?? 0, other.ranked[0]?.confidence ?? 0);
    if (best === null || likelihood > best.likelihood) best = { matters: [first, second], likelihood };
  }
  return best?.matters ?? null;
}

/** Returns after how many words a sentence, a clause or a message of the burst ends. */
function sentenceEnds(text: string): ReadonlySet<number> {
  const lengths = text.split(/[.,;!?\n]+/).map(part => foldedWords(part).length);
  return new Set(lengths.map((_, i) => lengths.slice(0, i + 1).reduce((sum, length) => sum + length, 0)));
}

function guessOf(words: readonly string[], subjects: Subjects): Classification {
  return classify(words.join(' '), subjects);
}

function likelyOf({ ranked: [best] }: Classification): string | null {
  return best && best.confidence >= LIKELY_FROM ? best.category : null;
}

function ownerOf(slug: string, { categories }: Subjects): string | undefined {
  const owner = categories.find(category => category.slug === slug)?.owner;
  return owner && ownerKey(owner);
}
