import { raised } from '../case/case';
import type { Priority } from '../sla/sla';
import { foldedWords } from '../turkish';
import { findTerms, type Lexicon } from './lexicon';

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

/** Danger words from the municipality's configuration. */
export interface DangerLexicon {
  /** One entry for each of `dangerGroups`. */
  readonly groups: Lexicon;
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

/** Calls for help are short. A longer text must name a danger twice to count as one. */
const LONG = 40;
const LEAST_IN_LONG = 5;

/** Returns the danger named in a text, or null. Ignores names and figures of speech. */
export function dangerIn(text: string, { groups }: DangerLexicon): Danger | null {
  const scores = dangerGroups.map(() => 0);
  const words = foldedWords(text);
  const least = words.length > LONG ? LEAST_IN_LONG : 0;
  for (const { term, times } of findTerms(groups, words)) {
    scores[term.category] = (scores[term.category] ?? 0) + term.weight * times;
  }
  const tells = (group: (typeof dangerGroups)[number]): boolean =>
    (scores[dangerGroups.indexOf(group)] ?? 0) > least;
  if (tells('gas')) return { to: 'people', gas: true };
  if (tells('people')) return { to: 'people', gas: false };
  if (tells('attack')) return { to: 'passers', hurt: tells('hurt') };
  const isAnimal = tells('animals') && !tells('persons');
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
  const risk = findTerms(lexicon.risks, foldedWords(text)).reduce((sum, { term }) => sum + term.weight, 0);
  return risk >= LEAST ? raised[usual] : usual;
}
