import { isVisible } from '../domain/visible-text';

/** Control characters except tab and new line, bidirectional marks, and lone surrogates. */
const UNPRINTABLE = /[\p{Cs}\u202a-\u202e\u2066-\u2069]|(?![\t\n])\p{Cc}/gu;

/** Truncates a text to `longest` code points, ending with an ellipsis. */
export function clamped(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const points = Array.from(text.slice(0, 2 * longest + 2));
  return points.length <= longest ? text : `${points.slice(0, longest - 1).join('')}…`;
}

/** Removes invisible and control characters from a text; null if nothing visible is left. */
export function plainWords(value: unknown, longest: number): string | null {
  if (typeof value !== 'string') return null;
  const words = value
    .slice(0, 4 * longest)
    .replace(/\r\n?/g, '\n')
    .replace(UNPRINTABLE, '')
    .trim();
  return isVisible(words) ? clamped(words, longest) : null;
}
