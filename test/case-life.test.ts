import fc from 'fast-check';
import {
  type Act,
  legalActions,
  legalManagerActions,
  managerActions,
  refusalOf,
  taskActions,
} from '../src/domain/case/acts';
import { isEnded, isOnHold, newCaseState, stages, termsOf } from '../src/domain/case/case';
import { nextDeadline } from '../src/domain/case/case-clocks';
import type { CaseEvent } from '../src/domain/case/case-events';
import { openedEvent, takeTurn } from '../src/domain/case/case-life';
import {
  acted,
  DAY,
  HOUR,
  MINUTE,
  newTerms,
  opening,
  planAt,
  planned,
  play,
  T0,
  timePassed,
  told,
} from './support/cases';

describe('a new case', () => {
  test('is assigned to its department, the citizen is notified and the task is mailed', () => {
    const turn = play(opening());
    expect(turn.state.stage).toBe('assigned');
    expect(told(turn)).toEqual(['citizen:acknowledged', 'mail:task:department']);
  });

  test('without a matching subject goes to the triage desk', () => {
    expect(play(opening({ plan: planAt(T0, 'triage') })).state.stage).toBe('triage');
  });

  test('that belongs to an institution ends as handed off', () => {
    const turn = play(opening({ institution: { slug: 'aski', name: 'ASKİ' } }));
    expect([turn.state.stage, turn.state.outcome]).toEqual(['handedOff', 'handedOff']);
    expect(told(turn)).toEqual(['citizen:handedOff']);
    expect(nextDeadline(turn.state)).toBeNull();
  });

  test('orders a copy of every photo', () => {
    const photos = ['m-2', 'm-3'];
    const kept = play(opening({ fileMessageIds: photos })).effects.filter(
      effect => effect.type === 'keepFile',
    );
    expect(kept.map(effect => effect.messageId)).toEqual(photos);
  });
});

describe('the department', () => {
  test('accepts: the accept clock ends without a message to the citizen', () => {
    const turn = play(opening(), [acted('accept', 'a-1'), T0 + HOUR]);
    expect(turn.state.stage).toBe('accepted');
    expect(turn.state.steps.some(step => step.clock === 'accept')).toBe(false);
    expect(told(turn)).toEqual([]);
  });

  test('resolves: both clocks end and the citizen gets the survey', () => {
    const turn = play(opening(), [acted('resolve', 'a-1'), T0 + HOUR]);
    expect([turn.state.stage, turn.state.slaState, turn.state.outcome]).toEqual([
      'resolved',
      'met',
      'resolved',
    ]);
    expect(told(turn)).toEqual(['citizen:resolved']);
    expect(nextDeadline(turn.state)).toEqual({ at: T0 + HOUR + 7 * DAY, due: { type: 'close' } });
  });

  test('reject ends the case with its reason', () => {
    const turn = play(opening(), [acted('reject', 'a-1'), T0 + HOUR]);
    expect([turn.state.stage, turn.state.outcome]).toEqual(['rejected', 'rejected']);
    expect(told(turn)).toEqual(['citizen:rejected']);
  });

  test('reroutes: the next department gets a task with new clocks', () => {
    const turn = play(
      opening(),
      [acted('reroute', 'a-1', { department: 'park-bahceler' }), T0 + 2 * HOUR],
      [{ type: 'planned', plan: planAt(T0 + 2 * HOUR, 'park-bahceler'), after: 'reroute' }, T0 + 2 * HOUR],
    );
    expect(turn.state).toMatchObject({ stage: 'assigned', task: 2, rerouteCount: 1 });
    expect(turn.state.plan.acceptBy).toBe(T0 + 6 * HOUR);
    expect(told(turn)).toEqual(['citizen:rerouted', 'mail:task:department']);
  });

  test('the third reroute goes to the triage desk and its chief, which may reroute it', () => {
    const terms = { ...termsOf({}), pingPong: { reroutes: 3, desk: 'triage' } };
    const moves = (department: string, task: number, at: number): [CaseEvent, number][] => [
      [acted('reroute', `a-${task}`, { department, task }), at],
      [{ type: 'planned', plan: planAt(at, department), after: 'reroute' }, at],
    ];
    const twice = [...moves('park', 1, T0 + HOUR), ...moves('zabita', 2, T0 + 2 * HOUR)];
    const third = play(opening({ terms }), ...twice, [
      acted('reroute', 'a-3', { department: 'fen-isleri', task: 3 }),
      T0 + 3 * HOUR,
    ]);
    expect(third.facts).toContainEqual(
      expect.objectContaining({ type: 'rerouted', from: 'zabita', to: 'triage', asked: 'fen-isleri' }),
    );
    const sorted = takeTurn(
      third.state,
      { type: 'planned', plan: planAt(T0 + 3 * HOUR, 'triage'), after: 'reroute' },
      T0 + 3 * HOUR,
    );
    expect(told(sorted)).toEqual(['citizen:rerouted', 'mail:task:department', 'mail:task:chief']);
    const onward = takeTurn(
      sorted.state,
      acted('reroute', 'a-4', { department: 'park', task: 4 }),
      T0 + 4 * HOUR,
    );
    expect(onward.facts).toContainEqual(expect.objectContaining({ type: 'rerouted', to: 'park' }));
  });

  test('cannot act between two desks', () => {
    const { state } = play(opening(), [acted('reroute', 'a-1', { department: 'x' }), T0]);
    expect(refusalOf(state, { actionId: 'a-2', action: 'resolve', task: 1 }, T0)).toBe('notInThisStage');
  });

  test.each([
    ['an act of an earlier task', { action: 'resolve', task: 0 }, 'taskEnded'],
    ['a reroute without a department', { action: 'reroute', task: 1 }, 'departmentMissing'],
    [
      'a reroute to the same department',
      { action: 'reroute', task: 1, department: 'fen-isleri' },
      'sameDepartment',
    ],
  ] as const)('is refused %s', (_, given, refusal) => {
    expect(refusalOf(play(opening()).state, { actionId: 'a-9', ...given }, T0)).toBe(refusal);
  });

  test('acts once, however often the act arrives', () => {
    const once = play(opening(), [acted('accept', 'a-1'), T0]);
    const twice = takeTurn(once.state, acted('accept', 'a-1'), T0 + MINUTE);
    expect(twice.state).toEqual(once.state);
    expect([...twice.facts, ...twice.effects]).toEqual([]);
  });
});

/** Values for every field of an act. */
const details = {
  department: 'other',
  institution: { slug: 'aski', name: 'ASKİ' },
  plannedFor: T0 + DAY,
  until: T0 + 10 * DAY,
  leader: 'PK-0000-0009',
  priority: 'p1' as const,
  verdict: 'confirm' as const,
  correction: { priority: 'p1' as const, hazard: false, retargets: true },
};

const anObjection = {
  by: 'chief' as const,
  since: T0,
  decideBy: T0 + DAY,
  stageBefore: 'rejected' as const,
  slaBefore: 'met' as const,
};

test.each(stages)('in stage %s exactly the actions of the tables are legal', stage => {
  const incident = { id: 'incident', until: T0 + DAY };
  const state = { ...play(opening()).state, stage, incident };
  const objected = { ...state, objection: anObjection };
  const byManager = managerActions.filter(
    action => refusalOf(state, { actionId: 'a', by: 'manager', action, ...details }, T0) === null,
  );
  for (const role of ['department', 'chief', 'deputyMayor'] as const) {
    const byHolder = taskActions.filter(
      action => refusalOf(objected, { actionId: 'a', action, task: 1, role, ...details }, T0) === null,
    );
    expect(byHolder).toEqual(legalActions(objected, role));
  }
  expect(byManager).toEqual(legalManagerActions(state));
  const others = byManager.filter(action => action !== 'release');
  expect(legalManagerActions({ ...state, incident: null })).toEqual(others);
});

describe('time', () => {
  test('takes each step of the ladder once and in order, also when several passed at once', () => {
    const turn = play(opening(), [timePassed, T0 + 6 * HOUR]);
    expect(told(turn)).toEqual([
      'mail:reminder:department',
      'mail:breach:chief',
      'mail:escalation:chief',
      'mail:escalation:deputyMayor',
    ]);
    expect(turn.state).toMatchObject({ slaState: 'breached', everBreached: true, escalationLevel: 3 });
    expect(told(takeTurn(turn.state, timePassed, T0 + 6 * HOUR))).toEqual([]);
  });

  test('records how late a step was taken', () => {
    const [fact] = play(opening(), [timePassed, T0 + 3 * HOUR + 5 * MINUTE]).facts;
    expect(fact).toMatchObject({ type: 'reminded', lateMs: 5 * MINUTE });
  });

  test('on the legal clock does not affect the service clock', () => {
    const legalOnly = planAt(T0, 'fen-isleri', {
      steps: [{ clock: 'legal', level: 1, to: 'deputyMayor', at: T0 + 30 * DAY }],
    });
    const turn = play(opening({ plan: legalOnly }), [timePassed, T0 + 30 * DAY]);
    expect(turn.state).toMatchObject({ slaState: 'onTrack', everBreached: false, escalationLevel: 0 });
    expect(told(turn)).toEqual(['mail:breach:deputyMayor']);
  });

  test('after a breach, a later resolution still counts as missed', () => {
    const turn = play(opening(), [timePassed, T0 + 4 * HOUR], [acted('resolve', 'a-1'), T0 + 5 * HOUR]);
    expect(turn.state.slaState).toBe('missed');
  });

  test('closes a resolved case without an answer silently', () => {
    const turn = play(opening(), [acted('resolve', 'a-1'), T0], [timePassed, T0 + 7 * DAY]);
    expect(turn.state.stage).toBe('closed');
    expect(told(turn)).toEqual([]);
  });
});

describe("the citizen's feedback", () => {
  const feedback = (answer: 'solved' | 'partly' | 'unsolved', messageId = 'm-9'): CaseEvent => ({
    type: 'feedback',
    messageId,
    answer,
  });
  const resolved: [CaseEvent, number] = [acted('resolve', 'a-1'), T0 + HOUR];

  test('"çözüldü" closes the case with thanks', () => {
    const turn = play(opening(), resolved, [feedback('solved'), T0 + 2 * HOUR]);
    expect(turn.state.stage).toBe('closed');
    expect(told(turn)).toEqual(['citizen:closed']);
  });

  test.each(['partly', 'unsolved'] as const)('"%s" reopens it and notifies the chief', answer => {
    const turn = play(
      opening(),
      resolved,
      [feedback(answer), T0 + 2 * HOUR],
      [{ type: 'planned', plan: planAt(T0 + 2 * HOUR), after: 'reopen' }, T0 + 2 * HOUR],
    );
    expect(turn.state).toMatchObject({
      stage: 'assigned',
      task: 2,
      reopenCount: 1,
      outcome: null,
      resolvedAt: null,
    });
    expect(told(turn)).toEqual(['citizen:reopened', 'mail:reopened:department', 'mail:reopened:chief']);
  });

  test('on an outdated question changes nothing, but is answered', () => {
    const turn = play(opening(), [feedback('solved'), T0 + HOUR]);
    expect(turn.state.stage).toBe('assigned');
    expect(told(turn)).toEqual(['citizen:status']);
  });

  test('counts once if repeated', () => {
    const turn = play(opening(), resolved, [feedback('solved'), T0 + DAY], [feedback('solved'), T0 + DAY]);
    expect([...turn.facts, ...turn.effects]).toEqual([]);
  });

  test('a late photo is added to the open case and sent to the department', () => {
    const added: CaseEvent = { type: 'citizenAdded', messageIds: ['m-2'], fileMessageIds: ['m-2'] };
    const turn = play(opening(), [added, T0 + HOUR]);
    expect(turn.state.messageIds).toEqual(['m-1', 'm-2']);
    expect(told(turn)).toEqual(['citizen:added', 'mail:citizenAdded:department']);
  });
});

test.each([
  ['from before objections and planned work', termsOf({})],
  ['opened now', newTerms],
])('any sequence of events keeps the invariants of a case %s', (_, terms) => {
  const ids = fc.constantFrom('a-1', 'a-2', 'a-3', 'a-4', 'a-5', 'a-6', 'a-7', 'a-8');
  const said = fc.record({
    department: fc.constantFrom('x', 'y'),
    institution: fc.constant(details.institution),
    plannedFor: fc.integer({ min: T0, max: T0 + 40 * DAY }),
    until: fc.integer({ min: T0, max: T0 + 40 * DAY }),
    outcome: fc.constantFrom('resolved' as const, 'partlyResolved' as const),
    verdict: fc.constantFrom('reopen' as const, 'confirm' as const),
    precision: fc.constantFrom('day' as const, 'season' as const),
    role: fc.constantFrom('department' as const, 'chief' as const, 'deputyMayor' as const),
    leader: fc.constant(details.leader),
    priority: fc.constantFrom('p1' as const, 'p4' as const),
  });
  const anyAct: fc.Arbitrary<Act> = fc.oneof(
    fc
      .tuple(ids, fc.constantFrom(...taskActions), fc.constantFrom(1, 2, 3), said)
      .map(([actionId, action, task, more]) => ({ actionId, action, task, ...more })),
    fc
      .tuple(ids, fc.constantFrom(...managerActions), said)
      .map(([actionId, action, more]) => ({ actionId, by: 'manager' as const, action, ...more })),
  );
  const anyEvent: fc.Arbitrary<CaseEvent> = fc.oneof(
    { weight: 4, arbitrary: anyAct.map((act): CaseEvent => ({ type: 'acted', act })) },
    fc.constantFrom('solved', 'partly', 'unsolved').map((answer): CaseEvent => ({
      type: 'feedback',
      messageId: `m-${answer}`,
      answer: answer as 'solved',
    })),
    fc.constantFrom<CaseEvent>(
      timePassed,
      { type: 'citizenAdded', messageIds: ['m-5'], fileMessageIds: [] },
      { type: 'citizenAdded', messageIds: ['m-6'], fileMessageIds: ['m-6'] },
      { type: 'calendarChanged' },
      { type: 'leaderPlanned', actionId: 'a-0', moved: false },
      { type: 'memberJoined', member: 'PK-1' },
      { type: 'memberLeft', member: 'PK-1' },
      { type: 'leaderEnded', outcome: 'resolved', actionId: 'a-0' },
      { type: 'leaderEnded', outcome: null, actionId: null },
    ),
    fc.constant<CaseEvent>({ type: 'withdrawn', messageId: 'm-8' }),
    fc.constantFrom('m-20', 'm-21', 'm-22', 'm-23').map((messageId): CaseEvent => ({
      type: 'objected',
      messageId,
    })),
  );
  fc.assert(
    fc.property(
      fc.array(fc.tuple(anyEvent, fc.integer({ min: 0, max: 3 * DAY })), { maxLength: 25 }),
      script => {
        let now = T0;
        let facts = 0;
        const numbers: number[] = [];
        const begun = opening({ terms });
        let turn = takeTurn(newCaseState(begun), openedEvent(begun), now);
        const count = (): void => {
          facts += turn.facts.length;
          numbers.push(...turn.effects.map(({ effect }) => effect));
        };
        count();
        for (const [event, wait] of script) {
          now += wait;
          if (event.type === 'acted' && refusalOf(turn.state, event.act, now)) continue;
          const before = turn.state;
          turn = takeTurn(turn.state, event, now);
          count();
          const asked = turn.effects.find(effect => effect.type === 'plan');
          if (asked) {
            const plan = planned(asked, now);
            turn = takeTurn(
              turn.state,
              { type: 'planned', plan, after: asked.after, effect: asked.effect },
              now,
            );
            count();
          }
          const { state } = turn;
          const isTakenBack =
            (event.type === 'acted' && event.act.action === 'reopen') || event.type === 'objected';
          expect(isEnded(before.stage) && !isTakenBack ? state.stage : before.stage).toBe(before.stage);
          expect(state.revision).toBe(facts);
          expect(numbers).toEqual(numbers.map((_, place) => place + 1));
          const isAnswered = ['planned', 'resolved', 'objected'].includes(state.stage);
          expect(isEnded(state.stage) || isAnswered).toBe(state.outcome !== null);
          expect(state.stage === 'objected').toBe(state.objection !== null);
          expect(state.stage === 'planned' && state.programme === null).toBe(false);
          expect(state.programme === null || ['planned', 'objected'].includes(state.stage)).toBe(true);
          expect(isEnded(state.stage)).toBe(state.endedAt !== null);
          expect(isOnHold(state.stage)).toBe(state.pausedSince !== null);
          expect(isOnHold(state.stage)).toBe(state.slaState === 'paused');
          expect(state.stage === 'duplicate' ? state.leader : 'x').not.toBeNull();
          expect(state.planning).toBeNull();
          expect(state.steps.map(step => step.at)).toEqual(
            state.steps.map(step => step.at).sort((a, b) => a - b),
          );
          expect(isEnded(state.stage) && nextDeadline(state)).toBeFalsy();
        }
      },
    ),
    { numRuns: 1000 },
  );
});

test('an answer ends a suggestion or praise without a survey', () => {
  const suggested = opening({
    kind: 'suggestion',
    terms: { ...termsOf({}), answerEnds: true },
  });
  const turn = play(suggested, [acted('resolve', 'a-1'), T0 + HOUR]);
  expect([turn.state.stage, turn.state.outcome, turn.state.slaState]).toEqual(['closed', 'resolved', 'met']);
  expect(told(turn)).toEqual(['citizen:answered']);
  expect(nextDeadline(turn.state)).toBeNull();
});
