/**
 * A character that shows something: no white space, control or format character, and none of the characters that
 * fonts leave blank (Unicode `Default_Ignorable_Code_Point`, the empty braille cell).
 */
const VISIBLE = /[^\s\p{C}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** Whether a text shows anything to its reader; zero-width spaces and soft hyphens alone do not. */
export function isVisible(text: string): boolean {
  return VISIBLE.test(text);
}
