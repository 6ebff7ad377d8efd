import { type Act, refusalOf, type TaskAct } from '../src/domain/case/acts';
import { caseAttributes } from '../src/domain/case/temporal-ui';
import { createTexts, plannedText, plannedTimeOf } from '../src/config/texts';
import type { CaseState } from '../src/domain/case/case';
import type { CaseEvent } from '../src/domain/case/case-events';
import type { Turn } from '../src/domain/case/turn';
import { readStory } from '../src/reports/case-story';
import {
  acted,
  DAY,
  HOUR,
  newTerms,
  opening,
  play,
  playPlanned,
  T0,
  timePassed,
  told,
} from './support/cases';
import { municipality } from './support/town-case';

const given = (act: Partial<TaskAct> & Pick<TaskAct, 'action' | 'actionId'>): CaseEvent => ({
  type: 'acted',
  act: { task: 1, ...act } as Act,
});
const BY = T0 + 90 * DAY;
const planAhead = (actionId: string, plannedFor: number): CaseEvent =>
  given({ action: 'planAhead', actionId, plannedFor, precision: 'month' });
const start = opening({ terms: newTerms });
const planned: [CaseEvent, number] = [planAhead('p-1', BY), T0 + HOUR];
const last = (turns: readonly Turn[]): CaseState => (turns.at(-1) as Turn).state;
const allTold = (turns: readonly Turn[]): string[] => turns.flatMap(told);

describe('work on the programme', () => {
  test('keeps the case open without a survey until its date', () => {
    const turns = playPlanned(start, planned);
    expect(last(turns)).toMatchObject({
      stage: 'planned',
      outcome: 'planned',
      programme: { by: BY, precision: 'month' },
      closeAt: null,
      surveyReminderAt: null,
      slaState: 'onTrack',
    });
    expect(allTold(turns).slice(2)).toEqual(['citizen:planned']);
    // The promised date is the answer that the law requires.
    expect(caseAttributes(last(turns))).toMatchObject({
      CaseStage: 'planned',
      SlaDueAt: BY,
      LegalDueAt: null,
    });
  });

  test('that is done in time reminds the department before and ends with the survey', () => {
    const turns = playPlanned(
      start,
      planned,
      [timePassed, BY - HOUR],
      [acted('resolve', 'e'), BY - HOUR / 2],
    );
    expect(allTold(turns).slice(3)).toEqual(['mail:reminder:department', 'citizen:resolved']);
    expect(last(turns)).toMatchObject({
      stage: 'resolved',
      outcome: 'resolved',
      programme: null,
      slaState: 'met',
    });
    expect(last(turns).closeAt).not.toBeNull();
  });

  test('with a new date notifies the citizen, and the old date no longer counts', () => {
    const moved: [CaseEvent, number] = [planAhead('p-2', BY + 60 * DAY), T0 + 80 * DAY];
    const turns = playPlanned(start, planned, moved, [timePassed, BY + DAY]);
    expect(allTold(turns).slice(3)).toEqual(['citizen:planMoved']);
    expect(last(turns)).toMatchObject({
      stage: 'planned',
      slaState: 'onTrack',
      programme: { by: BY + 60 * DAY },
    });
  });

  test('whose date passes is overdue: the citizen is notified once, superiors repeatedly', () => {
    const turns = playPlanned(start, planned, [timePassed, BY], [timePassed, BY + DAY]);
    expect(allTold(turns).slice(3)).toEqual([
      'mail:reminder:department',
      'citizen:planPassed',
      'mail:breach:chief',
      'mail:escalation:deputyMayor',
    ]);
    expect(caseAttributes(last(turns))).toMatchObject({
      CaseStage: 'planned',
      SlaState: 'breached',
      SlaBreached: true,
    });
    const ended = playPlanned(start, planned, [timePassed, BY], [acted('resolve', 'e'), BY + DAY]);
    expect(last(ended).slaState).toBe('missed');
  });

  test('can be rejected, withdrawn or handed off', () => {
    const institution = { slug: 'aski', name: 'ASKİ' };
    expect(last(playPlanned(start, planned, [acted('reject', 'e'), BY])).stage).toBe('rejected');
    const handedOff = given({ action: 'handOff', actionId: 'e', institution });
    expect(last(playPlanned(start, planned, [handedOff, BY])).stage).toBe('handedOff');
    const withdrawn = playPlanned(start, planned, [{ type: 'withdrawn', messageId: 'm-2' }, T0 + DAY]);
    expect(last(withdrawn)).toMatchObject({ stage: 'withdrawn', programme: null });
    expect(allTold(withdrawn)).toContain('mail:withdrawn:department');
  });

  test('notifies the followers, which continue to follow', () => {
    const joined: [CaseEvent, number] = [{ type: 'memberJoined', member: 'PK-0000-0002' }, T0];
    const effects = playPlanned(start, joined, planned).flatMap(turn => turn.effects);
    expect(effects).toContainEqual(
      expect.objectContaining({
        type: 'tellCase',
        caseNumber: 'PK-0000-0002',
        news: { type: 'leaderPlanned', actionId: 'p-1', moved: false },
      }),
    );
    const follower = play(opening({ leader: 'PK-0000-0001' }), [
      { type: 'leaderPlanned', actionId: 'p-1', moved: false },
      T0 + HOUR,
    ]);
    expect(follower.state.stage).toBe('duplicate');
    expect(told(follower)).toEqual(['citizen:planned']);
  });

  test.each([
    ['without a date', { action: 'planAhead' }, 'dateMissing'],
    ['for a past day', { action: 'planAhead', plannedFor: T0 - DAY }, 'dateNotAhead'],
    ['too far ahead', { action: 'planAhead', plannedFor: T0 + 701 * DAY }, 'planTooFar'],
    ['as an outcome of finished work', { action: 'resolve', outcome: 'planned' }, 'dateMissing'],
  ] as const)('is refused %s', (_, act, refusal) => {
    expect(refusalOf(last(playPlanned(start)), { actionId: 'x', task: 1, ...act }, T0)).toBe(refusal);
  });
});

test('an interim message stops no clock and changes no stage', () => {
  const before = last(playPlanned(start, [acted('accept', 'a'), T0 + HOUR]));
  const turns = playPlanned(
    start,
    [acted('accept', 'a'), T0 + HOUR],
    [given({ action: 'inform', actionId: 'i' }), T0 + 2 * HOUR],
  );
  const { stage, steps, slaState, pausedSince } = last(turns);
  expect({ stage, steps, slaState, pausedSince }).toEqual({
    stage: before.stage,
    steps: before.steps,
    slaState: before.slaState,
    pausedSince: null,
  });
  expect(allTold(turns).at(-1)).toBe('citizen:interim');
});

describe('the promised date', () => {
  const target = T0 + 40 * HOUR;
  const promising = (terms = newTerms): typeof start =>
    opening({ terms, plan: { ...start.plan, lateNewsAt: target } });

  test('is reported as passed once, and not if the work was done before', () => {
    const late = playPlanned(
      promising(),
      [acted('accept', 'a'), T0],
      [timePassed, target],
      [timePassed, target + DAY],
    );
    expect(allTold(late).filter(line => line === 'citizen:late')).toHaveLength(1);
    const done = playPlanned(promising(), [acted('resolve', 'a'), T0], [timePassed, target]);
    expect(allTold(done)).not.toContain('citizen:late');
  });

  test.each([
    ['of a case from before this rule', { ...newTerms, tellsLateness: false }],
    ['of a suggestion', { ...newTerms, answerEnds: true }],
    ['of an emergency', { ...newTerms, emergency: true }],
  ])('%s is no promise', (_, terms) => {
    expect(allTold(playPlanned(promising(terms), [timePassed, target]))).not.toContain('citizen:late');
  });
});

test.each([
  ['2027-03-15', 'day', '15 Mart 2027', '15 March 2027'],
  ['2027-03-15', 'month', 'Mart 2027', 'March 2027'],
  ['2027-03-15', 'season', '2027 ilkbaharı', 'spring 2027'],
  ['2026-12-01', 'season', '2026–2027 kışı', 'winter 2026–2027'],
  ['2027-02-28', 'season', '2026–2027 kışı', 'winter 2026–2027'],
  ['2027-08-31', 'season', '2027 yazı', 'summer 2027'],
  ['2027-11-30', 'season', '2027 sonbaharı', 'autumn 2027'],
] as const)('%s promised as a %s reads "%s"', (day, precision, turkish, english) => {
  const time = plannedTimeOf(Date.parse(`${day}T17:00+03:00`), precision, 'Europe/Istanbul');
  const deps = { municipality, say: createTexts(municipality) };
  expect(plannedText(deps, 'tr', time)).toBe(turkish);
  expect(plannedText(deps, 'en', time)).toBe(english);
});

test('reports count the date as the answer and the work when it is done', () => {
  const turns = playPlanned(start, planned, [acted('resolve', 'e'), BY]);
  const facts = turns.flatMap(turn => turn.facts);
  const story = { caseNumber: start.caseNumber, receivedAt: T0, facts, rating: null };
  expect(readStory(story, BY - DAY).answers.at(-1)?.outcome).toBe('planned');
  const done = readStory(story, BY + DAY);
  expect(done.answers.at(-1)?.outcome).toBe('resolved');
  expect(done.turns.map(({ answeredAt }) => answeredAt)).toEqual([T0 + HOUR]);
});
