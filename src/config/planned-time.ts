import { DateTime } from 'luxon';
import type { PlannedTime } from '../domain/case/case';
import type { Municipality } from './municipality';
import type { Language, Say } from './texts';

/** The end of an office day: work that is promised for a day is promised until then. */
const END_OF_DAY = { hour: 17 };
const SEASON_MONTHS = 3;
const seasons = ['plannedWinter', 'plannedSpring', 'plannedSummer', 'plannedAutumn'] as const;

/** The month in which a season begins, as luxon counts months from year 1: winter of a year begins in its December. */
function seasonStart(day: DateTime): DateTime {
  return day.startOf('month').minus({ months: day.month % SEASON_MONTHS });
}

/** The day, or the month or season around it, that work is promised for; the day as epoch ms UTC. */
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

/** The time as people read it: "15 Mart 2027", "Mart 2027", "2027 ilkbaharı". */
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
