/**
 * A visible character: not white space, control or format, and not one that fonts leave blank (Unicode
 * `Default_Ignorable_Code_Point`, the empty braille cell).
 */
const VISIBLE = /[^\s\p{C}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** Whether a text has a visible character. Zero-width spaces and soft hyphens are invisible. */
export function isVisible(text: string): boolean {
  return VISIBLE.test(text);
}
