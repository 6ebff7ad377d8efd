import type { Municipality } from '../src/config/municipality';
import { categoryOf, departmentOf, institutionOf, isAnswerOnly } from '../src/config/offices';
import { neighbourAt, placeOf, type PlaceFound } from '../src/config/places';
import { TRIAGE } from '../src/config/schemas/departments';
import type { CaseKind, Named } from '../src/domain/case/case';
import { OTHER_CATEGORY } from '../src/domain/routing/category';
import { classify } from '../src/domain/routing/classify';
import { jurisdictionOf } from '../src/domain/routing/jurisdiction';
import { kindOf } from '../src/domain/routing/kind';
import { priorityOf } from '../src/domain/routing/urgency';
import { AppError } from '../src/errors';
import type { CaseIntake, LocationNote } from '../src/store/case-records';
import type { Citizen } from '../src/store/citizen-records';
import type { Message } from '../src/store/message-records';
import { isPhoto, wordsOf } from './message-parts';

/** What the citizen has told of the report beyond its words. */
export interface Choice {
  /** The subject chosen from our list; `other` when none fitted. */
  chosenCategory?: string;
  kind?: CaseKind;
}

/** What the messages of a burst make of a case: subject, place and the desk or institution it goes to. */
export function intakeOf(
  municipality: Municipality,
  citizen: Citizen,
  messages: Message[],
  { chosenCategory, kind: toldKind }: Choice = {},
): CaseIntake {
  const [first] = messages;
  if (!first) throw new AppError('message-missing');
  const words = wordsOf(messages);
  const pin = messages.findLast(message => message.place)?.place ?? null;
  const place = placeOf(municipality, pin, words);
  const guess = classify(words, municipality);
  const best = guess.ranked[0]?.category ?? OTHER_CATEGORY;
  const category = categoryOf(municipality, chosenCategory ?? best);
  const isSure = chosenCategory === undefined ? guess.sure : chosenCategory !== OTHER_CATEGORY;
  const straight = isSure && !place.outside;
  const { owner, why } = jurisdictionOf(municipality.jurisdiction, category, {
    road: place.road,
    neighbourhood: place.neighbourhood?.slug ?? null,
  });
  const institution =
    straight && 'institution' in owner ? institutionOf(municipality, owner.institution) : null;
  const { language } = citizen;
  const priority = priorityOf(words, category.priority);
  const meant = toldKind ?? kindOf(words, category.kind);
  // Danger that is told as a suggestion is danger all the same.
  const kind = isAnswerOnly(municipality, meant) && priority !== category.priority ? 'problem' : meant;
  return {
    openedBy: first.id,
    citizenId: citizen.id,
    language,
    kind,
    category: { slug: category.slug, name: category.name.tr },
    priority: isAnswerOnly(municipality, kind) ? 'p4' : priority,
    confidence: chosenCategory === undefined ? (guess.ranked[0]?.confidence ?? 0) : 1,
    matchedWords: chosenCategory === undefined ? [...guess.matched] : [],
    guessed: guess.ranked.map(({ category: slug, confidence }) => ({ slug, confidence })),
    chosenByCitizen: chosenCategory !== undefined,
    neighbourhood: named(place.neighbourhood),
    place: pin,
    outside: place.outside,
    location: locationOf(municipality, place, pin),
    desk: straight && 'department' in owner ? departmentOf(municipality, owner.department).slug : TRIAGE,
    deskReason: straight ? (why?.tr ?? null) : null,
    institution: institution && { slug: institution.slug, name: institution.name.tr },
    handOff: institution && {
      name: institution.name[language],
      why: (why ?? institution.why)[language],
      phone: institution.phone,
      website: institution.website ?? null,
    },
    photographed: messages.some(isPhoto),
    similar: null,
    withNotice: citizen.noticeGivenAt === null,
    receivedAt: first.sentAt,
  };
}

function locationOf(
  municipality: Municipality,
  place: PlaceFound,
  pin: { latitude: number; longitude: number } | null,
): LocationNote {
  const neighbour = pin && place.outside ? neighbourAt(municipality, pin) : null;
  return {
    source: place.source,
    precision: place.precision,
    street: place.street,
    road: place.road.class,
    keptRoad: place.road.road?.name ?? null,
    namedInWords: named(place.named),
    borderMetres: place.borderMetres,
    neighbour: neighbour && {
      name: neighbour.name,
      website: neighbour.website,
      phone: neighbour.phone ?? null,
    },
  };
}

function named(found: { slug: string; name: string } | null): Named | null {
  return found ? { slug: found.slug, name: found.name } : null;
}
