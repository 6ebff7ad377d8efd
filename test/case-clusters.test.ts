import type { Terms } from '../src/domain/case/case';
import type { CaseEvent, CaseNews } from '../src/domain/case/case-events';
import { takeTurn } from '../src/domain/case/case-life';
import { play, opening, told, T0, HOUR } from './support/cases';
import { at, local, townCase, type TownCase } from './support/town-case';

const LEADER = 'PK-0000-0009';

const said = ({ told: lines }: TownCase): string[] => lines.map(line => line.slice(17));

describe('a case that reports a known problem', () => {
  test('follows the leader from the start, without its own task, and the citizen learns that the problem is known', () => {
    const turn = play(opening({ leader: LEADER }));
    expect(turn.state).toMatchObject({ stage: 'duplicate', leader: LEADER, slaState: 'paused', task: 1 });
    expect(told(turn)).toEqual(['citizen:known']);
    const news = turn.effects.flatMap(effect => (effect.type === 'tellCase' ? [effect] : []));
    expect(news).toMatchObject([{ caseNumber: LEADER, news: { type: 'memberJoined' } }]);
  });

  test.each([
    ['resolved', 'resolved', 'citizen:resolved'],
    ['partlyResolved', 'resolved', 'citizen:partlyResolved'],
    ['planned', 'resolved', 'citizen:planned'],
    ['rejected', 'rejected', 'citizen:rejected'],
    ['handedOff', 'handedOff', 'citizen:passedOn'],
  ] as const)('ends with the leading case: %s', (outcome, stage, news) => {
    const story = townCase('2026-11-25 10:00', { over: { leader: LEADER } });
    story.until('2026-12-20 10:00');
    story.take({ type: 'leaderEnded', outcome, actionId: 'a-9' });
    expect(story.state).toMatchObject({ stage, outcome, slaState: 'met', outcomeActionId: 'a-9' });
    expect(said(story).at(-1)).toBe(news);
  });

  test.each(['withdrawn', 'duplicate', null] as const)(
    'becomes a separate case if the leading case does not end with an answer (%s)',
    outcome => {
      const story = townCase('2026-11-25 10:00', { over: { leader: LEADER } });
      story.take({ type: 'leaderEnded', outcome, actionId: null });
      expect(story.state).toMatchObject({ stage: 'assigned', leader: null, slaState: 'onTrack' });
      expect(said(story).at(-1)).toBe('mail:task:department');
    },
  );

  test('has a separate survey and objection for its citizen', () => {
    const story = townCase('2026-11-25 10:00', { over: { leader: LEADER } });
    story.take({ type: 'leaderEnded', outcome: 'resolved', actionId: 'a-9' });
    story.take({ type: 'feedback', messageId: 'm-9', answer: 'unsolved' });
    expect(story.state).toMatchObject({ stage: 'assigned', task: 2, reopenCount: 1 });
    expect(said(story)).toContain('mail:reopened:department');
  });
});

describe('the priority of the leading case', () => {
  const joined = (member: string): CaseEvent => ({ type: 'memberJoined', member });
  const terms = { ...play(opening()).state.terms, reportsToRaise: 3 } as Terms;

  test('rises once, with the third report, and its deadlines are re-planned', () => {
    const story = townCase('2026-11-25 10:00', { over: { priority: 'p3', terms } });
    const before = story.state.plan.resolveBy;
    story.take(joined('PK-0000-0001'));
    expect(story.state.priority).toBe('p3');
    for (const number of ['2', '3', '4']) story.take(joined(`PK-0000-000${number}`));
    expect(story.state.priority).toBe('p2');
    expect(story.facts.filter(({ type }) => type === 'prioritised')).toEqual([
      expect.objectContaining({ from: 'p3', to: 'p2' }),
    ]);
    expect(story.state.plan.resolveBy).toBeLessThanOrEqual(before);
    expect(said(story).filter(line => line === 'mail:replanned:department').length).toBeLessThanOrEqual(1);
  });

  test('does not change in cases opened before the rule', () => {
    const story = townCase('2026-11-25 10:00', { over: { priority: 'p3' } });
    for (const number of ['1', '2', '3']) story.take(joined(`PK-0000-000${number}`));
    expect(story.state.priority).toBe('p3');
  });
});

describe('separating', () => {
  test('reverses a join completely, with the remaining time of both targets', () => {
    const story = townCase('2026-11-25 10:00');
    story.until('2026-11-25 14:00');
    expect(story.desk('join', { leader: LEADER })).toBeNull();
    expect(said(story).at(-1)).toBe('citizen:joined');
    story.until('2026-12-01 09:00');
    expect(story.sla.at(-1)).toBe('2026-11-25 14:00 paused');
    expect(story.desk('separate')).toBeNull();
    expect(story.state).toMatchObject({ stage: 'assigned', leader: null, slaState: 'onTrack' });
    expect(local(story.state.plan.acceptBy)).toBe('2026-12-01 15:00');
    expect(local(story.state.plan.resolveBy)).toBe('2026-12-07 15:00');
    expect(story.state.plan.legalBy).toBe(at('2026-12-25 10:00'));
  });

  test('is illegal without a leading case; a case cannot join itself, and a leading case cannot join another', () => {
    const story = townCase('2026-11-25 10:00');
    expect(story.desk('separate')).toBe('notInThisStage');
    expect(story.desk('join')).toBe('leaderMissing');
    expect(story.desk('join', { leader: 'PK-0000-0001' })).toBe('sameCase');
    story.take({ type: 'memberJoined', member: 'PK-0000-0002' });
    expect(story.desk('join', { leader: LEADER })).toBe('hasMembers');
  });
});

describe('the leader', () => {
  const joined = (member: string): CaseEvent => ({ type: 'memberJoined', member });
  const tellings = (turn: ReturnType<typeof takeTurn>): [string, CaseNews][] =>
    turn.effects.flatMap(effect =>
      effect.type === 'tellCase' ? [[effect.caseNumber, effect.news] as [string, CaseNews]] : [],
    );

  test('notifies each member once of the outcome, with the same text', () => {
    const turn = play(
      opening(),
      [joined('PK-1'), T0],
      [joined('PK-2'), T0],
      [joined('PK-2'), T0],
      [{ type: 'memberLeft', member: 'PK-1' }, T0],
      [{ type: 'acted', act: { actionId: 'a-1', action: 'resolve', task: 1 } }, T0 + HOUR],
    );
    const news: CaseNews = { type: 'leaderEnded', outcome: 'resolved', actionId: 'a-1' };
    expect(tellings(turn)).toEqual([['PK-2', news]]);
    expect(tellings(takeTurn(turn.state, joined('PK-3'), T0 + 2 * HOUR))).toEqual([['PK-3', news]]);
  });

  test('releases its members if its citizen withdraws', () => {
    const turn = play(opening(), [joined('PK-1'), T0], [{ type: 'withdrawn', messageId: 'm-9' }, T0]);
    expect(turn.state).toMatchObject({ stage: 'withdrawn', outcome: 'withdrawn', resolvedAt: null });
    expect(told(turn)).toEqual(['citizen:withdrawn', 'mail:withdrawn:department']);
    expect(tellings(turn)).toMatchObject([['PK-1', { outcome: 'withdrawn' }]]);
  });
});
