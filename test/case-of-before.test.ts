import { type CaseState, carriedState, laterFields, newCaseState } from '../src/domain/case/case';
import type { CaseEvent } from '../src/domain/case/case-events';
import { openedEvent, takeTurn } from '../src/domain/case/case-life';
import { acted, DAY, opening, planned, T0, timePassed } from './support/cases';

/** An open case as an earlier version wrote it: without policies and without the fields that came later. */
function earlier(...events: CaseEvent[]): Partial<CaseState> {
  const start = takeTurn(newCaseState(opening()), openedEvent(opening()), T0).state;
  const state = events.reduce((before, event) => takeTurn(before, event, T0).state, start);
  return Object.fromEntries(Object.entries(state).filter(([name]) => !(name in laterFields)));
}

/** Continues a case and applies every requested plan. */
function goOn(before: Partial<CaseState>, ...events: [CaseEvent, number][]) {
  let state = carriedState(opening(), before);
  for (const [event, at] of events) {
    const turn = takeTurn(state, event, at);
    ({ state } = turn);
    for (const effect of turn.effects) {
      if (effect.type !== 'plan') continue;
      const came = { type: 'planned' as const, plan: planned(effect, at), after: effect.after };
      ({ state } = takeTurn(state, came, at));
    }
  }
  return state;
}

const feedback = (answer: 'solved' | 'unsolved', messageId: string): CaseEvent => ({
  ...{ type: 'feedback', messageId, answer },
});
const inPlan: CaseEvent = {
  type: 'acted',
  act: { actionId: 'a-p', action: 'resolve', task: 1, outcome: 'planned' },
};

test.each<[string, CaseEvent[], [CaseEvent, number][], Partial<CaseState>]>([
  [
    'with its department is resolved, reopened, resolved and confirmed',
    [acted('accept', 'a-1')],
    [
      [acted('resolve', 'a-2'), T0 + DAY],
      [feedback('unsolved', 'm-2'), T0 + DAY],
      [acted('resolve', 'a-3', { task: 2 }), T0 + 2 * DAY],
      [feedback('solved', 'm-3'), T0 + 2 * DAY],
    ],
    { stage: 'closed', outcome: 'resolved', feedback: 'solved', reopenCount: 1 },
  ],
  [
    'with an open survey closes without an answer',
    [acted('resolve', 'a-1')],
    [[timePassed, T0 + 8 * DAY]],
    { stage: 'closed', outcome: 'resolved', objectionCount: 0 },
  ],
  [
    'that was planned without a date keeps its survey and closes',
    [inPlan],
    [[timePassed, T0 + 8 * DAY]],
    { stage: 'closed', outcome: 'planned', programme: null },
  ],
  ['is rejected', [], [[acted('reject', 'a-1'), T0 + DAY]], { stage: 'rejected', outcome: 'rejected' }],
  [
    'is withdrawn by its citizen',
    [acted('accept', 'a-1')],
    [[{ type: 'withdrawn', messageId: 'm-2' }, T0 + DAY]],
    { stage: 'withdrawn', outcome: 'withdrawn' },
  ],
])('a case of an earlier version %s', (_, before, events, expected) => {
  expect(goOn(earlier(...before), ...events)).toMatchObject(expected);
});

test('the outcome of a case of an earlier version can be disputed as well', () => {
  const state = goOn(
    earlier(),
    [acted('reject', 'a-1'), T0],
    [{ type: 'objected', messageId: 'm-2' }, T0 + DAY],
  );
  expect(state).toMatchObject({ stage: 'objected', outcome: 'rejected', objection: { by: 'chief' } });
});
