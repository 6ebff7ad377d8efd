import { foldWord, type WordTest } from '../turkish';

/** The address parts found in a text, in the form of street signs. */
export interface Address {
  /** "1234. Sokak", "Gül Sokak", "Atatürk Bulvarı". */
  readonly street: string | null;
  /** The house number: "12", "12/3", "12/A". */
  readonly number: string | null;
  /** A housing estate: "Yeşil Vadi Sitesi". */
  readonly site: string | null;
  /** A building or a block: "Gül Apartmanı", "B Blok". */
  readonly building: string | null;
  /** A landmark with its relation: "A101 karşısı". */
  readonly landmark: string | null;
}

interface StreetKind {
  readonly word: WordTest;
  /** Forms that follow a name, for example the possessive. */
  readonly ofName: WordTest;
  /** The kind after a number ("1234. Sokak") and after a name ("Gazi Caddesi"). */
  readonly numbered: string;
  readonly named: string;
}

interface BuildingKind {
  readonly word: WordTest;
  readonly named: string;
  /** Whether it counts only when it and its name are capitalised. */
  readonly capital: boolean;
}

/** The compiled words of addresses. Tests take folded words. */
export interface AddressLexicon {
  readonly streets: readonly StreetKind[];
  /** "Our street" and plurals. */
  readonly noStreet: WordTest;
  /** Words after a count of streets: "2 sokak ileride". */
  readonly farther: WordTest;
  /** Words between a number and its street: "1234 nolu". */
  readonly ordinal: WordTest;
  /** The word that follows a neighbourhood's name. */
  readonly neighbourhood: WordTest;
  /** The endings that a name can have, or none. */
  readonly caseEnding: WordTest;
  /** Words that precede a street without naming it, and the endings of others. */
  readonly plain: WordTest;
  readonly plainEnding: WordTest;
  /** Titles that belong to the following name, even in lower case. */
  readonly honorific: WordTest;
  /** Words after a street that is meant as a name. */
  readonly onIt: WordTest;
  /** A house number in the text after a street, with its mark ("no") and without. The number is the first group. */
  readonly markedNumber: RegExp;
  readonly bareNumber: RegExp;
  readonly sites: readonly BuildingKind[];
  readonly buildings: readonly BuildingKind[];
  /** The pattern of a block, whose name is the first group, and the word for it. */
  readonly block: { readonly pattern: RegExp; readonly named: string };
  readonly relations: readonly { readonly word: WordTest; readonly written: string }[];
  /** Nouns that are no landmarks, and plain words that are. */
  readonly unfindable: WordTest;
  readonly findable: WordTest;
  /** Kinds of road that the municipality keeps, and those that another authority may keep. */
  readonly street: WordTest;
  readonly boulevard: WordTest;
}

interface Token {
  readonly written: string;
  readonly folded: string;
  readonly start: number;
  readonly end: number;
}

/** A text with its words. */
interface Reading {
  readonly text: string;
  readonly tokens: readonly Token[];
  /** Folded neighbourhood names of one word. Before a street they are not part of its name. */
  readonly around: ReadonlySet<string>;
  /** Whether all letters are capitals, so that capitals do not mark names. */
  readonly shouts: boolean;
  readonly lexicon: AddressLexicon;
}

const WORD = /\p{L}[\p{L}\p{M}]*|\p{N}+/gu;

function readingOf(text: string, lexicon: AddressLexicon, around: ReadonlySet<string>): Reading {
  const composed = text.normalize('NFC');
  const tokens = [...composed.matchAll(WORD)].map(found => ({
    written: found[0],
    folded: foldWord(found[0]),
    start: found.index,
    end: found.index + found[0].length,
  }));
  return { text: composed, tokens, around, shouts: !/\p{Ll}/u.test(composed), lexicon };
}

/** Returns the first characters between a word and the next one. */
function gapAfter({ text, tokens }: Reading, at: number): string {
  const [one, next] = [tokens[at], tokens[at + 1]];
  return one && next ? text.slice(one.end, Math.min(next.start, one.end + 8)) : '\n';
}

const SENTENCE_END = /[.,;:!?\n]/;

function isName({ folded }: Token, { plain, plainEnding }: AddressLexicon): boolean {
  return !plain(folded) && !plainEnding(folded) && !/^\d/.test(folded);
}

const isNumber = ({ folded }: Token): boolean => /^\d{1,5}$/.test(folded);
const isCapital = ({ written }: Token): boolean => /^\p{Lu}/u.test(written);

/** Capitalises a word by Turkish rules. */
function titled(word: string): string {
  const small = /\p{Ll}/u.test(word) ? word : word.replaceAll('I', 'ı').replaceAll('İ', 'i').toLowerCase();
  const first = small.slice(0, 1);
  return (first === 'i' ? 'İ' : first.toUpperCase()) + small.slice(1);
}

const LONGEST_NAME = 4;

/** Returns the start of the name that ends at `last`: consecutive capitalised words and titles. */
function nameFrom(reading: Reading, last: number): number {
  const { tokens, shouts, around, lexicon } = reading;
  let first = last;
  while (first > 0 && last - first + 1 < LONGEST_NAME) {
    const before = tokens[first - 1];
    if (
      !before ||
      !isName(before, lexicon) ||
      lexicon.neighbourhood(before.folded) ||
      around.has(before.folded)
    )
      break;
    if (!/^\s+$|^\.\s?$/.test(gapAfter(reading, first - 1))) break;
    const goesOn = !shouts && isCapital(before) && isCapital(tokens[first] ?? before);
    if (!goesOn && !lexicon.honorific(before.folded)) break;
    first -= 1;
  }
  return first;
}

function nameOf({ tokens }: Reading, first: number, last: number): string {
  return tokens
    .slice(first, last + 1)
    .map(({ written }) => titled(written))
    .join(' ');
}

interface Found {
  readonly words: string;
  /** Indexes of the first and last word. */
  readonly first: number;
  readonly last: number;
}

/** "1234. sokak", "1234 nolu sokak", "1234/2. sokak". */
function numberedStreet(reading: Reading, at: number, kind: StreetKind): Found | null {
  const { tokens, lexicon } = reading;
  let place = at - 1;
  while (place > 0 && at - place <= 2 && lexicon.ordinal(tokens[place]?.folded ?? '')) place -= 1;
  const number = tokens[place];
  if (!number || !isNumber(number) || lexicon.farther(tokens[at + 1]?.folded ?? '')) return null;
  if (/[\n;!?]/.test(gapAfter(reading, at - 1))) return null;
  const before = tokens[place - 1];
  const isPart = before !== undefined && isNumber(before) && gapAfter(reading, place - 1) === '/';
  const whole = isPart ? `${before.written}/${number.written}` : number.written;
  return { words: `${whole}. ${kind.numbered}`, first: isPart ? place - 1 : place, last: at };
}

/** The layout of a form: "Sokak: 1234", "Cadde: Gazi". */
function filledInStreet(reading: Reading, at: number, kind: StreetKind): Found | null {
  const next = reading.tokens[at + 1];
  if (!next || !/^\s{0,2}:\s{0,3}$/.test(gapAfter(reading, at))) return null;
  if (isNumber(next)) return { words: `${next.written}. ${kind.numbered}`, first: at, last: at + 1 };
  return isName(next, reading.lexicon)
    ? { words: `${titled(next.written)} ${kind.named}`, first: at, last: at + 1 }
    : null;
}

const SHORT_MESSAGE = 4;

/** Whether a form without possessive ("gül sokak") is a name rather than a description ("dar sokak"). */
function isMeantAsName(reading: Reading, at: number): boolean {
  const { tokens, shouts, around, lexicon } = reading;
  const [before, name, kind] = [tokens[at - 2], tokens[at - 1], tokens[at]];
  if (!name || !kind) return false;
  if (houseNumberAfter(reading, at) !== null) return true;
  if (tokens.length <= SHORT_MESSAGE && at === tokens.length - 1) return true;
  if (before && (lexicon.neighbourhood(before.folded) || around.has(before.folded))) return true;
  if (lexicon.onIt(tokens[at + 1]?.folded ?? '') && /^\s/.test(gapAfter(reading, at))) return true;
  const isBegun = at < 2 || SENTENCE_END.test(gapAfter(reading, at - 2));
  return !shouts && isCapital(name) && (isCapital(kind) || !isBegun);
}

/** "Gazi Caddesi", "Gül Sokak No 12", "Lale Street". */
function namedStreet(reading: Reading, at: number, kind: StreetKind): Found | null {
  const { tokens, lexicon } = reading;
  const [name, word] = [tokens[at - 1], tokens[at]];
  if (!name || !word || !isName(name, lexicon) || !/^['’]?\s{1,3}$|^\.\s?$/.test(gapAfter(reading, at - 1)))
    return null;
  if (lexicon.neighbourhood(name.folded)) return null;
  if (!kind.ofName(word.folded) && !isMeantAsName(reading, at)) return null;
  const first = nameFrom(reading, at - 1);
  return { words: `${nameOf(reading, first, at - 1)} ${kind.named}`, first, last: at };
}

function streetIn(reading: Reading): Found | null {
  const { streets, noStreet } = reading.lexicon;
  for (const [at, { folded }] of reading.tokens.entries()) {
    const kind = streets.find(({ word }) => word(folded));
    if (!kind || noStreet(folded)) continue;
    const found =
      numberedStreet(reading, at, kind) ??
      filledInStreet(reading, at, kind) ??
      namedStreet(reading, at, kind);
    if (found) return found;
  }
  return null;
}

const LONGEST_NUMBER = 40;

/** Returns the house number after the word at `at`, or null. */
function houseNumberAfter({ text, tokens, lexicon }: Reading, at: number): string | null {
  const end = tokens[at]?.end ?? text.length;
  const following = text.slice(end, end + LONGEST_NUMBER);
  const number = (lexicon.markedNumber.exec(following) ?? lexicon.bareNumber.exec(following))?.[1];
  return number === undefined ? null : number.replace(/\s/g, '').replace('-', '/').toUpperCase();
}

/** Returns the first building of the given kinds: "Yeşil Vadi Sitesi". */
function buildingIn(reading: Reading, kinds: readonly BuildingKind[]): Found | null {
  const { tokens, lexicon, shouts } = reading;
  for (const [at, word] of tokens.entries()) {
    const kind = kinds.find(each => each.word(word.folded));
    const name = tokens[at - 1];
    if (!kind || !name || !isName(name, lexicon) || !/^\s{1,3}$/.test(gapAfter(reading, at - 1))) continue;
    if (kind.capital && (shouts || !isCapital(word) || !isCapital(name))) continue;
    const first = nameFrom(reading, at - 1);
    return { words: `${nameOf(reading, first, at - 1)} ${kind.named}`, first, last: at };
  }
  return null;
}

function blockIn({ text, lexicon }: Reading): string | null {
  const block = lexicon.block.pattern.exec(text)?.[1]?.replace(/[\s-]/g, '').toUpperCase();
  return block === undefined ? null : `${block} ${lexicon.block.named}`;
}

function landmarkIn(reading: Reading, taken: readonly (Found | null)[]): string | null {
  const { tokens, text, shouts, lexicon } = reading;
  const isTaken = (at: number): boolean =>
    taken.some(found => found && at >= found.first && at <= found.last);
  for (const [at, { folded }] of tokens.entries()) {
    const written = lexicon.relations.find(({ word }) => word(folded))?.written;
    const last = tokens[at - 1];
    if (
      written === undefined ||
      !last ||
      isTaken(at - 1) ||
      (isNumber(last) && gapAfter(reading, at - 2) !== '')
    )
      continue;
    if (!/^['’]?\s{1,3}$/.test(gapAfter(reading, at - 1))) continue;
    if (lexicon.unfindable(last.folded) || (lexicon.plain(last.folded) && !lexicon.findable(last.folded)))
      continue;
    let first = at - 1;
    while (at - first <= LONGEST_NAME && first > 0 && !isTaken(first - 1)) {
      const before = tokens[first - 1];
      const gap = gapAfter(reading, first - 1);
      if (!before || lexicon.neighbourhood(before.folded)) break;
      if (gap !== '' && (!/^\s$/.test(gap) || shouts || !isCapital(before) || !isName(before, lexicon)))
        break;
      first -= 1;
    }
    return `${text.slice(tokens[first]?.start ?? 0, last.end)} ${written}`;
  }
  return null;
}

/**
 * Returns the address parts in a text without links. Runs in linear time. `around`: folded neighbourhood names of one
 * word, which may precede a street.
 */
export function addressIn(
  text: string,
  lexicon: AddressLexicon,
  around: ReadonlySet<string> = new Set(),
): Address {
  const reading = readingOf(text, lexicon, around);
  const street = streetIn(reading);
  const site = buildingIn(reading, lexicon.sites);
  const building = buildingIn(reading, lexicon.buildings);
  const numbered = street ?? building ?? site;
  return {
    street: street?.words ?? null,
    number: numbered && houseNumberAfter(reading, numbered.last),
    site: site?.words ?? null,
    building: building?.words ?? blockIn(reading),
    landmark: landmarkIn(reading, [street, site, building]),
  };
}

/** Returns an address as one line, or null if it has no parts. */
export function addressLine({ street, number, site, building, landmark }: Address): string | null {
  const [first, ...others] = [street, building, site].filter(part => part !== null);
  const numbered = first === undefined || number === null ? first : `${first} No: ${number}`;
  const parts = [numbered, ...others, landmark].filter(part => part !== undefined && part !== null);
  return parts.length > 0 ? parts.join(', ') : null;
}

/**
 * Returns neighbourhood and address in one line, as on an envelope: "Merkez Mah., 1234. Sokak No: 5". Null if neither
 * is known.
 */
export function placeLine({
  neighbourhood,
  location,
}: {
  readonly neighbourhood: { readonly name: string } | null;
  readonly location?: { readonly street: string | null; readonly address?: string | null } | undefined;
}): string | null {
  const address = location?.address ?? location?.street ?? null;
  if (neighbourhood === null) return address;
  return address === null ? `${neighbourhood.name} Mahallesi` : `${neighbourhood.name} Mah., ${address}`;
}

/** Whether an address has a street or an estate. A building or landmark alone is not enough. */
export function isFindable({ street, site }: Address): boolean {
  return street !== null || site !== null;
}
