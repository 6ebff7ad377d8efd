import type { Municipality } from '../src/config/municipality';
import { categoryOf } from '../src/config/offices';
import { isEnded, type Priority, raised } from '../src/domain/case/case';
import { areAlike, likeness } from '../src/domain/routing/likeness';
import type { CaseIntake, CaseRecord, SimilarReports } from '../src/store/case-records';
import type { Message } from '../src/store/message-records';
import type { Store } from '../src/store/store';
import { wordsOf } from './message-parts';
import type { Deps } from './deps';

/** So many reports nearby are read and compared, the nearest ones; more say nothing new. */
const MOST_COMPARED = 12;
/** From this much in common on, and this near, two reports become one task without a person's word; undoable. */
const SAME_FROM = 0.45;
const SAME_WITHIN = 0.5;

type Records = Pick<Store, 'cases' | 'messages' | 'reportCells'>;

/**
 * Open cases that may be about the same thing as a report: of its subject, within the subject's distance and days,
 * told alike. Null when there is none. Reads a bounded number of records by their ids, however many cases there are.
 */
export async function similarTo(
  store: Records,
  municipality: Municipality,
  intake: CaseIntake,
  words: string,
): Promise<SimilarReports | null> {
  const { place, category, receivedAt, matchedWords } = intake;
  if (!place || intake.outside || intake.institution) return null;
  const nearness = categoryOf(municipality, category.slug).duplicates;
  const near = await store.reportCells.near(category.slug, place, receivedAt.getTime(), nearness);
  const compared = await Promise.all(
    near.slice(0, MOST_COMPARED).map(async ({ caseNumber: other, metres }) => {
      const record = await store.cases.get(other);
      // A repeated call must not find the record of its own first attempt.
      if (!record || record.intake.openedBy === intake.openedBy || !isOpen(record)) return null;
      const otherWords = (await store.messages.get(record.intake.openedBy))?.words ?? '';
      const told = { words: otherWords, matched: record.intake.matchedWords };
      if (!areAlike({ words, matched: matchedWords }, told)) return null;
      return { record, metres, alike: likeness(words, otherWords) };
    }),
  );
  const found = compared.filter(one => one !== null);
  const [nearest] = found;
  if (!nearest) return null;
  return {
    leader: nearest.record.progress?.leader ?? nearest.record.caseNumber,
    metres: nearest.metres,
    likeness: Math.round(nearest.alike * 100) / 100,
    reports: found.length,
    same: nearest.alike >= SAME_FROM && nearest.metres <= nearness.metres * SAME_WITHIN,
  };
}

function isOpen({ progress }: CaseRecord): boolean {
  return progress !== null && !isEnded(progress.stage) && progress.stage !== 'resolved';
}

/** The priority of a report when others told of the same thing before. */
export function priorityAmong(
  usual: Priority,
  similar: SimilarReports | null,
  { routing }: Pick<Municipality, 'routing'>,
): Priority {
  return similar && similar.reports + 1 >= routing.reportsToRaise ? raised[usual] : usual;
}

/** The report beside the others of its place and subject. */
export async function amongOthers(
  { store, municipality }: Pick<Deps, 'store' | 'municipality'>,
  intake: CaseIntake,
  messages: readonly Message[],
): Promise<CaseIntake> {
  const similar = await similarTo(store, municipality, intake, wordsOf(messages));
  return { ...intake, similar, priority: priorityAmong(intake.priority, similar, municipality) };
}

/** Lets later reports find this one, unless nobody of ours acts on it. */
export async function noteWhere(
  { store, municipality }: Pick<Deps, 'store' | 'municipality'>,
  caseNumber: string,
  { place, outside, category, institution, receivedAt }: CaseIntake,
): Promise<void> {
  if (!place || outside || institution) return;
  const { latitude, longitude } = place;
  const report = { caseNumber, latitude, longitude, at: receivedAt.getTime() };
  await store.reportCells.add(category.slug, report, categoryOf(municipality, category.slug).duplicates);
}
