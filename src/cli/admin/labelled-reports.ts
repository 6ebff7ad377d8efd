import { ConfigError, type Problem } from '../../config/config-error';
import type { Municipality } from '../../config/municipality';
import { courseOf, labelOf } from '../../reports/case-course';
import { ownerKey } from '../../domain/routing/category';
import type { Labelled } from '../../domain/routing/trial';
import type { Store } from '../../store/store';
import { readReports } from './reports-file';

const PROBLEMS_SHOWN = 20;

/**
 * The reports of a CSV file with the columns `text` and `owner` (slug of a department or an institution) or
 * `subject` (slug of the catalogue); where a row has both, the owner counts. Throws a ConfigError that lists the
 * rows whose label is unknown, never with words of a report.
 */
export function labelledRows(municipality: Municipality, file: string): Labelled[] {
  const rows = readReports(file);
  const [sample] = rows;
  if (sample && !('owner' in sample.others) && !('subject' in sample.others)) {
    throw new ConfigError([
      {
        where: `${file}:1`,
        what: 'there is neither a column "owner" nor a column "subject"',
        allowed: `one of them beside "text"; this header names: text, ${Object.keys(sample.others).join(', ')}`,
      },
    ]);
  }
  const problems: Problem[] = [];
  const labelled = rows.flatMap(({ text, others }, i): Labelled[] => {
    const owner = ownerIn(municipality, others);
    if (owner === null) problems.push(problemIn(municipality, `${file}, row ${i + 1}`, others));
    return owner === null || text.trim() === '' ? [] : [{ text, owner }];
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

/** The words of all cases that were settled, with the owner that people found right for them. */
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
      const owner = course.settled ? labelOf(course) : null;
      const text = words.get(one.caseNumber);
      if (owner !== null && text !== undefined) found.push({ text, owner });
    }
    read += batch.length;
    onRead(read);
  }
  return found;
}
