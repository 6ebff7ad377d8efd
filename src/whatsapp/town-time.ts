import { DateTime } from 'luxon';
import type { Municipality } from '../config/municipality';
import type { Language } from '../config/texts';

/** A moment as citizens read it, "25 Kasım 2026 10.30"; on the town's clock. */
export function townTime(
  { timeZone }: Pick<Municipality, 'timeZone'>,
  language: Language,
  at: Date | number,
): string {
  const format = language === 'tr' ? 'd LLLL yyyy HH.mm' : 'd LLLL yyyy, HH:mm';
  return DateTime.fromMillis(Number(at), { zone: timeZone, locale: language }).toFormat(format);
}

/** A day as citizens read it, "25 Kasım 2026"; on the town's clock. */
export function townDay(
  { timeZone }: Pick<Municipality, 'timeZone'>,
  language: Language,
  at: number,
): string {
  return DateTime.fromMillis(at, { zone: timeZone, locale: language }).toFormat('d LLLL yyyy');
}
