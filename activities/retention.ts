import { activityInfo, heartbeat } from '@temporalio/activity';
import { type RecordFamily, recordFamilies } from '../src/domain/retention';
import type { ScanPlace } from '../src/store/retention';
import type { RetentionActivities } from '../workflows/contract';
import type { Deps } from './deps';

/** What an attempt has done so far, kept in its heartbeats. */
interface Done {
  place: ScanPlace;
  count: number;
}

type RetentionDeps = Pick<Deps, 'municipality' | 'store'>;

/** Returns the families in the order in which they are applied. */
export function planRetention(): RetentionActivities['planRetention'] {
  return () => Promise.resolve({ families: recordFamilies });
}

/**
 * Applies the rule of one family for a date, page by page with a heartbeat after each. A retry continues after the last
 * heartbeat; the page it may repeat changes nothing the second time.
 */
export function applyRetention({
  municipality,
  store,
}: RetentionDeps): RetentionActivities['applyRetention'] {
  return async ({ family, at }) => {
    const { days } = municipality.retention.families[family];
    let { place, count } = (activityInfo().heartbeatDetails as Done | undefined) ?? start;
    for (;;) {
      const page = await store.retention.apply({ family, days, at, place });
      count += page.due;
      if (page.place === null) return { count };
      place = page.place;
      heartbeat({ place, count } satisfies Done);
    }
  };
}

const start: Done = { place: { shelf: 0, last: null }, count: 0 };

/** Ends a run: no file of the embedded store holds what went, and a record tells how many of each family went. */
export function recordRetention({
  store,
  now,
}: Pick<Deps, 'store' | 'now'>): RetentionActivities['recordRetention'] {
  return async ({ runId, at, counts }) => {
    await store.compact();
    await store.retentionRuns.add({ id: runId, at: new Date(at), finishedAt: now(), counts });
  };
}

/** What the rule of a family would remove at a date, and when the first of the other records is due. */
export interface Forecast {
  family: RecordFamily;
  due: number;
  /** Epoch ms UTC; null if no record has a date. */
  next: number | null;
}

/** Returns what a run at a date (epoch ms UTC) would remove. Removes nothing. */
export async function forecastRetention(
  { municipality, store }: RetentionDeps,
  at: number,
): Promise<Forecast[]> {
  const forecasts: Forecast[] = [];
  for (const family of recordFamilies) {
    const { days } = municipality.retention.families[family];
    const forecast: Forecast = { family, due: 0, next: null };
    for (let place: ScanPlace | null = start.place; place !== null;) {
      const page = await store.retention.apply({ family, days, at, place, rehearsal: true });
      forecast.due += page.due;
      if (page.next !== null) forecast.next = Math.min(forecast.next ?? page.next, page.next);
      place = page.place;
    }
    forecasts.push(forecast);
  }
  return forecasts;
}
