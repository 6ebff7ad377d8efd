import { ageGroups } from './figures';

/** The names of the age groups of open cases, youngest first. */
export function ageGroupWords(): string[] {
  const ends = ageGroups.map((end, place) => `${(ageGroups[place - 1] ?? -1) + 1}–${end} gün`);
  return [...ends, `${ageGroups.at(-1)} günden eski`];
}
