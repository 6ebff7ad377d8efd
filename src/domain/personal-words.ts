/** A part of a text: the first character and the one after the last, in UTF-16 units. */
export type Span = readonly [from: number, to: number];

/** A phone number of Turkey, with or without the country code. */
const PHONE = /(?<![\d+])(?:\+?90[\s.-]?|0)?\(?[2-5]\d{2}\)?[\s.-]?\d{3}[\s.-]?\d{2}[\s.-]?\d{2}(?!\d)/g;
/** A plate: the number of the province, letters, digits. */
const PLATE = /(?<![\p{L}\d])(?:0[1-9]|[1-7]\d|8[01])\s?[A-PR-VYZ]{1,3}\s?\d{2,5}(?![\p{L}\d])/giu;
const IDENTITY_NUMBER = /(?<!\d)[1-9]\d{10}(?!\d)/g;
const MAIL = /[\w.%+-]+@[\w-]+(?:\.[\w-]+)+/g;
const IBAN = /(?<![\p{L}\d])TR\s?\d{2}(?:\s?\d{4}){5}\s?\d{2}(?!\d)/giu;

/** The last two digits of a Turkish identity number follow from the first nine (Law 5490). */
function isIdentityNumber(text: string): boolean {
  const digits = Array.from(text, Number);
  const sum = (from: number, to: number, step: number): number =>
    digits.slice(from, to).reduce((total, digit, place) => (place % step === 0 ? total + digit : total), 0);
  const tenth = (sum(0, 9, 2) * 7 - sum(1, 8, 2) + 100) % 10;
  return tenth === digits[9] && sum(0, 10, 1) % 10 === digits[10];
}

/** Returns the parts of a text that look like a phone number, plate, identity number, e-mail address or IBAN. */
export function personalSpans(text: string): Span[] {
  return [...numberSpans(text), ...spansOf(text, PLATE)].sort((a, b) => a[0] - b[0]);
}

/** Returns the same parts without plates: a vehicle can be the matter itself. */
export function numberSpans(text: string): Span[] {
  const found = [PHONE, MAIL, IBAN].flatMap(pattern => spansOf(text, pattern));
  const numbers = spansOf(text, IDENTITY_NUMBER).filter(([from, to]) =>
    isIdentityNumber(text.slice(from, to)),
  );
  return [...found, ...numbers];
}

function spansOf(text: string, pattern: RegExp): Span[] {
  return [...text.matchAll(pattern)].map(match => [match.index, match.index + match[0].length]);
}

/** Returns the words of a text. */
export function wordSpans(text: string): Span[] {
  return spansOf(text, /\S+/g);
}

/** Returns every place of a passage in a text, in any case of letters. Blanks match any blanks. */
export function passageSpans(text: string, passage: string): Span[] {
  const parts = passage.trim().split(/\s+/).filter(Boolean);
  if (parts.length === 0) return [];
  const pattern = parts.map(part => Array.from(part, eitherCase).join('')).join('\\s+');
  return spansOf(text, new RegExp(pattern, 'g'));
}

/** A pattern for a letter in both cases. I, ı, İ and i are alike: people mix them. */
function eitherCase(letter: string): string {
  if (/[Iıİi]/.test(letter)) return '[Iıİi]';
  const cases = new Set([letter, letter.toLowerCase(), letter.toUpperCase()]);
  return `(?:${[...cases].map(each => each.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')})`;
}

export const overlaps = (a: Span, b: Span): boolean => a[0] < b[1] && b[0] < a[1];

/** What stands for a hidden word. Its length does not tell that of the word. */
const HIDDEN = '███';

/** Returns a text with every word hidden that one of the parts touches. */
export function struck(text: string, spans: readonly Span[]): string {
  const hidden = wordSpans(text).filter(word => spans.some(span => overlaps(word, span)));
  let shown = '';
  let last = 0;
  for (const [from, to] of hidden) {
    shown += text.slice(last, from) + HIDDEN;
    last = to;
  }
  return shown + text.slice(last);
}
