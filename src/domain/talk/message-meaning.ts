import { caseNumbersIn, withoutCaseNumbers } from '../identifiers';
import { foldedWords } from '../turkish';
import type { PhraseTest, WordTest } from '../vocabulary';

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

/** The words by which the meaning of a message is told, from the municipality's files. */
export interface MeaningLexicon {
  /** A case number as people type it. */
  readonly caseNumber: RegExp;
  readonly greeting: WordTest;
  readonly courtesy: WordTest;
  /** Left out before a command is looked for. */
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

/** Whether a message speaks of a petition (Law 3071) or a request for information (Law 4982). */
export function speaksOfPetition(text: string, lexicon: MeaningLexicon): boolean {
  return lexicon.petition(foldedWords(text));
}

/** Whether a message insults somebody. */
export function insults(text: string, lexicon: MeaningLexicon): boolean {
  return lexicon.insults(foldedWords(text));
}

/** Courtesy around a command. */
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
 * What a message asks of the line, told from its words alone. Whatever is not clearly something else is a report:
 * a greeting before it, thanks after it or a case number in it do not change that.
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

/** A wish about the talk itself, told in few words. */
export const commands = ['stop', 'start', 'withdraw', 'person', 'english', 'turkish', 'newReport'] as const;
type Command = (typeof commands)[number];

/** One usual spelling of a wish. */
interface Wish {
  readonly command: Command;
  /** Words of which one must be there. */
  readonly core: WordTest;
  /** Words that may stand beside it; any other makes the message something else. */
  readonly beside: WordTest;
  /** Words of which one must be there as well. */
  readonly also?: WordTest | undefined;
}

const LONGEST = 8;

/** The wish in a message's folded words, greetings and case numbers taken out; null when it is none. */
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

/** By what the language of a message is told. */
export interface LanguageLexicon {
  /** Letters that only Turkish has. */
  readonly turkishLetters: RegExp;
  /** Frequent words of each language that the other does not have. */
  readonly turkish: WordTest;
  readonly english: WordTest;
  readonly asksEnglish: WordTest;
}

/** Turkish letters outside of names count as much as two words. */
const LETTERS_COUNT = 2;

/** Names of places and people keep their letters in every language. In capitals alone, names cannot be told. */
function withoutNames(text: string): string {
  return /\p{Ll}/u.test(text) ? text.replace(/\p{Lu}[\p{L}\p{M}]*/gu, ' ') : text;
}

/** The language that words speak plainly or ask for; null when they do not tell. */
export function languageIn(text: string, lexicon: LanguageLexicon): 'tr' | 'en' | null {
  const words = foldedWords(text);
  if (words.length <= 6 && words.some(lexicon.asksEnglish)) return 'en';
  const hits = (isOf: WordTest): number => words.filter(isOf).length;
  const letters = lexicon.turkishLetters.test(withoutNames(text)) ? LETTERS_COUNT : 0;
  const difference = hits(lexicon.english) - hits(lexicon.turkish) - letters;
  return difference === 0 ? null : difference > 0 ? 'en' : 'tr';
}

/** The language to answer in; Turkish unless the words are plainly English. */
export function languageOf(text: string, lexicon: LanguageLexicon): 'tr' | 'en' {
  return languageIn(text, lexicon) ?? 'tr';
}
