import type { CaseKind } from '../domain/case/case';
import { caseNumberPattern } from '../domain/identifiers';
import { dangerGroups, type DangerLexicon } from '../domain/routing/danger';
import type { KindLexicon } from '../domain/routing/classify';
import type { RoutedCategory } from '../domain/routing/category';
import { type DenialLexicon, type Grammar, lexiconOf, nearTerm } from '../domain/routing/lexicon';
import type { FollowUpLexicon } from '../domain/talk/case-meant';
import type { LanguageLexicon, MeaningLexicon } from '../domain/talk/message-meaning';
import { foldWord, phrases, vocabulary, type WordTest } from '../domain/turkish';
import type { LanguageFiles } from './schemas/language';

/** The language data for understanding citizens, compiled once when the municipality is loaded. */
export interface TownLanguage {
  readonly grammar: Grammar;
  readonly meaning: MeaningLexicon;
  readonly languages: LanguageLexicon;
  readonly followUp: FollowUpLexicon;
  readonly danger: DangerLexicon;
  readonly kind: KindLexicon;
}

/** Compiles the files of the language/ folder. */
export function compileLanguage(files: LanguageFiles, casePrefix: string): TownLanguage {
  const { spelling, danger, kind, languages } = files;
  const denial: DenialLexicon = mapWords(spelling.denial);
  const grammar = { asWritten: spelling.asWritten.map(foldWord), denial };
  const { petition, insults, ...talk } = files.talk;
  const kinds = Object.keys(kind) as CaseKind[];
  return {
    grammar,
    meaning: {
      ...mapWords(talk),
      caseNumber: caseNumberPattern(casePrefix),
      petition: phrases(petition),
      insults: phrases(insults),
      commands: files.commands.map(({ command, core, also, beside }) => ({
        command,
        core: vocabulary(core),
        beside: vocabulary(beside),
        also: also && vocabulary(also),
      })),
    },
    languages: {
      turkishLetters: new RegExp(`[${languages.tr.letters}]`, 'u'),
      turkish: vocabulary(languages.tr.words),
      english: vocabulary(languages.en.words),
      asksEnglish: vocabulary(languages.asksEnglish),
    },
    followUp: mapWords(files['follow-up']),
    danger: {
      groups: lexiconOf(
        dangerGroups.map(group => withKinds(danger[group])),
        grammar,
      ),
      risks: lexiconOf([{ words: danger.risks, notWords: {} }], grammar),
    },
    kind: {
      kinds,
      terms: lexiconOf(
        kinds.map(name => ({ words: kind[name], notWords: {} })),
        grammar,
      ),
    },
  };
}

function mapWords<Key extends string>(lists: Record<Key, readonly string[]>): Record<Key, WordTest> {
  const entries = Object.entries<readonly string[]>(lists).map(([key, stems]) => [key, vocabulary(stems)]);
  return Object.fromEntries(entries) as Record<Key, WordTest>;
}

/**
 * The weight of a thing in a dangerous state: enough for a call for help, but not alone in a long complaint.
 */
const OF_A_KIND = 2;

/** Adds a near term for each combination of a thing and a state to the words of a group. */
function withKinds({
  words,
  notWords,
  kinds,
}: LanguageFiles['danger']['hazards']): Pick<RoutedCategory, 'words' | 'notWords'> {
  const pairs = kinds.flatMap(({ things, states }) =>
    things.flatMap(thing => states.map(state => [nearTerm(thing, state), OF_A_KIND] as const)),
  );
  return { words: { ...Object.fromEntries(pairs), ...words }, notWords };
}
