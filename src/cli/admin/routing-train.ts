import type { Command } from 'commander';
import { ConfigError, type Problem } from '../../config/config-error';
import { readEnv } from '../../config/env';
import { writeLearned } from '../../config/learned-file';
import { loadMunicipality, type Municipality } from '../../config/municipality';
import { ownerKey } from '../../domain/routing/category';
import type { LearnedModel } from '../../domain/routing/learned';
import {
  isKeptApart,
  isWorse,
  type Labelled,
  trainedOn,
  type Trial,
  trialOf,
} from '../../domain/routing/trial';
import { courseOf, labelOf } from '../../reports/case-course';
import type { Store } from '../../store/store';
import { readReports } from './classify';
import { actorOf, type Reader, traced } from './arguments';
import { withStore } from './connections';

/** With fewer reports the test set is not meaningful. */
const FEWEST_REPORTS = 100;

/** Owners with fewer reports are not trained. */
const FEWEST_OF_OWNER = 5;

interface Asked {
  cases?: boolean;
  evenIfWorse?: boolean;
}

export function registerRoutingTrain(admin: Command): void {
  traced(admin.command('routing-train'))
    .description("train routing on the municipality's own labelled reports")
    .argument('[file]', 'a CSV file with the columns "text" and "owner" or "subject"')
    .option(
      '--cases',
      'learn from the settled cases in MongoDB (reroutes and corrected subjects count), with or without a file',
    )
    .option('--even-if-worse', 'save the model even if it is worse than the rules')
    .action(async (file: string | undefined, { cases, evenIfWorse, ...given }: Asked & Reader) => {
      if (file === undefined && !cases) admin.error('Name a CSV file, or --cases, or both.');
      const folder = readEnv(cases ? 'admin' : 'checks').CONFIG_DIR;
      const municipality = loadMunicipality(folder);
      const reports = file === undefined ? [] : labelledRows(municipality, file);
      if (cases) {
        const tell = (read: number): void => console.error(`read ${read} cases`);
        const by = actorOf(given);
        reports.push(
          ...(await withStore(async store => {
            await store.trail.add({ ...by, what: 'training' });
            return settledReports(municipality, store, new Date(), tell);
          })),
        );
      }
      const kept = enoughOf(reports);
      if (kept.length < FEWEST_REPORTS || new Set(kept.map(({ owner }) => owner)).size < 2) {
        admin.error(
          `${kept.length} usable reports are too few: at least ${FEWEST_REPORTS} of two owners are needed, ` +
            `at least ${FEWEST_OF_OWNER} of each owner. The file has ${reports.length} with words and a label.`,
        );
      }
      const { before, after, learnsSubjects } = tried(municipality, kept);
      console.log(table(before, after));
      if (isWorse(after, before) && !evenIfWorse) {
        console.error('Not saved: it is worse than the rules alone (--even-if-worse saves it anyway).');
        process.exitCode = 1;
        return;
      }
      const model = learn(municipality, kept, 'learning from all of them');
      if (model.subjects && !learnsSubjects)
        console.log('The subjects stay with the rules, which know them better.');
      const written = writeLearned(
        folder,
        { ...model, ...(!learnsSubjects && { subjects: null }) },
        kept.length,
      );
      console.log(
        `Saved: ${written}. Web and worker use it after a restart. Without the file, only the rules decide.`,
      );
    });
}

function enoughOf(reports: readonly Labelled[]): Labelled[] {
  const counts = new Map<string, number>();
  for (const { owner } of reports) counts.set(owner, (counts.get(owner) ?? 0) + 1);
  return reports.filter(({ owner }) => (counts.get(owner) ?? 0) >= FEWEST_OF_OWNER);
}

/**
 * The accuracy of the rules and of the trained model on the test set. What the model learned of subjects counts only if
 * it is no worse than the rules.
 */
function tried(
  municipality: Municipality,
  reports: readonly Labelled[],
): { before: Trial; after: Trial; learnsSubjects: boolean } {
  const apart = reports.filter(isKeptApart);
  const taught = reports.filter(report => !isKeptApart(report));
  const model = learn(municipality, taught, `learning from ${taught.length} of ${reports.length} reports`);
  const [before, after] = [trialOf(apart, municipality, null), trialOf(apart, municipality, model)];
  const learnsSubjects = after.subjectsRight >= before.subjectsRight;
  return {
    ...{ before, learnsSubjects },
    after: learnsSubjects ? after : trialOf(apart, municipality, { ...model, subjects: null }),
  };
}

function learn(municipality: Municipality, reports: readonly Labelled[], what: string): LearnedModel {
  return trainedOn(reports, municipality, (round, of) => console.error(`${what}: round ${round} of ${of}`));
}

function table(before: Trial, after: Trial): string {
  const percent = (part: number, all: number): string =>
    all === 0 ? '-' : `${((100 * part) / all).toFixed(1)} %`;
  const line = (name: string, { reports, right, sure, sureRight }: Trial): string =>
    [
      name.padEnd(24),
      percent(right, reports).padStart(12),
      percent(sure, reports).padStart(24),
      percent(sureRight, sure).padStart(16),
    ].join('');
  return [
    `${before.reports} reports kept apart`.padEnd(24) +
      'owner right'.padStart(12) +
      'routed without asking'.padStart(24) +
      'of those right'.padStart(16),
    line('rules alone', before),
    line('with what was learned', after),
    ...(before.subjects > 0
      ? [
          `Subject right in ${percent(before.subjectsRight, before.subjects)} of ${before.subjects} with a known subject by rules alone, ${percent(after.subjectsRight, after.subjects)} with what was learned`,
        ]
      : []),
  ].join('\n');
}

const PROBLEMS_SHOWN = 20;

/**
 * Reads labelled reports from a CSV file with the columns `text` and `owner` (slug of a department or institution) or
 * `subject` (slug of a category); `owner` wins.
 * @throws ConfigError listing the rows with an unknown label, never the text of a report.
 */
function labelledRows(municipality: Municipality, file: string): Labelled[] {
  const rows = readReports(file);
  const [sample] = rows;
  if (sample && !('owner' in sample.others) && !('subject' in sample.others)) {
    throw new ConfigError([
      {
        where: `${file}:1`,
        what: 'has no column "owner" or "subject"',
        allowed: `one of them beside "text"; this header names: text, ${Object.keys(sample.others).join(', ')}`,
      },
    ]);
  }
  const problems: Problem[] = [];
  const labelled = rows.flatMap(({ text, others }, i): Labelled[] => {
    const owner = ownerIn(municipality, others);
    if (owner === null) problems.push(problemIn(municipality, `${file}, row ${i + 1}`, others));
    if (owner === null || text.trim() === '') return [];
    const subject = municipality.categories.find(({ slug }) => slug === others['subject'])?.slug;
    return [{ text, owner, ...(subject !== undefined && { subject }) }];
  });
  if (problems.length > 0) throw new ConfigError(problems.slice(0, PROBLEMS_SHOWN));
  return labelled;
}

function ownerIn(
  { departments, institutions, categories }: Municipality,
  { owner = '', subject = '' }: Readonly<Record<string, string>>,
): string | null {
  if (owner !== '') {
    if (owner in departments) return ownerKey({ department: owner });
    return owner in institutions ? ownerKey({ institution: owner }) : null;
  }
  const category = categories.find(({ slug }) => slug === subject);
  return category ? ownerKey(category.owner) : null;
}

function problemIn(
  { departments, institutions, categories }: Municipality,
  where: string,
  { owner = '', subject = '' }: Readonly<Record<string, string>>,
): Problem {
  if (owner !== '') {
    const allowed = [...Object.keys(departments), ...Object.keys(institutions)].join(', ');
    return { where, what: `there is no owner "${owner}"`, allowed };
  }
  const what = subject === '' ? 'owner and subject are empty' : `there is no subject "${subject}"`;
  return { where, what, allowed: categories.map(({ slug }) => slug).join(', ') };
}

/** Returns the texts of all settled cases with the owner confirmed by people. */
export async function settledReports(
  municipality: Municipality,
  { courses }: Pick<Store, 'courses'>,
  now: Date,
  onRead: (cases: number) => void,
): Promise<Labelled[]> {
  const found: Labelled[] = [];
  let read = 0;
  for await (const batch of courses.between(new Date(0), now)) {
    const words = await courses.wordsOf(batch.map(({ caseNumber }) => caseNumber));
    for (const one of batch) {
      const course = courseOf(municipality, one);
      const { owner, subject } = labelOf(course);
      const text = words.get(one.caseNumber);
      if (!course.settled || owner === null || text === undefined) continue;
      found.push({ text, owner, ...(subject !== null && { subject }) });
    }
    read += batch.length;
    onRead(read);
  }
  return found;
}
