import type { OpeningIncident } from '../src/domain/case/case';
import { caseAttributes } from '../src/domain/case/temporal-ui';
import { linesOf, townReport } from '../src/reports/report';
import { about } from './support/cases';
import { at, municipality, townCase, type TownCase } from './support/town-case';

const LEADER = 'PK-0000-0009';
const received = '2026-11-25 10:00';
const edas = { slug: 'baskent-edas', name: 'Başkent EDAŞ' };
const incident: OpeningIncident = { id: 'pothole:x', until: at('2026-11-25 18:00'), leader: LEADER };

const said = ({ told }: TownCase): string[] => told.map(line => line.slice(17));

const follower = (): TownCase => townCase(received, { over: { incident } });
const first = (): TownCase => townCase(received, { over: { incident: { ...incident, leader: null } } });
const ofInstitution = (): TownCase =>
  townCase(received, { over: { institution: edas, incident: { ...incident, leader: null } } });

/** The activity answers with the end in the record. */
function ask(story: TownCase, moment: string, end: string | null): void {
  story.until(moment);
  story.take({ type: 'incidentRead', until: end === null ? null : at(end) });
}

describe('a report during a declared incident', () => {
  test('waits for the end without a task and without a letter', () => {
    const story = follower();
    expect(story.state).toMatchObject({ stage: 'duplicate', leader: LEADER, slaState: 'paused', task: 0 });
    story.until('2026-11-25 17:59');
    expect(said(story)).toEqual(['citizen:incident']);
  });

  test('is the task of the incident if it is the first one at its desk', () => {
    const story = first();
    expect(story.state).toMatchObject({ stage: 'assigned', leader: null, task: 1 });
    expect(said(story)).toEqual(['citizen:incident', 'mail:task:department']);
  });

  test('does not go to the institution that owns it', () => {
    const story = ofInstitution();
    expect(story.state).toMatchObject({ stage: 'waitingInstitution', waitingFor: edas, task: 0 });
    expect(said(story)).toEqual(['citizen:incident']);
    expect(caseAttributes(story.state)).toMatchObject({ Department: null, SlaState: null });
  });

  test('causes no letter by an addition or its withdrawal', () => {
    for (const story of [follower(), ofInstitution()]) {
      story.take({ type: 'citizenAdded', messageIds: ['m-2'], fileMessageIds: [] });
      story.take({ type: 'withdrawn', messageId: 'm-3' });
      expect(said(story)).toEqual(['citizen:incident', 'citizen:added', 'citizen:withdrawn']);
      expect(story.state).toMatchObject({ stage: 'withdrawn', incident: null });
    }
  });

  test('accepts no act but the release and notes', () => {
    const story = ofInstitution();
    expect(story.manager('reassign', { department: 'zabita' })).toBe('notInThisStage');
    expect(story.manager('extend', { until: at('2027-01-01 10:00') })).toBe('notInThisStage');
    expect(story.manager('note')).toBeNull();
  });
});

describe('the end of an incident', () => {
  test('is told once, and the survey asks whether the problem is solved', () => {
    const story = follower();
    ask(story, '2026-11-25 18:00', '2026-11-25 18:00');
    story.take({ type: 'incidentMoved' });
    story.until('2026-11-26 10:00');
    expect(story.told).toEqual([
      '2026-11-25 10:00 citizen:incident',
      '2026-11-25 18:00 citizen:incidentEnded',
    ]);
    expect(story.state).toMatchObject({ stage: 'resolved', outcome: 'resolved', slaState: 'met' });
    story.take({ type: 'feedback', messageId: 'm-9', answer: 'unsolved' });
    expect(story.state).toMatchObject({ stage: 'assigned', task: 1, reopenCount: 1 });
    expect(said(story)).toContain('mail:reopened:department');
  });

  test('closes a case without an answer after the usual days', () => {
    const story = follower();
    ask(story, '2026-11-25 18:00', '2026-11-25 18:00');
    story.until('2026-12-10 10:00');
    expect(story.state.stage).toBe('closed');
  });

  test('ends the matter of an institution', () => {
    const story = ofInstitution();
    ask(story, '2026-11-25 18:00', '2026-11-25 18:00');
    expect(said(story)).toEqual(['citizen:incident', 'citizen:incidentEnded']);
    expect(story.state).toMatchObject({
      stage: 'handedOff',
      outcome: 'handedOff',
      endedAt: at('2026-11-25 18:00'),
    });
  });

  test('leaves the task of the incident at its desk', () => {
    const story = first();
    ask(story, '2026-11-25 18:00', '2026-11-25 18:00');
    expect(story.state).toMatchObject({ stage: 'assigned', incident: null });
    expect(said(story).filter(line => line === 'citizen:incidentEnded')).toHaveLength(1);
  });

  test('is not told after an outcome', () => {
    const story = first();
    story.desk('resolve');
    ask(story, '2026-11-25 19:00', '2026-11-25 18:00');
    expect(said(story)).toEqual(['citizen:incident', 'mail:task:department', 'citizen:resolved']);
  });

  test.each([
    ['later', '2026-11-25 18:00', '2026-11-26 12:00', '2026-11-26 12:00'],
    ['earlier', '2026-11-25 14:00', '2026-11-25 14:00', '2026-11-25 14:00'],
  ])('can be moved: %s', (_how, noticed, moved, told) => {
    const story = follower();
    story.until(noticed);
    story.take({ type: 'incidentMoved' });
    story.take({ type: 'incidentRead', until: at(moved) });
    ask(story, moved, moved);
    expect(story.told.at(-1)).toBe(`${told} citizen:incidentEnded`);
    expect(said(story).filter(line => line === 'citizen:incidentEnded')).toHaveLength(1);
  });

  test('comes at once if it passed while the worker was down', () => {
    const story = follower();
    story.away('2026-11-25 22:00');
    story.take({ type: 'incidentRead', until: at('2026-11-25 18:00') });
    expect(story.told.at(-1)).toBe('2026-11-25 22:00 citizen:incidentEnded');
  });

  test('comes as well if the record of the incident is lost, and is asked again without an answer', () => {
    const story = follower();
    story.until('2026-11-25 20:30');
    expect(story.state.incident?.until).toBe(at('2026-11-25 21:00'));
    story.take({ type: 'incidentRead', until: null });
    expect(said(story)).toEqual(['citizen:incident', 'citizen:incidentEnded']);
  });
});

describe('a report that does not belong to the incident', () => {
  test.each(['manager', 'department'] as const)(
    'gets a task, and its targets count from its first moment (%s)',
    by => {
      const usual = townCase(received).state.plan;
      const story = follower();
      story.until('2026-11-25 16:00');
      const refusal = by === 'manager' ? story.manager('release') : story.desk('separate');
      expect(refusal).toBeNull();
      expect(said(story)).toEqual(['citizen:incident', 'citizen:incidentLeft', 'mail:task:department']);
      expect(story.state).toMatchObject({ stage: 'assigned', task: 1, leader: null, incident: null });
      expect(story.state.plan.resolveBy).toBe(usual.resolveBy);
      expect(story.state.pauses).toEqual([]);
      story.until('2026-11-25 19:00');
      expect(said(story)).not.toContain('citizen:incidentEnded');
    },
  );

  test('is late at once if its target has passed meanwhile', () => {
    const story = townCase(received, { over: { incident: { ...incident, until: at('2026-12-08 10:00') } } });
    story.until('2026-12-07 10:00');
    story.manager('release');
    story.until('2026-12-07 10:01');
    expect(story.state).toMatchObject({ everBreached: true, slaState: 'breached' });
    expect(said(story)).toContain('mail:breach:chief');
  });

  test('goes to the institution that owns it', () => {
    const story = ofInstitution();
    story.manager('release');
    expect(story.state).toMatchObject({ stage: 'handedOff', outcome: 'handedOff', incident: null });
    story.take({ type: 'passedOn', number: 2, institution: edas.slug, way: 'desk' });
    expect(said(story)).toEqual(['citizen:incident', 'citizen:handedOff']);
  });

  test('cannot be released twice, and not without an incident', () => {
    const story = follower();
    expect(story.manager('release')).toBeNull();
    expect(story.manager('release')).toBe('noIncident');
    expect(townCase(received).manager('release')).toBe('noIncident');
  });
});

test('the statistics count the report, no work of a department, and no missed target', () => {
  const story = follower();
  ask(story, '2026-11-25 18:00', '2026-11-25 18:00');
  const told = {
    caseNumber: 'PK-0000-0001',
    about,
    receivedAt: at(received),
    facts: story.facts,
    rating: null,
  };
  const period = { from: at('2026-11-25 00:00'), to: at('2026-11-27 00:00') };
  const { town } = townReport(municipality, period, linesOf({ municipality, closures: [] }, [told]));
  expect(town).toMatchObject({
    ...{ received: 1, open: 0, answered: { duplicate: 1 }, breaches: {} },
    resolve: { onTime: 0, late: 0 },
  });
});
