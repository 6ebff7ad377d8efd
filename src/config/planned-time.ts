import { DateTime } from 'luxon';
import type { PlannedTime } from '../domain/case/case';
import type { Municipality } from './municipality';
import type { Language, Say } from './texts';

/** Work promised for a day is due at the end of the office day. */
const END_OF_DAY = { hour: 17 };
const SEASON_MONTHS = 3;
const seasons = ['plannedWinter', 'plannedSpring', 'plannedSummer', 'plannedAutumn'] as const;

/** Returns the first month of a season. Winter of a year begins in its December. */
function seasonStart(day: DateTime): DateTime {
  return day.startOf('month').minus({ months: day.month % SEASON_MONTHS });
}

/** Returns the promised day, or the month or season that contains it. `day` is epoch ms UTC. */
export function plannedTimeOf(
  day: number,
  precision: PlannedTime['precision'],
  timeZone: string,
): PlannedTime {
  const at = DateTime.fromMillis(day, { zone: timeZone });
  const last = {
    day: () => at,
    month: () => at.endOf('month'),
    season: () =>
      seasonStart(at)
        .plus({ months: SEASON_MONTHS - 1 })
        .endOf('month'),
  }[precision]();
  return { by: last.startOf('day').set(END_OF_DAY).toMillis(), precision };
}

/** Returns the promised period as text: "15 Mart 2027", "Mart 2027", "2027 ilkbaharı". */
export function plannedText(
  { municipality: { timeZone }, say }: { municipality: Pick<Municipality, 'timeZone'>; say: Say },
  language: Language,
  { by, precision }: PlannedTime,
): string {
  const at = DateTime.fromMillis(by, { zone: timeZone, locale: language });
  switch (precision) {
    case 'day':
      return at.toFormat('d LLLL yyyy');
    case 'month':
      return at.toFormat('LLLL yyyy');
    case 'season': {
      const first = seasonStart(at).year;
      const year = first === at.year ? String(first) : `${first}–${at.year}`;
      return say(language, seasons[Math.floor((at.month % 12) / SEASON_MONTHS)] ?? seasons[0], { year });
    }
  }
}
