import type { AddressLexicon } from '../domain/place/address';
import type { CaseKind } from '../domain/case/case';
import { caseNumberPattern } from '../domain/identifiers';
import { dangerGroups, type DangerLexicon, kindsOfDanger } from '../domain/routing/danger';
import type { KindLexicon } from '../domain/routing/classify';
import type { DangerModel } from '../domain/routing/learned';
import { type DenialLexicon, type Grammar, lexiconOf, spellingOf } from '../domain/routing/lexicon';
import type { FollowUpLexicon } from '../domain/talk/case-meant';
import type { LanguageLexicon, MeaningLexicon, MatterWords } from '../domain/talk/message-meaning';
import { foldWord, phrasePlace, phrases, vocabulary, type WordTest } from '../domain/turkish';
import type { LanguageFiles } from './schemas/language';

/** The language data for understanding citizens, compiled once when the municipality is loaded. */
export interface TownLanguage {
  readonly grammar: Grammar;
  readonly meaning: MeaningLexicon;
  readonly languages: LanguageLexicon;
  readonly followUp: FollowUpLexicon;
  readonly matters: MatterWords;
  readonly danger: DangerLexicon;
  readonly kind: KindLexicon;
  readonly address: AddressLexicon;
}

/** Compiles the files of the language/ folder, and adds the trained model of danger. */
export function compileLanguage(
  files: LanguageFiles,
  casePrefix: string,
  learnedDanger: DangerModel | null,
): TownLanguage {
  const { spelling, danger, kind, languages } = files;
  const denial: DenialLexicon = mapWords(spelling.denial);
  const endings = {
    noun: endingsOf(spelling.endings.noun, ['']),
    verb: endingsOf(spelling.endings.verb, []),
  };
  const grammar = { asWritten: spelling.asWritten.map(foldWord), denial, endings };
  const { petition, insults, ...talk } = files.talk;
  const { joins, states, stateEndings, causes, effects, ...about } = files['follow-up'];
  const { asksState, delays, sameMatter, correction, ...followUp } = about;
  const { misread, moved, ...correctionWords } = correction;
  const isState = vocabulary(states);
  const statesBy = endingTest(stateEndings);
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
    followUp: {
      ...mapWords(followUp),
      asksState: phrases(asksState),
      delays: phrases(delays),
      sameMatter: phrases(sameMatter),
      correction: { ...mapWords(correctionWords), misread: phrases(misread), moved: phrases(moved) },
    },
    matters: {
      ...mapWords({ causes, effects }),
      joins: phrasePlace(joins),
      states: word => isState(word) || statesBy(word),
    },
    address: addressOf(files.address),
    danger: { ...dangerOf(danger, grammar), learned: learnedDanger },
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
 * Compiles the danger words. Typing errors are corrected towards the words of `mistyped` only: "dövüyor" is one letter
 * from "doluyor".
 */
function dangerOf(danger: LanguageFiles['danger'], grammar: Grammar): Omit<DangerLexicon, 'learned'> {
  const { names, past, mistyped, risks, ...groups } = danger;
  const isPresent = vocabulary(past.present);
  const endsPresent = endingTest(past.presentEndings);
  const stems = mistyped.words.map(foldWord);
  return {
    groups: lexiconOf(
      dangerGroups.map(group => groups[group]),
      grammar,
      [],
    ),
    kinds: kindsOfDanger(
      dangerGroups.map(group => groups[group].kinds),
      grammar,
    ),
    names: names.map(mapWords),
    past: { said: phrases(past.said), present: word => isPresent(word) || endsPresent(word) },
    mender: spellingOf(stems, mistyped.notWords.map(foldWord), SHORTEST_MISTYPED),
    risks: lexiconOf([{ words: risks, notWords: {} }], grammar, []),
  };
}

/** Any one mistake is corrected in the listed danger words from this length, in letters. */
const SHORTEST_MISTYPED = 5;

/** Returns the folded endings: one of each list after another, each but the first `least` optional. */
function endingsOf(slots: readonly (readonly string[])[], first: readonly string[]): ReadonlySet<string> {
  const [beginnings = [], ...others] = slots.map(slot => slot.map(foldWord));
  let all = [...first, ...beginnings];
  for (const slot of others)
    all = [...new Set(all.flatMap(ending => [ending, ...slot.map(next => ending + next)]))];
  return new Set(all);
}

const NUMBER = String.raw`(\d{1,4}(?:\s?[/-]\s?(?:\d{1,3}|\p{L})(?![\p{L}\d])|\p{L}(?![\p{L}\d]))?)(?!\d)`;

/** Returns a pattern that matches one of the stems as written. */
function oneOf(stems: readonly string[]): string {
  const patterns = stems.map(stem => stem.replace(' ', String.raw`\s`).replace('$', String.raw`(?!\p{L})`));
  return `(?:${patterns.join('|')})`;
}

function addressOf(files: LanguageFiles['address']): AddressLexicon {
  const { streets, sites, buildings, houseNumber, block, relations } = files;
  const { caseEndings, plain, plainEndings, ...lists } = files;
  const { noStreet, farther, ordinal, neighbourhood, honorific, onIt, unfindable, findable } = lists;
  const { onStreet, door, mark, unit } = houseNumber;
  const isEnding = vocabulary(caseEndings);
  const plainWords = new Set(plain.map(foldWord));
  const ofRoad = (road: 'street' | 'boulevard'): WordTest =>
    vocabulary(streets.flatMap(kind => (kind.road === road ? kind.words : [])));
  return {
    ...mapWords({ noStreet, farther, ordinal, neighbourhood, honorific, onIt, unfindable, findable }),
    streets: streets.map(({ words, ofName, numbered, named }) => ({
      word: vocabulary(words),
      ofName: vocabulary(ofName),
      numbered,
      named,
    })),
    caseEnding: word => word === '' || isEnding(word),
    plain: word => plainWords.has(word),
    plainEnding: endingTest(plainEndings),
    markedNumber: new RegExp(
      String.raw`^[\s.,;:-]{0,3}(?:${oneOf(onStreet)}\s)?(?:${oneOf(door)}\s)?${oneOf(mark)}\s?[.:]?\s?${NUMBER}`,
      'iu',
    ),
    // Without its mark a number counts only before a unit, unlike "sokak 3 gündür".
    bareNumber: new RegExp(String.raw`^\.?\s{1,2}${NUMBER}(?=\s{0,2}(?:$|[,.;\n)]|${oneOf(unit)}))`, 'iu'),
    sites: sites.map(({ words, ...kind }) => ({ word: vocabulary(words), ...kind })),
    buildings: buildings.map(({ words, ...kind }) => ({ word: vocabulary(words), ...kind })),
    block: {
      pattern: new RegExp(
        String.raw`(?<![\p{L}\d])(\p{L}|\p{L}?\s?-?\s?\d{1,2})\s?[.-]?\s?${oneOf(block.words)}`,
        'iu',
      ),
      named: block.named,
    },
    relations: relations.map(({ words, written }) => ({ word: vocabulary(words), written })),
    street: ofRoad('street'),
    boulevard: ofRoad('boulevard'),
  };
}

/** Compiles endings of words. */
function endingTest(endings: readonly string[]): WordTest {
  const ending = new RegExp(`(?:${endings.map(foldWord).join('|')})$`);
  return word => ending.test(word);
}
