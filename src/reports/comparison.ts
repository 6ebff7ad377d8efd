import type { Municipality } from '../config/municipality';
import type { CaseLine } from './case-line';
import { arrivalIn, type Scope } from './figure-groups';
import type { Period } from './figures';

/** A change that matters, with its sentence in Turkish. Numbers are of received cases. */
export interface Trend {
  text: string;
  now: number;
  before: number;
  scope: Scope;
}

/** The names in sentences, by slug. */
export interface TrendNames {
  subject: (slug: string) => string;
  neighbourhood: (slug: string) => string;
}

/** Returns the municipality's own names of subjects and neighbourhoods. */
export function trendNames({
  categories,
  neighbourhoods,
}: Pick<Municipality, 'categories' | 'neighbourhoods'>): TrendNames {
  return {
    subject: slug => categories.find(each => each.slug === slug)?.name.tr ?? slug,
    neighbourhood: slug => neighbourhoods.find(each => each.slug === slug)?.name ?? slug,
  };
}

/** Vowels as the suffix sees them: after back ones "-da", after front ones "-de". */
const backVowels = 'aıou';
const vowels = 'aıoueiöü';
/** After these consonants the suffix begins with t. */
const hardConsonants = 'çfhkpsşt';
/** Digits by how they are read at the end of a number: sıfır, bir, iki … */
const digitSuffixes = ['da', 'de', 'de', 'te', 'te', 'te', 'da', 'de', 'de', 'da'];

/** Returns a proper noun in the locative: "Bursa’da", "İzmir’de", "Sivas’ta". */
export function inPlace(name: string): string {
  const lower = name.toLocaleLowerCase('tr');
  const last = lower.at(-1) ?? '';
  if (/\d/.test(last)) return `${name}’${digitSuffixes[Number(last)] ?? 'de'}`;
  const vowel = [...lower].findLast(letter => vowels.includes(letter)) ?? 'e';
  return `${name}’${hardConsonants.includes(last) ? 't' : 'd'}${backVowels.includes(vowel) ? 'a' : 'e'}`;
}

/** Returns "%80 arttı", "%25 azaldı", or "değişmedi" below one percent. */
export function changeText(now: number, before: number): string {
  const percent = Math.round(((now - before) / before) * 100);
  if (percent === 0) return 'değişmedi';
  return percent > 0 ? `%${percent} arttı` : `%${-percent} azaldı`;
}

/**
 * Returns the changes between two periods that stand out most, at most `limit` of them: of subjects in neighbourhoods, of
 * subjects and of neighbourhoods. None is about fewer cases than `fewest` in either period, and none is smaller than what
 * chance brings (two standard deviations of a count). `since` names the period before: "geçen aya göre".
 */
export function trendsOf(
  lines: readonly CaseLine[],
  { now, before }: { now: Period; before: Period },
  options: { scope: Scope; fewest: number; limit: number; since: string; names: TrendNames },
): Trend[] {
  const { scope, fewest, limit, since, names } = options;
  const counts = new Map<string, Trend>();
  const count = (which: 'now' | 'before', by: Scope): void => {
    const key = JSON.stringify([by.subject, by.neighbourhood]);
    const known = counts.get(key) ?? { text: '', now: 0, before: 0, scope: by };
    known[which] += 1;
    counts.set(key, known);
  };
  for (const line of lines) {
    const at = arrivalIn(line, scope);
    if (at === null) continue;
    for (const [which, period] of [
      ['now', now],
      ['before', before],
    ] as const) {
      if (at < period.from || at >= period.to) continue;
      const { subject, neighbourhood } = line;
      if (scope.subject === undefined) count(which, { subject });
      if (neighbourhood !== null && scope.neighbourhood === undefined) {
        if (scope.subject === undefined) count(which, { subject, neighbourhood });
        else count(which, { neighbourhood });
      }
    }
  }
  const strength = (trend: Trend): number =>
    Math.abs(trend.now - trend.before) / Math.sqrt(trend.now + trend.before);
  const found = [...counts.values()]
    .filter(each => Math.min(each.now, each.before) >= fewest && strength(each) >= 2)
    .sort((a, b) => strength(b) - strength(a));
  // A subject and its pair with a neighbourhood tell the same story.
  const told: Trend[] = [];
  for (const trend of found) {
    const isTold = told.some(
      ({ scope: other }) =>
        (other.subject !== undefined && other.subject === trend.scope.subject) ||
        (other.neighbourhood !== undefined && other.neighbourhood === trend.scope.neighbourhood),
    );
    if (!isTold) told.push({ ...trend, text: sentence(trend, since, names) });
    if (told.length === limit) break;
  }
  return told;
}

function sentence({ now, before, scope }: Trend, since: string, names: TrendNames): string {
  const where =
    scope.neighbourhood === undefined ? '' : `${inPlace(names.neighbourhood(scope.neighbourhood))} `;
  const what =
    scope.subject === undefined
      ? 'bildirimler'
      : `${names.subject(scope.subject).toLocaleLowerCase('tr')} bildirimleri`;
  const text = `${where}${what} ${since} ${changeText(now, before)}`;
  return `${text.charAt(0).toLocaleUpperCase('tr')}${text.slice(1)} (${before} → ${now}).`;
}
