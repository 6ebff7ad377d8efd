import { foldedWords } from '../turkish';
import { ownerKey } from './category';
import { classify, evidenceOf, type RoutingKnowledge, viewOf } from './classify';
import { type LearnedModel, type Signs, signsOf } from './learned';
import { type Example, train } from './training';

/** A report with its owner as labelled by people. */
export interface Labelled {
  readonly text: string;
  /** `ownerKey` of the labelled owner. */
  readonly owner: string;
  /** The slug of the subject, if people confirmed it. */
  readonly subject?: string;
}

/**
 * Results of a trial: all reports, those with the right owner, those routed without a question, and the right
 * ones among these.
 */
export interface Trial {
  readonly reports: number;
  readonly right: number;
  readonly sure: number;
  readonly sureRight: number;
  /** Of all reports: those with a known subject, and those of them whose subject is right. */
  readonly subjects: number;
  readonly subjectsRight: number;
}

/** One in this many reports is held out for evaluation. */
const KEPT_APART = 5;

/**
 * Whether a report is held out for evaluation. Decided by its text, so that equal texts are always in the
 * same set.
 */
export function isKeptApart({ text }: Labelled): boolean {
  let sum = 0;
  for (const word of foldedWords(text)) {
    for (let i = 0; i < word.length; i += 1) sum = (sum * 31 + word.charCodeAt(i)) % 1_000_003;
  }
  return sum % KEPT_APART === 0;
}

type Subjects = Omit<RoutingKnowledge, 'learned'>;

function signsIn(text: string, knowledge: Subjects): Signs {
  const words = foldedWords(text);
  return signsOf(words, viewOf(evidenceOf(words, knowledge)));
}

/** Subjects with fewer reports are not trained. */
const FEWEST_OF_SUBJECT = 5;

/**
 * Trains a model on reports: the owners, and the subjects that people confirmed often enough. Calls `onRound` after each
 * round, from 1 to `of`.
 */
export function trainedOn(
  reports: readonly Labelled[],
  knowledge: Subjects,
  onRound?: (round: number, of: number) => void,
): LearnedModel {
  const examples = reports.map(({ text, owner, subject }) => ({
    signs: signsIn(text, knowledge),
    owner,
    subject,
  }));
  const counts = new Map<string | undefined, number>();
  for (const { subject } of examples) counts.set(subject, (counts.get(subject) ?? 0) + 1);
  const told = examples.flatMap(({ signs, subject }): Example[] =>
    subject !== undefined && (counts.get(subject) ?? 0) >= FEWEST_OF_SUBJECT
      ? [{ signs, label: subject }]
      : [],
  );
  return {
    owners: train(
      examples.map(({ signs, owner }) => ({ signs, label: owner })),
      onRound,
    ),
    subjects: new Set(told.map(({ label }) => label)).size > 1 ? train(told) : null,
  };
}

/** Evaluates routing on reports, with or without a learned model. */
export function trialOf(
  reports: readonly Labelled[],
  { categories, catalogue }: Subjects,
  learned: LearnedModel | null,
): Trial {
  const owners = new Map(categories.map(({ slug, owner }) => [slug, ownerKey(owner)]));
  const answers = reports.map(({ text, owner, subject }) => {
    const { ranked, sure } = classify(text, { categories, catalogue, learned });
    const best = ranked[0]?.category ?? '';
    return { sure, right: owners.get(best) === owner, subject, isSubject: best === subject };
  });
  const sure = answers.filter(answer => answer.sure);
  const rightOf = (some: typeof answers): number => some.filter(({ right }) => right).length;
  return {
    reports: answers.length,
    right: rightOf(answers),
    sure: sure.length,
    sureRight: rightOf(sure),
    subjects: answers.filter(({ subject }) => subject !== undefined).length,
    subjectsRight: answers.filter(({ isSubject }) => isSubject).length,
  };
}

/**
 * Whether the trained model is worse: fewer right owners, or more reports routed to a wrong owner without a
 * question.
 */
export function isWorse(
  after: Pick<Trial, 'right' | 'sure' | 'sureRight'>,
  before: Pick<Trial, 'right' | 'sure' | 'sureRight'>,
): boolean {
  return after.right < before.right || after.sure - after.sureRight > before.sure - before.sureRight;
}
