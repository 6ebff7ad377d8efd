import type { FeedbackAnswer } from '../case/case';
import { isCaseNumber } from '../identifiers';

/** What a citizen says by tapping a button or a row of ours. */
export type Tap =
  | { kind: 'feedback'; answer: FeedbackAnswer; caseNumber: string }
  | { kind: 'rating'; rating: number; caseNumber: string }
  | { kind: 'objection'; caseNumber: string }
  | { kind: 'withdraw'; choice: 'ask' | 'yes' | 'no'; caseNumber: string }
  /** About this case, or a new report with null. */
  | { kind: 'which'; caseNumber: string | null }
  | { kind: 'subject'; category: string }
  /** What somebody wants who was not understood. */
  | { kind: 'wish'; wish: Wish }
  /** Takes back an answer that we understood from words. */
  | { kind: 'undo'; caseNumber: string };

export const wishes = ['report', 'status', 'person'] as const;
type Wish = (typeof wishes)[number];

export const ratings = [5, 4, 3, 2, 1] as const;

const answers: readonly string[] = ['solved', 'partly', 'unsolved'] satisfies readonly FeedbackAnswer[];
const choices: readonly string[] = ['ask', 'yes', 'no'];
const SLUG = /^[a-z0-9-]{1,64}$/;

/** The id of a button or row, at most 200 characters; it says what was asked, so that a late answer finds its case. */
export function tapId(tap: Tap): string {
  switch (tap.kind) {
    case 'feedback':
      return `feedback:${tap.answer}:${tap.caseNumber}`;
    case 'rating':
      return `rating:${tap.rating}:${tap.caseNumber}`;
    case 'objection':
      return `objection:yes:${tap.caseNumber}`;
    case 'withdraw':
      return `withdraw:${tap.choice}:${tap.caseNumber}`;
    case 'which':
      return tap.caseNumber === null ? 'which:new' : `which:case:${tap.caseNumber}`;
    case 'subject':
      return `subject:${tap.category}`;
    case 'wish':
      return `wish:${tap.wish}`;
    case 'undo':
      return `undo:answer:${tap.caseNumber}`;
  }
}

/** What a tapped id says, or null when it is not one of ours. */
export function readTap(id: string): Tap | null {
  const [kind, value = '', caseNumber = ''] = id.split(':');
  if (kind === 'subject') return SLUG.test(value) ? { kind, category: value } : null;
  if (kind === 'which' && value === 'new') return { kind, caseNumber: null };
  if (kind === 'wish') {
    const wish = wishes.find(each => each === value);
    return wish === undefined ? null : { kind, wish };
  }
  if (!isCaseNumber(caseNumber)) return null;
  switch (kind) {
    case 'feedback':
      return answers.includes(value) ? { kind, answer: value as FeedbackAnswer, caseNumber } : null;
    case 'rating': {
      const rating = ratings.find(each => String(each) === value);
      return rating === undefined ? null : { kind, rating, caseNumber };
    }
    case 'objection':
      return value === 'yes' ? { kind, caseNumber } : null;
    case 'withdraw':
      return choices.includes(value) ? { kind, choice: value as 'ask' | 'yes' | 'no', caseNumber } : null;
    case 'which':
      return value === 'case' ? { kind, caseNumber } : null;
    case 'undo':
      return value === 'answer' ? { kind, caseNumber } : null;
    default:
      return null;
  }
}
