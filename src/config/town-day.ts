import { DateTime } from 'luxon';

/** The first moment (epoch ms UTC) of a local date, YYYY-MM-DD, moved by so many days; null when it is no date. */
export function dayStart(timeZone: string, date: string, plusDays = 0): number | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) return null;
  const day = DateTime.fromISO(date, { zone: timeZone });
  return day.isValid ? day.plus({ days: plusDays }).startOf('day').toMillis() : null;
}

/** The moment (epoch ms UTC) of a local date and time, YYYY-MM-DDTHH:MM; null when it is none. */
export function townMoment(timeZone: string, time: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(time)) return null;
  const moment = DateTime.fromISO(time, { zone: timeZone });
  return moment.isValid ? moment.toMillis() : null;
}

/** The local date of a moment (epoch ms UTC), YYYY-MM-DD. */
export function townDay(timeZone: string, at: number): string {
  return DateTime.fromMillis(at, { zone: timeZone }).toFormat('yyyy-LL-dd');
}
