import { foldedWords } from '../turkish';
import type { Phase } from './conversation-state';
import { type AnswerWords, signIn } from './message-meaning';
import type { Tap } from './taps';
import type { Matters } from './two-matters';

export const choiceKinds = ['yes', 'no', 'newReport', 'aboutCase', 'courtesy'] as const;

/** Texts that replace a button tap, by choice. */
export type ChoiceWords = Readonly<Record<(typeof choiceKinds)[number], readonly string[]>>;

/** An open question of ours. */
export interface OpenQuestion {
  phase: Phase;
  /** The case of the question. */
  caseNumber: string | null;
  /** The two subjects of a question about two matters. */
  matters?: Matters;
}

/** Button titles in every language, and subject names by slug. */
export interface Titles {
  readonly withdraw: readonly string[];
  readonly keep: readonly string[];
  readonly newReport: readonly string[];
  readonly aboutCase: readonly string[];
  readonly report: readonly string[];
  readonly status: readonly string[];
  readonly person: readonly string[];
  readonly both: readonly string[];
  readonly first: readonly string[];
  readonly second: readonly string[];
  readonly subjects: readonly { readonly slug: string; readonly names: readonly string[] }[];
}

/**
 * Returns the tap that a text replaces while a question with buttons is open: a title, yes or no, with
 * optional polite words, punctuation or emoji. Returns null for other text.
 */
export function tapInWords(
  text: string,
  { phase, caseNumber, matters }: OpenQuestion,
  titles: Titles,
  { choices, signs }: { choices: ChoiceWords; signs: AnswerWords['signs'] },
): Tap | null {
  const courtesy = new Set(choices.courtesy.flatMap(foldedWords));
  const plain = (words: string): string =>
    foldedWords(words)
      .filter(word => !courtesy.has(word))
      .join(' ');
  const said = plain(text);
  const sign = signIn(text, signs);
  const is = (...lists: (readonly string[])[]): boolean =>
    said !== '' && lists.flat().some(each => plain(each) === said);
  switch (phase) {
    case 'awaitingWithdrawal':
      if (caseNumber === null) return null;
      if (sign === 'solved' || is(titles.withdraw, choices.yes))
        return { kind: 'withdraw', choice: 'yes', caseNumber };
      return sign === 'unsolved' || is(titles.keep, choices.no)
        ? { kind: 'withdraw', choice: 'no', caseNumber }
        : null;
    case 'awaitingWhich':
      if (is(titles.newReport, choices.newReport)) return { kind: 'which', caseNumber: null };
      return caseNumber !== null && is(titles.aboutCase, choices.aboutCase)
        ? { kind: 'which', caseNumber }
        : null;
    case 'awaitingWish':
      if (is(titles.report)) return { kind: 'wish', wish: 'report' };
      if (is(titles.status)) return { kind: 'wish', wish: 'status' };
      return is(titles.person) ? { kind: 'wish', wish: 'person' } : null;
    case 'awaitingSubject': {
      if (matters) {
        if (sign === 'solved' || is(titles.both, choices.yes))
          return { kind: 'subjects', categories: matters };
        if (is(titles.first)) return { kind: 'subject', category: matters[0] };
        if (is(titles.second)) return { kind: 'subject', category: matters[1] };
      }
      const subject = titles.subjects.find(({ names }) => is(names));
      return subject ? { kind: 'subject', category: subject.slug } : null;
    }
    case 'gathering':
    case 'awaitingPlace':
    case 'awaitingWords':
      return null;
  }
}
