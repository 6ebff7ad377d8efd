import { isHazard } from '../src/config/calendars';
import type { Municipality } from '../src/config/municipality';
import { noticeVersion } from '../src/config/texts';
import {
  categoryOf,
  departmentOf,
  dependsOnPlace,
  dependsOnRoad,
  institutionOf,
  isAnswerOnly,
} from '../src/config/offices';
import {
  addressOf,
  contains,
  neighbourAt,
  type PlaceFound,
  placeOf,
  tellsAddress,
} from '../src/config/places';
import { TRIAGE } from '../src/config/schemas/town';
import { type CaseKind, isEnded, raised } from '../src/domain/case/case';
import type { Named } from '../src/domain/named';
import { metresBetween } from '../src/domain/place/distance';
import { type WrittenSpot, writtenSpot } from '../src/domain/place/place-words';
import { jurisdictionOf, OTHER_CATEGORY } from '../src/domain/routing/category';
import { type Classification, classify, kindOf } from '../src/domain/routing/classify';
import { dangerIn, priorityOf } from '../src/domain/routing/danger';
import { areAlike, likeness } from '../src/domain/routing/likeness';
import type { Priority } from '../src/domain/sla/sla';
import { AppError } from '../src/errors';
import type { IncidentRecord } from '../src/store/calendar-records';
import type {
  CaseIntake,
  CaseRecord,
  LocationNote,
  SimilarReports,
  StaffEntry,
} from '../src/store/case-records';
import type { Citizen } from '../src/store/citizen-records';
import { isPhoto, type Message, wordsOf } from '../src/store/message-records';
import type { NearReport } from '../src/store/report-cells';
import type { Store } from '../src/store/store';
import type { Deps } from './deps';

/**
 * Classifies a text. A hurt animal determines the subject regardless of other words: "yavru kedi rögara
 * düştü" is not a sewer problem.
 */
export function subjectOf(words: string, municipality: Municipality): Classification {
  const guess = classify(words, municipality);
  if (dangerIn(words, municipality.language.danger)?.to !== 'animal') return guess;
  const [hurt] = municipality.categories.filter(({ hurtAnimals }) => hurtAnimals);
  if (!hurt) return guess;
  const others = guess.ranked.filter(({ category }) => category !== hurt.slug);
  return { ...guess, ranked: [{ category: hurt.slug, confidence: 1 }, ...others], sure: true };
}

/**
 * Classifies the text of a burst. A clear subject is kept if the last message only tells a place ("Barış parkının yanı").
 * A machine may have misheard a voice note, so no subject of a transcript is sure.
 */
export function guessOf(messages: readonly Message[], municipality: Municipality): Classification {
  const earlier = wordsOf(messages.slice(0, -1));
  const last = wordsOf(messages.slice(-1));
  const isPlace = earlier !== '' && tellsAddress(municipality, last);
  const before = isPlace && !subjectOf(last, municipality).sure ? subjectOf(earlier, municipality) : null;
  const guess = before?.sure ? before : subjectOf(wordsOf(messages), municipality);
  if (!messages.some(({ words, transcript }) => words !== null && transcript)) return guess;
  const { mostConfidence } = municipality.speech;
  const bounded = guess.ranked.map(({ category, confidence }) => ({
    category,
    confidence: Math.min(confidence, mostConfidence),
  }));
  return { ...guess, ranked: bounded, sure: false };
}

/** Facts that the citizen gave besides the text of the report. */
export interface Choice {
  /** The subject chosen from our list; `other` if none applied. */
  chosenCategory?: string;
  /** Whether `chosenCategory` comes from a part of the text, without a choice of the citizen. */
  fromText?: boolean;
  kind?: CaseKind;
  /** Set if a member of staff entered the report. */
  entry?: StaffEntry;
}

/**
 * Returns the intake of a case from the messages of a burst: subject, place, and responsible desk or
 * institution.
 */
export function intakeOf(
  municipality: Municipality,
  citizen: Citizen,
  messages: Message[],
  { chosenCategory, fromText = false, kind: toldKind, entry }: Choice = {},
): CaseIntake {
  const [first] = messages;
  if (!first) throw new AppError('message-missing');
  const words = wordsOf(messages);
  const pin = messages.findLast(message => message.place)?.place ?? null;
  const place = placeOf(municipality, pin, words);
  const guess = guessOf(messages, municipality);
  const best = guess.ranked[0]?.category ?? OTHER_CATEGORY;
  const category = categoryOf(municipality, chosenCategory ?? best);
  const isChosen = chosenCategory !== undefined && !fromText;
  const isSure = isChosen ? chosenCategory !== OTHER_CATEGORY : guess.sure && !fromText;
  const straight = isSure && !place.outside;
  const { owner, why } = jurisdictionOf(municipality.jurisdiction, category, {
    road: place.road,
    neighbourhood: place.neighbourhood?.slug ?? null,
  });
  const institution =
    straight && 'institution' in owner ? institutionOf(municipality, owner.institution) : null;
  const { language } = citizen;
  const priority = priorityOf(words, category.priority, municipality.language.danger);
  const meant = toldKind ?? kindOf(words, category.kind, municipality.language.kind);
  // Danger phrased as a suggestion is treated as a problem.
  const kind = isAnswerOnly(municipality, meant) && priority !== category.priority ? 'problem' : meant;
  return {
    openedBy: first.id,
    citizenId: citizen.id,
    language,
    kind,
    category: { slug: category.slug, name: category.name.tr },
    priority: isAnswerOnly(municipality, kind) ? 'p4' : priority,
    hazard: isHazard(municipality, kind, priority),
    confidence: isChosen ? 1 : (guess.ranked.find(each => each.category === category.slug)?.confidence ?? 0),
    matchedWords: isChosen || category.slug !== best ? [] : [...guess.matched],
    guessed: guess.ranked.map(({ category: slug, confidence }) => ({ slug, confidence })),
    chosenByCitizen: isChosen,
    neighbourhood: named(place.neighbourhood),
    place: pin,
    outside: place.outside,
    location: locationOf(municipality, place, pin, category.slug),
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
    withNotice:
      citizen.noticeVersion !== noticeVersion(municipality) && (!entry || entry.answer === 'whatsapp'),
    receivedAt: first.sentAt,
    ...(entry && { entry }),
  };
}

/** Returns what a department is told about a place. */
export function locationOf(
  municipality: Municipality,
  place: PlaceFound,
  pin: { latitude: number; longitude: number } | null,
  subject: string,
): LocationNote {
  const neighbour = pin && place.outside ? neighbourAt(municipality, pin) : null;
  return {
    source: place.source,
    precision: place.precision,
    street: place.street,
    address: place.address,
    road: place.road.class,
    ...(place.road.isGuess && dependsOnRoad(municipality, subject) && { roadGuessed: true }),
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

/** The most nearby reports compared, nearest first. More would add nothing. */
const MOST_COMPARED = 12;
/**
 * Reports at least this similar and at most this far apart are joined automatically. A join can be undone.
 */
const SAME_FROM = 0.45;
const SAME_WITHIN = 0.5;

type Records = Pick<Store, 'cases' | 'messages' | 'reportCells'>;

/**
 * Returns the open cases around a report, nearest first and those somewhere in its street last. Reports of overlapping
 * subjects count as well. Reports without a pin are compared by the street in their text.
 */
async function around(
  { reportCells }: Records,
  municipality: Municipality,
  { place, category, receivedAt }: CaseIntake,
  spot: WrittenSpot | null,
): Promise<NearReport[]> {
  const at = receivedAt.getTime();
  const found = await Promise.all(
    subjectsLike(municipality, category.slug).map(async subject => {
      const nearness = categoryOf(municipality, subject).duplicates;
      const [byPin, byWords] = await Promise.all([
        place ? reportCells.near(subject, place, at, nearness) : [],
        spot ? reportCells.onStreet(subject, spot, at, nearness) : [],
      ]);
      // Two pins say more than two texts.
      return [...byPin, ...byWords.filter(({ pinned }) => !place || !pinned)];
    }),
  );
  const distance = ({ metres }: NearReport): number => metres ?? Number.MAX_SAFE_INTEGER;
  return found.flat().sort((one, other) => distance(one) - distance(other) || one.at - other.at);
}

/** Returns a subject and those that overlap with it. */
function subjectsLike({ overlaps }: Municipality, subject: string): string[] {
  return [subject, ...(overlaps.get(subject) ?? [])];
}

/**
 * Returns open cases that may describe the same problem: the same or an overlapping subject, within the subject's
 * distance and days, and a similar text. Returns null if there are none. Reads a bounded number of records by id,
 * regardless of the number of cases.
 */
export async function similarTo(
  store: Records,
  municipality: Municipality,
  intake: CaseIntake,
  words: string,
): Promise<SimilarReports | null> {
  const { category, matchedWords } = intake;
  if (intake.outside || intake.institution) return null;
  const spot = spotOf(municipality, intake, words);
  const subjects = subjectsLike(municipality, category.slug);
  const near = await around(store, municipality, intake, spot);
  const { metres: farthest } = categoryOf(municipality, category.slug).duplicates;
  /** A corrected report is still found at its former pin. */
  const isElsewhere = ({ place, placedAt }: CaseIntake, metres: number | null): boolean =>
    placedAt !== undefined &&
    metres !== null &&
    (place === null || intake.place === null || metresBetween(place, intake.place) > farthest);
  const compared = await Promise.all(
    near.slice(0, MOST_COMPARED).map(async ({ caseNumber: other, metres }) => {
      const record = await store.cases.get(other);
      // A retry must not find the record of its own first attempt.
      if (!record || record.intake.openedBy === intake.openedBy || !isOpen(record)) return null;
      if (!subjects.includes(record.intake.category.slug) || isElsewhere(record.intake, metres)) return null;
      const otherWords = (await store.messages.get(record.intake.openedBy))?.words ?? '';
      const told = { words: otherWords, matched: record.intake.matchedWords };
      if (!areAlike({ words, matched: matchedWords }, told)) return null;
      return { record, metres, alike: likeness(words, otherWords) };
    }),
  );
  const found = compared.filter(one => one !== null);
  const [nearest] = found;
  if (!nearest) return null;
  const { record, metres, alike } = nearest;
  const isNear = metres !== null && metres <= farthest * SAME_WITHIN;
  // A more urgent report needs a task of its own; p1 is the most urgent.
  const isCovered =
    record.intake.category.slug === category.slug || intake.priority >= record.intake.priority;
  return {
    leader: record.progress?.leader ?? record.caseNumber,
    metres,
    likeness: Math.round(alike * 100) / 100,
    reports: found.length,
    same: alike >= SAME_FROM && isNear && isCovered,
  };
}

/** Returns the place that the text of a report gives, or its correction, for comparison with other texts. */
export function spotOf(
  municipality: Municipality,
  { neighbourhood, location, placedAt }: CaseIntake,
  words: string,
): WrittenSpot | null {
  const text = placedAt ? (location?.address ?? '') : words;
  return writtenSpot(neighbourhood?.slug ?? null, addressOf(municipality, text));
}

function isOpen({ progress }: CaseRecord): boolean {
  return progress !== null && !isEnded(progress.stage) && progress.stage !== 'resolved';
}

/**
 * Returns the priority of a report, given earlier reports of the same problem. Reports that only name the same street
 * may be about several problems, so they do not raise it.
 */
export function priorityAmong(
  usual: Priority,
  similar: SimilarReports | null,
  { routing }: Pick<Municipality, 'routing'>,
): Priority {
  const isNear = similar !== null && similar.metres !== null;
  return isNear && similar.reports + 1 >= routing.reportsToRaise ? raised[usual] : usual;
}

/**
 * Compares a report with others of the same place and subject. A report that joins another takes over its subject, so
 * that both citizens get one answer within one target.
 */
export async function amongOthers(
  { store, municipality }: Pick<Deps, 'store' | 'municipality'>,
  intake: CaseIntake,
  messages: readonly Message[],
): Promise<CaseIntake> {
  const similar = await similarTo(store, municipality, intake, wordsOf(messages));
  const leading = similar?.same ? await store.cases.get(similar.leader) : null;
  return {
    ...intake,
    ...(leading && subjectLike(leading.intake)),
    similar,
    priority: priorityAmong(intake.priority, similar, municipality),
  };
}

function subjectLike({
  category,
  desk,
  deskReason = null,
}: CaseIntake): Pick<CaseIntake, 'category' | 'desk' | 'deskReason'> {
  return { category, desk, deskReason };
}

/** Whether messages name a danger. It waits neither for the end of an incident nor in an ended case. */
export function nameDanger(
  messages: readonly Message[],
  { language }: Pick<Municipality, 'language'>,
): boolean {
  return dangerIn(wordsOf(messages), language.danger) !== null;
}

/** Whether an incident covers a place. */
function covers(
  { neighbourhoods, areas }: IncidentRecord,
  { neighbourhood, place }: Pick<CaseIntake, 'neighbourhood' | 'place'>,
): boolean {
  if (neighbourhoods.length === 0 && areas.length === 0) return true;
  if (neighbourhood && neighbourhoods.includes(neighbourhood.slug)) return true;
  return place !== null && areas.some(area => contains(area, place));
}

/**
 * Returns the declared incident that a report belongs to: the latest one of its subject and place. Null for none, if
 * the subject is unsure, and if the text names a danger.
 */
export async function incidentOf(
  { store, municipality, now }: Pick<Deps, 'store' | 'municipality' | 'now'>,
  intake: CaseIntake,
  messages: readonly Message[],
): Promise<string | null> {
  const { category, kind, outside, institution, desk, receivedAt } = intake;
  if (outside || isAnswerOnly(municipality, kind) || (institution === null && desk === TRIAGE)) return null;
  // A report that waited for the line belongs to what was declared since.
  const found = (await store.incidents.since(receivedAt)).find(
    incident =>
      incident.from <= now() && incident.subjects.includes(category.slug) && covers(incident, intake),
  );
  return found && !nameDanger(messages, municipality) ? found.id : null;
}

/** Whether neither a crew nor a declared incident needs to know more of the place of a report than its text tells. */
export async function needsNoPlace(
  { store, municipality, now }: Pick<Deps, 'store' | 'municipality' | 'now'>,
  subject: string | undefined,
  text: string,
): Promise<boolean> {
  const category = municipality.categories.find(({ slug }) => slug === subject);
  if (!category || dependsOnPlace(municipality, category)) return false;
  const at = now();
  const lasting = (await store.incidents.since(at)).filter(
    ({ from, subjects }) => from <= at && subjects.includes(category.slug),
  );
  if (lasting.length === 0) return true;
  const { neighbourhood } = placeOf(municipality, null, text);
  const isCovered = lasting.some(incident => covers(incident, { neighbourhood, place: null }));
  return isCovered || (neighbourhood !== null && lasting.every(({ areas }) => areas.length === 0));
}
