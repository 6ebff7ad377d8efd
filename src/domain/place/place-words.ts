import { DAY_MS } from '../durations';
import { foldedWords, type WordTest } from '../turkish';
import type { Address, AddressLexicon } from './address';
import { type Line, metresToLines, type Nearness, type Point } from './distance';

/** A neighbourhood with its common names. */
export interface NamedPlace {
  readonly slug: string;
  readonly name: string;
  readonly aliases: readonly string[];
  /** Whether the name alone is also an ordinary word, like Devlet (state) or İstasyon (station). */
  readonly nameIsCommonWord: boolean;
}

interface Sighting {
  readonly slug: string;
  /** Whether "mahallesi" follows. */
  readonly named: boolean;
  readonly length: number;
}

interface Name {
  readonly slug: string;
  readonly words: readonly string[];
  readonly bareCounts: boolean;
}

type NameLexicon = Pick<AddressLexicon, 'neighbourhood' | 'caseEnding'>;

/**
 * Names are indexed by the first letters of their first word, so that a long text is read once. Each loaded
 * list has its own index.
 */
const BEGINNING = 3;
const indexes = new WeakMap<readonly NamedPlace[], ReadonlyMap<string, readonly Name[]>>();

function indexOf(places: readonly NamedPlace[]): ReadonlyMap<string, readonly Name[]> {
  const known = indexes.get(places);
  if (known) return known;
  const index = new Map<string, Name[]>();
  const names = places.flatMap(({ slug, name, aliases, nameIsCommonWord }) => [
    { slug, words: foldedWords(name), bareCounts: !nameIsCommonWord },
    ...aliases.map(alias => ({ slug, words: foldedWords(alias), bareCounts: true })),
  ]);
  for (const name of names) {
    const key = name.words[0]?.slice(0, BEGINNING) ?? '';
    index.set(key, [...(index.get(key) ?? []), name]);
  }
  indexes.set(places, index);
  return index;
}

function sightingAt(
  words: readonly string[],
  start: number,
  name: readonly string[],
  lexicon: NameLexicon,
): 'named' | 'bare' | undefined {
  const last = name.length - 1;
  for (let i = 0; i < last; i += 1) if (words[start + i] !== name[i]) return undefined;
  const word = words[start + last];
  const final = name[last];
  if (word === undefined || final === undefined || !word.startsWith(final)) return undefined;
  if (word === final && lexicon.neighbourhood(words[start + name.length] ?? '')) return 'named';
  return lexicon.caseEnding(word.slice(final.length)) ? 'bare' : undefined;
}

/**
 * Returns the slug of the neighbourhood that a text names, or undefined. Accepts missing Turkish marks,
 * endings and the word "mahallesi". Of several names, one with "mahallesi" wins, then the longest, then the
 * first.
 */
export function neighbourhoodIn(
  text: string,
  places: readonly NamedPlace[],
  lexicon: NameLexicon,
): string | undefined {
  const words = foldedWords(text);
  const index = indexOf(places);
  let best: Sighting | undefined;
  words.forEach((word, start) => {
    for (const name of index.get(word.slice(0, BEGINNING)) ?? []) {
      const sighting = sightingAt(words, start, name.words, lexicon);
      if (sighting === undefined || (sighting === 'bare' && !name.bareCounts)) continue;
      const next = { slug: name.slug, named: sighting === 'named', length: name.words.length };
      if (!best || isClearer(next, best)) best = next;
    }
  });
  return best?.slug;
}

function isClearer(next: Sighting, best: Sighting): boolean {
  return next.named === best.named ? next.length > best.length : next.named;
}

const namesOfOneWord = new WeakMap<readonly NamedPlace[], ReadonlySet<string>>();

/** Returns the folded one-word names that have no other meaning. */
export function plainNames(places: readonly NamedPlace[]): ReadonlySet<string> {
  const known = namesOfOneWord.get(places);
  if (known) return known;
  const names = places.flatMap(({ name, aliases, nameIsCommonWord }) => [
    ...(nameIsCommonWord ? [] : [name]),
    ...aliases,
  ]);
  const plain = new Set(names.map(foldedWords).flatMap(words => (words.length === 1 ? words : [])));
  namesOfOneWord.set(places, plain);
  return plain;
}

/** Who keeps a road: another authority (`artery`), the municipality (`street`), or unknown. */
export const roadClasses = ['artery', 'street', 'unknown'] as const;
export type RoadClass = (typeof roadClasses)[number];

/** A road that another authority keeps. */
export interface KeptRoad {
  readonly slug: string;
  readonly name: string;
  readonly aliases: readonly string[];
  /** The responsible institution. */
  readonly keeper: string;
  /** Its centre lines, if known. */
  readonly lines?: readonly Line[] | undefined;
  /** Width in metres, kerb to kerb. */
  readonly width?: number | undefined;
}

export interface RoadFound {
  readonly class: RoadClass;
  readonly road: KeptRoad | null;
  /** Whether it only counts as a street of the municipality, because no lines of roads are known. */
  readonly isGuess?: true;
}

/** What is known of the roads of the district. */
export interface RoadMap {
  readonly roads: readonly KeptRoad[];
  readonly roadLines: {
    /** The streets that the municipality keeps. */
    readonly own: readonly Line[];
    /** Larger roads that are not in the list. */
    readonly other: readonly Line[];
  };
  readonly roadRules: {
    /** People place a pin beside the road rather than on it. */
    readonly besideMetres: number;
    /** The width of a listed road without a width. */
    readonly usualWidthMetres: number;
    /** A pin this near to the line of another road lies on it. */
    readonly streetMetres: number;
    /** What a pin alone counts as before lines of streets are known: a street of the municipality, or unknown. */
    readonly withoutLines: 'street' | 'desk';
  };
}

type RoadLexicon = Pick<AddressLexicon, 'street' | 'boulevard' | 'caseEnding'>;

function isNamed(words: readonly string[], name: readonly string[], lexicon: RoadLexicon): boolean {
  return words.some((_, start) =>
    name.every((part, i) => {
      const word = words[start + i] ?? '';
      return i < name.length - 1
        ? word === part
        : word.startsWith(part) && lexicon.caseEnding(word.slice(part.length));
    }),
  );
}

/**
 * Returns the road class of a report from its text and its pin. `namesStreet`: whether the text contains a street with
 * its name. Returns `unknown`, so that a person decides, for a street named together with a kept road, for a pin beside
 * the kept road that the text names, for a boulevard that is not in the list, and for a pin near none of the known lines.
 */
export function roadOf(
  text: string,
  pin: Point | null,
  namesStreet: boolean,
  { roads, roadLines, roadRules }: RoadMap,
  lexicon: RoadLexicon,
): RoadFound {
  const words = foldedWords(text);
  const under = pin
    ? roads.find(
        ({ lines = [], width = roadRules.usualWidthMetres }) =>
          metresToLines(pin, lines) <= width / 2 + roadRules.besideMetres,
      )
    : undefined;
  if (under) return { class: 'artery', road: under };
  const named = roads.find(({ name, aliases }) =>
    [name, ...aliases].some(one => isNamed(words, foldedWords(one), lexicon)),
  );
  const tells = (kind: WordTest): boolean => words.some((word, i) => i > 0 && kind(word));
  const isStreet = tells(lexicon.street);
  if (named) return { class: isStreet || (pin && named.lines) ? 'unknown' : 'artery', road: named };
  if (pin) {
    const [own, other] = [metresToLines(pin, roadLines.own), metresToLines(pin, roadLines.other)];
    if (Math.min(own, other) <= roadRules.streetMetres)
      return { class: own <= other ? 'street' : 'unknown', road: null };
  }
  if (!isStreet && tells(lexicon.boulevard)) return { class: 'unknown', road: null };
  const isNowhere = pin && !isStreet && !namesStreet;
  if (!isNowhere) return { class: 'street', road: null };
  const isUnknown = roadLines.own.length > 0 || roadRules.withoutLines === 'desk';
  return isUnknown ? { class: 'unknown', road: null } : { class: 'street', road: null, isGuess: true };
}

/** A place in words that another report can name as well. */
export interface WrittenSpot {
  /** The neighbourhood with its street or estate, folded. */
  readonly street: string;
  /** The house number without the door: 12 of "12/3". Null if none is written. */
  readonly house: number | null;
  /** The building or the landmark, folded. Null if none is written. */
  readonly mark: string | null;
}

const foldedLine = (text: string): string => foldedWords(text).join('-');

/**
 * Returns the name under which two texts mean one street. People write long names in full or only their last word:
 * "Lale Gül Caddesi", "gül caddesi".
 */
export function streetName(street: string): string {
  const words = foldedWords(street);
  return /^\d/.test(street) ? words.join('-') : words.slice(-2).join('-');
}

/** Returns the spot of an address, or null without a neighbourhood, or without a street or an estate. */
export function writtenSpot(
  neighbourhood: string | null,
  { street, site, number, building, landmark }: Address,
): WrittenSpot | null {
  const place = street ?? site;
  if (neighbourhood === null || place === null) return null;
  const mark = building ?? landmark;
  const house = Number.parseInt(number ?? '', 10);
  return {
    street: `${neighbourhood}:${streetName(place)}`,
    house: Number.isNaN(house) ? null : house,
    mark: mark === null ? null : foldedLine(mark),
  };
}

/** House numbers rise by two from house to house, because each side has its own; a plot is some 16 m wide. */
const METRES_PER_NUMBER = 8;

/**
 * Returns the estimated metres between two spots of one street: none at the same building or landmark, otherwise by
 * house numbers. Null if the words do not say where in the street.
 */
export function metresAlong(
  one: Omit<WrittenSpot, 'street'>,
  other: Omit<WrittenSpot, 'street'>,
): number | null {
  if (one.mark !== null && one.mark === other.mark) return 0;
  if (one.house === null || other.house === null) return null;
  return Math.abs(one.house - other.house) * METRES_PER_NUMBER;
}

const keyOf = (subject: string, street: string, period: number): string =>
  `street:${subject}:${street}:${period}`;

/** Returns the key of a report's bucket: its subject, its street and its period. */
export function streetCell(subject: string, street: string, at: number, { days }: Nearness): string {
  return keyOf(subject, street, Math.floor(at / (days * DAY_MS)));
}

/** Returns the keys of both buckets that can hold a report of this street recent enough at `at`. */
export function streetCells(subject: string, street: string, at: number, { days }: Nearness): string[] {
  const period = Math.floor(at / (days * DAY_MS));
  return [period, period - 1].map(each => keyOf(subject, street, each));
}
