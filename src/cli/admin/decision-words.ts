import { InvalidArgumentError } from 'commander';
import { oneLine, plainText } from '../../mail/plain-text';

const LONGEST_ACTOR = 200;

/** Reads the name of who decides: one line. Throws commander's InvalidArgumentError when no letter is left of it. */
export function actorName(value: string): string {
  return some(oneLine(value, LONGEST_ACTOR));
}

/** Reads why something is decided: text alone. Throws commander's InvalidArgumentError when nothing is left of it. */
export function reasonWords(value: string): string {
  return some(plainText(value));
}

function some(words: string): string {
  if (words === '') throw new InvalidArgumentError('Give at least one word.');
  return words;
}
