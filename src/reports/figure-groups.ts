import type { CaseLine } from './case-line';
import { everyDesk, type Figures, type Period, standing, Tally } from './figures';

/** What statistics can be grouped by. `outcome` is that at the end of the period; `open` without one. */
export const dimensions = [
  'department',
  'subject',
  'neighbourhood',
  'institution',
  'source',
  'kind',
  'outcome',
] as const;
export type Dimension = (typeof dimensions)[number];

/** The cases and tasks that count. Absent members restrict nothing. Values are slugs. */
export interface Scope {
  department?: string;
  subject?: string;
  neighbourhood?: string;
}

/** Returns the statistics of a period. */
export function figuresOf(lines: readonly CaseLine[], period: Period, scope: Scope = {}): Figures {
  return (tally(lines, period, scope, null).get('') ?? new Tally(period)).figures();
}

/**
 * Returns the statistics of a period for each group of a dimension, by its value; `null` is the group of those without
 * one. A case that visited two departments counts for both; a hand-off counts for the institution that it went to.
 */
export function figuresBy(
  lines: readonly CaseLine[],
  period: Period,
  by: Dimension,
  scope: Scope = {},
): Map<string | null, Figures> {
  return new Map([...tally(lines, period, scope, by)].map(([key, group]) => [key, group.figures()]));
}

function tally(
  lines: readonly CaseLine[],
  period: Period,
  scope: Scope,
  by: Dimension | null,
): Map<string | null, Tally> {
  const groups = new Map<string | null, Tally>();
  const groupOf = (key: string | null): Tally => {
    const known = groups.get(key);
    if (known) return known;
    const group = new Tally(period);
    groups.set(key, group);
    return group;
  };
  for (const line of lines) {
    if (line.receivedAt >= period.to || !isInScope(line, scope)) continue;
    if (by === 'department') {
      for (const desk of new Set(desksOf(line, period))) {
        if (scope.department === undefined || desk === scope.department) groupOf(desk).add(line, desk);
      }
    } else {
      const desk = scope.department ?? everyDesk;
      if (desk !== everyDesk && !desksOf(line, period).includes(desk)) continue;
      const key = keyOf(line, by, period);
      groupOf(key).add(line, desk, by === 'institution');
      if (by !== 'institution') continue;
      const elsewhere = line.handOffs.filter(({ institution }) => institution !== key);
      for (const handOff of elsewhere) groupOf(handOff.institution).addHandOff(handOff);
    }
  }
  return groups;
}

/** Whether a case is about what a scope asks for. */
export function isInScope(line: CaseLine, { subject, neighbourhood }: Scope): boolean {
  return (
    (subject === undefined || line.subject === subject) &&
    (neighbourhood === undefined || line.neighbourhood === neighbourhood)
  );
}

/**
 * Returns when a case, or its task of the scope's department, began to count (epoch ms UTC). Returns null for a case of
 * another scope.
 */
export function arrivalIn(line: CaseLine, scope: Scope): number | null {
  if (!isInScope(line, scope)) return null;
  if (scope.department === undefined) return line.receivedAt;
  return line.turns.find(({ desk }) => desk === scope.department)?.startedAt ?? null;
}

/** Every department that something of a case counts for, up to the end of a period. */
function desksOf({ turns, disputes }: CaseLine, { to }: Period): string[] {
  const desks = turns.filter(({ startedAt }) => startedAt < to).map(({ desk }) => desk);
  return disputes.length === 0
    ? desks
    : [...desks, ...disputes.flatMap(({ at, desk }) => (at < to && desk) || [])];
}

function keyOf(line: CaseLine, by: Exclude<Dimension, 'department'> | null, { to }: Period): string | null {
  if (by === null) return '';
  return by === 'outcome' ? (standing(line, to)?.outcome ?? 'open') : line[by];
}

/**
 * Returns the numbers that may be published, and null for the others, when their sum is published too. Numbers below
 * `fewest` are left out. So that nobody can calculate them, at least two are left out, which together are no fewer than
 * `fewest` (complementary suppression).
 */
export function published<Key>(counts: ReadonlyMap<Key, number>, fewest: number): Map<Key, number | null> {
  const ascending = [...counts].filter(([, count]) => count > 0).sort(([, a], [, b]) => a - b);
  let hidden = ascending.filter(([, count]) => count < fewest).length;
  const isSafe = (): boolean =>
    hidden === 0 ||
    (hidden > 1 && ascending.slice(0, hidden).reduce((sum, [, count]) => sum + count, 0) >= fewest);
  while (!isSafe() && hidden < ascending.length) hidden += 1;
  const left = new Set(ascending.slice(0, hidden).map(([key]) => key));
  return new Map([...counts].map(([key, count]) => [key, left.has(key) ? null : count]));
}
