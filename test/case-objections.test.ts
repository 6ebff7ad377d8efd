import { type Act, refusalOf, type TaskAct, objectionRefusal } from '../src/domain/case/acts';
import { caseAttributes } from '../src/domain/case/temporal-ui';
import { type CaseState, type NewCase, type Outcome, stages } from '../src/domain/case/case';
import { nextDeadline } from '../src/domain/case/case-clocks';
import type { CaseEvent } from '../src/domain/case/case-events';
import type { Turn } from '../src/domain/case/turn';
import { acted, DAY, HOUR, newTerms, opening, playPlanned, T0, timePassed, told } from './support/cases';

const objected = (messageId: string): CaseEvent => ({ type: 'objected', messageId });
const act = (given: Partial<TaskAct> & Pick<TaskAct, 'action' | 'actionId'>): CaseEvent => ({
  type: 'acted',
  act: { task: 1, ...given } as Act,
});
const decides = (action: 'reopen' | 'confirm', role: 'chief' | 'deputyMayor', actionId: string, task = 1) =>
  act({ action, actionId, role, task });
const institution = { slug: 'aski', name: 'ASKİ' };
const said = (answer: 'solved' | 'unsolved', messageId: string): CaseEvent => ({
  type: 'feedback',
  messageId,
  answer,
});

type Script = [CaseEvent, number][];

/** Every outcome that a citizen can dispute, and the stage in which an objection arrives. */
const endings: [name: string, start: NewCase, script: Script, stage: CaseState['stage'], outcome: Outcome][] =
  [
    ['rejected', opening({ terms: newTerms }), [[acted('reject', 'e'), T0 + HOUR]], 'rejected', 'rejected'],
    [
      'handed off by the department',
      opening({ terms: newTerms }),
      [[act({ action: 'handOff', actionId: 'e', institution }), T0 + HOUR]],
      'handedOff',
      'handedOff',
    ],
    ['handed off from the start', opening({ terms: newTerms, institution }), [], 'handedOff', 'handedOff'],
    [
      'answered',
      opening({ terms: { ...newTerms, answerEnds: true } }),
      [[acted('resolve', 'e'), T0 + HOUR]],
      'closed',
      'resolved',
    ],
    [
      'promised for later',
      opening({ terms: newTerms }),
      [[act({ action: 'planAhead', actionId: 'e', plannedFor: T0 + 90 * DAY }), T0 + HOUR]],
      'planned',
      'planned',
    ],
    [
      'partly solved',
      opening({ terms: newTerms }),
      [[act({ action: 'resolve', actionId: 'e', outcome: 'partlyResolved' }), T0 + HOUR]],
      'resolved',
      'partlyResolved',
    ],
    [
      'closed without an answer',
      opening({ terms: newTerms }),
      [
        [acted('resolve', 'e'), T0 + HOUR],
        [timePassed, T0 + HOUR + 7 * DAY],
      ],
      'closed',
      'resolved',
    ],
    [
      'confirmed too early',
      opening({ terms: newTerms }),
      [
        [acted('resolve', 'e'), T0 + HOUR],
        [said('solved', 'm-2'), T0 + 2 * HOUR],
      ],
      'closed',
      'resolved',
    ],
  ];

const last = (turns: readonly Turn[]): CaseState => (turns.at(-1) as Turn).state;
const allTold = (turns: readonly Turn[]): string[] => turns.flatMap(told);
const AT = T0 + 8 * DAY;

describe.each(endings)('a case that was %s', (_, start, script, stage, outcome) => {
  const task = start.institution ? 0 : 1;
  const first = playPlanned(start, ...script, [objected('m-9'), AT]);

  test('can be disputed: it waits for the chief, and both sides are notified', () => {
    const before = last(playPlanned(start, ...script));
    expect([before.stage, before.outcome]).toEqual([stage, outcome]);
    const state = last(first);
    expect(state).toMatchObject({ stage: 'objected', outcome, objectionCount: 1, endedAt: null });
    expect(allTold(first).slice(-3)).toEqual([
      'citizen:objected',
      'mail:objection:chief',
      'mail:objection:department',
    ]);
    expect(state.messageIds).toContain('m-9');
    expect(caseAttributes(state)).toMatchObject({
      CaseStage: 'objected',
      CaseOutcome: outcome,
      ObjectionCount: 1,
      SlaState: task === 0 ? null : 'onTrack',
      SlaDueAt: AT + DAY,
    });
  });

  test('continues with a new task if the chief reopens it', () => {
    const turns = playPlanned(
      start,
      ...script,
      [objected('m-9'), AT],
      [decides('reopen', 'chief', 'd', task), AT],
    );
    expect(last(turns)).toMatchObject({ stage: 'assigned', task: task + 1, outcome: null, objection: null });
    expect(allTold(turns).slice(-3)).toEqual([
      'citizen:objectionAccepted',
      'mail:reopened:department',
      'mail:reopened:chief',
    ]);
  });

  test('is as before if the chief confirms the outcome, and can be disputed again', () => {
    const confirmed: Script = [
      [objected('m-9'), AT],
      [decides('confirm', 'chief', 'd', task), AT + HOUR],
    ];
    const state = last(playPlanned(start, ...script, ...confirmed));
    expect(state.stage).toBe(stage === 'resolved' ? 'closed' : stage);
    expect(state).toMatchObject({ outcome, objection: null, outcomeIsFinal: false });
    expect(objectionRefusal(state, AT + DAY)).toBeNull();

    const second = playPlanned(start, ...script, ...confirmed, [objected('m-10'), AT + 2 * DAY]);
    expect(last(second).objection?.by).toBe('deputyMayor');
    expect(allTold(second)).toContain('mail:objection:deputyMayor');

    const decided: Script = [...confirmed, [objected('m-10'), AT + 2 * DAY]];
    const again = playPlanned(start, ...script, ...decided, [
      decides('reopen', 'deputyMayor', 'd-2', task),
      AT + 3 * DAY,
    ]);
    expect(last(again)).toMatchObject({ stage: 'assigned', objectionCount: 2 });

    const final = playPlanned(
      start,
      ...script,
      ...decided,
      [decides('confirm', 'deputyMayor', 'd-2', task), AT + 3 * DAY],
      [objected('m-11'), AT + 4 * DAY],
    );
    expect(last(final)).toMatchObject({ outcome, outcomeIsFinal: true, objectionCount: 2 });
    expect(allTold(final).slice(-3)).toEqual([
      'citizen:outcomeConfirmed',
      'mail:confirmed:department',
      'citizen:notObjectable',
    ]);
  });

  test('stays open until a late decision, and superiors are notified', () => {
    const turns = playPlanned(start, ...script, [objected('m-9'), AT], [timePassed, AT + 30 * DAY]);
    expect(last(turns)).toMatchObject({ stage: 'objected', slaState: 'breached' });
    expect(last(turns).everBreached).toBe(last(first).everBreached);
    expect(allTold(turns).slice(-2)).toEqual(['mail:breach:chief', 'mail:escalation:deputyMayor']);
    expect(nextDeadline(last(turns))).toBeNull();
  });
});

describe('an objection', () => {
  const rejected: Script = [[acted('reject', 'e'), T0 + HOUR]];
  const start = opening({ terms: newTerms });

  test('is answered with the reason if it is not possible', () => {
    const reasons = stages.map(stage => {
      const state = { ...last(playPlanned(start)), stage, endedAt: T0, outcome: null };
      return [stage, objectionRefusal(state, T0)];
    });
    expect(Object.fromEntries(reasons)).toEqual({
      ...Object.fromEntries(
        ['received', 'triage', 'assigned', 'accepted', 'inProgress', 'scheduled'].map(stage => [
          stage,
          'stillOpen',
        ]),
      ),
      ...{ waitingCitizen: 'stillOpen', waitingInstitution: 'stillOpen', duplicate: 'followsAnother' },
      ...{
        planned: null,
        resolved: null,
        objected: 'underWay',
        closed: null,
        rejected: null,
        handedOff: null,
      },
      withdrawn: 'withdrawn',
    });
    const emergency = opening({ terms: { ...newTerms, emergency: true } });
    expect(objectionRefusal(last(playPlanned(emergency, ...rejected)), AT)).toBe('emergency');
    const late = last(playPlanned(start, ...rejected));
    expect(objectionRefusal(late, T0 + HOUR + 15 * DAY)).toBeNull();
    expect(objectionRefusal(late, T0 + HOUR + 15 * DAY + 1)).toBe('tooLate');
  });

  test('counts once if its message is redelivered', () => {
    const turns = playPlanned(start, ...rejected, [objected('m-9'), AT], [objected('m-9'), AT]);
    expect(last(turns).objectionCount).toBe(1);
    expect(allTold(turns).filter(line => line === 'citizen:objected')).toHaveLength(1);
  });

  test('is decided by its decider or a superior, and the department may only write a note', () => {
    const state = last(playPlanned(start, ...rejected, [objected('m-9'), AT]));
    const asked = (role: TaskAct['role'], action: TaskAct['action']): string | null =>
      refusalOf(state, { actionId: 'x', action, task: 1, ...(role && { role }) }, AT);
    expect(asked('department', 'confirm')).toBe('notTheDecider');
    expect(asked(undefined, 'reopen')).toBe('notTheDecider');
    expect(asked('department', 'note')).toBeNull();
    expect(asked('chief', 'confirm')).toBeNull();
    expect(asked('deputyMayor', 'reopen')).toBeNull();
    expect(asked('chief', 'resolve')).toBe('notInThisStage');
    const second = {
      ...state,
      objection: { ...(state.objection as object), by: 'deputyMayor' },
    } as CaseState;
    expect(refusalOf(second, { actionId: 'x', action: 'confirm', task: 1, role: 'chief' }, AT)).toBe(
      'notTheDecider',
    );
  });

  test('can also be decided by a manager, for any department', () => {
    const decide: CaseEvent = {
      type: 'acted',
      act: {
        actionId: 'd',
        by: 'manager',
        action: 'decide',
        verdict: 'reopen',
        department: 'park-ve-bahceler',
      },
    };
    const turns = playPlanned(start, ...rejected, [objected('m-9'), AT], [decide, AT]);
    expect(last(turns)).toMatchObject({ stage: 'assigned', task: 2 });
    expect(turns.flatMap(({ facts }) => facts)).toContainEqual(
      expect.objectContaining({ type: 'overturned', department: 'park-ve-bahceler' }),
    );
  });

  test('is withdrawn by "çözüldü" and by a withdrawal of the report', () => {
    for (const event of [said('solved', 'm-10'), { type: 'withdrawn', messageId: 'm-10' } as const]) {
      const turns = playPlanned(start, ...rejected, [objected('m-9'), AT], [event, AT + HOUR]);
      expect(last(turns)).toMatchObject({ stage: 'rejected', objection: null });
      expect(allTold(turns).at(-1)).toBe('citizen:objectionWithdrawn');
    }
  });

  test('includes later messages of the citizen, and the decider is notified', () => {
    const added: CaseEvent = { type: 'citizenAdded', messageIds: ['m-10'], fileMessageIds: ['m-10'] };
    const turns = playPlanned(start, ...rejected, [objected('m-9'), AT], [added, AT + HOUR]);
    expect(allTold(turns).slice(-2)).toEqual(['citizen:added', 'mail:citizenAdded:chief']);
  });
});

test('the third "çözülmedi" goes to the last decider, and the case does not close without a decision', () => {
  const done = (n: number): Script => [
    [acted('resolve', `e-${n}`, { task: n }), T0 + n * DAY],
    [said('unsolved', `m-${n + 1}`), T0 + n * DAY + HOUR],
  ];
  const turns = playPlanned(opening({ terms: newTerms }), ...done(1), ...done(2), ...done(3));
  expect(last(turns)).toMatchObject({ stage: 'objected', reopenCount: 2, closeAt: null });
  expect(allTold(turns)).toContain('mail:objection:deputyMayor');
  const earlier = playPlanned(
    opening({ terms: { ...newTerms, objections: undefined } as never }),
    ...done(1),
    ...done(2),
    ...done(3),
  );
  expect(last(earlier).stage).toBe('resolved');
  expect(allTold(earlier)).toContain('mail:decision:deputyMayor');
});
