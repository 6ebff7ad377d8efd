import type { Municipality } from '../src/config/municipality';
import { placeOf } from '../src/config/places';
import type { Classification } from '../src/domain/routing/classify';
import { type CaseMeant, stateAsked } from '../src/domain/talk/case-meant';
import type { MessageFacts } from '../src/domain/talk/conversation-state';
import { foldedWords } from '../src/domain/turkish';
import type { CaseIntake, CaseRecord } from '../src/store/case-records';
import { isOpenCase } from './case-lookup';

/**
 * Reads an everyday question about the state of the citizen's own case ("bizim çukur işi ne oldu"), or a complaint
 * about its delay; null for any other text. The case is the named one, that of the subject, or the only open one.
 */
export function stateAskedOf(
  municipality: Municipality,
  words: string,
  cases: readonly CaseRecord[],
  { guess, meant, named }: { guess: Classification; meant: CaseMeant | null; named: readonly string[] },
): Pick<MessageFacts, 'says' | 'statusOf' | 'joins'> | null {
  const open = cases.filter(isOpenCase);
  const isNamed = guess.matched.length > 0;
  const ofSubject = open.filter(
    ({ intake }) => isNamed && guess.ranked[0]?.category === intake.category.slug,
  );
  const likely = open.filter(({ intake }) =>
    guess.ranked.some(({ category }) => isNamed && !guess.sure && category === intake.category.slug),
  );
  const [own] = [
    ...open.filter(({ caseNumber }) => named.includes(caseNumber)),
    ...ofSubject,
    ...likely,
    ...open.filter(({ caseNumber }) => !isNamed && (open.length === 1 || caseNumber === meant?.caseNumber)),
  ];
  if (!own && (isNamed || cases.length === 0)) return null;
  const subject = !isNamed ? 'none' : own && [...ofSubject, ...likely].includes(own) ? 'same' : 'other';
  const otherPlace = own !== undefined && isElsewhere(municipality, words, own.intake);
  const says = stateAsked(words, { subject, sure: guess.sure, otherPlace }, municipality.language.followUp);
  if (says === null) return null;
  const stage = own?.progress?.stage;
  const joins = says === 'delayed' && own !== undefined && stage !== 'waitingCitizen';
  return {
    says: 'status',
    ...(own && { statusOf: own.caseNumber }),
    ...(joins && { joins: true as const }),
  };
}

/** Whether a text names a place that cannot be the place of a report. */
export function isElsewhere(
  municipality: Municipality,
  words: string,
  { neighbourhood, location }: CaseIntake,
): boolean {
  const told = placeOf(municipality, null, words);
  if (told.neighbourhood && neighbourhood && told.neighbourhood.slug !== neighbourhood.slug) return true;
  const known = location?.street ?? null;
  return told.street !== null && known !== null && nameOf(told.street) !== nameOf(known);
}

/** Normalises street names: "1234. Sokak" and "1234. sk" are equal. */
function nameOf(street: string): string {
  return foldedWords(street)[0] ?? '';
}
