import { type DenialLexicon, type Endings, fits, isDenied, type Stem, stemsOf } from './lexicon';

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
export function statesIn(words: readonly string[], lexicon: KindsOfDanger): ReadonlyMap<number, number> {
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
