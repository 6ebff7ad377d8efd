import { DateTime } from 'luxon';

/** The end of an office day: work that is promised for a day is promised until then. */
const END_OF_DAY = { hour: 17 };
const formats = ['yyyy-MM-dd', 'd.M.yyyy', 'd/M/yyyy'];

/**
 * The moment that a day stands for, epoch ms UTC: 17:00 on the town's clock. Reads what a browser's date field sends
 * and what people type where there is none; null when it is no day.
 */
export function typedDay(text: string, timeZone: string): number | null {
  const days = formats.map(format => DateTime.fromFormat(text.trim(), format, { zone: timeZone }));
  return (
    days
      .find(day => day.isValid)
      ?.set(END_OF_DAY)
      .toMillis() ?? null
  );
}

/** The day of a moment as a date field wants it. */
export function dayFieldValue(at: number, timeZone: string): string {
  return DateTime.fromMillis(at, { zone: timeZone }).toFormat('yyyy-MM-dd');
}
