import type { FeedbackAnswer } from '../case/case';
import { withoutCaseNumbers } from '../identifiers';
import { fits, type Stem, termOf } from '../routing/lexicon';
import { foldedWords, foldWord } from '../turkish';
import type { Phase } from './conversation-state';
import type { Tap } from './taps';
import type { Matters } from './message-meaning';

const cueKinds = [
  'solved',
  'unsolved',
  'partly',
  'objection',
  'doubt',
  'but',
  'limits',
  'thanks',
  'beside',
] as const;
type CueKind = (typeof cueKinds)[number];

/** The word lists that the reader needs. */
export const answerCues = [...cueKinds, 'doneVerbs', 'missedVerbs'] as const;

/** The parts of a verb's ending: a tense may be followed by a person. `asks` is the question particle. */
export const endingKinds = ['done', 'missed', 'person', 'asks'] as const;

/** Terms for feedback in words, in the syntax of the subject catalogue. Typing errors are not corrected. */
export type AnswerWords = Readonly<Record<(typeof answerCues)[number], readonly string[]>> & {
  readonly endings: Readonly<Record<(typeof endingKinds)[number], readonly string[]>>;
  /** Emoji that are an answer by themselves. */
  readonly signs: Readonly<Record<'solved' | 'unsolved' | 'thanks', string>>;
};

/** Feedback recognised in words. */
export interface SurveyAnswer {
  says: FeedbackAnswer | 'objection' | 'thanks';
  /** Whether to treat it as a button tap. Otherwise the citizen is asked again. */
  sure: boolean;
}

/** The meaning of one part of the text. */
type Cue = CueKind | 'unknown';

/** With more additional words than this, "çözüldü" may refer to something else. Complaints may be longer. */
const MOST_BESIDE_SOLVED = 2;
const MOST_BESIDE_UNSOLVED = 14;

/**
 * Returns a reader for answers to "Sorununuz çözüldü mü?". The reader returns null for text that is no
 * answer. A sure answer can reopen or close a case, so text that contradicts itself, asks, hopes or is too
 * long is never sure.
 */
export function surveyAnswers(words: AnswerWords, caseNumber: RegExp): (text: string) => SurveyAnswer | null {
  const terms = cueKinds
    .flatMap(kind => words[kind].map(written => ({ kind, stems: termOf(0, written, 1).stems })))
    .sort((a, b) => b.stems.length - a.stems.length);
  const done = words.doneVerbs.map(verb => verb.split(' ').map(foldWord));
  const missed = words.missedVerbs.map(foldWord);
  const persons = ['', ...words.endings.person];
  const withPersons = (tenses: readonly string[]): ReadonlySet<string> =>
    new Set(tenses.flatMap(tense => persons.map(person => foldWord(tense + person))));
  const isDone = withPersons(words.endings.done);
  const isDenied = withPersons(words.endings.missed);
  const asks = new Set(words.endings.asks.map(foldWord));

  function cueAt(all: readonly string[], start: number): { cue: Cue; length: number } {
    const term = terms.find(({ stems }) => isAt(all, start, stems));
    if (term) return { cue: term.kind, length: term.stems.length };
    for (const verb of done) {
      const last = verb.length - 1;
      if (!verb.slice(0, last).every((word, i) => all[start + i] === word)) continue;
      const ending = endingOf(all[start + last], verb[last]);
      if (ending === null) continue;
      if (isDone.has(ending)) return { cue: 'solved', length: verb.length };
      if (isDenied.has(ending)) return { cue: 'unsolved', length: verb.length };
    }
    const isMissed = missed.some(verb => isDenied.has(endingOf(all[start], verb) ?? ''));
    return { cue: isMissed ? 'unsolved' : 'unknown', length: 1 };
  }

  function cuesIn(all: readonly string[]): Cue[] {
    const cues: Cue[] = [];
    for (let i = 0; i < all.length;) {
      const { cue, length } = cueAt(all, i);
      i += length;
      const isAsked = asks.has(all[i] ?? '');
      if (isAsked) i += 1;
      cues.push(isAsked && isAnswer(cue) ? 'doubt' : cue);
    }
    return cues;
  }

  return text => {
    const all = foldedWords(withoutCaseNumbers(text, caseNumber));
    if (all.length > 0) return byCues(cuesIn(all));
    const says = signIn(text, words.signs);
    return says && { says, sure: says !== 'thanks' };
  };
}

function isAt(all: readonly string[], start: number, stems: readonly (readonly Stem[])[]): boolean {
  return stems.every((stem, i) => fits(all[start + i] ?? '', stem));
}

function endingOf(word: string | undefined, stem: string | undefined): string | null {
  return word !== undefined && stem !== undefined && word.startsWith(stem) ? word.slice(stem.length) : null;
}

const SKIN_AND_STYLE = /[\u{1F3FB}-\u{1F3FF}\ufe0f\u200d\s]/gu;

/** Returns the meaning of emoji without text; null if there is text or the emoji have no meaning. */
function signIn(text: string, signs: AnswerWords['signs']): keyof AnswerWords['signs'] | null {
  const shown = [...text.replace(SKIN_AND_STYLE, '')];
  if (shown.length === 0) return null;
  const kinds = ['solved', 'unsolved', 'thanks'] as const;
  return kinds.find(kind => shown.every(sign => signs[kind].includes(sign))) ?? null;
}

function isAnswer(cue: Cue): boolean {
  return cue === 'solved' || cue === 'unsolved' || cue === 'partly';
}

function byCues(cues: readonly Cue[]): SurveyAnswer | null {
  const has = (cue: Cue): boolean => cues.includes(cue);
  const unknown = cues.filter(cue => cue === 'unknown').length;
  const isPlain = !has('doubt') && unknown <= MOST_BESIDE_UNSOLVED;
  if (has('objection')) return { says: 'objection', sure: isPlain };
  if (!cues.some(isAnswer)) {
    return has('thanks') && unknown === 0 && !has('doubt') ? { says: 'thanks', sure: false } : null;
  }
  if (has('partly')) return { says: 'partly', sure: isPlain };
  if (!has('unsolved')) {
    if (has('but') || has('limits')) return { says: 'partly', sure: false };
    return { says: 'solved', sure: isPlain && unknown <= MOST_BESIDE_SOLVED };
  }
  if (!has('solved')) return { says: 'unsolved', sure: isPlain };
  // "Yapıldı ama bozuldu": the last part counts, but only after a "but".
  const last = cues.lastIndexOf('unsolved') > cues.lastIndexOf('solved') ? 'unsolved' : 'solved';
  return { says: last, sure: last === 'unsolved' && isPlain && has('but') };
}

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
  /** Whether we asked if the case shall be corrected. */
  corrects?: boolean;
  /** The voice note whose transcript waits to be confirmed. */
  voice?: string;
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
  readonly right: readonly string[];
  readonly wrong: readonly string[];
  readonly correct: readonly string[];
  readonly subjects: readonly { readonly slug: string; readonly names: readonly string[] }[];
}

/** Whether folded text consists of single words of the lists: "evet doğru". */
function consistsOf(said: string, ...lists: (readonly string[])[]): boolean {
  const single = lists
    .flat()
    .map(foldedWords)
    .flatMap(words => (words.length === 1 ? words : []));
  return said !== '' && said.split(' ').every(word => single.includes(word));
}

/**
 * Returns the tap that a text replaces while a question with buttons is open: a title, yes or no, with
 * optional polite words, punctuation or emoji. Returns null for other text.
 */
export function tapInWords(
  text: string,
  { phase, caseNumber, matters, corrects = false, voice }: OpenQuestion,
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
  if (voice !== undefined) {
    const isRight = sign === 'solved' || consistsOf(said, titles.right, choices.yes);
    if (isRight || sign === 'unsolved' || consistsOf(said, titles.wrong, choices.no))
      return { kind: 'voice', isRight, messageId: voice };
  }
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
      if (caseNumber === null) return null;
      return is(titles.aboutCase, choices.aboutCase) ||
        (corrects && (sign === 'solved' || is(titles.correct, choices.yes)))
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
