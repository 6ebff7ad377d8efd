import { DateTime } from 'luxon';
import type { Municipality } from '../../config/municipality';
import type { Language, Say } from '../../config/texts';
import type { CaseLine } from '../../reports/case-line';
import type { OpenedCase } from '../../store/case-records';
import type { Store } from '../../store/store';
import type { CaseCounts } from '../../temporal/case-list';
import { figureViews, limitedQuery } from '../../temporal/manager-views';
import { mapConcurrently } from '../../whatsapp/hand-over';
import { publicWords } from './public-words';

/** A case as everybody may see it. */
export interface PublicCase {
  /** The first half of the number, by which only its citizen knows the case. */
  number: string;
  subject: string;
  /** Null if too few like it are from there. */
  neighbourhood: string | null;
  received: string;
  outcome: string;
  answered: string;
}

export interface RecentDeps {
  store: Pick<Store, 'cases'>;
  counts: Pick<CaseCounts, 'list'>;
  municipality: Municipality;
  say: Say;
}

interface Week {
  from: number;
  to: number;
}

const WEEKS = 4;
const MOST_CASES = 25;
/** Cases of a week that are looked at. */
const MOST_LISTED = 2_000;
const LIST_LIMIT_MS = 5_000;
const READ_AT_ONCE = 8;

/** Returns the last whole weeks that ended at least `delayDays` before `at` (epoch ms UTC), the newest first. */
export function publishedWeeks(timeZone: string, at: number, delayDays: number): Week[] {
  const end = DateTime.fromMillis(at, { zone: timeZone }).minus({ days: delayDays }).startOf('week');
  return Array.from({ length: WEEKS }, (_, place) => ({
    from: end.minus({ weeks: place + 1 }).toMillis(),
    to: end.minus({ weeks: place }).toMillis(),
  }));
}

/**
 * Returns what may be shown of the cases of a week: their subjects with at least `fewest` cases, and in each subject the
 * neighbourhoods with at least `fewest`. So everything that is shown of a case, besides its outcome, is true of as many.
 */
function shownOf(
  lines: readonly Pick<CaseLine, 'subject' | 'neighbourhood' | 'receivedAt'>[],
  { from, to }: Week,
  { fewest, without }: { fewest: number; without: readonly string[] },
): { subjects: Set<string>; places: Set<string> } {
  const counts = { subjects: new Map<string, number>(), places: new Map<string, number>() };
  const add = (of: Map<string, number>, key: string): unknown => of.set(key, (of.get(key) ?? 0) + 1);
  for (const { subject, neighbourhood, receivedAt } of lines) {
    if (receivedAt < from || receivedAt >= to || without.includes(subject)) continue;
    add(counts.subjects, subject);
    if (neighbourhood !== null) add(counts.places, placeKey(subject, neighbourhood));
  }
  const enough = (of: ReadonlyMap<string, number>): Set<string> =>
    new Set([...of].filter(([, count]) => count >= fewest).map(([key]) => key));
  return { subjects: enough(counts.subjects), places: enough(counts.places) };
}

const placeKey = (subject: string, neighbourhood: string): string => `${subject} ${neighbourhood}`;

/**
 * Returns some cases of the last published weeks, in no order that tells days. What happened after these weeks is not
 * shown, so the list changes once a week only. Rejects with `temporal-unavailable`.
 */
export async function recentCases(
  deps: RecentDeps,
  lines: readonly CaseLine[],
  weeks: readonly Week[],
  language: Language,
): Promise<PublicCase[]> {
  const { store, counts, municipality } = deps;
  const { publicFigures: rules } = municipality;
  const end = weeks[0]?.to ?? 0;
  const found: PublicCase[] = [];
  for (const week of weeks) {
    if (!rules || found.length >= MOST_CASES) break;
    const shown = shownOf(lines, week, rules);
    if (shown.subjects.size === 0) continue;
    const query = limitedQuery(figureViews.received.query, { departments: null, ...week });
    const { cases } = await counts.list(query, MOST_LISTED, LIST_LIMIT_MS);
    // Numbers are random, so the first ones are a sample.
    const numbers = cases.map(({ caseNumber }) => caseNumber).sort();
    for (let place = 0; place < numbers.length && found.length < MOST_CASES; place += READ_AT_ONCE) {
      const records = await mapConcurrently(
        numbers.slice(place, place + READ_AT_ONCE),
        READ_AT_ONCE,
        number => store.cases.get(number),
      );
      for (const record of records) {
        const opened = record?.progress ? { ...record, progress: record.progress } : null;
        if (opened && isShown(opened, week, shown.subjects)) {
          found.push(publicCase(opened, { ...deps, shown, end, week, language }));
        }
      }
    }
  }
  return found.slice(0, MOST_CASES);
}

const isShown = ({ intake }: OpenedCase, { from, to }: Week, subjects: ReadonlySet<string>): boolean => {
  const receivedAt = intake.receivedAt.getTime();
  return receivedAt >= from && receivedAt < to && subjects.has(intake.category.slug);
};

function publicCase(
  { caseNumber, intake, progress }: OpenedCase,
  given: Pick<RecentDeps, 'municipality' | 'say'> & {
    shown: ReturnType<typeof shownOf>;
    /** The end of all shown weeks, epoch ms UTC. */
    end: number;
    week: Week;
    language: Language;
  },
): PublicCase {
  const { shown, end, week, language, say, municipality } = given;
  const { timeZone, categories } = municipality;
  const { category, neighbourhood } = intake;
  const { outcome } = progress;
  const answeredAt = progress.resolvedAt ?? progress.endedAt;
  const isAnswered = outcome !== null && answeredAt !== null && answeredAt < end;
  const isPlaceShown = neighbourhood && shown.places.has(placeKey(category.slug, neighbourhood.slug));
  return {
    number: `${caseNumber.slice(0, -4)}…`,
    subject: categories.find(({ slug }) => slug === category.slug)?.name[language] ?? category.name,
    neighbourhood: isPlaceShown ? neighbourhood.name : null,
    received: weekText(week.from, timeZone, language),
    outcome: isAnswered
      ? say(language, `statusOutcomes.${outcome}`, {})
      : publicWords[language].recent.inWork,
    answered: isAnswered ? weekText(answeredAt, timeZone, language) : '–',
  };
}

/** "16–22 Kasım", "30 Kasım – 6 Aralık". */
function weekText(at: number, timeZone: string, language: Language): string {
  const from = DateTime.fromMillis(at, { zone: timeZone, locale: language }).startOf('week');
  const to = from.plus({ days: 6 });
  return from.month === to.month
    ? `${from.day}–${to.toFormat('d LLLL')}`
    : `${from.toFormat('d LLLL')} – ${to.toFormat('d LLLL')}`;
}
