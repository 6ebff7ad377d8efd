/**
 * A visible character: not white space, control or format, and not one that fonts leave blank (Unicode
 * `Default_Ignorable_Code_Point`, the empty braille cell).
 */
const VISIBLE = /[^\s\p{C}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** Whether a text has a visible character. Zero-width spaces and soft hyphens are invisible. */
export function isVisible(text: string): boolean {
  return VISIBLE.test(text);
}

/** Control characters of terminals and mail headers, and bidirectional marks. */
const controls =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** Removes control characters from a text, except line breaks; empty if nothing visible is left. */
export function plainText(text: string): string {
  if (!isVisible(text)) return '';
  return text
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(controls, '')
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .trim();
}

/** Returns the same on one line with at most `limit` characters, for a mail header. */
export function oneLine(text: string, limit: number): string {
  const line = plainText(text).replace(/\s+/g, ' ');
  const letters = [...line];
  return letters.length <= limit ? line : `${letters.slice(0, limit - 1).join('')}…`;
}
