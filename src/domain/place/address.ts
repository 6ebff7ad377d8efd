import { foldWord } from '../turkish';

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
}

const WORD = /\p{L}[\p{L}\p{M}]*|\p{N}+/gu;

function readingOf(text: string, around: ReadonlySet<string>): Reading {
  const composed = text.normalize('NFC');
  const tokens = [...composed.matchAll(WORD)].map(found => ({
    written: found[0],
    folded: foldWord(found[0]),
    start: found.index,
    end: found.index + found[0].length,
  }));
  return { text: composed, tokens, around, shouts: !/\p{Ll}/u.test(composed) };
}

/** Returns the first characters between a word and the next one. */
function gapAfter({ text, tokens }: Reading, at: number): string {
  const [one, next] = [tokens[at], tokens[at + 1]];
  return one && next ? text.slice(one.end, Math.min(next.start, one.end + 8)) : '\n';
}

const SENTENCE_END = /[.,;:!?\n]/;

interface StreetKind {
  readonly word: RegExp;
  /** Forms that follow a name: the possessive ("caddesi") and abbreviations. */
  readonly ofName: RegExp;
  readonly numbered: string;
  readonly named: string;
}

const streetKinds: readonly StreetKind[] = [
  {
    word: /^(soka[kg]\p{L}*|sok|sk)$/u,
    ofName: /^(sokagi\p{L}*|sok|sk)$/u,
    numbered: 'Sokak',
    named: 'Sokak',
  },
  {
    word: /^(cadd?e\p{L}*|cad|cd)$/u,
    ofName: /^(cadd?esi\p{L}*|cad|cd)$/u,
    numbered: 'Cadde',
    named: 'Caddesi',
  },
  {
    word: /^(bulvar\p{L}*|bulv|blv)$/u,
    ofName: /^(bulvari\p{L}*|bulv|blv)$/u,
    numbered: 'Bulvar',
    named: 'Bulvarı',
  },
  { word: /^(stret|st)$/, ofName: /^$/, numbered: 'Sokak', named: 'Street' },
  { word: /^(avenue|ave)$/, ofName: /^$/, numbered: 'Cadde', named: 'Avenue' },
];

/** "Our street" and plurals do not name a street. */
const noStreet =
  /^(sokagi?(m|mi\p{L}*|ni[sz]\p{L}*)|sokaklar\p{L}*|cadd?e(m|mi\p{L}*|ler\p{L}*)|bulvarlar\p{L}*)$/u;
/** Words after a count of streets: "2 sokak ileride". */
const farther = /^(ote|ileri|asagi|yukari|sonra|once|gerid?e?)/;
/** "1234 nolu", "1234'üncü", "12th". */
const ordinal = /^(nolu|no|lu|numarali|numara|inci|nci|uncu|ncu|th|nd|rd|st)$/;
const neighbourhood = /^(mah|mh|mahal\p{L}*)$/u;

/** Words that precede a street without naming it. */
const plain = new Set(
  [
    'the our my your his her their this that a an in on of at to from each every dark narrow whole next main same and',
    've ile bir bu su o da de ki her hangi bazi tum butun cok pek en ayni diger oteki obur baska ilgili adi soz konusu',
    'bizim benim sizin onun onlarin evin evimin okulun caminin parkin apartmanin sitenin binanin kapinin mahallenin',
    'ana ara arka on yan alt ust karsi ic dis cikmaz ilk son ikinci ucuncu tek cift kose kosedeki yandaki arkadaki',
    'dar genis uzun kisa karanlik aydinlik isiksiz bozuk kirli pis temiz bos dolu sessiz islek kalabalik tehlikeli issiz',
    'eski yeni buyuk kucuk koca koskoca kotu berbat guzel kirik sessiz camurlu tozlu asfaltsiz toprak asfalt cop copler kopek kopekler cocuk cocuklar',
    'kedi kediler insan insanlar araba arabalar arac araclar herkes kimse olan giden gelen bulunan kalan cikan bakan',
    'mahalle mahallesi mah mh sokak sokagi cadde yol yolu kaldirim park okul cami ev evler dukkan gece gunduz',
    'merhaba selam lutfen sayin tesekkurler hello hi please web internet resmi belediye belediyenin sosyal toplu',
    'bura burada surada orada hala artik yine surekli hep gibi icin kadar sonra once simdi bugun dun yarin ama fakat',
  ].flatMap(line => line.split(' ')),
);
const plainEnding = /(yor|yorlar|yoruz|yorum|digim|dugum|digimiz|dugumuz|imizin|umuzun|inizin|unuzun)$/;

function isName({ folded }: Token): boolean {
  return !plain.has(folded) && !plainEnding.test(folded) && !/^\d/.test(folded);
}

const isNumber = ({ folded }: Token): boolean => /^\d{1,5}$/.test(folded);
const isCapital = ({ written }: Token): boolean => /^\p{Lu}/u.test(written);

/** Capitalises a word by Turkish rules. */
function titled(word: string): string {
  const small = /\p{Ll}/u.test(word) ? word : word.replaceAll('I', 'ı').replaceAll('İ', 'i').toLowerCase();
  const first = small.slice(0, 1);
  return (first === 'i' ? 'İ' : first.toUpperCase()) + small.slice(1);
}

/** Titles that belong to the following name, even in lower case. */
const honorific = /^(sehit|sht|gazi|prof|dr|general|albay|yuzbasi|hacı|mimar|pilot)$/;
const LONGEST_NAME = 4;

/** Returns the start of the name that ends at `last`: consecutive capitalised words and titles. */
function nameFrom(reading: Reading, last: number): number {
  const { tokens, shouts, around } = reading;
  let first = last;
  while (first > 0 && last - first + 1 < LONGEST_NAME) {
    const before = tokens[first - 1];
    if (!before || !isName(before) || neighbourhood.test(before.folded) || around.has(before.folded)) break;
    if (!/^\s+$|^\.\s?$/.test(gapAfter(reading, first - 1))) break;
    const goesOn = !shouts && isCapital(before) && isCapital(tokens[first] ?? before);
    if (!goesOn && !honorific.test(before.folded)) break;
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
  const { tokens } = reading;
  let place = at - 1;
  while (place > 0 && at - place <= 2 && ordinal.test(tokens[place]?.folded ?? '')) place -= 1;
  const number = tokens[place];
  if (!number || !isNumber(number) || farther.test(tokens[at + 1]?.folded ?? '')) return null;
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
  return isName(next) ? { words: `${titled(next.written)} ${kind.named}`, first: at, last: at + 1 } : null;
}

const onIt = /^(uzeri|giris|cikis|kose|karsi|civar|boyunca|kesis)/;
const SHORT_MESSAGE = 4;

/** Whether a form without possessive ("gül sokak") is a name rather than a description ("dar sokak"). */
function isMeantAsName(reading: Reading, at: number): boolean {
  const { tokens, shouts } = reading;
  const [before, name, kind] = [tokens[at - 2], tokens[at - 1], tokens[at]];
  if (!name || !kind) return false;
  if (houseNumberAfter(reading, at) !== null) return true;
  if (tokens.length <= SHORT_MESSAGE && at === tokens.length - 1) return true;
  if (before && neighbourhood.test(before.folded)) return true;
  if (onIt.test(tokens[at + 1]?.folded ?? '') && /^\s/.test(gapAfter(reading, at))) return true;
  const isBegun = at < 2 || SENTENCE_END.test(gapAfter(reading, at - 2));
  return !shouts && isCapital(name) && (isCapital(kind) || !isBegun);
}

/** "Gazi Caddesi", "Gül Sokak No 12", "Lale Street". */
function namedStreet(reading: Reading, at: number, kind: StreetKind): Found | null {
  const { tokens } = reading;
  const [name, word] = [tokens[at - 1], tokens[at]];
  if (!name || !word || !isName(name) || !/^['’]?\s{1,3}$|^\.\s?$/.test(gapAfter(reading, at - 1)))
    return null;
  if (neighbourhood.test(name.folded)) return null;
  if (!kind.ofName.test(word.folded) && !isMeantAsName(reading, at)) return null;
  const first = nameFrom(reading, at - 1);
  return { words: `${nameOf(reading, first, at - 1)} ${kind.named}`, first, last: at };
}

function streetIn(reading: Reading): Found | null {
  for (const [at, { folded }] of reading.tokens.entries()) {
    const kind = streetKinds.find(({ word }) => word.test(folded));
    if (!kind || noStreet.test(folded)) continue;
    const found =
      numberedStreet(reading, at, kind) ??
      filledInStreet(reading, at, kind) ??
      namedStreet(reading, at, kind);
    if (found) return found;
  }
  return null;
}

const NUMBER = String.raw`(\d{1,4}(?:\s?[/-]\s?(?:\d{1,3}|\p{L})(?![\p{L}\d])|\p{L}(?![\p{L}\d]))?)(?!\d)`;
const MARKED = new RegExp(
  String.raw`^[\s.,;:-]{0,3}(?:üzeri(?:nde)?\s)?(?:(?:dış\s)?kapı\s|bina\s)?(?:no|nu|numara|number)\s?[.:]?\s?${NUMBER}`,
  'iu',
);
/** A number without "no" is a house number only if no unit follows, unlike "sokak 3 gündür". */
const BARE = new RegExp(
  String.raw`^\.?\s{1,2}${NUMBER}(?=\s{0,2}(?:$|[,.;\n)]|numara|nolu|no(?!\p{L})|önü|karşı|yanı|daire|kat(?!\p{L})|apt|ap\.))`,
  'iu',
);
const LONGEST_NUMBER = 40;

/** Returns the house number after the word at `at`, or null. */
function houseNumberAfter({ text, tokens }: Reading, at: number): string | null {
  const end = tokens[at]?.end ?? text.length;
  const following = text.slice(end, end + LONGEST_NUMBER);
  const number = (MARKED.exec(following) ?? BARE.exec(following))?.[1];
  return number === undefined ? null : number.replace(/\s/g, '').replace('-', '/').toUpperCase();
}

const siteKinds: readonly { readonly word: RegExp; readonly named: string; readonly capital?: boolean }[] = [
  { word: /^sitesi\p{L}*$/u, named: 'Sitesi' },
  { word: /^konutlari\p{L}*$/u, named: 'Konutları' },
  { word: /^evleri\p{L}*$/u, named: 'Evleri', capital: true },
  { word: /^(rezidans|residence)\p{L}*$/u, named: 'Rezidans' },
];
const buildingKind = /^(apartmani\p{L}*|apt|ap)$/u;

function buildingsIn(reading: Reading): { site: Found | null; building: Found | null } {
  let site: Found | null = null;
  let building: Found | null = null;
  for (const [at, word] of reading.tokens.entries()) {
    const kind = siteKinds.find(each => each.word.test(word.folded));
    const named = kind?.named ?? (buildingKind.test(word.folded) ? 'Apartmanı' : null);
    const name = reading.tokens[at - 1];
    if (named === null || !name || !isName(name) || !/^\s{1,3}$/.test(gapAfter(reading, at - 1))) continue;
    if (kind?.capital && (reading.shouts || !isCapital(word) || !isCapital(name))) continue;
    const first = nameFrom(reading, at - 1);
    const found = { words: `${nameOf(reading, first, at - 1)} ${named}`, first, last: at };
    if (kind) site ??= found;
    else building ??= found;
  }
  return { site, building };
}

const BLOCK = /(?<![\p{L}\d])(\p{L}|\p{L}?\s?-?\s?\d{1,2})\s?[.-]?\s?blo(?:k|ğ)/iu;

function blockIn({ text }: Reading): string | null {
  const block = BLOCK.exec(text)?.[1]?.replace(/[\s-]/g, '').toUpperCase();
  return block === undefined ? null : `${block} Blok`;
}

const relations: readonly (readonly [word: RegExp, written: string])[] = [
  [/^karsisi/, 'karşısı'],
  [/^yani(n|$)/, 'yanı'],
  [/^onu(n|$)/, 'önü'],
  [/^arkasi/, 'arkası'],
  [/^bitisigi/, 'bitişiği'],
  [/^kosesi/, 'köşesi'],
  [/^girisi/, 'girişi'],
  [/^civari/, 'civarı'],
];
/** Nouns that are no landmarks, for example in "evimin önünde". */
const unfindable =
  /^(ev\p{L}{0,8}|bina\p{L}*|kapi\p{L}*|sokag?k?\p{L}*|cadde\p{L}*|apartman\p{L}*|site\p{L}*|yol\p{L}*|kaldirim\p{L}*|araba\p{L}*|arac\p{L}*|hemen|tam|tamamen|biraz|pencere\p{L}*|balkon\p{L}*|bahce\p{L}*|onun|bunun|sunun|cop\p{L}*|konteyner\p{L}*|kendi|blok\p{L}*|no|numara\p{L}*)$/u;

function landmarkIn(reading: Reading, taken: readonly (Found | null)[]): string | null {
  const { tokens, text, shouts } = reading;
  const isTaken = (at: number): boolean =>
    taken.some(found => found && at >= found.first && at <= found.last);
  for (const [at, { folded }] of tokens.entries()) {
    const written = relations.find(([word]) => word.test(folded))?.[1];
    const last = tokens[at - 1];
    if (
      written === undefined ||
      !last ||
      isTaken(at - 1) ||
      (isNumber(last) && gapAfter(reading, at - 2) !== '')
    )
      continue;
    if (!/^['’]?\s{1,3}$/.test(gapAfter(reading, at - 1))) continue;
    if (unfindable.test(last.folded) || (plain.has(last.folded) && !/^(okul|cami|park)/.test(last.folded)))
      continue;
    let first = at - 1;
    while (at - first <= LONGEST_NAME && first > 0 && !isTaken(first - 1)) {
      const before = tokens[first - 1];
      const gap = gapAfter(reading, first - 1);
      if (!before || neighbourhood.test(before.folded)) break;
      if (gap !== '' && (!/^\s$/.test(gap) || shouts || !isCapital(before) || !isName(before))) break;
      first -= 1;
    }
    return `${text.slice(tokens[first]?.start ?? 0, last.end)} ${written}`;
  }
  return null;
}

const nowhere: ReadonlySet<string> = new Set();

/**
 * Returns the address parts in a text without links. Runs in linear time. `around`: folded neighbourhood names of one
 * word, which may precede a street.
 */
export function addressIn(text: string, around = nowhere): Address {
  const reading = readingOf(text, around);
  const street = streetIn(reading);
  const { site, building } = buildingsIn(reading);
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
