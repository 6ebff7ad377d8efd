import { foldedWords } from '../turkish';

/** Reports of the same problem rarely share a sentence. This similarity is above chance. */
const ALIKE_FROM = 0.18;

const LONGEST_COMPARED = 2_000;

function trigramsOf(text: string): Map<string, number> {
  const letters = ` ${foldedWords(text.slice(0, LONGEST_COMPARED)).join(' ')} `;
  const counts = new Map<string, number>();
  for (let i = 0; i + 3 <= letters.length; i += 1) {
    const gram = letters.slice(i, i + 3);
    counts.set(gram, (counts.get(gram) ?? 0) + 1);
  }
  return counts;
}

/** Returns the similarity of two texts, 0 to 1: the Dice coefficient of their folded letter trigrams. */
export function likeness(one: string, other: string): number {
  const [first, second] = [trigramsOf(one), trigramsOf(other)];
  const size = (counts: Map<string, number>): number => [...counts.values()].reduce((a, b) => a + b, 0);
  const all = size(first) + size(second);
  if (all === 0) return 0;
  let common = 0;
  for (const [gram, count] of first) common += Math.min(count, second.get(gram) ?? 0);
  return (2 * common) / all;
}

/** The comparable parts of a report: its text and the catalogue terms that it matched. */
export interface Told {
  readonly words: string;
  readonly matched: readonly string[];
}

/**
 * Whether two nearby reports of one subject may describe the same problem. A photo without text is compatible
 * with any report.
 */
export function areAlike(one: Told, other: Told): boolean {
  if (one.words.trim() === '' || other.words.trim() === '') return true;
  if (one.matched.some(term => other.matched.includes(term))) return true;
  return likeness(one.words, other.words) >= ALIKE_FROM;
}
