import { z } from 'zod';
import type { CaseKind } from '../../domain/case/case';
import type { dangerGroups } from '../../domain/routing/danger';
import { commands } from '../../domain/talk/message-meaning';
import { entry, line, weightedTerms } from './fields';

const STEM = /^[\p{L}\p{N}]+\$?$/u;
const MARKED = /^[\p{L}\p{N}]+[$~-]?$/u;
const WORD = /^[\p{L}\p{N}]+$/u;

/** A comma-separated list whose items have one to `longest` stems. Items must be unique. */
function listOf(longest: number, shape: string, stem = STEM) {
  return z.string(shape).transform((text, context): string[] => {
    const items = text.split(',').map(item => item.trim().replace(/\s+/g, ' '));
    items.forEach((item, i) => {
      const stems = item.split(' ');
      const isRight = stems.length <= longest && stems.every(written => stem.test(written));
      const problem = !isRight ? shape : items.indexOf(item) < i ? 'each entry once' : undefined;
      if (problem !== undefined) context.addIssue({ code: 'custom', message: problem, input: item });
    });
    return items;
  });
}

/** Stems. A stem matches every word that begins with it; with a final $ only the whole word. */
const words = listOf(1, 'single words separated by commas, $ at the end for the whole word');
/** Stems of consecutive words. */
const phrases = listOf(4, 'one to four words each, separated by commas, $ at the end of a whole word');

/** Whole words, or endings of words: without $. */
const wholeWords = listOf(1, 'single words parted by commas, without $', WORD);

const kindWords = {
  thanks: weightedTerms,
  suggestion: weightedTerms,
  information: weightedTerms,
  request: weightedTerms,
  problem: weightedTerms,
} satisfies Record<CaseKind, unknown>;

/** Stems, also with "-" for the endings of a noun and "~" for those of an affirmed verb. */
const markedWords = listOf(1, 'single words separated by commas, with $, - or ~ at the end', MARKED);

/** One to three nearby stems, joined by " + ". */
const states = z.string().transform((text, context): string[] => {
  const items = text.split(',').map(item => item.trim().replace(/\s+/g, ' '));
  for (const item of items) {
    const stems = item.split(' + ');
    if (stems.length > 3 || !stems.every(stem => MARKED.test(stem)))
      context.addIssue({ code: 'custom', message: 'one to three stems joined by " + "', input: item });
  }
  return items;
});

/** Kinds of danger: each thing near each state counts as dangerous. */
const kindsOfDanger = z
  .array(entry({ things: markedWords, states, follows: z.boolean().default(false) }))
  .default([]);

const terms = entry({
  words: weightedTerms.default({}),
  notWords: weightedTerms.default({}),
  kinds: kindsOfDanger,
});
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

const building = entry({ words, named: line, capital: z.boolean().default(false) });

const addressWords = entry({
  streets: z
    .array(
      entry({
        words,
        ofName: words.default([]),
        numbered: line,
        named: line,
        road: z.enum(['street', 'boulevard']).optional(),
      }),
    )
    .min(1),
  noStreet: words,
  farther: words,
  ordinal: words,
  neighbourhood: words,
  caseEndings: words,
  plain: wholeWords,
  plainEndings: wholeWords,
  honorific: words,
  onIt: words,
  houseNumber: entry({ onStreet: words, door: phrases, mark: words, unit: words }),
  sites: z.array(building),
  buildings: z.array(building),
  block: entry({ words, named: line }),
  relations: z.array(entry({ words, written: line })),
  unfindable: words,
  findable: words,
});

/** The files of the language/ folder with their schemas: the words for understanding citizens. */
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
  'follow-up': entry({
    adds: words,
    beginsAnew: words,
    report: words,
    asksState: phrases,
    delays: phrases,
    sameMatter: phrases,
    correction: entry({
      subject: words,
      place: words,
      ofPlace: words,
      wrong: words,
      misread: phrases,
      moved: phrases,
      right: words,
      not: words,
      slip: words,
      only: words,
    }),
    joins: phrases,
    states: words,
    stateEndings: wholeWords,
    causes: words,
    effects: words,
  }),
  languages: entry({
    tr: entry({ letters: line.regex(/^\p{L}+$/u, 'letters without spaces'), words }),
    en: entry({ words }),
    asksEnglish: words,
  }),
  spelling: entry({
    asWritten: words,
    endings: entry({ noun: z.array(wholeWords).min(1), verb: z.array(wholeWords).min(1) }),
    denial: entry({ not: words, stillMeant: words, related: words, matter: words, none: words }),
  }),
  address: addressWords,
  danger: entry({
    ...dangerWords,
    names: z.array(entry({ words, before: words })),
    past: entry({ said: phrases, present: words, presentEndings: wholeWords }),
    mistyped: entry({ words: wholeWords, notWords: wholeWords }),
    risks: weightedTerms,
  }),
  kind: entry(kindWords),
} as const;

export type LanguageFile = keyof typeof languageSchemas;

/** The content of the language/ folder, by file name. */
export type LanguageFiles = { readonly [Name in LanguageFile]: z.output<(typeof languageSchemas)[Name]> };
