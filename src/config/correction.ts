import type { Correction } from '../domain/case/acts';
import type { CaseState } from '../domain/case/case';
import { jurisdictionOf, OTHER_CATEGORY, type Owner, ownerKey } from '../domain/routing/category';
import { priorityOf } from '../domain/routing/danger';
import type { Priority, SlaPolicy } from '../domain/sla/sla';
import { isHazard } from './calendars';
import type { Municipality, Neighbourhood } from './municipality';
import { categoryOf, institutionOf, isAnswerOnly, offered, slaPolicyOf } from './offices';
import { type PlaceFound, placeOf, type Point } from './places';
import type { Category } from './schemas/categories';
import { TRIAGE } from './schemas/town';

/** What somebody corrects; null for what stays. Slugs, except for the pin and the street in words. */
export interface CorrectionAsked {
  subject: string | null;
  priority: Priority | null;
  pin: Point | null;
  neighbourhood: string | null;
  street: string | null;
}

/** What is known about the case to correct. */
export interface CorrectableCase {
  state: Pick<CaseState, 'category' | 'kind' | 'priority' | 'hazard' | 'plan' | 'neighbourhood'>;
  /** The pin in force. */
  pin: Point | null;
  /** The citizen's words. */
  words: string;
  /** The text that gives the address: the citizen's words, unless the street was corrected before. */
  address: string;
}

/** `outside`: the pin lies outside the district. `elsewhere`: it lies in another neighbourhood than the one chosen. */
export type CorrectionProblem = 'nothing' | 'outside' | 'elsewhere';

/** The place of a case after a correction. */
export interface PlaceAfter {
  readonly pin: Point | null;
  readonly found: PlaceFound;
}

/**
 * Returns the place after a correction, or the present one. A chosen neighbourhood replaces a pin that lies in another
 * one. Another street of a case without a pin stays in its neighbourhood, unless its words name another one.
 */
export function placeAfter(
  municipality: Municipality,
  {
    pin: before,
    address,
    state,
  }: Pick<CorrectableCase, 'pin' | 'address'> & {
    state: Pick<CorrectableCase['state'], 'neighbourhood'>;
  },
  { pin: given, neighbourhood: slug, street }: Pick<CorrectionAsked, 'pin' | 'neighbourhood' | 'street'>,
): PlaceAfter {
  const text = street ?? address;
  const around = placeOf(municipality, given ?? before, text);
  const called = (name: string | undefined | null): Neighbourhood | null =>
    municipality.neighbourhoods.find(neighbourhood => neighbourhood.slug === name) ?? null;
  const chosen = called(slug);
  const isElsewhere = chosen !== null && given === null && around.neighbourhood !== chosen;
  const pin = isElsewhere ? null : (given ?? before);
  const found = isElsewhere ? placeOf(municipality, null, text) : around;
  const isCorrected = given !== null || slug !== null || street !== null;
  return {
    pin,
    found: {
      ...found,
      neighbourhood:
        pin === null
          ? (chosen ?? found.neighbourhood ?? called(state.neighbourhood?.slug))
          : found.neighbourhood,
      // Somebody has decided where it is, so other places in the text are no doubt any more.
      ...(isCorrected && { named: null }),
      ...(street !== null && found.address === null && { street, address: street }),
    },
  };
}

/**
 * Returns a correction with everything that follows from it: priority, hazard, targets and owner. A priority that is
 * not the usual one of the subject was set by somebody and stays.
 */
export function correctionOf(
  municipality: Municipality,
  about: CorrectableCase,
  asked: CorrectionAsked,
): { correction: Correction } | { problem: CorrectionProblem } {
  const { state, words } = about;
  const before = categoryOf(municipality, state.category.slug);
  const after = categoryOf(municipality, asked.subject ?? before.slug);
  const isPlaced = asked.pin !== null || asked.neighbourhood !== null || asked.street !== null;
  const place = placeAfter(municipality, about, asked).found;
  if (asked.pin !== null && place.outside) return { problem: 'outside' };
  const isElsewhere = asked.neighbourhood !== null && place.neighbourhood?.slug !== asked.neighbourhood;
  if (asked.pin !== null && isElsewhere) return { problem: 'elsewhere' };

  const isRenamed = after.slug !== before.slug;
  const usual = (category: Category): Priority =>
    isAnswerOnly(municipality, state.kind)
      ? 'p4'
      : priorityOf(words, category.priority, municipality.language.danger);
  const isUsual = state.priority === usual(before);
  const priority = asked.priority ?? (isRenamed && isUsual ? usual(after) : state.priority);
  if (!isRenamed && !isPlaced && priority === state.priority) return { problem: 'nothing' };

  const hazard = isHazard(municipality, state.kind, priority);
  const targets = (category: Category, level: Priority): string =>
    targetsOf(slaPolicyOf(municipality, category, state.kind, level));
  const wasHazard = state.hazard ?? isHazard(municipality, state.kind, state.priority);
  const nowhere = { pin: null, neighbourhood: null, street: null };
  const owner = newOwner(state.plan.desk.slug, isRenamed, {
    before: ownerAt(municipality, before, placeAfter(municipality, about, nowhere).found),
    after: ownerAt(municipality, after, place),
  });
  const { neighbourhood } = place;
  return {
    correction: {
      ...(isRenamed && { subject: { slug: after.slug, name: after.name.tr } }),
      ...(priority !== state.priority && { priority }),
      ...(isPlaced && {
        place: { neighbourhood: neighbourhood && { slug: neighbourhood.slug, name: neighbourhood.name } },
      }),
      hazard,
      retargets: hazard !== wasHazard || targets(before, state.priority) !== targets(after, priority),
      ...(owner && { owner: named(municipality, owner) }),
    },
  };
}

/** What is known of the place of a case. */
interface KnownPlace {
  readonly neighbourhood: { readonly slug: string } | null;
  readonly location?: { readonly street: string | null; readonly address?: string | null };
}

/**
 * Returns the place that a citizen's text gives instead of the known one; null for none. `parts` are the parts of the
 * text that may name it, most likely first. A kept road counts as a street. A number alone replaces one of the known
 * address: "1234 değil 1243".
 */
export function placeSaid(
  municipality: Municipality,
  { parts, denied }: { readonly parts: readonly string[]; readonly denied: string | null },
  { neighbourhood, location }: KnownPlace,
): Pick<CorrectionAsked, 'neighbourhood' | 'street'> | null {
  const known = location?.address ?? location?.street ?? null;
  for (const part of parts) {
    const found = placeOf(municipality, null, part);
    const isFound = found.precision === 'street';
    const road = found.road.road?.name;
    const street = isFound ? found.address : (road ?? renumbered(known, denied, part));
    const slug = found.neighbourhood?.slug ?? null;
    const isOther = (street !== null && street !== known) || (slug !== null && slug !== neighbourhood?.slug);
    if (isOther) return { street, neighbourhood: slug ?? neighbourhood?.slug ?? null };
  }
  return null;
}

const NUMBER = /(?<!\p{N})\p{N}{1,5}(?!\p{N})/gu;
/** The number of a door, in an address as the line writes it and in the words of people. */
const DOOR_NUMBER = /(?<=No: *)\p{N}{1,5}/u;
const DOOR = /(?<!\p{L})(?:kapı|kapi|no)(?!\p{L})/iu;

/**
 * Returns an address with one of its numbers replaced by the only number of a text: the denied one, the only one, or that
 * of the door; null if that is unclear.
 */
function renumbered(address: string | null, denied: string | null, text: string): string | null {
  const known: readonly string[] = address?.match(NUMBER) ?? [];
  const [number, ...more] = text.match(NUMBER) ?? [];
  if (address === null || number === undefined || more.length > 0) return null;
  const [only, ...others] = known;
  const old =
    denied?.match(NUMBER)?.find(each => known.includes(each)) ?? (others.length === 0 ? only : null);
  if (old) return address.replace(new RegExp(`(?<!\\p{N})${old}(?!\\p{N})`, 'u'), number);
  return DOOR.test(text) ? address.replace(DOOR_NUMBER, number) : null;
}

/** The subjects that a case can be corrected to. */
export function correctSubjects({ categories }: Pick<Municipality, 'categories'>): Category[] {
  return offered(categories).filter(({ slug }) => slug !== OTHER_CATEGORY);
}

function targetsOf({ accept, resolve, legal }: SlaPolicy): string {
  return JSON.stringify([accept, resolve, legal]);
}

function ownerAt({ jurisdiction }: Municipality, category: Category, place: PlaceFound): Owner {
  const neighbourhood = place.neighbourhood?.slug ?? null;
  return jurisdictionOf(jurisdiction, category, { road: place.road, neighbourhood }).owner;
}

/**
 * Returns the owner that the case moves to, or null. The desk that sorts gives it away with the right subject. A
 * department keeps a case that people gave it, unless the correction itself changes the owner.
 */
function newOwner(
  desk: string,
  isRenamed: boolean,
  { before, after }: { before: Owner; after: Owner },
): Owner | null {
  const isHere = ownerKey(after) === ownerKey({ department: desk });
  const moves = desk === TRIAGE ? isRenamed : ownerKey(after) !== ownerKey(before);
  return moves && !isHere ? after : null;
}

function named(municipality: Municipality, owner: Owner): NonNullable<Correction['owner']> {
  if ('department' in owner) return owner;
  const { slug, name } = institutionOf(municipality, owner.institution);
  return { institution: { slug, name: name.tr } };
}
