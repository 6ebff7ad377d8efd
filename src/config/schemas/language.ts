import { z } from 'zod';
import type { CaseKind } from '../../domain/case/case';
import type { dangerGroups } from '../../domain/routing/danger';
import { commands } from '../../domain/talk/message-meaning';
import { entry, line, weightedTerms } from './fields';

const STEM = /^[\p{L}\p{N}]+\$?$/u;

/** A text of items parted by commas, each of one to `longest` stems; an item stands in it only once. */
function listOf(longest: number, shape: string) {
  return z.string(shape).transform((text, context): string[] => {
    const items = text.split(',').map(item => item.trim().replace(/\s+/g, ' '));
    items.forEach((item, i) => {
      const stems = item.split(' ');
      const isRight = stems.length <= longest && stems.every(stem => STEM.test(stem));
      const problem = !isRight ? shape : items.indexOf(item) < i ? 'each entry once' : undefined;
      if (problem !== undefined) context.addIssue({ code: 'custom', message: problem, input: item });
    });
    return items;
  });
}

/** Stems: a word fits that begins with one; a stem that ends in $ fits only the whole word. */
const words = listOf(1, 'single words parted by commas, $ at the end for the whole word');
/** Stems that follow one another. */
const phrases = listOf(4, 'one to four words each, parted by commas, $ at the end of a whole word');

const kindWords = {
  thanks: weightedTerms,
  suggestion: weightedTerms,
  information: weightedTerms,
  request: weightedTerms,
  problem: weightedTerms,
} satisfies Record<CaseKind, unknown>;

const terms = entry({ words: weightedTerms, notWords: weightedTerms });
const dangerWords = {
  people: terms,
  gas: terms,
  hurt: terms,
  attack: terms,
  hazards: terms,
  animals: terms,
  plight: terms,
  persons: terms,
} satisfies Record<(typeof dangerGroups)[number], unknown>;

/** The files of the folder language/, each with its schema: the words by which citizens are understood. */
export const languageSchemas = {
  talk: entry({
    greeting: words,
    courtesy: words,
    salutation: words,
    thanks: words,
    emphasis: words,
    status: words,
    asksStatus: words,
    record: words,
    asksAfter: words,
    help: words,
    asksHelp: words,
    suggestion: words,
    petition: phrases,
    insults: phrases,
  }),
  commands: z
    .array(entry({ command: z.enum(commands), core: words, also: words.optional(), beside: words }))
    .min(1),
  'follow-up': entry({ adds: words, beginsAnew: words, report: words }),
  languages: entry({
    tr: entry({ letters: line.regex(/^\p{L}+$/u, 'letters without blanks'), words }),
    en: entry({ words }),
    asksEnglish: words,
  }),
  spelling: entry({
    asWritten: words,
    denial: entry({ not: words, stillMeant: words, related: words, matter: words, none: words }),
  }),
  danger: entry({ ...dangerWords, risks: weightedTerms }),
  kind: entry(kindWords),
} as const;

export type LanguageFile = keyof typeof languageSchemas;

/** What stands in the files of the folder language/. */
export type LanguageFiles = { readonly [Name in LanguageFile]: z.output<(typeof languageSchemas)[Name]> };
