import { caseNumbersIn, withoutCaseNumbers } from '../identifiers';
import { foldedWords, type PhraseTest, type WordTest } from '../turkish';

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
