import type { FeedbackAnswer } from '../case/case';
import { isCaseNumber } from '../identifiers';
import type { Matters } from './message-meaning';

/** The meaning of a tapped button or list row. */
export type Tap =
  | { kind: 'feedback'; answer: FeedbackAnswer; caseNumber: string }
  | { kind: 'rating'; rating: number; caseNumber: string }
  | { kind: 'objection'; caseNumber: string }
  /** The status of this case. */
  | { kind: 'status'; caseNumber: string }
  | { kind: 'withdraw'; choice: 'ask' | 'yes' | 'no'; caseNumber: string }
  /** Belongs to this case, or is a new report if null. */
  | { kind: 'which'; caseNumber: string | null }
  | { kind: 'subject'; category: string }
  /** Both matters of a message. */
  | { kind: 'subjects'; categories: Matters }
  /** Another subject than the one in our question. */
  | { kind: 'otherSubject' }
  /** The choice of a citizen whose message was not understood. */
  | { kind: 'wish'; wish: Wish }
  /** Whether the transcript of a voice note, given by its message id, is right. */
  | { kind: 'voice'; isRight: boolean; messageId: string }
  /** Corrects feedback that was misunderstood from words. */
  | { kind: 'undo'; caseNumber: string }
  /** Whether the citizen wants all personal data erased. */
  | { kind: 'erase'; isWanted: boolean };

export const wishes = ['report', 'status', 'person'] as const;
type Wish = (typeof wishes)[number];

export const ratings = [5, 4, 3, 2, 1] as const;

/** Up to this rating, the citizen is asked for the reasons. */
export const LOW_RATING = 2;

const answers: readonly string[] = ['solved', 'partly', 'unsolved'] satisfies readonly FeedbackAnswer[];
const choices: readonly string[] = ['ask', 'yes', 'no'];
const MESSAGE_ID = /^[\w-]{1,120}$/;
const SLUG = /^[a-z0-9-]{1,64}$/;

/**
 * Returns the id of a button or row, at most 200 characters. It contains the question, so that a late answer
 * finds its case.
 */
export function tapId(tap: Tap): string {
  switch (tap.kind) {
    case 'feedback':
      return `feedback:${tap.answer}:${tap.caseNumber}`;
    case 'rating':
      return `rating:${tap.rating}:${tap.caseNumber}`;
    case 'objection':
      return `objection:yes:${tap.caseNumber}`;
    case 'status':
      return `status:case:${tap.caseNumber}`;
    case 'withdraw':
      return `withdraw:${tap.choice}:${tap.caseNumber}`;
    case 'which':
      return tap.caseNumber === null ? 'which:new' : `which:case:${tap.caseNumber}`;
    case 'subject':
      return `subject:${tap.category}`;
    case 'subjects':
      return `subjects:${tap.categories.join(':')}`;
    case 'otherSubject':
      return 'list:subjects';
    case 'wish':
      return `wish:${tap.wish}`;
    case 'voice':
      return `voice:${tap.isRight ? 'right' : 'wrong'}:${tap.messageId}`;
    case 'undo':
      return `undo:answer:${tap.caseNumber}`;
    case 'erase':
      return `erase:${tap.isWanted ? 'yes' : 'no'}`;
  }
}

/** Returns the meaning of a tapped id, or null if the id is not ours. */
export function readTap(id: string): Tap | null {
  const [kind, value = '', caseNumber = ''] = id.split(':');
  if (kind === 'subject') return SLUG.test(value) ? { kind, category: value } : null;
  if (kind === 'subjects') {
    return SLUG.test(value) && SLUG.test(caseNumber) ? { kind, categories: [value, caseNumber] } : null;
  }
  if (kind === 'list') return value === 'subjects' ? { kind: 'otherSubject' } : null;
  if (kind === 'which' && value === 'new') return { kind, caseNumber: null };
  if (kind === 'erase') return value === 'yes' || value === 'no' ? { kind, isWanted: value === 'yes' } : null;
  if (kind === 'wish') {
    const wish = wishes.find(each => each === value);
    return wish === undefined ? null : { kind, wish };
  }
  if (kind === 'voice') {
    const isKnown = (value === 'right' || value === 'wrong') && MESSAGE_ID.test(caseNumber);
    return isKnown ? { kind, isRight: value === 'right', messageId: caseNumber } : null;
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
    case 'status':
    case 'which':
      return value === 'case' ? { kind, caseNumber } : null;
    case 'undo':
      return value === 'answer' ? { kind, caseNumber } : null;
    default:
      return null;
  }
}
