import type { CaseEvent } from '../src/domain/case/case-events';
import { takeTurn } from '../src/domain/case/case-life';
import { at, townCase, type TownCase } from './support/town-case';

const linesOf = ({ told }: TownCase): string[] => told.map(line => line.slice(17));
const citizenHeard = ({ told }: TownCase): string[] => told.filter(line => line.includes('citizen:'));

function unhappy(story: TownCase, messageId: string): void {
  story.take({ type: 'feedback', messageId, answer: 'unsolved' });
}

describe('a dissatisfied citizen', () => {
  test('reopens the case twice with new targets; the third time a manager decides', () => {
    const story = townCase('2026-11-25 10:00');
    story.desk('resolve');
    unhappy(story, 'm-1a');
    expect(story.state).toMatchObject({ stage: 'assigned', reopenCount: 1, task: 2 });
    story.desk('resolve', { outcome: 'partlyResolved' });
    unhappy(story, 'm-2a');
    story.desk('resolve');
    unhappy(story, 'm-3a');
    expect(story.state).toMatchObject({ stage: 'resolved', reopenCount: 2, feedback: 'unsolved' });
    expect(linesOf(story).slice(-2)).toEqual(['citizen:managerDecides', 'mail:decision:deputyMayor']);
    expect(story.facts.at(-1)).toMatchObject({ type: 'decisionAsked', count: 2 });
  });

  test('gets a closing message after the configured days if no manager acts', () => {
    const story = townCase('2026-11-25 10:00', { over: { terms: { ...terms, reopenLimit: 0 } } });
    story.desk('resolve');
    unhappy(story, 'm-1a');
    story.until('2026-12-02 10:00');
    expect(story.facts.at(-1)).toMatchObject({ type: 'closed', reason: 'undecided' });
  });

  test('gets the case reopened by a manager', () => {
    const story = townCase('2026-11-25 10:00', { over: { terms: { ...terms, reopenLimit: 0 } } });
    story.desk('resolve');
    unhappy(story, 'm-1a');
    expect(story.manager('reopen')).toBeNull();
    expect(story.state).toMatchObject({ stage: 'assigned', outcome: null, closeAt: null, resolvedAt: null });
    expect(linesOf(story).slice(-3)).toEqual([
      'citizen:reopened',
      'mail:reopened:department',
      'mail:reopened:chief',
    ]);
  });
});

const terms = {
  reopenLimit: 2,
  surveyReminderAfterMs: 3 * 86_400_000,
  takeBackWithinMs: 7 * 86_400_000,
  citizenWaitMs: 7 * 86_400_000,
  institutionWaitMs: 30 * 86_400_000,
};

test('without an answer the survey is repeated once, then the case closes', () => {
  const story = townCase('2026-11-25 10:00');
  story.desk('resolve');
  story.until('2027-01-01 10:00');
  expect(citizenHeard(story)).toEqual([
    '2026-11-25 10:00 citizen:acknowledged',
    '2026-11-25 10:00 citizen:resolved',
    '2026-11-28 10:00 citizen:surveyReminder',
  ]);
  expect(story.state).toMatchObject({ stage: 'closed', outcome: 'resolved', slaState: 'met' });
});

describe('a message for a closed case', () => {
  const closed = (): TownCase => {
    const story = townCase('2026-11-25 10:00');
    story.desk('resolve');
    story.take({ type: 'feedback', messageId: 'm-f', answer: 'solved' });
    return story;
  };

  test('is not added to it', () => {
    const story = closed();
    story.take({ type: 'citizenAdded', messageIds: ['m-2'], fileMessageIds: [] });
    expect(citizenHeard(story).at(-1)).toContain('alreadyClosed');
    expect(story.state.messageIds).toEqual(['m-1']);
  });

  test('is added once as the reasons of a low rating, and the case stays closed', () => {
    const story = closed();
    const reasons = {
      type: 'citizenAdded' as const,
      messageIds: ['m-2'],
      fileMessageIds: ['m-2'],
      reasons: true,
    };
    story.take(reasons);
    // A closed case continues from its record, which does not hold the handled ids.
    story.state.handled = [];
    story.take(reasons);
    expect(linesOf(story).slice(-2)).toEqual(['citizen:added', 'mail:lowRating:department']);
    expect(story.state).toMatchObject({ stage: 'closed', messageIds: ['m-1', 'm-2'] });
  });
});

describe('words after the end of a case', () => {
  const said: CaseEvent = {
    type: 'citizenAdded',
    messageIds: ['m-2'],
    fileMessageIds: [],
    afterEnd: true,
  };
  const aski = { slug: 'aski', name: 'ASKİ' };
  const handedOff = (awaits: 'answer' | null): TownCase => {
    const story = townCase('2026-11-25 10:00');
    story.desk('handOff', { institution: aski });
    const news = { number: 7, institution: 'aski', way: 'letter', step: 'mailed' } as const;
    story.state.handOff = { at: 1, ...news, awaits, members: [] };
    return story;
  };
  const ended = (how: 'closed' | 'rejected' | 'withdrawn'): TownCase => {
    const story = townCase('2026-11-25 10:00');
    if (how === 'withdrawn') story.take({ type: 'withdrawn', messageId: 'm-w' });
    else story.desk(how === 'rejected' ? 'reject' : 'resolve');
    if (how === 'closed') story.take({ type: 'feedback', messageId: 'm-f', answer: 'solved' });
    return story;
  };

  test.each<[string, () => TownCase, string[]]>([
    ['a closed one reach its department', () => ended('closed'), ['mail:citizenAdded:department']],
    ['a refused one reach its department', () => ended('rejected'), ['mail:citizenAdded:department']],
    ['one at an institution reach its hand-off', () => handedOff('answer'), ['handOff:7:m-2']],
    ['one whose hand-off is over are only kept', () => handedOff(null), []],
  ])('about %s, once', (_, begun, told) => {
    const story = begun();
    const before = story.told.length;
    story.take(said);
    // An ended case continues from its record, which does not hold the handled ids.
    story.state.handled = [];
    story.take(said);
    expect(linesOf(story).slice(before)).toEqual([...told, 'citizen:heardAfterEnd']);
    expect(story.state.messageIds).toEqual(['m-1', 'm-2']);
  });

  test('of a follower reach the hand-off of its leading case', () => {
    const story = handedOff('answer');
    story.state.leader = 'PK-0000-0009';
    const turn = takeTurn(story.state, said, at('2026-11-26 10:00'));
    expect(turn.effects).toContainEqual({
      ...{ effect: expect.any(Number) as number, type: 'passAddition', caseNumber: 'PK-0000-0009' },
      ...{ number: 7, messageIds: ['m-2'] },
    });
  });

  test('about a withdrawn one are not added', () => {
    const story = ended('withdrawn');
    story.take(said);
    expect(linesOf(story).at(-1)).toBe('citizen:alreadyClosed');
  });
});

test('a closed case can be reopened only within the configured days', () => {
  const story = townCase('2026-11-25 10:00');
  story.desk('reject');
  story.until('2026-12-02 10:01');
  expect(story.manager('reopen')).toBe('tooLate');
  const inTime = townCase('2026-11-25 10:00');
  inTime.desk('reject');
  inTime.until('2026-12-02 10:00');
  expect(inTime.manager('reopen')).toBeNull();
  expect(inTime.state.stage).toBe('assigned');
});

test.each([
  ['accept', { plannedFor: Date.parse('2026-12-01T09:00:00+03:00') }, 'scheduled', 'citizen:scheduled'],
  ['askCitizen', {}, 'waitingCitizen', 'citizen:question'],
  ['handOff', { institution: { slug: 'aski', name: 'ASKİ' } }, 'handedOff', 'citizen:passedOn'],
  ['resolve', { outcome: 'planned' }, 'resolved', 'citizen:planned'],
  ['resolve', { outcome: 'partlyResolved' }, 'resolved', 'citizen:partlyResolved'],
] as const)('%s notifies the citizen', (action, over, stage, news) => {
  const story = townCase('2026-11-25 10:00');
  expect(story.desk(action, over)).toBeNull();
  expect(story.state.stage).toBe(stage);
  expect(linesOf(story).at(-1)).toBe(news);
});

test('work is accepted, planned for a future day, begun and done', () => {
  const story = townCase('2026-11-25 10:00');
  story.desk('accept');
  expect(story.desk('schedule')).toBe('dateMissing');
  expect(story.desk('schedule', { plannedFor: 0 })).toBe('dateNotAhead');
  story.desk('schedule', { plannedFor: Date.parse('2026-11-30T09:00:00+03:00') });
  expect(story.state).toMatchObject({ stage: 'scheduled', slaState: 'onTrack' });
  story.desk('start');
  expect(story.state).toMatchObject({ stage: 'inProgress', plannedFor: null });
  story.desk('handOver');
  expect(linesOf(story).at(-1)).toBe('mail:handOver:department');
  story.desk('resolve');
  expect(story.facts.map(({ type }) => type)).toEqual([
    'opened',
    'planned',
    'accepted',
    'scheduled',
    'started',
    'handedOver',
    'resolved',
  ]);
});

test('a withdrawal ends the case and notifies everybody; after the outcome it only closes the case', () => {
  const story = townCase('2026-11-25 10:00');
  story.desk('resolve');
  story.take({ type: 'withdrawn', messageId: 'm-9' });
  expect(story.state).toMatchObject({ stage: 'closed', outcome: 'resolved' });
  story.take({ type: 'withdrawn', messageId: 'm-10' });
  expect(linesOf(story).at(-1)).toBe('citizen:alreadyClosed');
});
