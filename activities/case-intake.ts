import type { Municipality } from '../src/config/municipality';
import { categoryOf, ownerOf } from '../src/config/offices';
import { neighbourhoodAt } from '../src/config/places';
import { TRIAGE } from '../src/config/schemas/departments';
import type { Named } from '../src/domain/case';
import { OTHER_CATEGORY } from '../src/domain/routing/category';
import { classify } from '../src/domain/routing/classify';
import { neighbourhoodIn } from '../src/domain/routing/place-words';
import { AppError } from '../src/errors';
import type { CaseIntake } from '../src/store/case-records';
import type { Citizen } from '../src/store/citizen-records';
import type { Message, Place } from '../src/store/message-records';

/** What the citizen has told of the report beyond its words. */
export interface Choice {
  /** The subject chosen from our list; `other` when none fitted. */
  chosenCategory?: string;
  kind?: 'suggestion';
}

/** What the messages of a burst make of a case: subject, place and the desk or institution it goes to. */
export function intakeOf(
  municipality: Municipality,
  citizen: Citizen,
  messages: Message[],
  { chosenCategory, kind }: Choice = {},
): CaseIntake {
  const [first] = messages;
  if (!first) throw new AppError('message-missing');
  const words = messages.flatMap(message => message.words ?? []).join('\n');
  const place = messages.findLast(message => message.place)?.place ?? null;
  const { ranked, matched, sure } = classify(words, municipality.categories);
  const [best] = ranked;
  if (!best) throw new RangeError('The classifier ranked nothing');
  const category = categoryOf(municipality, chosenCategory ?? best.category);
  const owner = ownerOf(municipality, category);
  const outside = place !== null && neighbourhoodAt(municipality, place) === 'outside';
  const isSure = chosenCategory === undefined ? sure : chosenCategory !== OTHER_CATEGORY;
  const straight = isSure && !outside;
  const institution = straight && 'institution' in owner ? owner.institution : null;
  return {
    openedBy: first.id,
    citizenId: citizen.id,
    language: citizen.language,
    kind: kind ?? category.kind,
    category: { slug: category.slug, name: category.name.tr },
    priority: category.priority,
    confidence: chosenCategory === undefined ? best.confidence : 1,
    matchedWords: chosenCategory === undefined ? [...matched] : [],
    neighbourhood: neighbourhoodOf(municipality, place, words),
    place,
    outside,
    desk: straight && 'department' in owner ? owner.department.slug : TRIAGE,
    institution: institution && { slug: institution.slug, name: institution.name.tr },
    withNotice: citizen.noticeGivenAt === null,
    receivedAt: first.sentAt,
  };
}

/** The pin tells the neighbourhood; without one, the citizen's words may. */
function neighbourhoodOf(municipality: Municipality, place: Place | null, words: string): Named | null {
  const slug = place
    ? neighbourhoodAt(municipality, place)
    : neighbourhoodIn(words, municipality.neighbourhoods);
  const found = municipality.neighbourhoods.find(neighbourhood => neighbourhood.slug === slug);
  return found ? { slug: found.slug, name: found.name } : null;
}
