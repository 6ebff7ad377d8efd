import { DateTime } from 'luxon';

/** A date, or a date and time, with or without a zone; seconds and their fractions are optional. */
const ISO = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}([.,]\d{1,3})?)?(Z|[+-]\d{2}(:?\d{2})?)?)?$/i;

/**
 * The instant (epoch ms UTC) of an ISO 8601 time. Without Z or offset it is local to `timeZone`, without a time the
 * start of that day. Throws a RangeError that says what is wrong and what is allowed.
 */
export function readInstant(text: string, timeZone: string): number {
  const shape = 'a time like 2027-05-14T16:00, 2027-05-14T16:00+03:00 or 2027-05-14T13:00Z';
  const given = text.trim();
  if (!ISO.test(given)) throw new RangeError(`"${text}" is not an ISO time; allowed: ${shape}`);
  const read = DateTime.fromISO(given.replace(' ', 'T').replace(',', '.'), { zone: timeZone });
  if (!read.isValid) {
    throw new RangeError(`"${text}" does not exist (${read.invalidExplanation}); allowed: ${shape}`);
  }
  return read.toMillis();
}

/** An instant as ISO 8601 on the clock of the zone, "2027-05-20T09:00:00+03:00"; fractions only where there are any. */
export function writeInstant(at: number, timeZone: string): string {
  const iso = DateTime.fromMillis(at, { zone: timeZone }).toISO({ suppressMilliseconds: true });
  if (iso === null) throw new RangeError(`no instant: ${at}`);
  return iso;
}
