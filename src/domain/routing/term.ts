import { foldWord } from '../turkish';

/** The beginning of a word, or with `whole` the word itself; folded. */
export interface Stem {
  readonly folded: string;
  readonly whole: boolean;
}

/** A term of the catalogue, ready for matching. */
export interface Term {
  /** Place of the subject in the catalogue. */
  readonly category: number;
  /** As written in the catalogue. */
  readonly written: string;
  /** Negative when it speaks against the subject. */
  readonly weight: number;
  /** Each stem with its softened twin. */
  readonly stems: readonly (readonly Stem[])[];
  /** Whether the stems may stand in any order, some words apart, instead of following one another. */
  readonly together: boolean;
}

/** A shorter stem that softens would fit too many other words. */
const SHORTEST_SOFTENING = 4;

/** A final k, p or t softens before a vowel (köpek, köpeği); ç and c are one letter when folded. */
const softened: Readonly<Record<string, string>> = { k: 'g', p: 'b', t: 'd' };

function stemsOf(written: string): Stem[] {
  const whole = written.endsWith('$');
  const folded = foldWord(whole ? written.slice(0, -1) : written);
  const soft = softened[folded.slice(-1)];
  if (whole || soft === undefined || folded.length < SHORTEST_SOFTENING) return [{ folded, whole }];
  return [
    { folded, whole },
    { folded: folded.slice(0, -1) + soft, whole },
  ];
}

export function termOf(category: number, written: string, weight: number): Term {
  const together = written.includes(' + ');
  const stems = written.split(together ? ' + ' : ' ').map(stemsOf);
  return { category, written, weight, stems, together };
}

export function fits(word: string, stems: readonly Stem[]): boolean {
  for (const { folded, whole } of stems) if (whole ? word === folded : word.startsWith(folded)) return true;
  return false;
}
