import { foldedWords } from '../turkish';

/** Two reports of one thing seldom use the same sentence; this much in common is more than chance. */
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

/** How much two texts have in common, 0 to 1: the Dice coefficient of their letter trigrams, folded. */
export function likeness(one: string, other: string): number {
  const [first, second] = [trigramsOf(one), trigramsOf(other)];
  const size = (counts: Map<string, number>): number => [...counts.values()].reduce((a, b) => a + b, 0);
  const all = size(first) + size(second);
  if (all === 0) return 0;
  let common = 0;
  for (const [gram, count] of first) common += Math.min(count, second.get(gram) ?? 0);
  return (2 * common) / all;
}

/** What is compared of a report: its words and the terms of the catalogue they matched. */
export interface Told {
  readonly words: string;
  readonly matched: readonly string[];
}

/** Whether two reports of one subject, near each other, may be about one thing. A photo alone contradicts nothing. */
export function areAlike(one: Told, other: Told): boolean {
  if (one.words.trim() === '' || other.words.trim() === '') return true;
  if (one.matched.some(term => other.matched.includes(term))) return true;
  return likeness(one.words, other.words) >= ALIKE_FROM;
}
