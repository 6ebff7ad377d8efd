import type { Stage } from '../case/case';
import { foldedWords, foldWord, type PhraseTest, type WordTest } from '../turkish';
import type { Follows } from './conversation-state';

/** One of the citizen's cases, as known when a message arrives. Times are epoch ms UTC. */
export interface CaseAtHand {
  caseNumber: string;
  stage: Stage;
  /** Slug of its subject. */
  subject: string;
  openedAt: number;
  /** When we last sent a message about it. */
  toldAt: number;
  /**
   * When the citizen was asked for reasons, after "Çözülmedi", an objection or a low rating; null if no
   * reasons are expected.
   */
  reasonsAskedAt: number | null;
}

/**
 * Why a message may belong to a case, strongest first: it names the case (button, quote or number); the
 * department waits for this citizen's answer; the survey is open; we wrote about the case recently; it was
 * opened recently.
 */
export type Tie = 'named' | 'asked' | 'survey' | 'told' | 'opened';

/** How long an idle case remains a candidate, in ms. */
export interface TieLimits {
  toldMs: number;
  openedMs: number;
}

/** Of `told` and `opened`, the latest comes first. */
const ranks: Readonly<Record<Tie, number>> = { named: 0, asked: 1, survey: 2, told: 3, opened: 3 };

/** Returns why a message at `now` may belong to a case that it does not name, or null. */
function tieTo(
  { stage, openedAt, toldAt, reasonsAskedAt }: CaseAtHand,
  { toldMs, openedMs }: TieLimits,
  now: number,
): Tie | null {
  switch (stage) {
    case 'waitingCitizen':
      return 'asked';
    case 'resolved':
      return 'survey';
    case 'closed':
      return reasonsAskedAt !== null && now - reasonsAskedAt <= toldMs ? 'asked' : null;
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
      if (reasonsAskedAt !== null && now - reasonsAskedAt <= toldMs) return 'asked';
      if (now - openedAt <= openedMs) return 'opened';
      return now - toldAt <= toldMs ? 'told' : null;
  }
}

/** The case that a message refers to. */
export interface CaseMeant {
  caseNumber: string;
  tie: Tie;
  /** Other cases with an equally strong tie. Ask the citizen which one is meant. */
  alike: string[];
}

/**
 * Returns the case that a message refers to, based on what the citizen's cases wait for, or null. `named` are
 * the case numbers in the message, most certain first. `subject` is the subject that its text clearly names.
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

/** The content of a message relative to a candidate case. */
export interface Beside {
  tie: Tie;
  /** Null for messages without text, such as photos and locations. */
  words: string | null;
  /** Whether the text names the subject of the case, another subject, or none. */
  subject: 'same' | 'other' | 'none';
  /** Whether the subject is clear from the text. */
  sure: boolean;
  tellsPlace: boolean;
  /** Whether the named place clearly differs from the place of the case. */
  otherPlace: boolean;
  /** Whether we asked a question when the case was opened. */
  asked: boolean;
}

/** Words that mark an addition or a new report, from the municipality's configuration. */
export interface FollowUpLexicon {
  readonly adds: WordTest;
  readonly beginsAnew: WordTest;
  readonly report: WordTest;
  /** Everyday questions about the state of a case: "ne oldu", "ne zaman gelecekler". */
  readonly asksState: PhraseTest;
  /** Complaints that nothing has happened: "hâlâ gelen yok". */
  readonly delays: PhraseTest;
  /** More about the same matter: "komşular da aynı yerden şikayetçi". */
  readonly sameMatter: PhraseTest;
  readonly correction: CorrectionLexicon;
}

/** Words with which a citizen says that a case is wrong. */
interface CorrectionLexicon {
  /** The subject of a case: "konu", "kategori". */
  readonly subject: WordTest;
  /** Its place: "adres", "konum". */
  readonly place: WordTest;
  /** After a word for a place, the thing that belongs to it: "sokak tabelası". */
  readonly ofPlace: WordTest;
  readonly wrong: WordTest;
  /** Sentences that need neither: "yanlış yazmışsınız", and those about a place: "o konum eski". */
  readonly misread: PhraseTest;
  readonly moved: PhraseTest;
  /** The right value follows: "doğrusu", "aslında". */
  readonly right: WordTest;
  /** The wrong value stands before: "park değil kaldırım". */
  readonly not: WordTest;
  /** An apology before the right number of a street: "pardon 1235". */
  readonly slip: WordTest;
  /** "Not only" denies nothing. */
  readonly only: WordTest;
}

/** Longer texts report something, even if they also ask. */
const MOST_WORDS_OF_QUESTION = 14;

/**
 * Returns whether a text asks about the state of a case, or complains about its delay; null for any other text. A text
 * that clearly names another subject, another place or a new report is none, whatever it asks.
 */
export function stateAsked(
  words: string,
  { subject, sure, otherPlace }: Pick<Beside, 'subject' | 'sure' | 'otherPlace'>,
  lexicon: FollowUpLexicon,
): 'asks' | 'delayed' | null {
  const folded = foldedWords(words);
  if (folded.length > MOST_WORDS_OF_QUESTION || otherPlace || beginsAnew(folded, lexicon)) return null;
  if (subject === 'other' && sure) return null;
  if (lexicon.delays(folded)) return 'delayed';
  return lexicon.asksState(folded) ? 'asks' : null;
}

function beginsAnew(folded: readonly string[], { beginsAnew: begins, report }: FollowUpLexicon): boolean {
  return folded.some((word, place) => begins(word) && folded.slice(place + 1, place + 4).some(report));
}

/** What a text says to be wrong with a case. */
export interface Wrong {
  /** Null if the text does not tell. */
  readonly of: 'subject' | 'place' | null;
  /** Whether it says so, instead of only contrasting two things ("çukur değil kaldırım"). */
  readonly isSaid: boolean;
  /** Whether it speaks of what was written ("yanlış yazdım"), not of a thing that is wrong ("tabela yanlış asılmış"). */
  readonly isWritten: boolean;
  /** Whether it only replaces a number by another: "kapı numarası 5 değil 7". */
  readonly isOfNumber: boolean;
  /** Whether it names the place that was meant: "sokak numarası 1989 olacaktı". */
  readonly isReplaced: boolean;
  /** The parts of the text that may name the right value, most likely first. */
  readonly parts: readonly string[];
  /** What stands before "değil". */
  readonly denied: string | null;
}

/** Longer texts tell more than a mistake. */
const MOST_WORDS_OF_CORRECTION = 30;
const MOST_WORDS_OF_CONTRAST = 10;
/** How far apart "adres" and "yanlış" may stand, in words. */
const NEAR_WORDS = 3;
const NUMBER = /^\d+$/;
/** The words before "değil" that it denies. */
const DENIED_WORDS = 4;

/** Returns what a text says to be wrong with a case; null for any other text. */
export function wrongIn(text: string, lexicon: FollowUpLexicon): Wrong | null {
  const { subject, place, ofPlace, wrong, misread, moved, right, not, slip, only } = lexicon.correction;
  const tokens = [...text.matchAll(/[\p{L}\p{M}]+|\p{N}+/gu)].map(({ 0: word, index }) => ({
    word: foldWord(word),
    start: index,
    end: index + word.length,
  }));
  const words = tokens.map(({ word }) => word);
  if (words.length > MOST_WORDS_OF_CORRECTION || beginsAnew(words, lexicon)) return null;
  const isNearWrong = (is: WordTest): boolean =>
    words.some(
      (word, i) => is(word) && words.slice(Math.max(i - NEAR_WORDS, 0), i + NEAR_WORDS + 1).some(wrong),
    );
  /** Whether a place stands beside: "1989. sokak olacaktı", "numarası 1989 olacaktı", "1989 yazacaktım sokağı". */
  const follows = (i: number): boolean => {
    const [one = '', before = '', after = ''] = [words[i - 1], words[i - 2], words[i + 1]];
    return place(one) || (NUMBER.test(one) && (place(before) || place(after)));
  };
  const isMisread = misread(words);
  const isOfSubject = isNearWrong(subject) || (isMisread && words.some(subject));
  const things = new Set(words.filter((_, i) => ofPlace(words[i + 1] ?? '')));
  const isOfPlace = isNearWrong(word => place(word) && !things.has(word)) || moved(words);
  const of = isOfSubject ? 'subject' : isOfPlace ? 'place' : null;
  const isSaid = of !== null || isMisread;
  const denial = tokens.findLast(({ word }) => not(word));
  const isContrast = denial !== undefined && words.length <= MOST_WORDS_OF_CONTRAST && !words.some(only);
  const isSlip =
    words.some(word => NUMBER.test(word)) &&
    (words.some(slip) || words.some(right)) &&
    words.every(word => slip(word) || right(word) || NUMBER.test(word));
  const isReplaced =
    isSlip || (words.length <= MOST_WORDS_OF_CONTRAST && words.some((word, i) => right(word) && follows(i)));
  if (!isSaid && !isContrast && !isReplaced) return null;
  const turn = tokens.findLast(({ word }) => right(word) || not(word));
  const parts = [
    ...numbered(words, right, place),
    isSlip && `${meantNumber(words, right)}. sokak`,
    turn && text.slice(turn.end),
    denial && text.slice(0, denial.start),
    text,
  ];
  const before = denial ? tokens.slice(0, tokens.indexOf(denial)).slice(-DENIED_WORDS) : [];
  return {
    of: of ?? (isReplaced ? 'place' : null),
    isSaid,
    isWritten: isMisread,
    isOfNumber: isContrast && words.filter(word => NUMBER.test(word)).length > 1,
    isReplaced,
    parts: parts.flatMap(part => (part && foldedWords(part).length > 0 ? [part] : [])),
    denied: before.length > 0 ? before.map(({ word }) => word).join(' ') : null,
  };
}

/** Returns the number before a word such as "olacaktı", otherwise the last one. */
function meantNumber(words: readonly string[], right: WordTest): string | undefined {
  const isNumber = (word = ''): boolean => NUMBER.test(word);
  return words.find((word, i) => isNumber(word) && right(words[i + 1] ?? '')) ?? words.findLast(isNumber);
}

/** Joins a number to the place after its verb: "1989 yazacaktım sokağı" is "1989 sokağı". */
function numbered(words: readonly string[], right: WordTest, place: WordTest): readonly string[] {
  return words.flatMap((word, i) => {
    const [before = '', after = ''] = [words[i - 1], words[i + 1]];
    return right(word) && NUMBER.test(before) && place(after) ? [`${before}. ${after}`] : [];
  });
}

/** Shorter texts may still be the answer to a question: "çöp konteynerinin yanı". */
const WORDS_OF_A_REPORT = 4;

/** Returns whether a message is a clear addition, a clear new report, or must be clarified by a question. */
export function followsCase(beside: Beside, lexicon: FollowUpLexicon): Follows {
  const { tie, words } = beside;
  if (tie === 'named') return 'addition';
  if (words === null) return tie === 'told' ? 'likelyAddition' : 'addition';
  const folded = foldedWords(words);
  if (beginsAnew(folded, lexicon)) return 'new';
  return tie === 'asked' || tie === 'survey'
    ? besideWaiting(beside, folded)
    : besideOpen(beside, folded, lexicon);
}

/** A case that waits for the citizen gets the message, unless the text clearly names another subject. */
function besideWaiting(
  { tie, subject, sure, tellsPlace, otherPlace }: Beside,
  folded: readonly string[],
): Follows {
  if (subject === 'other' && sure) {
    const isAnswer = tie === 'asked' && !tellsPlace && folded.length < WORDS_OF_A_REPORT;
    return isAnswer ? 'likelyNew' : 'new';
  }
  if (subject === 'other' && tie === 'survey') return 'likelyNew';
  return subject === 'same' && otherPlace ? 'likelyNew' : 'addition';
}

function besideOpen(
  { tie, subject, sure, tellsPlace, asked }: Beside,
  folded: readonly string[],
  lexicon: FollowUpLexicon,
): Follows {
  if (lexicon.sameMatter(folded) && !(subject === 'other' && sure)) return 'addition';
  if (subject === 'other') return sure ? 'new' : 'likelyNew';
  if (folded.some(lexicon.adds)) return 'addition';
  // After some time, the same words may describe another pothole.
  const addition = tie === 'told' ? 'likelyAddition' : 'addition';
  // Text without a subject usually gives the location of the previous report or answers our question.
  if (subject === 'none') return tellsPlace || asked ? addition : 'likelyAddition';
  return tellsPlace ? 'likelyNew' : addition;
}

/**
 * Returns whether a text is about a case that ended lately. `isAwaited`: its institution has not answered yet. Words that
 * do not say so report the problem anew.
 */
export function followsEnded(
  words: string,
  { subject, tellsPlace }: Pick<Beside, 'subject' | 'tellsPlace'>,
  isAwaited: boolean,
  lexicon: FollowUpLexicon,
): Follows {
  const folded = foldedWords(words);
  if (beginsAnew(folded, lexicon) || subject === 'other') return 'new';
  if (lexicon.sameMatter(folded) || lexicon.delays(folded) || folded.some(lexicon.adds)) return 'addition';
  return isAwaited && subject === 'same' && !tellsPlace ? 'likelyNew' : 'new';
}
