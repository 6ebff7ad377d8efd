import { caseNumbersIn, withoutCaseNumbers } from '../identifiers';
import { ownerKey } from '../routing/category';
import {
  type Classification,
  classify,
  evidenceOf,
  LIKELY_FROM,
  type RoutingKnowledge,
} from '../routing/classify';
import { findTerms, type Lexicon } from '../routing/lexicon';
import { foldedWords, type PhrasePlace, type PhraseTest, type WordTest } from '../turkish';

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

/** More words than these name more than a subject. */
const MOST_WORDS_WITHDRAWN = 3;

/** Returns what a text withdraws by name ("çukuru iptal edin"): its words beside the command; null for any other text. */
export function withdrawnIn(text: string, lexicon: MeaningLexicon): string | null {
  const words = foldedWords(text).filter(word => !isAround(word, lexicon));
  if (words.length > LONGEST) return null;
  for (const { command, core, beside, also } of lexicon.commands) {
    if (command !== 'withdraw' || !words.some(core) || (also && !words.some(also))) continue;
    const others = words.filter(word => !core(word) && !beside(word) && !also?.(word));
    if (others.length > 0 && others.length <= MOST_WORDS_WITHDRAWN) return others.join(' ');
  }
  return null;
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
const LONGEST_QUESTION = 25;

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
  if (words.length === 0 || words.length > LONGEST_QUESTION) return null;
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

/** Two subjects of one message, in their order. */
export type Matters = readonly [first: string, second: string];

/** Words that separate two matters. */
export interface MatterWords {
  /** "Ayrıca", "bir de". */
  readonly joins: PhrasePlace;
  /** Words that end a statement: "alınmadı", "yanmıyor", "kırık". */
  readonly states: WordTest;
  /** Words for an event that causes others. */
  readonly causes: WordTest;
  /** Words for what such an event causes. */
  readonly effects: WordTest;
}

/** The subjects, and which of them can describe the same matter. */
type Subjects = RoutingKnowledge & { readonly overlaps: ReadonlyMap<string, readonly string[]> };

/** Longer texts tell one matter with its circumstances. */
const LONGEST_PAIR = 16;
/** The fewest words of a statement. */
const SHORTEST_STATEMENT = 2;

/**
 * Returns the two subjects of a text that tells two matters ("çöp alınmadı, sokak lambası da yanmıyor"); null for any
 * other text.
 */
export function mattersIn(text: string, is: MatterWords, subjects: Subjects): Matters | null {
  const words = foldedWords(text);
  const joint = is.joins(words);
  return joint
    ? joined(words.slice(0, joint.start), words.slice(joint.end), subjects)
    : unjoined(text, words, is, subjects);
}

function joined(one: readonly string[], other: readonly string[], subjects: Subjects): Matters | null {
  const [first, second] = [one, other].map(part => likelyOf(guessOf(part, subjects)));
  if (!first || !second || first === second || subjects.overlaps.get(first)?.includes(second)) return null;
  return [first, second];
}

/**
 * Two statements in a row are two matters only for different owners: one owner can act on both. A text whose subject is
 * sure as a whole often names a cause and its effect ("mazgal tıkandı yolu su bastı"), so both parts must be sure too,
 * unless a punctuation mark or a new message separates them. An event and its effect are one matter.
 */
function unjoined(
  text: string,
  words: readonly string[],
  { states, causes, effects }: MatterWords,
  subjects: Subjects,
): Matters | null {
  if (words.length > LONGEST_PAIR) return null;
  const ends = sentenceEnds(text);
  const isSure = guessOf(words, subjects).sure;
  const isChain = (event: readonly string[], effect: readonly string[]): boolean =>
    event.some(causes) && effect.some(effects);
  let best: { matters: Matters; likelihood: number } | null = null;
  for (let end = SHORTEST_STATEMENT; end <= words.length - SHORTEST_STATEMENT; end += 1) {
    if (!states(words[end - 1] ?? '') || !words.slice(end).some(states)) continue;
    const parts = [words.slice(0, end), words.slice(end)] as const;
    if (isChain(...parts) || isChain(parts[1], parts[0])) continue;
    const [one, other] = [guessOf(parts[0], subjects), guessOf(parts[1], subjects)];
    const [first, second] = [likelyOf(one), likelyOf(other)];
    if (!first || !second || ownerOf(first, subjects) === ownerOf(second, subjects)) continue;
    if (isSure && !ends.has(end) && !(one.sure && other.sure)) continue;
    const likelihood = Math.min(one.ranked[0]?.confidence ?? 0, other.ranked[0]?.confidence ?? 0);
    if (best === null || likelihood > best.likelihood) best = { matters: [first, second], likelihood };
  }
  return best?.matters ?? null;
}

/** Returns after how many words a sentence, a clause or a message of the burst ends. */
function sentenceEnds(text: string): ReadonlySet<number> {
  const lengths = text.split(/[.,;!?\n]+/).map(part => foldedWords(part).length);
  return new Set(lengths.map((_, i) => lengths.slice(0, i + 1).reduce((sum, length) => sum + length, 0)));
}

function guessOf(words: readonly string[], subjects: Subjects): Classification {
  return classify(words.join(' '), subjects);
}

function likelyOf({ ranked: [best] }: Classification): string | null {
  return best && best.confidence >= LIKELY_FROM ? best.category : null;
}

function ownerOf(slug: string, { categories }: Subjects): string | undefined {
  const owner = categories.find(category => category.slug === slug)?.owner;
  return owner && ownerKey(owner);
}
