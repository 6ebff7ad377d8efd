import type { Stage } from '../case/case';
import { foldedWords } from '../turkish';
import type { WordTest } from '../vocabulary';
import type { Follows } from './conversation-state';

/** What is known of one of a citizen's own cases when the citizen writes; times are epoch ms UTC. */
export interface CaseAtHand {
  caseNumber: string;
  stage: Stage;
  /** The slug of its subject. */
  subject: string;
  openedAt: number;
  /** When the line last wrote about it. */
  toldAt: number;
}

/**
 * What ties a message to a case, the strongest first: the message names it (by a tap, a quote or its number), the
 * department waits for this citizen's answer, the survey is open, the line wrote about it lately, it was opened lately.
 */
export type Tie = 'named' | 'asked' | 'survey' | 'told' | 'opened';

/** How long a case that waits for nothing is still what a citizen means; in ms. */
export interface TieLimits {
  toldMs: number;
  openedMs: number;
}

/** Of the last two, whichever is the latest comes first. */
const ranks: Readonly<Record<Tie, number>> = { named: 0, asked: 1, survey: 2, told: 3, opened: 3 };

/** What ties a message at `now` to a case that it does not name; null when nothing does. */
function tieTo(
  { stage, openedAt, toldAt }: CaseAtHand,
  { toldMs, openedMs }: TieLimits,
  now: number,
): Tie | null {
  switch (stage) {
    case 'waitingCitizen':
      return 'asked';
    case 'resolved':
      return 'survey';
    case 'closed':
    case 'rejected':
    case 'handedOff':
    case 'withdrawn':
      return null;
    case 'received':
    case 'triage':
    case 'assigned':
    case 'accepted':
    case 'inProgress':
    case 'scheduled':
    case 'waitingInstitution':
    case 'planned':
    case 'objected':
    case 'duplicate':
      if (now - openedAt <= openedMs) return 'opened';
      return now - toldAt <= toldMs ? 'told' : null;
  }
}

/** The case that a message means. */
export interface CaseMeant {
  caseNumber: string;
  tie: Tie;
  /** Other cases that wait for the citizen in the same way; only a question tells which is meant. */
  alike: string[];
}

/**
 * The case that a message means, told from what the citizen's cases wait for. `named` are the numbers that the message
 * names, the surest first; `subject` is the one that its words speak for surely. Null when it means none.
 */
export function caseMeant(
  { named, subject }: { named: readonly string[]; subject: string | null },
  cases: readonly CaseAtHand[],
  limits: TieLimits,
  now: number,
): CaseMeant | null {
  const own = named.find(number => cases.some(({ caseNumber }) => caseNumber === number));
  if (own !== undefined) return { caseNumber: own, tie: 'named', alike: [] };
  const tied = cases
    .flatMap(each => {
      const tie = tieTo(each, limits, now);
      return tie === null ? [] : [{ ...each, tie, at: Math.max(each.toldAt, each.openedAt) }];
    })
    .sort((a, b) => ranks[a.tie] - ranks[b.tie] || b.at - a.at);
  const spokenOf = tied.find(each => each.subject === subject);
  const [first] = spokenOf ? [spokenOf] : tied;
  if (!first) return null;
  const { caseNumber, tie } = first;
  const waits = tie === 'asked' || tie === 'survey';
  const alike = spokenOf || !waits ? [] : tied.filter(each => each !== first && each.tie === tie);
  return { caseNumber, tie, alike: alike.map(each => each.caseNumber) };
}

/** What a message says beside the case that it may mean. */
export interface Beside {
  tie: Tie;
  /** Null for photos, pins, voice and documents without words. */
  words: string | null;
  /** Whether the words speak for the subject of the case, for another, or for none. */
  subject: 'same' | 'other' | 'none';
  /** Whether the subject is clear from the words. */
  sure: boolean;
  tellsPlace: boolean;
  /** Whether the place told is plainly not the place of the case. */
  otherPlace: boolean;
  /** Whether we asked for something when the case was opened. */
  asked: boolean;
}

/** The words that add to a case or begin another, from the municipality's files. */
export interface FollowUpLexicon {
  readonly adds: WordTest;
  readonly beginsAnew: WordTest;
  readonly report: WordTest;
}

/** Fewer words may still be the answer to a question: "çöp konteynerinin yanı". */
const WORDS_OF_A_REPORT = 4;

/** Tells a clear addition to the case from a clear new report; what lies between is asked. */
export function followsCase(beside: Beside, lexicon: FollowUpLexicon): Follows {
  const { tie, words } = beside;
  if (tie === 'named') return 'addition';
  if (words === null) return tie === 'told' ? 'likelyAddition' : 'addition';
  const folded = foldedWords(words);
  const isAnew = folded.some(
    (word, place) => lexicon.beginsAnew(word) && folded.slice(place + 1, place + 4).some(lexicon.report),
  );
  if (isAnew) return 'new';
  return tie === 'asked' || tie === 'survey'
    ? besideWaiting(beside, folded)
    : besideOpen(beside, folded, lexicon);
}

/** A case that waits for the citizen owns the words, unless they are surely about something else. */
function besideWaiting(
  { tie, subject, sure, tellsPlace, otherPlace }: Beside,
  folded: readonly string[],
): Follows {
  if (subject === 'other' && sure) {
    return tellsPlace || folded.length >= WORDS_OF_A_REPORT ? 'new' : 'likelyNew';
  }
  if (subject === 'other' && tie === 'survey') return 'likelyNew';
  return subject === 'same' && otherPlace ? 'likelyNew' : 'addition';
}

function besideOpen(
  { tie, subject, sure, tellsPlace, asked }: Beside,
  folded: readonly string[],
  lexicon: FollowUpLexicon,
): Follows {
  if (subject === 'other') return sure ? 'new' : 'likelyNew';
  if (folded.some(lexicon.adds)) return 'addition';
  // After a while the same words may speak of another pothole as well.
  const addition = tie === 'told' ? 'likelyAddition' : 'addition';
  // Words without a subject give the place of what was reported before, or what we asked for.
  if (subject === 'none') return tellsPlace || asked ? addition : 'likelyAddition';
  return tellsPlace ? 'likelyNew' : addition;
}
