import { z } from 'zod';
import { categoryOf } from '../../config/offices';
import { isWithDepartment } from '../../domain/case/case';
import { readCaseNumber } from '../../domain/identifiers';
import { placeLine } from '../../domain/place/address';
import { oneLine } from '../../domain/plain-text';
import type { Municipality } from '../../config/municipality';
import { metres as metresInWords, timeText } from '../../mail/case-text';
import { type CaseRecord, type OpenedCase, placeNow } from '../../store/case-records';
import type { Store } from '../../store/store';
import type { OpenedTask } from '../access';
import type { ActContext, ActFields, ComparedCase, Comparison } from './act-fields';

export interface ComparisonDeps {
  store: Pick<Store, 'cases' | 'messages' | 'photos' | 'reportCells'>;
  municipality: Municipality;
}

/** More would not be compared. */
const MOST_SHOWN = 4;
const MOST_READ = 12;
const WORDS_SHOWN = 160;

/** Whether a task may be joined to a case: an open one of the same desk and subject that follows no other. */
export function isJoinable({ link, intake }: OpenedTask, record: CaseRecord | null): record is OpenedCase {
  const progress = record?.progress;
  return (
    !!progress &&
    record.caseNumber !== link.caseNumber &&
    progress.plan.desk.slug === link.department &&
    isWithDepartment(progress.stage) &&
    progress.leader === null &&
    record.intake.category.slug === intake.category.slug
  );
}

/**
 * Returns a task beside the open cases of its subject nearby, nearest first; null if there are none. Reads a bounded
 * number of records by id. `now` is epoch ms UTC.
 */
export async function comparisonOf(
  deps: ComparisonDeps,
  task: OpenedTask,
  now: number,
): Promise<Comparison | null> {
  const { store, municipality } = deps;
  const { link, intake, progress } = task;
  const place = placeNow(intake, await store.messages.several(progress.messageIds));
  const nearness = categoryOf(municipality, intake.category.slug).duplicates;
  const near = place ? await store.reportCells.near(intake.category.slug, place, now, nearness) : [];
  const distances = new Map<string, number | null>(
    near.sort((a, b) => (a.metres ?? 0) - (b.metres ?? 0)).map(each => [each.caseNumber, each.metres]),
  );
  const proposed = intake.similar?.leader;
  const numbers = new Set([...(proposed === undefined ? [] : [proposed]), ...distances.keys()]);
  const records = await Promise.all([...numbers].slice(0, MOST_READ).map(number => store.cases.get(number)));
  const joinable = records
    .filter((record): record is OpenedCase => isJoinable(task, record))
    .slice(0, MOST_SHOWN);
  if (joinable.length === 0) return null;
  const described = (one: OpenedCase, metres: number | null): Promise<ComparedCase> =>
    compared(deps, one, { metres, now });
  return {
    own: await described({ caseNumber: link.caseNumber, intake, progress }, null),
    others: await Promise.all(joinable.map(one => described(one, distances.get(one.caseNumber) ?? null))),
  };
}

async function compared(
  { store, municipality }: ComparisonDeps,
  { caseNumber, intake, progress }: OpenedCase,
  { metres, now }: { metres: number | null; now: number },
): Promise<ComparedCase> {
  const messages = await store.messages.shown(progress.messageIds);
  const words = messages.flatMap(({ words: text, tap }) => (tap === null ? (text ?? []) : [])).join(' ');
  const photos = await Promise.all(messages.map(({ id }) => store.photos.about(id)));
  const shown = photos.findIndex(photo => photo !== null && !photo.flagged);
  const received = timeText(intake.receivedAt.getTime(), now, municipality.timeZone);
  const parts = [placeLine(intake), metres === null ? null : metresInWords(metres), received];
  return {
    caseNumber,
    about: parts.filter(part => part).join(' · '),
    words: oneLine(words, WORDS_SHOWN),
    photo: messages[shown]?.id ?? null,
  };
}

/** The case to follow: picked beside this one, or typed by its number. One of both is required. */
export function joinFields({ municipality, comparison }: ActContext): Pick<ActFields, 'pick' | 'leader'> {
  const shape = `${municipality.casePrefix}-XXXX-XXXX`;
  const wrong = `Kayıt numarasını ${shape} biçiminde yazınız.`;
  const number = z
    .literal('')
    .optional()
    .transform((): null => null)
    .or(
      z.string().transform((text, context) => {
        const known = readCaseNumber(text);
        if (known !== null) return known;
        context.addIssue(wrong);
        return z.NEVER;
      }),
    );
  const leader = {
    ...{ type: 'number' as const, hint: `${shape}; müdürlüğünüzde açık bir kayıt olmalıdır.` },
    ...{ label: 'Bağlanacağı kaydın numarası', isRequired: !comparison, schema: number },
  };
  // Without cases nearby the form still accepts what was picked before one of them ended.
  const pick = {
    ...{ type: 'cases' as const, label: 'Yakındaki açık kayıtlar', hint: null, isRequired: false },
    ...{ comparison: comparison ?? null, schema: number },
  };
  return comparison ? { pick, leader: { ...leader, label: 'Ya da kaydın numarası' } } : { pick, leader };
}

/** One error for every problem with the number, so that it reveals nothing about other departments' cases. */
const noSuchCase = 'Müdürlüğünüzde bu numarayla açık bir kayıt yok.';

/** Returns why a case cannot follow the given one, in Turkish, or null. */
export async function leaderError(
  { cases }: Pick<Store, 'cases'>,
  { link }: Pick<OpenedTask, 'link'>,
  leader: string,
): Promise<string | null> {
  if (leader === link.caseNumber) return 'Kayıt kendisine bağlanamaz; başka bir numara yazınız.';
  const progress = (await cases.get(leader))?.progress;
  if (progress?.plan.desk.slug !== link.department || !isWithDepartment(progress.stage)) return noSuchCase;
  if (progress.leader === null) return null;
  return `Bu kayıt ${progress.leader} kaydına bağlı; lütfen o numarayı yazınız.`;
}
