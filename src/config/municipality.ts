import type { Area, Line } from '../domain/place/distance';
import type { KeptRoad, NamedPlace, RoadMap } from '../domain/place/place-words';
import type { JurisdictionRule } from '../domain/routing/category';
import type { LearnedModel } from '../domain/routing/learned';
import { type Lexicon, lexiconOf } from '../domain/routing/lexicon';
import { overlapsIn } from '../domain/routing/overlap';
import type { SmallQuestions } from '../domain/talk/message-meaning';
import { ConfigError, type Problem } from './config-error';
import { compileLanguage, type TownLanguage } from './language';
import { readDangerModel, readLearned } from './learned-file';
import { crossProblems, folderOf, readFiles } from './municipality-files';
import { compileQuestions, questionProblems } from './questions';
import type { AnswerWordsFile } from './schemas/answer-words';
import type { Answers } from './schemas/answers';
import type { Calendars } from './schemas/calendar';
import type { Duty } from './schemas/duty';
import type { Category } from './schemas/categories';
import type { Neighbour, RoadLinesFile, SandboxFile } from './schemas/places';
import type { Privacy } from './schemas/privacy';
import type { Questions } from './schemas/questions';
import type { Retention } from './schemas/retention';
import type { SlaPolicies } from './schemas/sla';
import type { StaffFile } from './schemas/staff';
import type { Templates } from './schemas/templates';
import type { Language, Texts } from './schemas/texts';
import type { Department, Institution, Town } from './schemas/town';
import type { ReadFile } from './yaml-file';

/** A neighbourhood (mahalle) with its names and its boundary in WGS84. */
export interface Neighbourhood extends NamedPlace {
  readonly area: Area;
}

/** The municipality's configuration: plain frozen data, read once at start. */
export interface Municipality extends Readonly<Town> {
  readonly departments: Readonly<Record<string, Department>>;
  readonly institutions: Readonly<Record<string, Institution>>;
  /** In file order, with the retired ones. */
  readonly categories: readonly Category[];
  /** The terms of the subjects, in the same order. */
  readonly catalogue: Lexicon;
  /** For each subject, the others of its department whose reports can describe the same matter. */
  readonly overlaps: ReadonlyMap<string, readonly string[]>;
  readonly language: TownLanguage;
  /** Small questions with their answers, by slug. */
  readonly questions: Questions;
  /** The terms of the small questions, in the same order. */
  readonly smallQuestions: SmallQuestions;
  readonly sla: SlaPolicies;
  /** How long each family of records is kept. */
  readonly retention: Retention;
  /** The protection of personal data. */
  readonly privacy: Privacy;
  /** Prepared answers by slug, in both languages. */
  readonly answers: Answers;
  /** How citizens answer our questions in words. */
  readonly answerWords: AnswerWordsFile;
  readonly calendars: Calendars;
  /** Who is alarmed for hazards. */
  readonly duty: Duty;
  /** Who may sign in to the staff pages. */
  readonly staff: StaffFile;
  readonly texts: Readonly<Record<Language, Texts>>;
  readonly templates: Templates;
  readonly neighbourhoods: readonly Neighbourhood[];
  /** The boundary of the whole district. */
  readonly district: readonly Area[];
  /** Roads inside the district that another authority maintains. */
  readonly roads: readonly KeptRoad[];
  /** The known lines of other roads. */
  readonly roadLines: RoadMap['roadLines'];
  /** Neighbouring municipalities. */
  readonly neighbours: readonly Neighbour[];
  /** Exceptions to the usual owner of a subject. The first matching rule wins. */
  readonly jurisdiction: readonly JurisdictionRule[];
  /** The settings of the sandbox of `npm start`. */
  readonly sandbox: SandboxFile;
  /** The model trained on the municipality's own cases; null until one is trained. */
  readonly learned: LearnedModel | null;
  /** Keys of files for a newer program, which this one does not know. */
  readonly ignored: readonly Problem[];
}

function withSlugs<Value extends object>(
  values: Record<string, Value>,
): Record<string, Value & { slug: string }> {
  return Object.fromEntries(Object.entries(values).map(([slug, value]) => [slug, { ...value, slug }]));
}

function required<Value>(file: ReadFile<Value>): Value {
  if (file.value === undefined) throw new ConfigError(file.problems);
  return file.value;
}

/** A retired subject matches no text. */
function ifRetired(category: Category): Category {
  return category.retired ? { ...category, words: {}, notWords: {}, hurtAnimals: false } : category;
}

/**
 * Reads the municipality's folder.
 * @throws ConfigError listing every problem of every file as `file:line`, including dangling references and unused
 * entries.
 */
export function loadMunicipality(folder: string): Municipality {
  const configFolder = folderOf(folder);
  const files = readFiles(configFolder);
  const learned = readLearned(folder);
  const learnedDanger = readDangerModel(folder);
  const problems: Problem[] = [
    ...Object.values(files).flatMap(file => file.problems),
    ...crossProblems(files),
    ...learned.problems,
    ...learnedDanger.problems,
  ];
  if (problems.length > 0) throw new ConfigError(problems);
  const { aliases, commonWords } = required(files.placeNames);
  const facts = freezeDeep({
    ...required(files.town),
    departments: withSlugs(required(files.departments)),
    institutions: withSlugs(required(files.institutions)),
    categories: Object.values(withSlugs(required(files.categories))).map(ifRetired),
    answers: required(files.answers),
    questions: required(files.questions),
    answerWords: required(files.answerWords),
    sla: required(files.sla),
    retention: required(files.retention),
    privacy: required(files.privacy),
    calendars: required(files.calendars),
    duty: required(files.duty),
    staff: required(files.staff),
    texts: { tr: required(files.tr), en: required(files.en) },
    templates: required(files.templates),
    neighbourhoods: required(files.neighbourhoods).features.map(({ properties, geometry }) => ({
      slug: properties.slug,
      name: properties.name,
      aliases: aliases[properties.slug] ?? [],
      nameIsCommonWord: commonWords.includes(properties.slug),
      area: geometry,
    })),
    district: required(files.district).features.map(({ geometry }) => geometry),
    neighbours: Object.values(withSlugs(required(files.neighbours))),
    jurisdiction: required(files.jurisdiction),
    sandbox: required(files.sandbox),
  });
  // A typed array cannot be frozen.
  const { casePrefix } = required(files.town);
  const language = compileLanguage(required(files.language), casePrefix, learnedDanger.model);
  const catalogue = lexiconOf(facts.categories, language.grammar);
  const smallQuestions = compileQuestions(facts.questions, language.grammar);
  const overlaps = overlapsIn({ categories: facts.categories, catalogue });
  const { roads, roadLines } = roadsOf(required(files.roads), required(files.roadLines));
  const town = {
    ...facts,
    roads,
    roadLines,
    language,
    catalogue,
    overlaps,
    smallQuestions,
    learned: learned.model,
    ignored: configFolder.ignored ?? [],
  };
  const misunderstood = questionProblems(files.questions, town);
  if (misunderstood.length > 0) throw new ConfigError(misunderstood);
  return Object.freeze(town);
}

/** Returns the listed roads with their lines, and the lines of the others. They are too many to freeze. */
function roadsOf(
  listed: Record<string, Omit<KeptRoad, 'slug' | 'lines'>>,
  { features }: RoadLinesFile,
): Pick<RoadMap, 'roads' | 'roadLines'> {
  const linesOf = (kind: 'own' | 'other'): Line[] =>
    features.flatMap(({ properties, geometry }) => (properties.kind === kind ? geometry.coordinates : []));
  const roads = Object.values(withSlugs(listed)).map(road => {
    const lines = features.flatMap(({ properties, geometry }) =>
      properties.kind === 'listed' && properties.slug === road.slug ? geometry.coordinates : [],
    );
    return lines.length > 0 ? { ...road, lines } : road;
  });
  return { roads, roadLines: { own: linesOf('own'), other: linesOf('other') } };
}

/** Returns a Turkish phone number in international form, digits only. Short numbers are unchanged. */
export function internationalNumber(phone: string): string {
  const digits = phone.replace(/\D/g, '');
  return digits.startsWith('0') ? `9${digits}` : digits;
}

/**
 * Returns a typed number that can be called, with country code: at most 15 digits (ITU-T E.164), a Turkish one 12. Returns
 * null for any other.
 */
export function callableNumber(typed: string): string | null {
  const digits = internationalNumber(typed);
  const isTurkish = /^90\d{10}$/.test(digits);
  return isTurkish || (!digits.startsWith('90') && /^[1-9]\d{7,14}$/.test(digits)) ? digits : null;
}

/** Deep-freezes a plain value, so that the configuration cannot change while the program runs. */
function freezeDeep<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(freezeDeep);
  }
  return value;
}
