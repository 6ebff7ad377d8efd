const CASE_NUMBER = /^[A-Z]{2,4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/;
const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * Returns the case number for 40 random bits: the town's prefix and two groups of four in Crockford's base32, which
 * has no I, L, O or U.
 */
export function caseNumberOf(bytes: Uint8Array, prefix: string): string {
  let bits = 0n;
  for (const byte of bytes.subarray(0, 5)) bits = (bits << 8n) | BigInt(byte);
  const digits = Array.from(
    { length: 8 },
    (_, place) => CROCKFORD[Number((bits >> BigInt(35 - 5 * place)) & 31n)],
  );
  return `${prefix}-${digits.slice(0, 4).join('')}-${digits.slice(4).join('')}`;
}

/**
 * Returns the pattern of a typed case number: the town's prefix and two groups of four, separated by at most
 * five characters other than letters and digits.
 */
export function caseNumberPattern(prefix: string): RegExp {
  const gap = '[^\\p{L}\\p{N}]{0,5}';
  const group = '[0-9A-Zıİ]{4}';
  return new RegExp(`(?<![\\p{L}\\p{N}])${prefix}${gap}${group}${gap}${group}(?![\\p{L}\\p{N}])`, 'giu');
}

/**
 * Ordinary words can match the pattern ("pk gece yarı"). Digits, capitals or separators mark a real number.
 */
function isMeantAsNumber(typed: string): boolean {
  return /\d|[^\p{L}\s]/u.test(typed) || typed === typed.toUpperCase();
}

/** Returns the case numbers in a text as typed. Runs in linear time. */
export function caseNumbersIn(text: string, pattern: RegExp): string[] {
  return (text.match(pattern) ?? []).filter(isMeantAsNumber);
}

/** Returns a text without the case numbers in it. */
export function withoutCaseNumbers(text: string, pattern: RegExp): string {
  return text.replace(pattern, typed => (isMeantAsNumber(typed) ? ' ' : typed));
}

/**
 * Returns the case number that a person typed, or null. Accepts upper and lower case, any separators, and the
 * letters that Crockford's base32 reads as digits.
 */
export function readCaseNumber(typed: string): string | null {
  const letters = typed.replace(/[^\p{L}\p{N}]/gu, '').toUpperCase();
  const digits = letters.slice(-8).replaceAll('O', '0').replace(/[ILİ]/g, '1');
  const number = `${letters.slice(0, -8)}-${digits.slice(0, 4)}-${digits.slice(4)}`;
  return CASE_NUMBER.test(number) ? number : null;
}

export function isCaseNumber(value: string): boolean {
  return CASE_NUMBER.test(value);
}

/**
 * Returns the workflow id of a case. It is the case number, so that managers can search for what citizens
 * quote.
 */
export function caseWorkflowId(caseNumber: string): string {
  return caseNumber;
}

export function conversationWorkflowId(citizenId: string): string {
  return `conversation-${citizenId}`;
}

/** Returns the workflow id of the call that replaces undelivered messages of a case. */
export function callWorkflowId(caseNumber: string): string {
  return `call-${caseNumber}`;
}

/** Returns the workflow id of a hand-off to an institution. `number` is the effect of the case that started it. */
export function handOffWorkflowId(caseNumber: string, number: number): string {
  return `handoff-${caseNumber}-${number}`;
}

/** Returns the workflow id of the letters gathered for an address until `until` (epoch ms UTC). */
export function openingWorkflowId(addressee: string, until: number): string {
  return `opening-${addressee}-${until}`;
}

/** Returns the id of an answer button: the answer and its case. */
export function feedbackButtonId(caseNumber: string, answer: 'solved' | 'partly' | 'unsolved'): string {
  return `feedback:${answer}:${caseNumber}`;
}
