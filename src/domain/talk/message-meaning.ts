import type { FeedbackAnswer } from '../case/case';
import { caseNumbersIn, withoutCaseNumbers } from '../identifiers';
import { evidenceOf, type RoutingKnowledge } from '../routing/classify';
import { findTerms, fits, type Lexicon, type Stem, termOf } from '../routing/lexicon';
import { foldedWords, foldWord, type PhraseTest, type WordTest } from '../turkish';

export type Meaning =
  | 'report'
  | 'greeting'
  | 'thanks'
  | 'status'
  | 'help'
  | 'suggestion'
  | 'petition'
  | 'abuse'
  | 'empty'
  | Command;

/** Words that determine the meaning of a message, from the municipality's configuration. */
export interface MeaningLexicon {
  /** Pattern of a typed case number. */
  readonly caseNumber: RegExp;
  readonly greeting: WordTest;
  readonly courtesy: WordTest;
  /** Removed before a command is recognised. */
  readonly salutation: WordTest;
  readonly thanks: WordTest;
  readonly emphasis: WordTest;
  readonly status: WordTest;
  readonly asksStatus: WordTest;
  readonly record: WordTest;
  readonly asksAfter: WordTest;
  readonly help: WordTest;
  readonly asksHelp: WordTest;
  readonly suggestion: WordTest;
  readonly petition: PhraseTest;
  readonly insults: PhraseTest;
  readonly commands: readonly Wish[];
}

const LONGEST_PETITION = 8;
const LONGEST_INSULT = 5;

/** Whether a message mentions a petition (Law 3071) or a request for information (Law 4982). */
export function speaksOfPetition(text: string, lexicon: MeaningLexicon): boolean {
  return lexicon.petition(foldedWords(text));
}

/** Whether a message is insulting. */
export function insults(text: string, lexicon: MeaningLexicon): boolean {
  return lexicon.insults(foldedWords(text));
}

/** Polite words around a command. */
function isAround(word: string, is: MeaningLexicon): boolean {
  return is.greeting(word) || is.salutation(word) || is.thanks(word) || is.emphasis(word);
}

function statusIn(words: readonly string[], namesCase: boolean, is: MeaningLexicon): boolean {
  const content = words.filter(word => !is.greeting(word) && !is.courtesy(word) && !is.thanks(word));
  if (!content.every(is.status)) return false;
  if (content.some(is.asksStatus)) return true;
  return (
    (namesCase && words.every(word => !is.thanks(word))) ||
    (content.some(is.record) && content.some(is.asksAfter))
  );
}

/**
 * Returns the meaning of a message from its text alone. The default is a report: a greeting, thanks or a case
 * number in the text do not change that.
 */
export function meaningOf(text: string, lexicon: MeaningLexicon): Meaning {
  const namesCase = caseNumbersIn(text, lexicon.caseNumber).length > 0;
  const words = foldedWords(withoutCaseNumbers(text, lexicon.caseNumber));
  if (words.length === 0) return namesCase ? 'status' : 'empty';
  const command = commandIn(
    words.filter(word => !isAround(word, lexicon)),
    lexicon.commands,
  );
  if (command) return command;
  if (statusIn(words, namesCase, lexicon)) return 'status';
  if (words.length <= LONGEST_INSULT && lexicon.insults(words)) return 'abuse';
  if (words.length <= LONGEST_PETITION && lexicon.petition(words)) return 'petition';
  const polite = (word: string): boolean => lexicon.greeting(word) || lexicon.courtesy(word);
  if (words.some(lexicon.asksHelp) && words.every(word => lexicon.help(word) || polite(word))) return 'help';
  if (words.every(polite)) return 'greeting';
  const isCourteous = words.every(word => polite(word) || lexicon.thanks(word) || lexicon.emphasis(word));
  if (isCourteous && words.some(lexicon.thanks)) return 'thanks';
  return words.some(lexicon.suggestion) && words.length > 2 ? 'suggestion' : 'report';
}

/** Commands to the line, given in a few words. */
export const commands = ['stop', 'start', 'withdraw', 'person', 'english', 'turkish', 'newReport'] as const;
type Command = (typeof commands)[number];

/** One form of a command. */
interface Wish {
  readonly command: Command;
  /** At least one of these words is required. */
  readonly core: WordTest;
  /** Words that may accompany it. Any other word makes the message something else. */
  readonly beside: WordTest;
  /** At least one of these words is required as well. */
  readonly also?: WordTest | undefined;
}

const LONGEST = 8;

/** Returns the command in folded words without greetings and case numbers, or null. */
function commandIn(words: readonly string[], wishes: readonly Wish[]): Command | null {
  if (words.length === 0 || words.length > LONGEST) return null;
  const found = wishes.find(
    ({ core, beside, also }) =>
      words.some(core) &&
      (!also || words.some(also)) &&
      words.every(word => core(word) || beside(word) || (also?.(word) ?? false)),
  );
  return found?.command ?? null;
}

/** Data for recognising the language of a message. */
export interface LanguageLexicon {
  /** Letters that only Turkish has. */
  readonly turkishLetters: RegExp;
  /** Frequent words of each language that do not exist in the other. */
  readonly turkish: WordTest;
  readonly english: WordTest;
  readonly asksEnglish: WordTest;
}

/** Turkish letters outside names count as two words. */
const LETTERS_COUNT = 2;

/**
 * Removes capitalised words, because names keep their letters in every language. In an all-capitals text,
 * names cannot be recognised.
 */
function withoutNames(text: string): string {
  return /\p{Ll}/u.test(text) ? text.replace(/\p{Lu}[\p{L}\p{M}]*/gu, ' ') : text;
}

/** Returns the language that the text is clearly in or asks for, or null. */
export function languageIn(text: string, lexicon: LanguageLexicon): 'tr' | 'en' | null {
  const words = foldedWords(text);
  if (words.length <= 6 && words.some(lexicon.asksEnglish)) return 'en';
  const hits = (isOf: WordTest): number => words.filter(isOf).length;
  const letters = lexicon.turkishLetters.test(withoutNames(text)) ? LETTERS_COUNT : 0;
  const difference = hits(lexicon.english) - hits(lexicon.turkish) - letters;
  return difference === 0 ? null : difference > 0 ? 'en' : 'tr';
}

/** Returns the language to answer in: English if the text is clearly English, otherwise Turkish. */
export function languageOf(text: string, lexicon: LanguageLexicon): 'tr' | 'en' {
  return languageIn(text, lexicon) ?? 'tr';
}

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

/** Small questions with a prepared answer, from the municipality's configuration. */
export interface SmallQuestions {
  readonly slugs: readonly string[];
  /** The terms of the questions, in the same order. */
  readonly terms: Lexicon;
}

/** The evidence of a single strong term. */
const LEAST = 4;
/** The factor over the evidence for a subject: "Ne zaman yapılacak" with a pothole is still a report. */
const MARGIN = 1.5;
/** Longer texts contain more than a question. */
const MOST_WORDS = 25;

/**
 * Returns the slug of the question in a text. Returns null if there is none, or if the evidence for a second
 * question is equal, or that for a subject of reports almost equal.
 */
export function questionIn(
  text: string,
  { slugs, terms }: SmallQuestions,
  subjects: Pick<RoutingKnowledge, 'categories' | 'catalogue'>,
): string | null {
  const words = foldedWords(text);
  if (words.length === 0 || words.length > MOST_WORDS) return null;
  const scores = slugs.map(() => 0);
  for (const { term } of findTerms(terms, words)) {
    scores[term.category] = (scores[term.category] ?? 0) + term.weight;
  }
  const [best, second] = scores
    .map((score, i) => ({ score, slug: slugs[i] }))
    .sort((a, b) => b.score - a.score);
  if (!best || best.score < LEAST || best.score === second?.score) return null;
  const [subject] = evidenceOf(words, subjects).candidates;
  return best.score > MARGIN * (subject?.score ?? 0) ? (best.slug ?? null) : null;
}
