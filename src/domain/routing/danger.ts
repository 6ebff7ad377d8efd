import { raised } from '../case/case';
import type { Priority } from '../sla/sla';
import { foldedWords, type PhraseTest, type WordTest } from '../turkish';
import { type DangerClass, type DangerModel, likeliestDanger, MANY_WORDS, tellsHazardToo } from './learned';
import {
  type DenialLexicon,
  type Endings,
  findTerms,
  fits,
  isDenied,
  type Lexicon,
  type Mend,
  type Stem,
  stemsOf,
} from './lexicon';

/** The groups of danger words, in the order of the lexicon's entries. */
export const dangerGroups = [
  'people',
  'gas',
  'hurt',
  'attack',
  'hazards',
  'animals',
  'plight',
  'persons',
] as const;

type DangerGroup = (typeof dangerGroups)[number];

/** Danger words from the municipality's configuration. */
export interface DangerLexicon {
  /** One entry for each of `dangerGroups`. */
  readonly groups: Lexicon;
  /** Things in dangerous states, by the same groups. */
  readonly kinds: KindsOfDanger;
  /** Danger words that are names or parts of names, directly before these words: "Alev Sokak", "yangın merdiveni". */
  readonly names: readonly { readonly words: WordTest; readonly before: WordTest }[];
  /** Words for an earlier day ("dün", "geçen hafta"), and those that say that something still goes on. */
  readonly past: { readonly said: PhraseTest; readonly present: WordTest };
  /** Returns a corrector of typing errors in the few words of danger that no other word resembles. */
  readonly mender: () => Mend;
  /** Words for a possible danger to people. */
  readonly risks: Lexicon;
  /** The model trained on wordings of danger, or null: then the words decide alone. */
  readonly learned: DangerModel | null;
}

/**
 * A danger named in a text. `people`: people are in danger now, call 112 (`gas`: and the gas company). A
 * hazard that the municipality must remove immediately (`hurt`: somebody is hurt, so 112 as well; `byAnimal`: an attack).
 * An animal that is hurt.
 */
export type Danger =
  | { readonly to: 'people'; readonly gas: boolean }
  | { readonly to: 'passers'; readonly hurt: boolean; readonly byAnimal?: true }
  | { readonly to: 'animal' };

/** The weight of a thing in a dangerous state. */
const OF_A_STATE = 2;
/** The weight of a word that names a danger by itself. */
const OF_A_WORD = 5;

/** A long text must name any danger by more than one word. */
const LONG = 40;
const IN_LONG = 5;
const ofPeople: readonly DangerGroup[] = ['people', 'gas', 'hurt'];

/** Returns folded words without names, with the typing errors in danger words corrected. */
function mended(folded: readonly string[], { names, mender }: DangerLexicon): string[] {
  const words = folded.map(mender());
  return words.filter((word, i) => {
    const next = words[i + 1];
    return next === undefined || !names.some(name => name.words(word) && name.before(next));
  });
}

/**
 * Returns the danger named in a text, or null: the likeliest of what the words of danger tell and what the trained
 * model tells. Ignores names and figures of speech. People in danger by something that the municipality must remove are
 * a hazard that hurt somebody. What happened to people on an earlier day is no danger now; the hazard that hurt somebody
 * then still is.
 */
export function dangerIn(text: string, lexicon: DangerLexicon): Danger | null {
  return dangerOfWords(foldedWords(text), lexicon);
}

function dangerOfWords(folded: readonly string[], lexicon: DangerLexicon): Danger | null {
  const danger = dangerNow(folded, lexicon);
  const isHurt = danger?.to === 'people' || (danger?.to === 'passers' && danger.hurt);
  if (!isHurt || !isPast(folded, lexicon)) return danger;
  return danger.to === 'people' ? null : { ...danger, hurt: false };
}

/** Whether a text tells of an earlier day only: nobody can be saved by 112 any more. */
function isPast(words: readonly string[], { past }: DangerLexicon): boolean {
  return past.said(words) && !words.some(past.present);
}

function dangerNow(folded: readonly string[], lexicon: DangerLexicon): Danger | null {
  const words = mended(folded, lexicon);
  const told = toldBy(words, lexicon);
  const isLong = words.length > MANY_WORDS;
  if (!lexicon.learned) return told;
  // In a long text, words of danger meet by chance: they do not outweigh the model there.
  const heard = isLong && told?.to === 'people' ? null : classOf(told);
  const likeliest = likeliestDanger(folded, lexicon.learned, heard);
  const isGas = told?.to === 'people' && told.gas;
  if (likeliest === 'people' && !isGas && tellsHazardToo(folded, lexicon.learned)) return dangerOf.hurt;
  const isSameHazard = likeliest === 'hazard' && told?.to === 'passers';
  return isSameHazard || likeliest === classOf(told) ? told : dangerOf[likeliest];
}

function classOf(danger: Danger | null): DangerClass {
  if (danger?.to !== 'passers') return danger?.to ?? 'harmless';
  return danger.hurt ? 'hurt' : 'hazard';
}

const dangerOf: Readonly<Record<DangerClass, Danger | null>> = {
  people: { to: 'people', gas: false },
  hazard: { to: 'passers', hurt: false },
  hurt: { to: 'passers', hurt: true },
  animal: { to: 'animal' },
  harmless: null,
};

/** Returns the danger that the words name, or null. */
function toldBy(words: readonly string[], lexicon: DangerLexicon): Danger | null {
  const scores = dangerGroups.map(() => 0);
  const leastOfThings = words.length > LONG ? IN_LONG : 0;
  // Calls for help are short. A longer text must name people in danger by more than one state.
  const leastOfPeople = words.length > MANY_WORDS ? Math.max(OF_A_STATE, leastOfThings) : 0;
  const add = (group: number, score: number): void => {
    scores[group] = (scores[group] ?? 0) + score;
  };
  for (const { term, times } of findTerms(lexicon.groups, words)) add(term.category, term.weight * times);
  statesIn(words, lexicon.kinds).forEach((states, group) => {
    add(group, states * OF_A_STATE);
  });
  const scoreOf = (group: DangerGroup): number => scores[dangerGroups.indexOf(group)] ?? 0;
  const tells = (group: DangerGroup): boolean =>
    scoreOf(group) > (ofPeople.includes(group) ? leastOfPeople : leastOfThings);
  if (tells('gas')) return { to: 'people', gas: true };
  const isAnimal = tells('animals') && !tells('persons');
  // "Köpek kuyuya düşmüş çıkamıyor": the words for trapped people are also those for animals.
  const isRescue = isAnimal && tells('plight') && scoreOf('people') < OF_A_WORD;
  if (tells('people') && !isRescue) return { to: 'people', gas: false };
  if (tells('attack')) return { to: 'passers', hurt: tells('hurt'), byAnimal: true };
  if (isRescue) return { to: 'animal' };
  if (tells('hurt')) {
    if (isAnimal) return { to: 'animal' };
    return tells('hazards') ? { to: 'passers', hurt: true } : { to: 'people', gas: false };
  }
  if (tells('hazards')) return { to: 'passers', hurt: false };
  return isAnimal && tells('plight') ? { to: 'animal' } : null;
}

/** The evidence from which a risk counts. */
const LEAST = 3;

/**
 * Returns the priority of a report: the highest for danger to people, one step above the subject's for a
 * risk, otherwise the subject's.
 */
export function priorityOf(text: string, usual: Priority, lexicon: DangerLexicon): Priority {
  const folded = foldedWords(text);
  const danger = dangerOfWords(folded, lexicon);
  if (danger && danger.to !== 'animal') return 'p1';
  const risk = findTerms(lexicon.risks, mended(folded, lexicon)).reduce(
    (sum, { term }) => sum + term.weight,
    0,
  );
  return risk >= LEAST ? raised[usual] : usual;
}

/** Things and the states that make them dangerous, as written in the configuration. */
export interface WrittenKind {
  readonly things: readonly string[];
  /** One to three stems, joined by " + ". */
  readonly states: readonly string[];
  /** Whether the state must follow the thing immediately: "ev yanıyor", but not "yanan lamba evin önünde". */
  readonly follows: boolean;
}

interface Kind {
  readonly group: number;
  readonly follows: boolean;
  /** The stems of each state. */
  readonly states: readonly (readonly (readonly Stem[])[])[];
}

/** What a word may be: the thing of a kind, or a part of one of its states. */
interface Role {
  readonly kind: number;
  /** -1 for the thing. */
  readonly state: number;
  readonly part: number;
  readonly stems: readonly Stem[];
}

/** All kinds of danger, indexed by folded stem. */
export interface KindsOfDanger {
  readonly kinds: readonly Kind[];
  readonly roles: ReadonlyMap<string, readonly Role[]>;
  readonly longestStem: number;
  readonly denial: DenialLexicon;
}

/** The longest distance, in words, of a thing and its state, which belong to one clause. */
const NEAR = 6;
/** The same, if the state must follow. */
const NEXT = 3;

/** Prepares the kinds of each group for matching. */
export function kindsOfDanger(
  groups: readonly (readonly WrittenKind[])[],
  { denial, endings }: { denial: DenialLexicon; endings: Endings },
): KindsOfDanger {
  const roles = new Map<string, Role[]>();
  const add = (role: Role): void => {
    for (const { folded } of role.stems) roles.set(folded, [...(roles.get(folded) ?? []), role]);
  };
  const kinds = groups.flatMap((written, group) => written.map(kind => ({ ...kind, group })));
  const compiled = kinds.map(({ things, states, ...kind }, index) => {
    things.forEach(thing => add({ kind: index, state: -1, part: 0, stems: stemsOf(thing, endings) }));
    return {
      ...kind,
      states: states.map((written, state) =>
        written.split(' + ').map((stem, part) => {
          const stems = stemsOf(stem, endings);
          add({ kind: index, state, part, stems });
          return stems;
        }),
      ),
    };
  });
  const longestStem = Math.max(0, ...[...roles.keys()].map(stem => stem.length));
  return { kinds: compiled, roles, longestStem, denial };
}

/**
 * Returns how many dangerous states of things the folded words name, by group. States that end with the same word count
 * once. Linear in the number of words.
 */
function statesIn(words: readonly string[], lexicon: KindsOfDanger): ReadonlyMap<number, number> {
  const { things, states } = rolesIn(words, lexicon);
  const ends = new Map<number, Set<number>>();
  for (const { kind, state } of states) {
    const { group, follows, states: all } = lexicon.kinds[kind] ?? {};
    const parts = all?.[state];
    if (group === undefined || !parts) continue;
    for (const thing of things.get(kind) ?? []) {
      const end = endOfState(words, thing, parts, follows ?? false);
      if (end === null || isDenied(words, end, lexicon.denial)) continue;
      ends.set(group, (ends.get(group) ?? new Set()).add(end));
      break;
    }
  }
  return new Map([...ends].map(([group, places]) => [group, places.size]));
}

/** Returns the positions of the things of each kind, and the states of which a part occurs. */
function rolesIn(words: readonly string[], { roles, longestStem }: KindsOfDanger) {
  const things = new Map<number, number[]>();
  const states = new Map<string, Role>();
  words.forEach((word, position) => {
    for (let length = Math.min(word.length, longestStem); length > 0; length -= 1) {
      for (const role of roles.get(word.slice(0, length)) ?? []) {
        if (!fits(word, role.stems)) continue;
        const { kind, state } = role;
        if (state >= 0) states.set(`${kind} ${state}`, role);
        else if (things.get(kind)?.at(-1) !== position)
          things.set(kind, [...(things.get(kind) ?? []), position]);
      }
    }
  });
  return { things, states: [...states.values()] };
}

/** Returns the position of the last word of a state near the thing at `thing`, or null. */
function endOfState(
  words: readonly string[],
  thing: number,
  parts: readonly (readonly Stem[])[],
  follows: boolean,
): number | null {
  const from = follows ? thing + 1 : thing - NEAR;
  const to = follows ? thing + NEXT : thing + NEAR;
  const taken = new Set([thing]);
  for (const stems of parts) {
    const place = nearest(words, thing, from, to, word => fits(word, stems), taken);
    if (place === null) return null;
    taken.add(place);
  }
  return Math.max(...[...taken].filter(place => place !== thing));
}

/** Returns the position nearest to `thing`, from `from` to `to`, of a word that fits and is not taken; or null. */
function nearest(
  words: readonly string[],
  thing: number,
  from: number,
  to: number,
  fitsState: (word: string) => boolean,
  taken: ReadonlySet<number>,
): number | null {
  for (let distance = 1; distance <= NEAR; distance += 1) {
    for (const place of [thing + distance, thing - distance]) {
      const isInReach = place >= Math.max(from, 0) && place <= to && !taken.has(place);
      if (isInReach && fitsState(words[place] ?? '')) return place;
    }
  }
  return null;
}
