import { raised } from '../case/case';
import type { Priority } from '../sla/sla';
import { foldedWords } from '../turkish';
import { findTerms, type Lexicon } from './lexicon';

/** What the words of danger speak of, in the order of the lexicon's entries. */
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

/** Words of danger, from the municipality's files. */
export interface DangerLexicon {
  /** One entry for each of `dangerGroups`. */
  readonly groups: Lexicon;
  /** Danger to people in the citizen's words, which may come true or not. */
  readonly risks: Lexicon;
}

/**
 * Danger that a text tells: to people now, which is a matter for 112 (`gas`: and for the gas company); a hazard that
 * the municipality must remove at once (`hurt`: and 112, since somebody is hurt); an animal that is hurt.
 */
export type Danger =
  | { readonly to: 'people'; readonly gas: boolean }
  | { readonly to: 'passers'; readonly hurt: boolean }
  | { readonly to: 'animal' };

/** A call for help is short: a text of more words is a complaint unless it speaks of danger twice. */
const LONG = 40;
const LEAST_IN_LONG = 5;

/** The danger that a text tells, or null. Names and figures of speech are none. */
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

/** Evidence from which a risk counts. */
const LEAST = 3;

/**
 * The priority of a report: the highest when its words tell of danger to people; one step above that of its subject
 * when they tell of a risk; else that of its subject.
 */
export function priorityOf(text: string, usual: Priority, lexicon: DangerLexicon): Priority {
  const danger = dangerIn(text, lexicon);
  if (danger && danger.to !== 'animal') return 'p1';
  const risk = findTerms(lexicon.risks, foldedWords(text)).reduce((sum, { term }) => sum + term.weight, 0);
  return risk >= LEAST ? raised[usual] : usual;
}
