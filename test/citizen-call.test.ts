import fc from 'fast-check';
import {
  type CallEffect,
  callResults,
  callTurn,
  type CitizenCall,
  newCall,
} from '../src/domain/case/citizen-call';

type Event = Parameters<typeof callTurn>[1];

const TRIES = 2;
const AGAIN = 1_000;

/** Plays events, one minute apart, like the workflow: letters and plans are answered at once. */
function played(...events: Event[]): { call: CitizenCall; effects: CallEffect[]; steps: string[] } {
  let call = newCall;
  const effects: CallEffect[] = [];
  let now = 0;
  const take = (event: Event): void => {
    const turn = callTurn(call, event, TRIES, now);
    call = turn.call;
    for (const effect of turn.effects) {
      effects.push(effect);
      if (effect.type === 'ask') take({ type: 'asked', againAt: now + AGAIN });
      if (effect.type === 'plan') take({ type: 'planned', againAt: now + AGAIN });
    }
  };
  for (const event of events) {
    now += 60;
    take(event);
  }
  const steps = effects.flatMap(effect =>
    effect.type === 'note' ? [`${effect.news.step} ${effect.news.attempt}`] : [],
  );
  return { call, effects, steps };
}

const failed = (effect: number): Event => ({ type: 'undelivered', effect });
const arrived = (effect: number): Event => ({ type: 'arrived', effect });
const passed: Event = { type: 'timePassed' };
const reported = (result: (typeof callResults)[number], told: number[] = []): Event => ({
  type: 'reported',
  report: { actionId: `${result}-act`, result, told },
});

test.each<[string, Event[], string[], CitizenCall['end']]>([
  ['asks the desk', [failed(3)], ['asked 1'], null],
  ['asks once for several messages', [failed(3), failed(5), failed(5)], ['asked 1'], null],
  [
    'ends when the citizen was reached',
    [failed(3), reported('reached', [3])],
    ['asked 1', 'reached 1'],
    'reached',
  ],
  [
    'ends at a wrong number',
    [failed(3), reported('wrongNumber')],
    ['asked 1', 'wrongNumber 1'],
    'wrongNumber',
  ],
  [
    'asks again after "not reached"',
    [failed(3), reported('notReached'), passed],
    ['asked 1', 'notReached 1', 'asked 2'],
    null,
  ],
  [
    'accepts a result between two tries',
    [failed(3), reported('notReached'), reported('reached', [3])],
    ['asked 1', 'notReached 1', 'reached 1'],
    'reached',
  ],
  [
    'ends when the last try did not reach the citizen',
    [failed(3), reported('notReached'), passed, reported('notReached')],
    ['asked 1', 'notReached 1', 'asked 2', 'unreached 2'],
    'unreached',
  ],
  [
    'ends when the desk never reports',
    [failed(3), passed, passed],
    ['asked 1', 'asked 2', 'unanswered 2'],
    'unanswered',
  ],
  [
    'ends when all messages arrived',
    [failed(3), failed(4), arrived(3), arrived(4)],
    ['asked 1', 'arrived 1'],
    'arrived',
  ],
  ['goes on while one message is missing', [failed(3), failed(4), arrived(3)], ['asked 1'], null],
  [
    'starts again for a message that failed during the talk',
    [failed(3), failed(4), reported('reached', [3])],
    ['asked 1', 'reached 1', 'asked 1'],
    null,
  ],
  [
    'starts again for a message that failed after the end',
    [failed(3), reported('reached', [3]), failed(9)],
    ['asked 1', 'reached 1', 'asked 1'],
    null,
  ],
])('a call %s', (_, events, steps, end) => {
  const story = played(...events);
  expect(story.steps).toEqual(steps);
  expect(story.call.end).toBe(end);
});

test('without a number nobody is asked', () => {
  const { call } = callTurn(newCall, failed(3), TRIES, 60);
  const turn = callTurn(call, { type: 'asked', againAt: null }, TRIES, 61);
  expect(turn.call.end).toBe('noNumber');
  expect(turn.effects).toEqual([{ type: 'note', news: { at: 61, attempt: 1, step: 'noNumber' } }]);
});

test('every call ends, asks at most as often as configured in a row, and numbers its news in time', () => {
  const event = fc.oneof(
    fc.nat(4).map(failed),
    fc.nat(4).map(arrived),
    fc.constant(passed),
    fc.constantFrom(...callResults).map(result => reported(result, [0, 1, 2, 3, 4])),
  );
  fc.assert(
    fc.property(fc.array(event, { maxLength: 30 }), events => {
      const started = [failed(0), ...events];
      const { call, effects } = played(...started, ...Array<Event>(TRIES).fill(passed));
      expect(call.end).not.toBeNull();
      expect(call.untold).toEqual([]);
      const asks = effects.flatMap(effect => (effect.type === 'ask' ? [effect.attempt] : []));
      expect(Math.max(...asks)).toBeLessThanOrEqual(TRIES);
      const times = effects.flatMap(effect => (effect.type === 'note' ? [effect.news.at] : []));
      expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
    }),
  );
});
