import { foldedWords } from '../turkish';
import { ownerKey } from './category';
import { classify, evidenceOf, type RoutingKnowledge, viewOf } from './classify';
import { type Example, type LearnedModel, signsOf } from './learned';

/** A report of which people have said whose it is. */
export interface Labelled {
  readonly text: string;
  /** `ownerKey` of the right owner. */
  readonly owner: string;
}

/** How many reports were understood: all, those with the right owner, those routed without asking, and of these the right ones. */
export interface Trial {
  readonly reports: number;
  readonly right: number;
  readonly sure: number;
  readonly sureRight: number;
}

/** One report in so many is kept apart to measure. */
const KEPT_APART = 5;

/** Whether a report is kept apart to measure: by its words, so that the same words are never on both sides. */
export function isKeptApart({ text }: Labelled): boolean {
  let sum = 0;
  for (const word of foldedWords(text)) {
    for (let i = 0; i < word.length; i += 1) sum = (sum * 31 + word.charCodeAt(i)) % 1_000_003;
  }
  return sum % KEPT_APART === 0;
}

type Subjects = Omit<RoutingKnowledge, 'learned'>;

/** What training is told of a report. */
export function exampleOf({ text, owner }: Labelled, knowledge: Subjects): Example {
  const words = foldedWords(text);
  return { owner, signs: signsOf(words, viewOf(evidenceOf(words, knowledge))) };
}

/** How well reports are understood, with or without a learned model. */
export function trialOf(
  reports: readonly Labelled[],
  { categories, catalogue }: Subjects,
  learned: LearnedModel | null,
): Trial {
  const owners = new Map(categories.map(({ slug, owner }) => [slug, ownerKey(owner)]));
  const answers = reports.map(({ text, owner }) => {
    const { ranked, sure } = classify(text, { categories, catalogue, learned });
    return { sure, right: owners.get(ranked[0]?.category ?? '') === owner };
  });
  const sure = answers.filter(answer => answer.sure);
  const rightOf = (some: typeof answers): number => some.filter(({ right }) => right).length;
  return {
    reports: answers.length,
    right: rightOf(answers),
    sure: sure.length,
    sureRight: rightOf(sure),
  };
}

/** Whether what was learned does harm: fewer owners right, or more reports sent to a wrong one without asking. */
export function isWorse(after: Trial, before: Trial): boolean {
  return after.right < before.right || after.sure - after.sureRight > before.sure - before.sureRight;
}
