import { raised } from '../case/case';
import type { Priority } from '../sla/sla';
import { foldedWords, type WordTest } from '../turkish';
import { type KindsOfDanger, statesIn } from './danger-kinds';
import { findTerms, type Lexicon, type Mend } from './lexicon';

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
  /** Returns a corrector of typing errors in the few words of danger that no other word resembles. */
  readonly mender: () => Mend;
  /** Words for a possible danger to people. */
  readonly risks: Lexicon;
}

/**
 * A danger named in a text. `people`: people are in danger now, call 112 (`gas`: and the gas company). A
 * hazard that the municipality must remove immediately (`hurt`: somebody is hurt, so 112 as well). An animal
 * that is hurt.
 */
export type Danger =
  | { readonly to: 'people'; readonly gas: boolean }
  | { readonly to: 'passers'; readonly hurt: boolean }
  | { readonly to: 'animal' };

/** The weight of a thing in a dangerous state. */
const OF_A_STATE = 2;
/** The weight of a word that names a danger by itself. */
const OF_A_WORD = 5;

/** Calls for help are short. A longer text, in words, must name people in danger by more than one such state. */
const SHORT = 18;
/** A long text must name any danger by more than one word. */
const LONG = 40;
const IN_LONG = 5;
const ofPeople: readonly DangerGroup[] = ['people', 'gas', 'hurt'];

/** Returns the folded words of a text without names, with the typing errors in danger words corrected. */
function wordsOf(text: string, { names, mender }: DangerLexicon): string[] {
  const words = foldedWords(text).map(mender());
  return words.filter((word, i) => {
    const next = words[i + 1];
    return next === undefined || !names.some(name => name.words(word) && name.before(next));
  });
}

/** Returns the danger named in a text, or null. Ignores names and figures of speech. */
export function dangerIn(text: string, lexicon: DangerLexicon): Danger | null {
  const scores = dangerGroups.map(() => 0);
  const words = wordsOf(text, lexicon);
  const leastOfThings = words.length > LONG ? IN_LONG : 0;
  const leastOfPeople = words.length > SHORT ? Math.max(OF_A_STATE, leastOfThings) : 0;
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
  if (tells('attack')) return { to: 'passers', hurt: tells('hurt') };
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
  const danger = dangerIn(text, lexicon);
  if (danger && danger.to !== 'animal') return 'p1';
  const risk = findTerms(lexicon.risks, wordsOf(text, lexicon)).reduce(
    (sum, { term }) => sum + term.weight,
    0,
  );
  return risk >= LEAST ? raised[usual] : usual;
}
