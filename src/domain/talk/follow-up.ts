import type { Follows } from './conversation';
import { foldedWords } from '../turkish';
import type { WordTest } from '../vocabulary';

/** What is known of a report that comes while a case of the last hours is open. */
export interface FollowUp {
  words: string;
  /** Whether the message quotes a message of the case or names its number. */
  meansCase: boolean;
  /** Whether the words speak for the subject of the case, for another, or for none. */
  subject: 'same' | 'other' | 'none';
  /** Whether the subject is clear from the words. */
  sure: boolean;
  tellsPlace: boolean;
  /** Whether we asked for something when the case was opened. */
  asked: boolean;
}

/** The words that add to a case or begin another, from the municipality's files. */
export interface FollowUpLexicon {
  readonly adds: WordTest;
  readonly beginsAnew: WordTest;
  readonly report: WordTest;
}

/** Tells a clear addition from a clear new report; what lies between is asked. */
export function followsCase(
  { words, meansCase, subject, sure, tellsPlace, asked }: FollowUp,
  lexicon: FollowUpLexicon,
): Follows {
  if (meansCase) return 'addition';
  const folded = foldedWords(words);
  if (
    folded.some(
      (word, place) => lexicon.beginsAnew(word) && folded.slice(place + 1, place + 4).some(lexicon.report),
    )
  ) {
    return 'new';
  }
  if (subject === 'other') return sure ? 'new' : 'likelyNew';
  if (folded.some(lexicon.adds)) return 'addition';
  // Words without a subject give the place of what was reported before, or what we asked for.
  if (subject === 'none') return tellsPlace || asked ? 'addition' : 'likelyAddition';
  return tellsPlace ? 'likelyNew' : 'addition';
}
