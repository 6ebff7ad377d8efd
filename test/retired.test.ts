import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { planFor } from '../src/config/calendars';
import { describeProblems, ConfigError } from '../src/config/config-error';
import { loadMunicipality, type Municipality } from '../src/config/municipality';
import { categoryOf, offered } from '../src/config/offices';
import { classify } from '../src/domain/routing/classify';

const folder = mkdtempSync(join(tmpdir(), 'retired-'));
beforeEach(() => cpSync('config/etimesgut', folder, { recursive: true }));
afterAll(() => rmSync(folder, { recursive: true }));

/** Retires the entry with this slug. */
function retire(file: string, slug: string): void {
  const path = join(folder, file);
  const text = readFileSync(path, 'utf8');
  const retired = text.replace(new RegExp(`^${slug}:\\n`, 'm'), `${slug}:\n  retired: true\n`);
  if (retired === text) throw new Error(`${file} has no ${slug}`);
  writeFileSync(path, retired);
}

function problems(): string[] {
  try {
    loadMunicipality(folder);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return (describeProblems(error) ?? '').split('\n');
  }
}

const text = 'Süvari mahallesi 1234. sokakta yolda çukur var';
const subjectIn = (town: Municipality): string | undefined => classify(text, town).ranked[0]?.category;

test('no text gets a retired subject, and no list offers it', () => {
  expect(subjectIn(loadMunicipality(folder))).toBe('pothole');
  retire('categories/fen-isleri.yaml', 'pothole');
  const town = loadMunicipality(folder);
  expect(subjectIn(town)).not.toBe('pothole');
  expect(offered(town.categories).map(({ slug }) => slug)).not.toContain('pothole');
});

test('an open case of a retired subject is planned as before', () => {
  const about = (town: Municipality) =>
    planFor(
      {
        ...{ municipality: town, closures: [], category: categoryOf(town, 'pothole'), kind: 'problem' },
        ...{ priority: 'p2', department: 'fen-isleri' },
      },
      Date.UTC(2026, 10, 25, 8),
    );
  const before = about(loadMunicipality(folder));
  retire('categories/fen-isleri.yaml', 'pothole');
  expect(about(loadMunicipality(folder))).toEqual(before);
});

test('a retired department must not own a subject that is in use', () => {
  retire('departments.yaml', 'veteriner-isleri');
  expect(problems()).not.toEqual([]);
  expect(problems().every(problem => problem.includes('there is no department "veteriner-isleri"'))).toBe(
    true,
  );
});

test.each([
  ['departments.yaml', 'triage', /the triage desk "triage" is missing/],
  ['categories/belediye.yaml', 'other', /the subject "other" must exist/],
])('%s: %s cannot be retired', (file, slug, problem) => {
  retire(file, slug);
  expect(problems()).toContainEqual(expect.stringMatching(problem));
});
