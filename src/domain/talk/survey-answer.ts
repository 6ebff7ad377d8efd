import type { FeedbackAnswer } from '../case/case';
import { withoutCaseNumbers } from '../identifiers';
import { fits, type Stem, termOf } from '../routing/lexicon';
import { foldedWords, foldWord } from '../turkish';

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

/** Terms for feedback in words, in the syntax of the subject catalogue. Typing errors are not corrected. */
export type AnswerWords = Readonly<Record<(typeof answerCues)[number], readonly string[]>> & {
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
 * Folded endings of the past, second and third person: yapıldı, yaptılar, yapmışlar, yapılmıştır, yaptınız.
 */
const PAST = /^([dt][iu]|m[iu]s)(l[ae]r|n[iu]z|t[iu]r|s[iu]n[iu]z)?$/;
/** The same endings negated, and the present: yapılmadı, yapmamışlar, yanmıyor, yapmıyorsunuz. */
const DENIED = /^m([ae]([dt][iu]|m[iu]s)|[iu]yor)(l[ae]r|n[iu]z|t[iu]r|s[iu]n[iu]z)?$/;
/** The question particle: "çözüldü mü". */
const ASKS = /^m[iu](d[iu]r|yd[iu]|ym[iu]s)?$/;

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

  function cueAt(all: readonly string[], start: number): { cue: Cue; length: number } {
    const term = terms.find(({ stems }) => isAt(all, start, stems));
    if (term) return { cue: term.kind, length: term.stems.length };
    for (const verb of done) {
      const last = verb.length - 1;
      if (!verb.slice(0, last).every((word, i) => all[start + i] === word)) continue;
      const ending = endingOf(all[start + last], verb[last]);
      if (ending === null) continue;
      if (PAST.test(ending)) return { cue: 'solved', length: verb.length };
      if (DENIED.test(ending)) return { cue: 'unsolved', length: verb.length };
    }
    const isMissed = missed.some(verb => DENIED.test(endingOf(all[start], verb) ?? ''));
    return { cue: isMissed ? 'unsolved' : 'unknown', length: 1 };
  }

  function cuesIn(all: readonly string[]): Cue[] {
    const cues: Cue[] = [];
    for (let i = 0; i < all.length;) {
      const { cue, length } = cueAt(all, i);
      i += length;
      const isAsked = ASKS.test(all[i] ?? '');
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
export function signIn(text: string, signs: AnswerWords['signs']): keyof AnswerWords['signs'] | null {
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
