import { activityInfo, heartbeat } from '@temporalio/activity';
import { createHash } from 'node:crypto';
import limitOf from 'p-limit';
import { dayStart, localDate } from '../src/config/calendars';
import { HOUR_MS } from '../src/domain/durations';
import { encodeLine, untilOf } from '../src/reports/case-line';
import { linesOf } from '../src/reports/report';
import type { ClosureRecord } from '../src/store/calendar-records';
import type { DayOfCases } from '../src/store/case-stories';
import type { FigureActivities } from '../workflows/contract';
import type { Deps } from './deps';

/** Increase it with the rules of `readStory` or the form of the rows: every day is written again then. */
const FORMAT = 1;

/** How many cases are read at once, so that the work of the line goes on beside it. */
const AT_ONCE = 8;

/** A day whose cases moved this recently is written again by the next run: their messages may still be on the way. */
const SETTLED_MS = HOUR_MS;

type FigureDeps = Pick<Deps, 'municipality' | 'store' | 'now'>;

/**
 * Writes the rows of each day whose cases, ratings or closures have changed since its rows were written. A day depends
 * on the records only, so that a run can be repeated or killed at any point; a retry of `whole` goes on after the day
 * of its last heartbeat.
 */
export function refreshFigures({ municipality, store, now }: FigureDeps): FigureActivities['refreshFigures'] {
  const { timeZone } = municipality;
  return async ({ whole }) => {
    const done = (activityInfo().heartbeatDetails as string | undefined) ?? '';
    const closures = await store.closures.all();
    const known = new Map((await store.figures.days()).map(row => [row.day, row]));
    const days = [...(await store.stories.byDay(at => localDate(timeZone, at)))].sort(byName);
    const counts = { days: days.length, written: 0, cases: 0 };
    for (const [day, cases] of days) {
      const row = known.get(day);
      const isCurrent = row && row.stamp === stampOf(cases, closuresOf(closures, day, row.until));
      if (whole ? day <= done : isCurrent) continue;
      counts.written += 1;
      counts.cases += cases.numbers.length;
      await writeDay(day, cases, closures);
      heartbeat(day);
    }
    await store.figures.close();
    return counts;
  };

  async function writeDay(day: string, cases: DayOfCases, closures: readonly ClosureRecord[]): Promise<void> {
    const limit = limitOf(AT_ONCE);
    const read = cases.numbers.map(number =>
      limit(async () => {
        heartbeat();
        return store.stories.of(number);
      }),
    );
    const stories = (await Promise.all(read)).filter(story => story !== null);
    const lines = linesOf({ municipality, closures }, stories);
    const ends = lines.map(untilOf);
    const until = ends.includes(null) ? null : Math.max(...ends.map(end => end ?? 0));
    const lastAt = Math.max(0, ...stories.map(({ facts }) => facts.at(-1)?.at ?? 0));
    const isSettled = lastAt < now().getTime() - SETTLED_MS && !stories.some(({ isSending }) => isSending);
    await store.figures.put({
      day,
      stamp: isSettled ? stampOf(cases, closuresOf(closures, day, until)) : 'unsettled',
      until,
      lines: lines.map(encodeLine),
    });
  }

  /** The closures that can change minutes of a day's cases. */
  function closuresOf(
    closures: readonly ClosureRecord[],
    day: string,
    until: number | null,
  ): readonly ClosureRecord[] {
    return closures.filter(
      ({ date }) => date >= day && (until === null || (dayStart(timeZone, date) ?? 0) < until),
    );
  }
}

const byName = ([a]: [string, unknown], [b]: [string, unknown]): number => (a < b ? -1 : 1);

function stampOf({ numbers, facts, ratings }: DayOfCases, closures: readonly ClosureRecord[]): string {
  const known = closures.map(({ date, closedFrom, calendars }) => [date, closedFrom, calendars]);
  const closed = createHash('sha256').update(JSON.stringify(known.sort())).digest('base64url').slice(0, 12);
  return [FORMAT, numbers.length, facts, ratings, closed].join('.');
}
