import type { CaseLine } from './case-line';
import { arrivalIn, isInScope, type Scope } from './figure-groups';
import { type OnTime, type Period, resolveDecision, standing } from './figures';

/** The load of one part of a period. */
export interface LoadStep extends OnTime {
  /** Its start, epoch ms UTC. */
  from: number;
  received: number;
  answered: number;
}

/**
 * Returns the load of each part of a period, which begin at `starts` (epoch ms UTC, ascending, the first one not after
 * the period). Answers and targets are judged at the end of the period, as in its figures.
 */
export function stepsOf(
  lines: readonly CaseLine[],
  period: Period,
  starts: readonly number[],
  scope: Scope = {},
): LoadStep[] {
  const steps = starts.map((from): LoadStep => ({ from, received: 0, answered: 0, onTime: 0, late: 0 }));
  const stepAt = (at: number | null): LoadStep | undefined =>
    at === null || at < period.from || at >= period.to
      ? undefined
      : steps[starts.findLastIndex(start => start <= at)];
  const count = (at: number | null, kind: Exclude<keyof LoadStep, 'from'>): void => {
    const step = stepAt(at);
    if (step) step[kind] += 1;
  };
  for (const line of lines) {
    if (!isInScope(line, scope)) continue;
    const isOurs = ({ desk }: { desk: string | null }): boolean =>
      scope.department === undefined || desk === scope.department;
    count(arrivalIn(line, scope), 'received');
    const answer = standing(line, period.to);
    if (answer && isOurs(answer)) count(answer.at, 'answered');
    for (const turn of line.turns) {
      const decision = isOurs(turn) ? resolveDecision(turn, period.to) : null;
      if (decision) count(decision.at, decision.isOnTime ? 'onTime' : 'late');
    }
  }
  return steps;
}

/**
 * Returns how many cases of a period were received in each hour of the week: 7 days from Monday, each with 24 hours.
 * `hourOf` returns the place of a time (epoch ms UTC) in the local week, 0 to 167.
 */
export function hoursOf(
  lines: readonly CaseLine[],
  { from, to }: Period,
  hourOf: (at: number) => number,
  scope: Scope = {},
): number[][] {
  const week = Array.from({ length: 7 }, () => Array.from({ length: 24 }, () => 0));
  for (const line of lines) {
    const { receivedAt } = line;
    if (receivedAt < from || receivedAt >= to || arrivalIn(line, scope) === null) continue;
    const hour = hourOf(receivedAt);
    const day = week[Math.floor(hour / 24)];
    if (day) day[hour % 24] = (day[hour % 24] ?? 0) + 1;
  }
  return week;
}
