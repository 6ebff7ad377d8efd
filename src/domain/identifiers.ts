const CASE_NUMBER = /^PK-([0-9A-HJKMNP-TV-Z]{4})-([0-9A-HJKMNP-TV-Z]{4})$/;
const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** The case number for 40 random bits: `PK-XXXX-XXXX` in Crockford's base32, which has no I, L, O or U. */
export function caseNumberOf(bytes: Uint8Array): string {
  let bits = 0n;
  for (const byte of bytes.subarray(0, 5)) bits = (bits << 8n) | BigInt(byte);
  const digits = Array.from(
    { length: 8 },
    (_, place) => CROCKFORD[Number((bits >> BigInt(35 - 5 * place)) & 31n)],
  );
  return `PK-${digits.slice(0, 4).join('')}-${digits.slice(4).join('')}`;
}

/** The case number that a person typed, forgiving case, spaces and the letters Crockford reads as digits. */
export function readCaseNumber(typed: string): string | null {
  const [, digits = ''] = /^\s*PK[-\s]*([0-9A-Z\s-]+)$/.exec(typed.toUpperCase()) ?? [];
  const clean = digits.replace(/[-\s]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1');
  const number = `PK-${clean.slice(0, 4)}-${clean.slice(4)}`;
  return CASE_NUMBER.test(number) ? number : null;
}

export function isCaseNumber(value: string): boolean {
  return CASE_NUMBER.test(value);
}

/** The workflow of a case carries the case number as its id, so that managers find it by what citizens quote. */
export function caseWorkflowId(caseNumber: string): string {
  return caseNumber;
}

export function conversationWorkflowId(citizenId: string): string {
  return `conversation-${citizenId}`;
}

/** The id of an answer button: which question it answers, and for which case. */
export function feedbackButtonId(caseNumber: string, answer: 'solved' | 'partly' | 'unsolved'): string {
  return `feedback:${answer}:${caseNumber}`;
}

/** What a tapped button says, or null when it is not one of ours. */
export function readFeedbackButtonId(
  id: string,
): { caseNumber: string; answer: 'solved' | 'partly' | 'unsolved' } | null {
  const [question, answer, caseNumber = ''] = id.split(':');
  if (question !== 'feedback' || !isCaseNumber(caseNumber)) return null;
  if (answer !== 'solved' && answer !== 'partly' && answer !== 'unsolved') return null;
  return { caseNumber, answer };
}
