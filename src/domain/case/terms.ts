import type { CaseState, Terms } from './case';

const DAY_MS = 86_400_000;

/** What binds cases that were opened before the rules of waiting were kept with each case. */
const earlierTerms: Terms = {
  reopenLimit: Infinity,
  surveyReminderAfterMs: null,
  takeBackWithinMs: 30 * DAY_MS,
  citizenWaitMs: 7 * DAY_MS,
  institutionWaitMs: 30 * DAY_MS,
};

/** The rules of a case's waits, all in ms. */
export function termsOf({ terms }: Pick<CaseState, 'terms'>): Terms {
  return terms ?? earlierTerms;
}
