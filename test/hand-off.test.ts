import fc from 'fast-check';
import {
  deskReports,
  type HandOff,
  handOffAnswers,
  type HandOffEffect,
  type HandOffStep,
  handOffTurn,
  type HandOffWay,
  institutionAnswers,
  institutionLetters,
  lostHandOff,
  newHandOff,
  type HandOffLetter,
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
const bounced = (letter: HandOffLetter): Event => ({ type: 'undelivered', letter, bounced: true });
const added: Event = { type: 'added', messageIds: ['m-2'] };
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
    'goes to our desk when the letter comes back as mail',
    'letter',
    [bounced('matter'), bounced('matter')],
    ['matter', 'pass', 'UNDELIVERED'],
  ],
  [
    'goes to our desk when the reminder comes back as mail',
    'letter',
    [passed, bounced('reminder'), desk('passedOn'), passed],
    ['matter', 'reminder', 'REMINDED', 'pass', 'UNDELIVERED', 'PASSEDON', 'watch', 'DESKREMINDED'],
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
  [
    'writes later words to the institution',
    'letter',
    [added, passed],
    ['matter', 'addition', 'reminder', 'REMINDED'],
  ],
  [
    'writes later words to the desk that passes it on',
    'desk',
    [added, desk('passedOn'), added],
    ['pass', 'additionToPass', 'PASSEDON', 'additionToPass'],
  ],
  [
    'goes to our desk when later words are refused',
    'letter',
    [added, { type: 'undelivered', letter: 'addition' }],
    ['matter', 'addition', 'pass', 'UNDELIVERED'],
  ],
  ['has nobody for words after its end', 'letter', [told('done'), added], ['matter', 'DONE']],
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

describe('a lost hand-off goes on', () => {
  const AT = 100;
  const by = (way: HandOffWay, steps: HandOffStep[]) => steps.map(step => ({ step, way }));
  const letter = (...steps: HandOffStep[]) => by('letter', steps);
  const byDesk = (...steps: HandOffStep[]) => by('desk', steps);

  it.each([
    ['with its letter', letter('mailed'), 'answer', 1, ['matter 1', 'reminder 2']],
    ['after a reminder', letter('mailed', 'reminded'), 'answer', 2, ['reminder 2', 'watch 3']],
    ['with an unsent reminder', letter('mailed', 'reminded'), 'answer', 1, ['reminder 2', 'watch 3']],
    ['to its end', letter('mailed', 'reminded', 'deskReminded'), 'answer', 3, ['watch 3']],
    ['after it was taken', letter('mailed', 'taken'), 'answer', 1, ['reminder 2']],
    ['with a question', letter('mailed', 'question'), 'reply', 2, ['question 2', 'question 3']],
    ['with a repeated question', letter('mailed', 'question'), 'reply', 3, ['question 3']],
    ['with a reply', letter('mailed', 'question', 'replied'), 'answer', 3, ['reply 3', 'reminder 4']],
    ['at our desk', byDesk('deskAsked'), 'passing', 1, ['pass 1', 'pass 2']],
    ['at our desk, asked again', byDesk('deskAsked'), 'passing', 2, ['pass 2']],
    [
      'after a refused letter',
      [...letter('mailed'), ...byDesk('undelivered')],
      'passing',
      2,
      ['pass 2', 'pass 3'],
    ],
    ['after our desk passed it on', byDesk('deskAsked', 'passedOn'), 'answer', 3, ['watch 4']],
  ] as const)('%s, without a second letter', (_, steps, awaits, stored, letters) => {
    const { step, way } = steps.at(-1) ?? { step: 'mailed', way: 'letter' };
    const lost = lostHandOff({ at: AT, step, way, awaits }, steps, stored);
    const first = handOffTurn(newHandOff(way), { type: 'resumed', ...lost }, terms, 500);
    // The time to answer has begun with the last step; our desk gets its time anew.
    expect(first.handOff.againAt).toBe(awaits === 'answer' ? AT + terms.answerWithinMs : null);
    const second = handOffTurn(first.handOff, passed, terms, 2_000);
    const sent = [...first.effects, ...second.effects].filter(({ type }) => type === 'send');
    expect(sent).toEqual(letters.map(text => ({ type: 'send', letter: text.split(' ')[0] })));
    expect(lost.letters + 1).toBe(Number(letters[0]?.split(' ')[1]));
  });
});

test('a lost hand-off does not take letters about later words for repeated requests', () => {
  const last = { at: 100, step: 'deskAsked', way: 'desk', awaits: 'passing' } as const;
  const steps = [{ step: 'deskAsked', way: 'desk' }] as const;
  expect(lostHandOff(last, steps, 3, 2)).toMatchObject({ asked: 1, letters: 2 });
  expect(lostHandOff(last, steps, 3)).toMatchObject({ asked: 3, letters: 2 });
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
