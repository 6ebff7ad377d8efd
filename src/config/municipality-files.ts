import { OTHER_CATEGORY, type Owner } from '../domain/routing/category';
import type { Problem } from './config-error';
import { answerWordProblems, answerWordsSchema } from './schemas/answer-words';
import { answersSchema } from './schemas/answers';
import { calendarSchema } from './schemas/calendar';
import { dutyProblems, dutySchema } from './schemas/duty';
import { categoriesSchema } from './schemas/categories';
import {
  areasSchema,
  jurisdictionSchema,
  neighboursSchema,
  placeNamesSchema,
  roadLinesFile,
  roadsSchema,
  sandboxSchema,
} from './schemas/places';
import { type LanguageFile, type LanguageFiles, languageSchemas } from './schemas/language';
import { privacySchema } from './schemas/privacy';
import { questionsSchema } from './schemas/questions';
import { noticeProblems, retentionSchema } from './schemas/retention';
import { slaSchema } from './schemas/sla';
import { staffProblems, staffSchema } from './schemas/staff';
import { templatesSchema } from './schemas/templates';
import { commonParams, type MessageKey, messageParams, placeholdersOf, textsSchema } from './schemas/texts';
import {
  CONFIG_FORMAT,
  departmentsSchema,
  formatSchema,
  institutionsSchema,
  townSchema,
  TRIAGE,
} from './schemas/town';
import {
  type ConfigFolder,
  readGeoJsonFile,
  type ReadFile,
  readJsonFile,
  readYamlFile,
  readYamlFolder,
} from './yaml-file';

/** Returns the folder at `path`, which collects unknown keys if a newer program's files are in it. */
export function folderOf(path: string): ConfigFolder {
  const { value } = readYamlFile({ path }, 'municipality.yaml', formatSchema);
  return { path, ignored: value && value.format > CONFIG_FORMAT ? [] : undefined };
}

/** Reads every file of the folder and validates each against its own schema. */
export function readFiles(folder: ConfigFolder) {
  const town = readYamlFile(folder, 'municipality.yaml', townSchema);
  const files = town.value?.placeFiles;
  return {
    town,
    departments: readYamlFile(folder, 'departments.yaml', departmentsSchema),
    institutions: readYamlFile(folder, 'institutions.yaml', institutionsSchema),
    categories: readYamlFolder(folder, 'categories', categoriesSchema),
    answers: readYamlFile(folder, 'answers.yaml', answersSchema),
    questions: readYamlFile(folder, 'questions.yaml', questionsSchema),
    answerWords: readYamlFile(folder, 'language/answers.yaml', answerWordsSchema),
    sla: readYamlFile(folder, 'sla.yaml', slaSchema),
    privacy: readYamlFile(folder, 'privacy.yaml', privacySchema),
    retention: readYamlFile(folder, 'retention.yaml', retentionSchema),
    calendars: readYamlFile(folder, 'calendar.yaml', calendarSchema),
    duty: readYamlFile(folder, 'duty.yaml', dutySchema),
    staff: readYamlFile(folder, 'staff.yaml', staffSchema),
    tr: readYamlFile(folder, 'texts/tr.yaml', textsSchema),
    en: readYamlFile(folder, 'texts/en.yaml', textsSchema),
    templates: readYamlFile(folder, 'templates.yaml', templatesSchema),
    neighbourhoods: readGeoJsonFile(
      folder,
      files?.neighbourhoods ?? 'places/neighbourhoods.geojson',
      areasSchema,
    ),
    district: readGeoJsonFile(folder, files?.district ?? 'places/district.geojson', areasSchema),
    placeNames: readYamlFile(folder, files?.names ?? 'places/names.yaml', placeNamesSchema),
    roads: readYamlFile(folder, files?.roads ?? 'places/roads.yaml', roadsSchema),
    roadLines: readJsonFile(folder.path, roadLinesFile),
    neighbours: readYamlFile(folder, files?.neighbours ?? 'places/neighbours.yaml', neighboursSchema),
    jurisdiction: readYamlFile(folder, 'jurisdiction.yaml', jurisdictionSchema),
    language: readLanguage(folder),
    sandbox: readYamlFile(folder, 'sandbox.yaml', sandboxSchema),
  };
}

/** Reads the files of the language/ folder into one object, by name. */
function readLanguage(folder: ConfigFolder): ReadFile<LanguageFiles> {
  const names = Object.keys(languageSchemas) as LanguageFile[];
  const files = names.map(name => readYamlFile(folder, `language/${name}.yaml`, languageSchemas[name]));
  const problems = files.flatMap(file => file.problems);
  const at: ReadFile<LanguageFiles>['at'] = ([name, ...path], what, allowed) =>
    files[names.indexOf(name as LanguageFile)]?.at(path, what, allowed) ?? {
      where: 'language/',
      what,
      allowed,
    };
  if (problems.length > 0) return { value: undefined, problems, at };
  const value = Object.fromEntries(names.map((name, i) => [name, files[i]?.value]));
  return { value: value as LanguageFiles, problems, at };
}

export type Files = ReturnType<typeof readFiles>;

type Entries = Readonly<Record<string, unknown>>;

function unknownReference(kind: string, slug: string, known: Entries): [what: string, allowed: string] {
  return [`there is no ${kind} "${slug}"`, Object.keys(known).join(', ')];
}

function unused<Value>(
  file: ReadFile<Value>,
  path: readonly string[],
  all: Entries,
  used: Set<string>,
  by: string,
) {
  return Object.keys(all)
    .filter(slug => !used.has(slug))
    .map(slug => file.at([...path, slug], `no ${by} uses "${slug}"`));
}

/** Leaves out departments that exist for their open cases only. */
function inUse(departments: NonNullable<Files['departments']['value']>): typeof departments {
  return Object.fromEntries(Object.entries(departments).filter(([, { retired }]) => !retired));
}

function ownerProblem(files: Files, slug: string, owner: Owner, isRetired: boolean): Problem | undefined {
  const { departments, institutions, categories } = files;
  if ('department' in owner) {
    if (departments.value === undefined) return undefined;
    const known = isRetired ? departments.value : inUse(departments.value);
    if (Object.hasOwn(known, owner.department)) return undefined;
    const [what, allowed] = unknownReference('department', owner.department, known);
    return categories.at([slug, 'owner', 'department'], what, allowed);
  }
  const known = institutions.value ?? {};
  if (institutions.value === undefined || Object.hasOwn(known, owner.institution)) return undefined;
  const [what, allowed] = unknownReference('institution', owner.institution, known);
  return categories.at([slug, 'owner', 'institution'], what, allowed);
}

function categoryProblems(files: Files): Problem[] {
  const { categories, departments, institutions, sla, answers } = files;
  const entries = Object.entries(categories.value ?? {});
  if (categories.value === undefined) return [];
  const problems: Problem[] = [];
  for (const [slug, category] of entries) {
    const wrongOwner = ownerProblem(files, slug, category.owner, category.retired);
    if (wrongOwner) problems.push(wrongOwner);
    if (sla.value && !Object.hasOwn(sla.value.classes, category.slaClass)) {
      const [what, allowed] = unknownReference('SLA class', category.slaClass, sla.value.classes);
      problems.push(categories.at([slug, 'slaClass'], what, allowed));
    }
    for (const answer of category.answers) {
      if (!answers.value || Object.hasOwn(answers.value, answer)) continue;
      problems.push(categories.at([slug, 'answers'], ...unknownReference('answer', answer, answers.value)));
    }
  }
  const other = categories.value[OTHER_CATEGORY];
  if (!other || other.retired || !('department' in other.owner) || other.owner.department !== TRIAGE) {
    problems.push(
      categories.at(
        [OTHER_CATEGORY],
        `the subject "${OTHER_CATEGORY}" must exist`,
        `owner {department: ${TRIAGE}}`,
      ),
    );
  }
  const owners = entries.map(([, { owner }]) => owner);
  const ofDepartments = new Set(owners.flatMap(owner => ('department' in owner ? [owner.department] : [])));
  const ofInstitutions = new Set(
    owners.flatMap(owner => ('institution' in owner ? [owner.institution] : [])),
  );
  const classes = new Set(entries.map(([, { slaClass }]) => slaClass));
  if (sla.value) classes.add(sla.value.answerOnly.slaClass);
  const usedAnswers = new Set([
    ...entries.flatMap(([, category]) => category.answers),
    ...Object.entries(answers.value ?? {}).flatMap(([slug, { always }]) => (always ? [slug] : [])),
  ]);
  return [
    ...problems,
    ...unused(answers, [], answers.value ?? {}, usedAnswers, 'subject'),
    ...unused(departments, [], inUse(departments.value ?? {}), ofDepartments, 'subject'),
    ...unused(institutions, [], institutions.value ?? {}, ofInstitutions, 'subject'),
    ...unused(sla, ['classes'], sla.value?.classes ?? {}, classes, 'subject'),
  ];
}

function answerOnlyProblems({ sla }: Files): Problem[] {
  if (!sla.value) return [];
  const { classes, answerOnly } = sla.value;
  if (Object.hasOwn(classes, answerOnly.slaClass)) return [];
  return [sla.at(['answerOnly', 'slaClass'], ...unknownReference('SLA class', answerOnly.slaClass, classes))];
}

function unpublishedProblems({ town, categories }: Files): Problem[] {
  const known = categories.value;
  if (!known || !town.value?.publicFigures) return [];
  return town.value.publicFigures.without.flatMap((subject, i) =>
    Object.hasOwn(known, subject)
      ? []
      : [town.at(['publicFigures', 'without', i], ...unknownReference('subject', subject, known))],
  );
}

function callProblems({ sla, departments }: Files): Problem[] {
  if (!sla.value || !departments.value) return [];
  const { desk } = sla.value.calls;
  if (Object.hasOwn(departments.value, desk)) return [];
  return [sla.at(['calls', 'desk'], ...unknownReference('department', desk, departments.value))];
}

/** A hand-off needs a way that exists, and a link that outlives the time to answer. */
function handOffProblems({ institutions, departments, town }: Files): Problem[] {
  if (!institutions.value || !departments.value || !town.value) return [];
  const { operator, taskLinks } = town.value;
  const own = [
    operator,
    ...Object.values(departments.value).flatMap(({ mail, chief, deputyMayor }) => [mail, chief, deputyMayor]),
  ].map(({ address }) => address);
  return Object.entries(institutions.value).flatMap(([slug, { handOff, website }]) => {
    if (handOff === 'citizen') return [];
    const { to, answerDays } = handOff;
    const at = (field: string): string[] => [slug, 'handOff', field];
    return [
      ...(to === 'form' && website === undefined
        ? [institutions.at(at('to'), `"${slug}" has no website for a form`, 'a website, an address or phone')]
        : []),
      ...(own.includes(to)
        ? [institutions.at(at('to'), `"${to}" is a mailbox of the municipality`, `the mailbox of "${slug}"`)]
        : []),
      ...(answerDays > taskLinks.longestDays
        ? [institutions.at(at('answerDays'), 'the link ends before', `at most ${taskLinks.longestDays} days`)]
        : []),
    ];
  });
}

function calendarProblems({ departments, calendars, sla }: Files): Problem[] {
  if (!departments.value || !calendars.value) return [];
  const known = calendars.value.calendars;
  const office = sla.value?.officeCalendar;
  const wrongOffice =
    office === undefined || Object.hasOwn(known, office)
      ? []
      : [sla.at(['officeCalendar'], ...unknownReference('calendar', office, known))];
  const problems = Object.entries(departments.value)
    .filter(([, { calendar }]) => !Object.hasOwn(known, calendar))
    .map(([slug, { calendar }]) =>
      departments.at([slug, 'calendar'], ...unknownReference('calendar', calendar, known)),
    );
  const neverOpen = Object.entries(known)
    .filter(([, { week }]) => Object.values(week).every(day => day.length === 0))
    .map(([slug]) =>
      calendars.at(['calendars', slug, 'week'], `"${slug}" never opens`, 'hours on at least one day'),
    );
  const used = new Set(Object.values(departments.value).map(({ calendar }) => calendar));
  if (office !== undefined) used.add(office);
  return [
    ...problems,
    ...wrongOffice,
    ...neverOpen,
    ...unused(calendars, ['calendars'], known, used, 'department'),
  ];
}

function textProblems({ tr, en }: Files): Problem[] {
  const problems: Problem[] = [];
  for (const key of Object.keys(messageParams) as MessageKey[]) {
    const known = new Set<string>([...messageParams[key], ...commonParams]);
    const allowed = [...known].map(name => `{{${name}}}`).join(' ');
    const used = [tr, en].map(file => placeholdersOf(file.value?.messages[key] ?? ''));
    used.forEach((names, i) => {
      const file = i === 0 ? tr : en;
      for (const name of names.filter(name => !known.has(name))) {
        problems.push(file.at(['messages', key], `"${key}" has an unknown placeholder {{${name}}}`, allowed));
      }
    });
    if (tr.value && en.value && String(used[0]) !== String(used[1])) {
      problems.push(
        en.at(['messages', key], `"${key}" has other placeholders than tr.yaml`, String(used[0]) || 'none'),
      );
    }
  }
  const reasons = [tr, en].map(file =>
    Object.keys(file.value?.rejectionReasons ?? {})
      .sort()
      .join(', '),
  );
  if (tr.value && en.value && reasons[0] !== reasons[1]) {
    problems.push(en.at(['rejectionReasons'], 'the reasons differ from those of tr.yaml', reasons[0]));
  }
  return problems;
}

function placeProblems({ neighbourhoods, placeNames }: Files): Problem[] {
  if (!neighbourhoods.value || !placeNames.value) return [];
  const known = Object.fromEntries(
    neighbourhoods.value.features.map(({ properties }) => [properties.slug, true]),
  );
  const named = [
    ...Object.keys(placeNames.value.aliases).map(slug => ({ path: ['aliases', slug], slug })),
    ...placeNames.value.commonWords.map((slug, i) => ({ path: ['commonWords', i], slug })),
  ];
  return named
    .filter(({ slug }) => !Object.hasOwn(known, slug))
    .map(({ path, slug }) => placeNames.at(path, ...unknownReference('neighbourhood', slug, known)));
}

function roadProblems(files: Files) {
  const { roads, roadLines, institutions, jurisdiction, categories, departments, neighbourhoods } = files;
  const problems: Problem[] = [];
  const check = (
    file: ReadFile<unknown>,
    path: readonly PropertyKey[],
    kind: string,
    slug: string,
    known: Entries | undefined,
  ): void => {
    if (known && !Object.hasOwn(known, slug))
      problems.push(file.at(path, ...unknownReference(kind, slug, known)));
  };
  for (const [slug, { keeper }] of Object.entries(roads.value ?? {}))
    check(roads, [slug, 'keeper'], 'institution', keeper, institutions.value);
  for (const { properties: of } of roadLines.value?.features ?? [])
    if (of.kind === 'listed') check(roadLines, [], 'road', of.slug, roads.value);
  const areas = neighbourhoods.value?.features.map(({ properties }) => [properties.slug, true] as const);
  jurisdiction.value?.forEach(({ subjects, owner, road, neighbourhoods: places = [] }, i) => {
    for (const subject of subjects)
      check(jurisdiction, [i, 'subjects'], 'subject', subject, categories.value);
    for (const place of places) {
      check(jurisdiction, [i, 'neighbourhoods'], 'neighbourhood', place, areas && Object.fromEntries(areas));
    }
    if (owner === 'keeper') {
      if (road !== 'artery') {
        problems.push(jurisdiction.at([i, 'owner'], 'only a kept road has a keeper', 'with road: artery'));
      }
    } else if ('department' in owner) {
      check(
        jurisdiction,
        [i, 'owner'],
        'department',
        owner.department,
        departments.value && inUse(departments.value),
      );
    } else {
      check(jurisdiction, [i, 'owner'], 'institution', owner.institution, institutions.value);
    }
  });
  return problems;
}

function triageProblems({ departments }: Files): Problem[] {
  if (!departments.value || Object.hasOwn(inUse(departments.value), TRIAGE)) return [];
  return [departments.at([], `the triage desk "${TRIAGE}" is missing`)];
}

/** The families that make up a case. They go before the case is anonymised, or with it. */
const partsOfCase = ['photos', 'files', 'messages', 'letters'] as const;

/** Nothing of a case may go while it can be reopened, and everything must be gone once it is anonymised. */
function retentionProblems({ retention, sla, town }: Files): Problem[] {
  if (!retention.value) return [];
  const { families } = retention.value;
  const longest = families.cases.days;
  const reopened = Math.max(sla.value?.objections.withinDays ?? 0, town.value?.feedback.reopenDays ?? 0);
  return [...partsOfCase, 'cases' as const].flatMap(name => {
    const { days } = families[name];
    const at = ['families', name, 'days'];
    return [
      ...(days > longest ? [retention.at(at, `"${name}" outlasts "cases"`, `at most ${longest}`)] : []),
      ...(days <= reopened
        ? [retention.at(at, `"${name}" ends before a case is final`, `more than ${reopened}`)]
        : []),
    ];
  });
}

/** Returns the problems of references between files. Skips files that are invalid by themselves. */
export function crossProblems(files: Files): Problem[] {
  return [
    ...categoryProblems(files),
    ...answerOnlyProblems(files),
    ...callProblems(files),
    ...unpublishedProblems(files),
    ...handOffProblems(files),
    ...calendarProblems(files),
    ...textProblems(files),
    ...answerWordProblems(files.answerWords),
    ...retentionProblems(files),
    ...noticeProblems(files.privacy),
    ...placeProblems(files),
    ...roadProblems(files),
    ...triageProblems(files),
    ...dutyProblems(files.duty, files.departments.value),
    ...staffProblems(files.staff, files.departments.value),
  ];
}
