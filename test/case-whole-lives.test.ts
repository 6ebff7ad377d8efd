import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { calendarChanged, citizenAdded, feedback, toWire } from '../workflows/messages';
import { stageCase, type StagedCase } from './support/life-stage';
import { StoryHangs } from './support/settled';
import { builtWorkflows, timeSkipping } from './support/time-skipping';
import { local } from './support/town-case';

jest.setTimeout(90_000);

let env: TestWorkflowEnvironment;
const bundle = builtWorkflows();

beforeAll(async () => {
  env = await timeSkipping();
}, 120_000);
afterAll(() => env.teardown());

/** The time-skipping server can lose a task. The story is then repeated on a new server. */
async function stage(
  received: string,
  live: (story: StagedCase) => Promise<void>,
  options: Parameters<typeof stageCase>[4] = {},
): Promise<StagedCase> {
  try {
    return await stageCase(env, bundle, received, live, options);
  } catch (error) {
    if (!(error instanceof StoryHangs)) throw error;
    const lost = env;
    env = await timeSkipping();
    await lost.teardown().catch(() => undefined);
    return stageCase(env, bundle, received, live, options);
  }
}

const mails = ({ told }: StagedCase): string[] => told.filter(line => !line.includes('citizen:')).sort();
const citizen = ({ told }: StagedCase): string[] => told.filter(line => line.includes('citizen:'));
const says = (story: StagedCase, answer: 'solved' | 'unsolved', messageId: string): Promise<void> =>
  story.handle.signal(feedback, { messageId, citizenId: 'c-1', answer });

/** Returns the statistics of a complete story, in business minutes from task to answer. */
function reported(story: StagedCase) {
  const figures = story.figures();
  const { received, open, answered, accept, resolve, breaches, legalWarnings, reopened } = figures;
  expect([received, open]).toEqual([1, 0]);
  return {
    answered,
    accept: `${accept.onTime} in time, ${accept.late} late`,
    resolve: `${resolve.onTime} in time, ${resolve.late} late`,
    minutes: Math.round(figures.resolveMinutes.median ?? NaN),
    breaches,
    ...(legalWarnings > 0 && { legalWarnings }),
    ...(reopened > 0 && { reopened }),
  };
}

/** Longer histories are hard to read in the timeline. */
const MOST_EVENTS = 250;

async function eventsOf({ handle }: StagedCase): Promise<number> {
  return (await handle.fetchHistory()).events?.length ?? 0;
}

test('accepted, resolved in time, confirmed', async () => {
  const story = await stage('2026-11-25 10:00', async story => {
    await story.until('2026-11-25 11:00');
    await story.desk('accept');
    await story.until('2026-11-26 14:00');
    await story.desk('resolve');
    await says(story, 'solved', 'm-9');
  });
  expect(mails(story)).toEqual(['2026-11-25 10:00 task:department']);
  expect(citizen(story)).toEqual([
    '2026-11-25 10:00 citizen:acknowledged',
    '2026-11-26 14:00 citizen:resolved',
    '2026-11-26 14:00 citizen:closed',
  ]);
  expect(await story.slaStates()).toEqual(['2026-11-25 10:00 onTrack', '2026-11-26 14:00 met']);
  expect(story.record()).toMatchObject({ stage: 'closed', outcome: 'resolved', everBreached: false });
  expect(await eventsOf(story)).toBeLessThanOrEqual(60);
  expect(reported(story)).toEqual({
    answered: { resolved: 1 },
    accept: '1 in time, 0 late',
    resolve: '1 in time, 0 late',
    minutes: 660,
    breaches: {},
  });
});

test('a missed accept target notifies the chief at its minute, and the case ends as missed', async () => {
  const story = await stage('2026-11-25 10:00', async story => {
    await story.until('2026-11-26 11:00');
    await story.desk('accept');
    await story.until('2026-11-27 09:00');
    await story.desk('resolve');
  });
  expect(mails(story)).toEqual([
    '2026-11-25 10:00 task:department',
    '2026-11-25 17:00 reminder:department',
    '2026-11-26 10:00 breach:chief',
  ]);
  expect(await story.slaStates()).toEqual([
    '2026-11-25 10:00 onTrack',
    '2026-11-25 17:00 atRisk',
    '2026-11-26 10:00 breached',
    '2026-11-26 11:00 onTrack',
    '2026-11-27 09:00 missed',
  ]);
  expect(story.record()).toMatchObject({ slaState: 'missed', everBreached: true });
  expect(citizen(story).at(-1)).toBe('2026-11-30 09:00 citizen:surveyReminder');
  expect(reported(story)).toEqual({
    answered: { resolved: 1 },
    accept: '0 in time, 1 late',
    resolve: '1 in time, 0 late',
    minutes: 900,
    breaches: { '1': 1 },
  });
});

test('a missed resolve target: every level of the ladder once, and the legal clock as well', async () => {
  const story = await stage('2026-11-25 10:00', async story => {
    await story.desk('accept');
    await story.until('2026-12-28 10:00');
    await story.desk('reject');
  });
  expect(mails(story).slice(1)).toEqual([
    '2026-11-30 17:00 reminder:department',
    '2026-12-02 10:00 breach:chief',
    '2026-12-03 12:00 escalation:chief',
    '2026-12-04 15:00 escalation:deputyMayor',
    '2026-12-15 10:00 reminder:department',
    '2026-12-21 08:30 escalation:chief',
    '2026-12-25 10:00 escalation:deputyMayor',
  ]);
  expect(await story.slaStates()).toEqual([
    '2026-11-25 10:00 onTrack',
    '2026-11-30 17:00 atRisk',
    '2026-12-02 10:00 breached',
    '2026-12-28 10:00 missed',
  ]);
  expect(story.record()).toMatchObject({ stage: 'rejected', escalationLevel: 3 });
  expect(await eventsOf(story)).toBeLessThanOrEqual(MOST_EVENTS);
  expect(reported(story)).toEqual({
    answered: { rejected: 1 },
    accept: '1 in time, 0 late',
    resolve: '0 in time, 1 late',
    minutes: 11_040,
    breaches: { '1': 1, '2': 1, '3': 1 },
    legalWarnings: 2,
  });
});

test('paused and resumed over Ramazan 2027: the department gets its remaining time', async () => {
  const story = await stage('2027-03-05 10:00', async story => {
    await story.desk('accept');
    await story.until('2027-03-05 16:00');
    await story.desk('askCitizen');
    // The target ends before the lunch break: seconds of a busy machine would carry it over.
    await story.until('2027-03-12 08:50');
    await story.handle.signal(citizenAdded, toWire({ messageIds: ['m-2'], fileMessageIds: [] }));
    await story.until('2027-03-18 12:30');
    await story.desk('resolve');
    await says(story, 'solved', 'm-9');
  });
  expect(await story.slaStates()).toEqual([
    '2027-03-05 10:00 onTrack',
    '2027-03-05 16:00 paused',
    '2027-03-12 08:50 onTrack',
    '2027-03-17 09:50 atRisk',
    '2027-03-18 11:50 breached',
    '2027-03-18 12:30 missed',
  ]);
  expect(mails(story)).toEqual([
    '2027-03-05 10:00 task:department',
    '2027-03-12 08:50 citizenAnswered:department',
    '2027-03-17 09:50 reminder:department',
    '2027-03-18 11:50 breach:chief',
  ]);
  expect(citizen(story)).toContain('2027-03-05 16:00 citizen:question');
  expect(reported(story)).toEqual({
    answered: { resolved: 1 },
    accept: '1 in time, 0 late',
    resolve: '0 in time, 1 late',
    minutes: 2_410,
    breaches: { '1': 1 },
  });
});

test('rerouted twice: each department gets new clocks, the first target continues', async () => {
  const story = await stage('2026-11-25 10:00', async story => {
    await story.until('2026-11-25 12:00');
    await story.desk('reroute', { department: 'park-ve-bahceler' });
    await story.until('2026-11-27 09:00');
    const after = await story.desk('reroute', { department: 'cevre-koruma' });
    expect(after).toMatchObject({ task: 3, rerouteCount: 2, stage: 'assigned' });
    await story.desk('accept');
    await story.until('2026-12-02 10:30');
    await story.desk('resolve');
    await says(story, 'solved', 'm-9');
  });
  expect(mails(story).filter(line => line.endsWith('task:department'))).toHaveLength(3);
  expect(mails(story)).toContain('2026-12-02 10:00 breach:chief');
  expect((await story.slaStates()).slice(-2)).toEqual([
    '2026-12-02 10:00 breached',
    '2026-12-02 10:30 missed',
  ]);
  expect(reported(story)).toEqual({
    answered: { resolved: 1 },
    accept: '1 in time, 1 late',
    resolve: '1 in time, 0 late',
    minutes: 1_530,
    breaches: { '1': 2, '2': 1, '3': 1 },
  });
});

test('reopened twice, then the last decider decides', async () => {
  const story = await stage('2026-11-25 10:00', async story => {
    await story.desk('resolve');
    await says(story, 'unsolved', 'm-7');
    await story.until('2026-11-26 10:00');
    await story.desk('resolve');
    await says(story, 'unsolved', 'm-8');
    await story.until('2026-11-27 10:00');
    await story.desk('resolve');
    await says(story, 'unsolved', 'm-9');
    // The survey would have timed out, but the case waits for the decision.
    await story.until('2026-12-11 10:00');
    await story.desk('confirm', { role: 'deputyMayor' });
  });
  expect(mails(story).filter(line => line.includes('reopened'))).toHaveLength(4);
  expect(mails(story).filter(line => line > '2026-11-27')).toEqual([
    '2026-11-27 10:00 objection:department',
    '2026-11-27 10:00 objection:deputyMayor',
    '2026-12-02 17:00 reminder:deputyMayor',
    '2026-12-04 10:00 breach:deputyMayor',
    '2026-12-11 10:00 confirmed:department',
  ]);
  expect(story.facts.at(-1)).toMatchObject({ type: 'confirmed', isFinal: true });
  expect(story.record()).toMatchObject({ stage: 'closed', reopenCount: 2, task: 3 });
  expect(reported(story)).toEqual({
    answered: { resolved: 1 },
    accept: '3 in time, 0 late',
    resolve: '1 in time, 2 late',
    minutes: 480,
    breaches: {},
    reopened: 2,
  });
});

test('a closure added meanwhile moves the deadline by a day', async () => {
  const story = await stage('2026-11-25 10:00', async story => {
    await story.desk('accept');
    await story.until('2026-11-27 10:00');
    story.closures = [{ date: '2026-11-30', closedFrom: null, calendars: null }];
    await story.handle.signal(calendarChanged);
    await story.until('2026-12-03 09:59');
    await story.desk('resolve');
    await says(story, 'solved', 'm-9');
  });
  expect(story.facts.some(fact => fact.type === 'replanned' && fact.reason === 'calendar')).toBe(true);
  expect(story.record().slaState).toBe('met');
  expect(local(story.record().plan.resolveBy - story.real('2026-12-03 10:00') + Date.UTC(2026, 0, 1))).toBe(
    '2026-01-01 03:00',
  );
  expect(reported(story)).toEqual({
    answered: { resolved: 1 },
    accept: '1 in time, 0 late',
    resolve: '1 in time, 0 late',
    minutes: 2_399,
    breaches: {},
  });
});

test('a worker that was down during three deadlines sends each notification once, in order, with its lateness', async () => {
  const story = await stage('2026-11-25 10:00', async story => void (await story.desk('resolve')), {
    servedFrom: '2026-11-26 13:00',
  });
  const late = story.facts.flatMap(fact =>
    'lateMs' in fact ? [[fact.type, Math.round(fact.lateMs / 60_000)]] : [],
  );
  expect(late).toEqual([
    ['reminded', 20 * 60],
    ['breached', 3 * 60],
    ['escalated', 60],
  ]);
  expect(mails(story).filter(line => /breach|escalation/.test(line))).toHaveLength(2);
  expect(story.record().slaState).toBe('missed');
  expect(reported(story)).toEqual({
    answered: { resolved: 1 },
    accept: '0 in time, 1 late',
    resolve: '1 in time, 0 late',
    minutes: 0,
    breaches: { '1': 1, '2': 1 },
  });
});

test('without an answer the survey is repeated once, and the case closes after seven days', async () => {
  const story = await stage('2026-11-25 10:00', async story => void (await story.desk('resolve')));
  expect(citizen(story)).toEqual([
    '2026-11-25 10:00 citizen:acknowledged',
    '2026-11-25 10:00 citizen:resolved',
    '2026-11-28 10:00 citizen:surveyReminder',
  ]);
  expect(story.facts.at(-1)).toMatchObject({ type: 'closed', reason: 'silence' });
  expect(reported(story)).toEqual({
    answered: { resolved: 1 },
    accept: '1 in time, 0 late',
    resolve: '1 in time, 0 late',
    minutes: 0,
    breaches: {},
  });
});

test('a wait that ends on a Saturday is told on Monday, when the department opens', async () => {
  const institution = { slug: 'aski', name: 'ASKİ' };
  const story = await stage('2026-11-25 10:00', async story => {
    await story.desk('accept');
    await story.desk('waitInstitution', { institution, until: story.real('2026-12-05 10:00') });
    await story.until('2026-12-07 09:30');
    await story.desk('reject');
  });
  expect(mails(story).filter(line => line > '2026-12')).toEqual(['2026-12-07 08:30 holdEnded:department']);
  expect(await story.slaStates()).toContain('2026-12-05 10:00 onTrack');
});

test('the legal clock expires during a wait for an institution, while the service clock is paused', async () => {
  const institution = { slug: 'aski', name: 'ASKİ' };
  const story = await stage('2026-11-25 10:00', async story => {
    await story.desk('accept');
    await story.desk('waitInstitution', { institution });
    await story.until('2026-12-25 10:30');
    await story.desk('reject');
  });
  expect(mails(story).filter(line => line > '2026-12')).toEqual([
    '2026-12-15 10:00 reminder:department',
    '2026-12-21 08:30 escalation:chief',
    '2026-12-25 10:00 escalation:deputyMayor',
    '2026-12-25 10:00 holdEnded:department',
  ]);
  expect(await story.slaStates()).toEqual([
    '2026-11-25 10:00 onTrack',
    '2026-11-25 10:00 paused',
    '2026-12-25 10:00 onTrack',
    '2026-12-25 10:30 met',
  ]);
  expect(await eventsOf(story)).toBeLessThanOrEqual(MOST_EVENTS);
  expect(reported(story)).toEqual({
    answered: { rejected: 1 },
    accept: '1 in time, 0 late',
    resolve: '0 in time, 0 late',
    minutes: 30,
    breaches: {},
    legalWarnings: 2,
  });
});
