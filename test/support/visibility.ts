import type { CaseState } from '../../src/domain/case/case';
import { isEnded } from '../../src/domain/case/case';
import { caseAttributes } from '../../src/domain/case/temporal-ui';
import type { CaseCounts } from '../../src/temporal/case-list';

type Value = string | number | boolean | null;

/** Returns whether the attributes of a workflow match a visibility query of ours: conditions joined by AND. */
function matches(query: string, attributes: Readonly<Record<string, Value>>): boolean {
  return query.split(' AND ').every(condition => {
    const [, name = '', sign = '', right = ''] = /^(\w+) (=|!=|>=|>|<|IN) (.+)$/.exec(condition) ?? [];
    if (condition.endsWith(' IS NOT NULL'))
      return (attributes[condition.split(' ')[0] ?? ''] ?? null) !== null;
    const left = attributes[name] ?? null;
    // As in SQL, nothing compares with an absent value.
    if (left === null) return false;
    const quoted = [...right.matchAll(/'([^']*)'/g)].map(([, text = '']) => text);
    if (sign === 'IN') return quoted.includes(String(left));
    if (typeof left === 'boolean') return left === (right === 'true');
    const [text] = quoted;
    const wanted: Value =
      text === undefined ? Number(right) : typeof left === 'number' ? Date.parse(text) : text;
    if (sign === '=') return left === wanted;
    if (sign === '!=') return left !== wanted;
    if (typeof left !== 'number' || typeof wanted !== 'number') throw new Error(`not a query: ${condition}`);
    return sign === '>=' ? left >= wanted : sign === '>' ? left > wanted : left < wanted;
  });
}

/** Temporal's visibility for cases that the test keeps itself. */
export function visibilityOf(states: () => Iterable<CaseState>): CaseCounts {
  const found = (query: string): CaseState[] =>
    [...states()].filter(state =>
      matches(query, {
        ...caseAttributes(state),
        WorkflowType: 'reportCase',
        ExecutionStatus: isEnded(state.stage) ? 'Completed' : 'Running',
        StartTime: state.receivedAt,
      }),
    );
  return {
    of: async queries => queries.map(query => found(query).length),
    list: async (query, most) => {
      const cases = found(query).map(state => ({
        caseNumber: state.caseNumber,
        dueAt: state.pausedSince === null ? caseAttributes(state).SlaDueAt : null,
        startedAt: state.receivedAt,
      }));
      return { cases: cases.slice(0, most), isCut: cases.length > most };
    },
  };
}
