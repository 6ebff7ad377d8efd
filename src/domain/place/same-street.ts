import { DAY_MS } from '../durations';
import { foldedWords } from '../turkish';
import type { Address } from './address';
import type { Nearness } from './distance';

/** A place in words that another report can name as well. */
export interface WrittenSpot {
  /** The neighbourhood with its street or estate, folded. */
  readonly street: string;
  /** The house number without the door: 12 of "12/3". Null if none is written. */
  readonly house: number | null;
  /** The building or the landmark, folded. Null if none is written. */
  readonly mark: string | null;
}

const foldedLine = (text: string): string => foldedWords(text).join('-');

/** People write long names in full or only their last word: "Lale Gül Caddesi", "gül caddesi". */
function streetName(street: string): string {
  const words = foldedWords(street);
  return /^\d/.test(street) ? words.join('-') : words.slice(-2).join('-');
}

/** Returns the spot of an address, or null without a neighbourhood, or without a street or an estate. */
export function writtenSpot(
  neighbourhood: string | null,
  { street, site, number, building, landmark }: Address,
): WrittenSpot | null {
  const place = street ?? site;
  if (neighbourhood === null || place === null) return null;
  const mark = building ?? landmark;
  const house = Number.parseInt(number ?? '', 10);
  return {
    street: `${neighbourhood}:${streetName(place)}`,
    house: Number.isNaN(house) ? null : house,
    mark: mark === null ? null : foldedLine(mark),
  };
}

/** House numbers rise by two from house to house, because each side has its own; a plot is some 16 m wide. */
const METRES_PER_NUMBER = 8;

/**
 * Returns the estimated metres between two spots of one street: none at the same building or landmark, otherwise by
 * house numbers. Null if the words do not say where in the street.
 */
export function metresAlong(
  one: Omit<WrittenSpot, 'street'>,
  other: Omit<WrittenSpot, 'street'>,
): number | null {
  if (one.mark !== null && one.mark === other.mark) return 0;
  if (one.house === null || other.house === null) return null;
  return Math.abs(one.house - other.house) * METRES_PER_NUMBER;
}

const keyOf = (subject: string, street: string, period: number): string =>
  `street:${subject}:${street}:${period}`;

/** Returns the key of a report's bucket: its subject, its street and its period. */
export function streetCell(subject: string, street: string, at: number, { days }: Nearness): string {
  return keyOf(subject, street, Math.floor(at / (days * DAY_MS)));
}

/** Returns the keys of both buckets that can hold a report of this street recent enough at `at`. */
export function streetCells(subject: string, street: string, at: number, { days }: Nearness): string[] {
  const period = Math.floor(at / (days * DAY_MS));
  return [period, period - 1].map(each => keyOf(subject, street, each));
}
