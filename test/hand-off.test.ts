import fc from 'fast-check';
import {
  deskReports,
  type HandOff,
  handOffAnswers,
  type HandOffEffect,
  handOffTurn,
  type HandOffWay,
  institutionAnswers,
  institutionLetters,
  newHandOff,
} from '../src/domain/case/hand-off';

type Event = Parameters<typeof handOffTurn>[1];

const terms = { answerWithinMs: 1_000, tries: 2 };

/** Plays events, one minute apart, like the workflow: plans are made at once. */
function played(way: HandOffWay, events: Event[]): { handOff: HandOff; log: string[]; at: number[] } {
  let handOff = newHandOff(way);
  const effects: HandOffEffect[] = [];
  let now = 0;
  for (const event of [{ type: 'begun' } as const, ...events]) {
    now += 60;
    const turn = handOffTurn(handOff, event, terms, now);
    handOff = turn.handOff;
    effects.push(...turn.effects);
    if (turn.effects.some(({ type }) => type === 'plan')) {
      handOff = handOffTurn(handOff, { type: 'planned', againAt: now + 1_000 }, terms, now).handOff;
    }
  }
  const log = effects.flatMap(effect =>
    effect.type === 'send' ? [effect.letter] : effect.type === 'note' ? [effect.news.step.toUpperCase()] : [],
  );
  const at = effects.flatMap(effect => (effect.type === 'note' ? [effect.news.at] : []));
  return { handOff, log, at };
}

const passed: Event = { type: 'timePassed' };
const recalled: Event = { type: 'recalled' };
const refused: Event = { type: 'undelivered', letter: 'matter' };
const told = (answer: (typeof institutionAnswers)[number]): Event => ({
  type: 'reported',
  report: { actionId: answer, answer, by: 'institution' },
});
const desk = (answer: (typeof deskReports)[number] | 'done' | 'notOurs' | 'taken'): Event => ({
  type: 'reported',
  report: { actionId: answer, answer, by: 'desk' },
});

test.each<[string, HandOffWay, Event[], string[]]>([
  ['mails the matter', 'letter', [], ['matter']],
  ['ends when it is done', 'letter', [told('done'), passed], ['matter', 'DONE']],
  ['ends when it is not theirs', 'letter', [told('notOurs')], ['matter', 'NOTOURS']],
  [
    'reminds the institution, then our desk, then ends',
    'letter',
    [passed, passed, passed, passed],
    ['matter', 'reminder', 'REMINDED', 'watch', 'DESKREMINDED', 'SILENT'],
  ],
  [
    'watches anew after the institution took it up',
    'letter',
    [passed, told('taken'), passed],
    ['matter', 'reminder', 'REMINDED', 'TAKEN', 'reminder', 'REMINDED'],
  ],
  [
    'has our desk reply to a question',
    'letter',
    [told('question'), desk('reply'), told('done')],
    ['matter', 'question', 'QUESTION', 'reply', 'REPLIED', 'DONE'],
  ],
  [
    'goes on without a reply after the tries',
    'letter',
    [told('question'), passed, passed, passed],
    ['matter', 'question', 'QUESTION', 'question', 'reminder', 'REMINDED'],
  ],
  [
    'gives a refused letter to our desk',
    'letter',
    [refused, desk('passedOn'), passed],
    ['matter', 'pass', 'UNDELIVERED', 'PASSEDON', 'watch', 'DESKREMINDED'],
  ],
  ['tells the institution that it was taken back', 'letter', [recalled, passed], ['matter', 'recall']],
  ['asks our desk without an address', 'desk', [], ['pass']],
  ['asks our desk again, and then ends', 'desk', [passed, passed], ['pass', 'pass', 'NOTPASSEDON']],
  ['ends if it cannot be passed on', 'desk', [desk('notPassedOn')], ['pass', 'NOTPASSEDON']],
  [
    'takes the answer that our desk heard',
    'desk',
    [desk('passedOn'), desk('taken'), desk('done')],
    ['pass', 'PASSEDON', 'TAKEN', 'DONE'],
  ],
  ['takes no answer before it was passed on', 'desk', [told('done'), desk('done')], ['pass']],
  ['writes to no institution without an address', 'desk', [recalled], ['pass']],
])('a hand-off %s', (_, way, events, log) => {
  expect(played(way, events).log).toEqual(log);
});

test('every hand-off ends, numbers its news in time, and answers only what its page offers', () => {
  const event = fc.oneof(
    fc.constantFrom(passed, refused, recalled),
    fc.constantFrom(...institutionAnswers).map(told),
    fc.constantFrom(...deskReports, 'done' as const, 'notOurs' as const, 'taken' as const).map(desk),
  );
  fc.assert(
    fc.property(fc.constantFrom('letter', 'desk'), fc.array(event, { maxLength: 20 }), (way, events) => {
      const { handOff, at, log } = played(way, [...events, ...Array<Event>(8).fill(passed)]);
      expect(handOff).toMatchObject({ awaits: null, againAt: null });
      expect(at).toEqual([...new Set(at)].sort((a, b) => a - b));
      const toInstitution = log.filter(letter => institutionLetters.some(each => each === letter));
      expect(way === 'desk' ? toInstitution : []).toEqual([]);
      expect(handOffAnswers(null, 'institution')).toEqual([]);
    }),
  );
});
