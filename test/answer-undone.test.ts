import type { CaseEvent } from '../src/domain/case/case-events';
import type { CaseState } from '../src/domain/case/case';
import { readStory } from '../src/reports/case-story';
import { acted, DAY, HOUR, newTerms, opening, playPlanned, T0, told } from './support/cases';

const start = opening({ terms: newTerms });
const said = (answer: 'solved' | 'partly' | 'unsolved', messageId: string): CaseEvent => ({
  type: 'feedback',
  messageId,
  answer,
});
const undone: CaseEvent = { type: 'answerUndone', messageId: 'm-9' };
const resolved: [CaseEvent, number] = [acted('resolve', 'e'), T0 + HOUR];
const kept = ({
  outcome,
  outcomeActionId,
  resolvedAt,
  feedback,
  reopenCount,
  objectionCount,
}: CaseState) => ({
  ...{ outcome, outcomeActionId, resolvedAt, feedback, reopenCount, objectionCount },
});

describe('an answer that is taken back', () => {
  const before = playPlanned(start, resolved).at(-1)?.state as CaseState;

  test.each([
    ['solved', 'closed', ['citizen:answerUndone']],
    ['unsolved', 'assigned', ['citizen:answerUndone', 'mail:answerUndone:department']],
    ['partly', 'assigned', ['citizen:answerUndone', 'mail:answerUndone:department']],
  ] as const)('"%s" leaves the outcome and the question as before', (answer, stage, news) => {
    const turns = playPlanned(start, resolved, [said(answer, 'm-2'), T0 + 2 * HOUR], [undone, T0 + 3 * HOUR]);
    expect(turns.at(-2)?.state.stage).toBe(stage);
    const turn = turns.at(-1);
    expect(turn && told(turn)).toEqual(news);
    const state = turn?.state as CaseState;
    expect(kept(state)).toEqual(kept(before));
    expect(state).toMatchObject({
      ...{ stage: 'resolved', endedAt: null, slaState: 'met', steps: [], answered: null },
      closeAt: T0 + 3 * HOUR + start.closeAfterMs,
    });
  });

  test('no longer counts in reports, nor does the task that it opened', () => {
    const turns = playPlanned(start, resolved, [said('unsolved', 'm-2'), T0 + 2 * HOUR], [undone, T0 + DAY]);
    const facts = turns.flatMap(turn => turn.facts);
    const reading = readStory({ caseNumber: 'x', receivedAt: T0, facts, rating: null }, T0 + 2 * DAY);
    expect(reading).toMatchObject({
      answers: [{ outcome: 'resolved', endedAt: null }],
      opinions: [],
      reopenings: [],
    });
    expect(reading.turns).toHaveLength(1);
  });

  test.each<[string, [CaseEvent, number][], string]>([
    ['once somebody has acted on it', [[acted('accept', 'x', { task: 2 }), T0 + 3 * HOUR]], 'citizen:status'],
    ['after the time to answer', [], 'citizen:status'],
  ])('is refused %s, and the citizen hears how things are', (_, script, news) => {
    const at = script.length > 0 ? T0 + 4 * HOUR : T0 + 2 * HOUR + start.closeAfterMs + 1;
    const turns = playPlanned(start, resolved, [said('unsolved', 'm-2'), T0 + 2 * HOUR], ...script, [
      undone,
      at,
    ]);
    const turn = turns.at(-1);
    expect(turn && told(turn)).toEqual([news]);
    expect(turn?.state.stage).not.toBe('resolved');
  });

  test('that went to the last decider takes the objection back', () => {
    const done = (n: number): [CaseEvent, number][] => [
      [acted('resolve', `e-${n}`, { task: n }), T0 + n * DAY],
      [said('unsolved', `m-${n + 1}`), T0 + n * DAY + HOUR],
    ];
    const turns = playPlanned(start, ...done(1), ...done(2), ...done(3), [undone, T0 + 4 * DAY]);
    const turn = turns.at(-1);
    expect(turn?.state).toMatchObject({ stage: 'resolved', objection: null, objectionCount: 0 });
    expect(turn && told(turn)).toContain('mail:answerUndone:deputyMayor');
  });
});
