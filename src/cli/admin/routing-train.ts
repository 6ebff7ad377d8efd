import type { Command } from 'commander';
import { readEnv } from '../../config/env';
import { writeLearned } from '../../config/learned-file';
import { loadMunicipality, type Municipality } from '../../config/municipality';
import { type LearnedModel, train } from '../../domain/routing/learned';
import {
  exampleOf,
  isKeptApart,
  isWorse,
  trialOf,
  type Labelled,
  type Trial,
} from '../../domain/routing/trial';
import { labelledRows, settledReports } from './labelled-reports';
import { withStore } from './with-store';

/** With fewer reports the part kept apart tells nothing. */
const FEWEST_REPORTS = 100;

/** An owner with fewer reports is left to the rules. */
const FEWEST_OF_OWNER = 5;

interface Asked {
  cases?: boolean;
  evenIfWorse?: boolean;
}

export function registerRoutingTrain(admin: Command): void {
  admin
    .command('routing-train')
    .description("learn routing from the municipality's own labelled reports, beside the rules")
    .argument('[file]', 'a CSV file with the columns "text" and "owner" or "subject"')
    .option(
      '--cases',
      'learn from the settled cases in MongoDB (reroutes are corrections), with or without a file',
    )
    .option('--even-if-worse', 'save also what does worse than the rules alone')
    .action(async (file: string | undefined, { cases, evenIfWorse }: Asked) => {
      if (file === undefined && !cases) admin.error('Name a CSV file, or --cases, or both.');
      const folder = readEnv(cases ? 'admin' : 'checks').CONFIG_DIR;
      const municipality = loadMunicipality(folder);
      const reports = file === undefined ? [] : labelledRows(municipality, file);
      if (cases) {
        const tell = (read: number): void => console.error(`read ${read} cases`);
        reports.push(...(await withStore(store => settledReports(municipality, store, new Date(), tell))));
      }
      const kept = enoughOf(reports);
      if (kept.length < FEWEST_REPORTS || new Set(kept.map(({ owner }) => owner)).size < 2) {
        admin.error(
          `${kept.length} usable reports are too few: at least ${FEWEST_REPORTS} of two owners are needed, ` +
            `at least ${FEWEST_OF_OWNER} of each owner. The file has ${reports.length} with words and a label.`,
        );
      }
      const { before, after } = tried(municipality, kept);
      console.log(table(before, after));
      if (isWorse(after, before) && !evenIfWorse) {
        console.error(
          'Not saved: it does worse than the rules alone (--even-if-worse saves it all the same).',
        );
        process.exitCode = 1;
        return;
      }
      const model = learn(municipality, kept, 'learning from all of them');
      const written = writeLearned(folder, model, kept.length);
      console.log(
        `Saved: ${written}. Web and worker use it when they start again; without the file the rules decide alone.`,
      );
    });
}

function enoughOf(reports: readonly Labelled[]): Labelled[] {
  const counts = new Map<string, number>();
  for (const { owner } of reports) counts.set(owner, (counts.get(owner) ?? 0) + 1);
  return reports.filter(({ owner }) => (counts.get(owner) ?? 0) >= FEWEST_OF_OWNER);
}

/** The rules alone and with what the other reports teach, both on the reports kept apart. */
function tried(municipality: Municipality, reports: readonly Labelled[]): { before: Trial; after: Trial } {
  const apart = reports.filter(isKeptApart);
  const taught = reports.filter(report => !isKeptApart(report));
  const model = learn(municipality, taught, `learning from ${taught.length} of ${reports.length} reports`);
  return {
    before: trialOf(apart, municipality.categories, null),
    after: trialOf(apart, municipality.categories, model),
  };
}

function learn({ categories }: Municipality, reports: readonly Labelled[], what: string): LearnedModel {
  const examples = reports.map(report => exampleOf(report, categories));
  return train(examples, (round, of) => console.error(`${what}: round ${round} of ${of}`));
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
  ].join('\n');
}
