import { at, local, townCase, type TownCase } from './support/town-case';

/** Returns the deadlines of a case in local time. */
function deadlines({ state: { plan } }: TownCase): { accept: string; resolve: string } {
  return { accept: local(plan.acceptBy), resolve: local(plan.resolveBy) };
}

const letters = ({ told }: TownCase): string[] => told.filter(line => line.includes('mail:'));
const aski = { slug: 'aski', name: 'ASKİ' };

describe('the two clocks', () => {
  test('accept within an office day, resolve within five, legal within 30 days', () => {
    const story = townCase('2026-11-25 10:00');
    expect(deadlines(story)).toEqual({ accept: '2026-11-26 10:00', resolve: '2026-12-02 10:00' });
    expect(local(story.state.plan.legalBy)).toBe('2026-12-25 10:00');
    expect(story.state.plan.basis).toMatchObject({ policyVersion: '2026-11', priority: 'p2' });
  });

  test('access to information within 15 working days, with warnings before', () => {
    const story = townCase('2026-11-25 10:00', { category: 'information-request', department: 'triage' });
    expect(local(story.state.plan.legalBy)).toBe('2026-12-16 17:30');
    story.until('2026-12-17 00:00');
    expect(letters(story).filter(line => line > '2026-12-09')).toEqual([
      '2026-12-09 10:00 mail:breach:chief',
      '2026-12-09 17:30 mail:reminder:department',
      '2026-12-11 15:00 mail:escalation:chief',
      '2026-12-14 17:30 mail:escalation:chief',
      '2026-12-16 10:00 mail:escalation:deputyMayor',
      '2026-12-16 17:30 mail:escalation:deputyMayor',
    ]);
  });

  test('a case without any act takes each step of the ladder once, at its minute', () => {
    const story = townCase('2026-11-25 10:00');
    story.until('2026-12-26 00:00');
    expect(letters(story)).toEqual([
      '2026-11-25 10:00 mail:task:department',
      '2026-11-25 17:00 mail:reminder:department',
      '2026-11-26 10:00 mail:breach:chief',
      '2026-11-26 12:00 mail:escalation:chief',
      '2026-11-26 15:00 mail:escalation:deputyMayor',
      '2026-11-30 17:00 mail:reminder:department',
      '2026-12-02 10:00 mail:breach:chief',
      '2026-12-03 12:00 mail:escalation:chief',
      '2026-12-04 15:00 mail:escalation:deputyMayor',
      '2026-12-15 10:00 mail:reminder:department',
      '2026-12-21 08:30 mail:escalation:chief',
      '2026-12-25 10:00 mail:escalation:deputyMayor',
    ]);
    expect(story.sla).toEqual([
      '2026-11-25 10:00 onTrack',
      '2026-11-25 17:00 atRisk',
      '2026-11-26 10:00 breached',
    ]);
  });

  test('waiting for the citizen over Ramazan 2027 pauses only the service clock', () => {
    const story = townCase('2027-03-05 10:00');
    expect(deadlines(story).resolve).toBe('2027-03-17 15:30');
    story.desk('accept');
    story.until('2027-03-05 16:00');
    story.desk('askCitizen');
    expect(story.state).toMatchObject({ stage: 'waitingCitizen', slaState: 'paused' });
    const legal = story.state.plan.legalBy;
    story.until('2027-03-12 09:00');
    story.take({ type: 'citizenAdded', messageIds: ['m-2'], fileMessageIds: [] });
    expect(story.state).toMatchObject({ stage: 'accepted', slaState: 'onTrack', pausedSince: null });
    expect(deadlines(story).resolve).toBe('2027-03-18 12:00');
    expect(story.state.plan.legalBy).toBe(legal);
    expect(story.facts.filter(({ type }) => type === 'paused' || type === 'resumed')).toMatchObject([
      { type: 'paused', stage: 'waitingCitizen', until: at('2027-03-12 16:00') },
      { type: 'resumed', reason: 'answered', pausedMs: at('2027-03-12 09:00') - at('2027-03-05 16:00') },
    ]);
    expect(story.told.slice(-2)).toEqual([
      '2027-03-12 09:00 citizen:added',
      '2027-03-12 09:00 mail:citizenAnswered:department',
    ]);
    expect(story.sla).toEqual([
      '2027-03-05 10:00 onTrack',
      '2027-03-05 16:00 paused',
      '2027-03-12 09:00 onTrack',
    ]);
  });

  test('a pause ends automatically at its limit, with a reminder', () => {
    const story = townCase('2026-11-25 10:00');
    story.desk('accept');
    expect(story.desk('waitInstitution', { institution: aski, until: at('2027-03-01 10:00') })).toBe(
      'waitTooLong',
    );
    story.desk('waitInstitution', { institution: aski, until: at('2026-12-09 14:00') });
    story.until('2026-12-09 14:00');
    expect(story.state).toMatchObject({ stage: 'accepted', waitingFor: null });
    expect(story.told.at(-1)).toBe('2026-12-09 14:00 mail:holdEnded:department');
    expect(deadlines(story).resolve).toBe('2026-12-16 14:00');
  });

  test.each([
    { ends: 'at night', until: '2026-12-04 23:59', letter: '2026-12-07 08:30' },
    { ends: 'on a Saturday', until: '2026-12-05 10:00', letter: '2026-12-07 08:30' },
    { ends: 'before the opening', until: '2026-12-08 07:00', letter: '2026-12-08 08:30' },
  ])('a wait that ends $ends is told when the department opens', ({ until, letter }) => {
    const story = townCase('2026-11-25 10:00');
    story.desk('accept');
    story.desk('waitInstitution', { institution: aski, until: at(until) });
    story.until('2026-12-08 09:00');
    expect(story.told.filter(line => line.includes('holdEnded'))).toEqual([
      `${letter} mail:holdEnded:department`,
    ]);
    expect(story.sla.at(-1)).toBe(`${until} onTrack`);
  });

  test('the end of a wait for a hazard is told at any hour', () => {
    const story = townCase('2026-11-25 10:00', { over: { priority: 'p1', hazard: true } });
    story.desk('accept');
    story.desk('waitInstitution', { institution: aski, until: at('2026-12-05 23:00') });
    story.until('2026-12-06 00:00');
    expect(story.told).toContain('2026-12-05 23:00 mail:holdEnded:department');
  });

  test.each(['askCitizen', 'resolve', 'reroute'] as const)(
    'nobody hears at the opening of a wait that ended, after %s',
    action => {
      const story = townCase('2026-11-25 10:00');
      story.desk('accept');
      story.desk('waitInstitution', { institution: aski, until: at('2026-12-05 10:00') });
      story.until('2026-12-06 10:00');
      story.desk(action, { department: 'temizlik-isleri' });
      story.until('2026-12-08 09:00');
      expect(story.told.filter(line => line.includes('holdEnded'))).toEqual([]);
    },
  );

  test('a target breached before a pause stays breached after it', () => {
    const story = townCase('2026-11-25 10:00');
    story.until('2026-11-26 11:00');
    story.desk('askCitizen');
    expect(story.state.slaState).toBe('paused');
    story.until('2026-11-27 11:00');
    story.desk('resume');
    expect(story.state).toMatchObject({ stage: 'assigned', slaState: 'breached', escalationLevel: 1 });
    expect(deadlines(story).accept).toBe('2026-11-26 10:00');
    story.until('2026-11-27 13:30');
    expect(letters(story).at(-1)).toBe('2026-11-27 12:00 mail:escalation:chief');
  });

  test('passed deadlines are applied before an act in the same workflow task: the target is missed', () => {
    const story = townCase('2026-11-25 10:00');
    story.away('2026-11-26 11:00');
    story.desk('accept');
    expect(story.state.everBreached).toBe(true);
    expect(story.facts.map(({ type }) => type)).toEqual([
      'opened',
      'planned',
      'reminded',
      'breached',
      'accepted',
    ]);
  });
});

describe('changes', () => {
  test('a reroute starts the next department’s clocks while the first resolve target continues', () => {
    const story = townCase('2026-11-25 10:00');
    story.until('2026-11-27 10:00');
    story.desk('reroute', { department: 'zabita' });
    expect(story.state).toMatchObject({ stage: 'assigned', task: 2, slaState: 'onTrack' });
    expect(local(story.state.plan.overall?.by ?? 0)).toBe('2026-12-02 10:00');
    expect(deadlines(story).accept).toBe('2026-11-27 18:00');
    story.desk('accept');
    story.until('2026-12-02 10:00');
    expect(story.state.slaState).toBe('breached');
    expect(letters(story).at(-1)).toBe('2026-12-02 10:00 mail:breach:chief');
    story.desk('reroute', { department: 'park-ve-bahceler' });
    expect(local(story.state.plan.overall?.by ?? 0)).toBe('2026-12-02 10:00');
    expect(story.state.steps.some(({ clock }) => clock === 'overall')).toBe(false);
  });

  test('a higher priority shortens the remaining time, but never makes a task late immediately', () => {
    const story = townCase('2026-11-25 08:30');
    story.desk('accept');
    story.until('2026-11-27 08:30');
    story.manager('setPriority', { priority: 'p1' });
    expect(story.state).toMatchObject({ priority: 'p1', slaState: 'onTrack' });
    expect(deadlines(story).resolve).toBe('2026-11-27 10:30');
    story.manager('setPriority', { priority: 'p4' });
    expect(deadlines(story).resolve).toBe('2026-12-08 17:30');
    expect(story.told.filter(line => line.endsWith('mail:replanned:department'))).toHaveLength(2);
  });

  test('an extension moves the resolve target and its ladder; a missed one cannot be extended', () => {
    const story = townCase('2026-11-25 10:00');
    story.desk('accept');
    expect(story.manager('extend', { until: at('2026-12-01 10:00') })).toBe('dateNotAhead');
    expect(story.manager('extend', { until: at('2026-12-09 10:00') })).toBeNull();
    expect(deadlines(story).resolve).toBe('2026-12-09 10:00');
    story.until('2026-12-09 09:59');
    expect(story.sla.at(-1)).toBe('2026-12-04 15:00 atRisk');
    story.until('2026-12-09 10:00');
    expect(story.manager('extend', { until: at('2026-12-20 10:00') })).toBe('deadlinePassed');
    expect(story.sla.at(-1)).toBe('2026-12-09 10:00 breached');
  });

  test('a closure added while a case runs moves only future deadlines', () => {
    const story = townCase('2026-11-25 10:00');
    story.until('2026-11-26 11:00');
    story.closures = [{ date: '2026-11-30', closedFrom: null, calendars: null }];
    story.take({ type: 'calendarChanged' });
    expect(deadlines(story)).toEqual({ accept: '2026-11-26 10:00', resolve: '2026-12-03 10:00' });
    expect(story.state.plan.calendarVersion).toMatch(/^tr-2026-11\+[0-9a-f]{8}$/);
    const before = story.facts.length;
    story.take({ type: 'calendarChanged' });
    expect(story.facts).toHaveLength(before);
    story.closures = [];
    story.take({ type: 'calendarChanged' });
    expect(deadlines(story).resolve).toBe('2026-12-02 10:00');
  });

  test('an escalation by a manager notifies the next level once', () => {
    const story = townCase('2026-11-25 10:00');
    story.manager('escalate');
    expect(letters(story).at(-1)).toBe('2026-11-25 10:00 mail:escalation:chief');
    story.until('2026-11-26 16:00');
    expect(letters(story).filter(line => line.endsWith('escalation:chief'))).toHaveLength(1);
    expect(story.sla.at(-1)).toBe('2026-11-26 10:00 breached');
  });
});

describe('urgent subjects', () => {
  test('run at all hours, and so do their letters', () => {
    const story = townCase('2026-11-28 23:00', { category: 'snow-ice' });
    story.until('2026-11-29 01:00');
    expect(letters(story).slice(1)).toEqual([
      '2026-11-28 23:45 mail:reminder:department',
      '2026-11-29 00:00 mail:breach:chief',
      '2026-11-29 00:15 mail:escalation:chief',
      '2026-11-29 00:30 mail:escalation:deputyMayor',
    ]);
  });

  test('of a crew that works at night change their state at night, but the chief’s letter waits for office hours', () => {
    const story = townCase('2026-11-28 18:00', { category: 'rubbish', department: 'temizlik-isleri' });
    story.until('2026-11-28 22:30');
    expect(story.sla.at(-1)).toBe('2026-11-28 22:00 breached');
    expect(letters(story).at(-1)).toBe('2026-11-28 21:00 mail:reminder:department');
    story.until('2026-11-30 08:30');
    expect(letters(story).filter(line => line.startsWith('2026-11-30 08:30'))).toEqual([
      '2026-11-30 08:30 mail:breach:chief',
      '2026-11-30 08:30 mail:escalation:chief',
      '2026-11-30 08:30 mail:escalation:deputyMayor',
      '2026-11-30 08:30 mail:breach:chief',
      '2026-11-30 08:30 mail:escalation:chief',
      '2026-11-30 08:30 mail:escalation:deputyMayor',
    ]);
  });

  test('waiting letters are dropped when the case is resolved', () => {
    const story = townCase('2026-11-28 18:00', { category: 'rubbish', department: 'temizlik-isleri' });
    story.until('2026-11-29 10:00');
    story.desk('resolve');
    story.until('2026-11-30 12:00');
    expect(letters(story).some(line => line.includes('chief'))).toBe(false);
    expect(story.state.slaState).toBe('missed');
  });
});
