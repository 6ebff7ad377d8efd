import { foldedWords, foldWord, writtenWords } from '../turkish';

/** A neighbourhood as people name it. */
export interface NamedPlace {
  readonly slug: string;
  readonly name: string;
  readonly aliases: readonly string[];
  /** Whether the name alone may mean something else, like Devlet (state) or İstasyon (station). */
  readonly nameIsCommonWord: boolean;
}

interface Sighting {
  readonly slug: string;
  /** Followed by "mahallesi". */
  readonly named: boolean;
  readonly length: number;
}

interface Name {
  readonly slug: string;
  readonly words: readonly string[];
  readonly bareCounts: boolean;
}

const neighbourhoodWord = /^(mah|mh|mahal\p{L}*|neighbou?rhod)$/u;

/** Case endings as they look when folded: Süvari'de, Süvariden, Eryaman'ın, Elvankentteki. */
export const caseEnding = /^(n?[dt][ea](n|ki\p{L}*)?|[yn]?[ea]|n?[iu]n?|l[iu]\p{L}*)?$/u;

const streetAfterNumber = /^(soka[kg]\p{L}*|sok|sk|s|cadd?e\p{L}*|cad|cd|bulvar\p{L}*|stret|st)$/u;
const streetAfterName =
  /^(sokag\p{L}*|sok|sk|cadd?esi\p{L}*|cad|cd|bulvari\p{L}*|blv|sitesi\p{L}*|stret|avenue)$/u;

/** "Sokağımızda", "our street": everybody has one. */
const ownStreet = /^sokagi(m|mi\p{L}*)$/u;
const noName =
  /^(the|our|my|your|his|her|their|this|that|a|in|on|of|each|every|bu|su|o|bir|bizim|benim|ayni|ara)$/u;

/** Names under the beginning of their first word, so that a long text is read once; kept for each loaded list. */
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
): 'named' | 'bare' | undefined {
  const last = name.length - 1;
  for (let i = 0; i < last; i += 1) if (words[start + i] !== name[i]) return undefined;
  const word = words[start + last];
  const final = name[last];
  if (word === undefined || final === undefined || !word.startsWith(final)) return undefined;
  if (word === final && neighbourhoodWord.test(words[start + name.length] ?? '')) return 'named';
  return caseEnding.test(word.slice(final.length)) ? 'bare' : undefined;
}

/**
 * The slug of the neighbourhood a text names, with or without Turkish marks, endings and the word "mahallesi";
 * undefined when it names none. Where it names several, one with "mahallesi" wins, then the longest, then the first.
 */
export function neighbourhoodIn(text: string, places: readonly NamedPlace[]): string | undefined {
  const words = foldedWords(text);
  const index = indexOf(places);
  let best: Sighting | undefined;
  words.forEach((word, start) => {
    for (const name of index.get(word.slice(0, BEGINNING)) ?? []) {
      const sighting = sightingAt(words, start, name.words);
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

/**
 * The first street, avenue or housing estate that a text names, as the citizen wrote it ("1234. sk", "Gazi Sitesi");
 * undefined when it names none: "sokakta" alone does not.
 */
export function streetIn(text: string): string | undefined {
  const written = writtenWords(text);
  const words = written.map(foldWord);
  const at = words.findIndex((word, i) => {
    const before = words[i - 1];
    if (before === undefined) return false;
    if (/^\d+$/.test(before)) return streetAfterNumber.test(word);
    return streetAfterName.test(word) && !ownStreet.test(word) && !noName.test(before);
  });
  if (at < 0) return undefined;
  const [name = '', kind = ''] = written.slice(at - 1, at + 1);
  return /^\d+$/.test(name) ? `${name}. ${kind}` : `${name} ${kind}`;
}

/** Whether a text names a street, avenue or housing estate. */
export function tellsStreet(text: string): boolean {
  return streetIn(text) !== undefined;
}
