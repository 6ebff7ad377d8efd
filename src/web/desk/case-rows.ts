import type { Municipality } from '../../config/municipality';
import { isEnded } from '../../domain/case/case';
import { bindingDeadline } from '../../domain/case/case-clocks';
import { factLabel, stageLabels } from '../../domain/case/case-labels';
import { placeLine } from '../../domain/place/address';
import { oneLine } from '../../domain/plain-text';
import { type DueText, dueTextOf, durationText, momentText } from '../../mail/case-text';
import type { OpenedCase } from '../../store/case-records';
import type { Store } from '../../store/store';
import { mapConcurrently } from '../../whatsapp/hand-over';

/** A case in a list of the staff pages. */
export interface CaseRow {
  caseNumber: string;
  subject: string;
  priority: string;
  place: string;
  department: string;
  stage: string;
  /** Null while no clock runs. */
  due: DueText | null;
  received: string;
  age: string;
  lastStep: string;
  /** What the citizen wrote first; null without the right, or if it was no text. */
  words: string | null;
}

export interface RowDeps {
  store: Pick<Store, 'cases' | 'messages'>;
  municipality: Municipality;
}

const WORDS_SHOWN = 140;
/** How many cases are read at once. A list can hold thousands of them, and other requests need the database, too. */
export const AT_ONCE = 16;

/** Returns the cases of these numbers that have a record, in their order. */
export async function casesOf(
  { store }: Pick<RowDeps, 'store'>,
  numbers: readonly string[],
): Promise<OpenedCase[]> {
  const found = await mapConcurrently(numbers, AT_ONCE, number => store.cases.get(number));
  return found.flatMap(record => (record?.progress ? [{ ...record, progress: record.progress }] : []));
}

/** Returns the words of a case's report without what was hidden, in one line; null without text. */
async function firstWords(
  { store }: Pick<RowDeps, 'store'>,
  { intake, progress }: OpenedCase,
): Promise<string | null> {
  const ids = progress.messageIds.length > 0 ? progress.messageIds : [intake.openedBy];
  const messages = await store.messages.shown(ids.slice(0, 3));
  const words = messages
    .map(message => message.words ?? '')
    .join(' ')
    .trim();
  return words === '' ? null : oneLine(words, WORDS_SHOWN);
}

/** Returns the row of a case at `now` (epoch ms UTC). */
export async function caseRow(
  deps: RowDeps,
  opened: OpenedCase,
  { now, hasWords }: { now: number; hasWords: boolean },
): Promise<CaseRow> {
  const { caseNumber, intake, progress } = opened;
  const { timeZone, departments, institutions } = deps.municipality;
  const { stage, plan, institution, revision } = progress;
  const dueAt = progress.pausedSince === null && !isEnded(stage) ? bindingDeadline(progress) : null;
  const [last] = await deps.store.cases.facts(caseNumber, revision, revision);
  const received = intake.receivedAt.getTime();
  return {
    caseNumber,
    subject: intake.category.name,
    priority: progress.priority.toUpperCase(),
    place: (hasWords ? placeLine(intake) : intake.neighbourhood?.name) ?? 'Yer belirtilmedi',
    department: institution
      ? (institutions[institution.slug]?.name.tr ?? institution.name)
      : (departments[plan.desk.slug]?.name ?? plan.desk.name),
    stage: stageLabels[stage],
    due: dueAt === null ? null : dueTextOf(dueAt, now, timeZone),
    received: momentText(received, timeZone),
    age: durationText((progress.endedAt ?? now) - received),
    lastStep: last ? `${factLabel(last)}, ${momentText(last.at, timeZone)}` : '',
    words: hasWords ? await firstWords(deps, opened) : null,
  };
}
