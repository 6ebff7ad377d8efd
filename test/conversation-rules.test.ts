import fc from 'fast-check';
import { goOn } from '../src/domain/talk/burst';
import { hear } from '../src/domain/talk/conversation';
import {
  newConversation,
  type ConversationEffect,
  type ConversationState,
  type Follows,
  type MessageFacts,
  type Says,
} from '../src/domain/talk/conversation-state';

const pace = { quietMs: 20_000, longestMs: 120_000, answerWaitMs: 1_800_000 };

let count = 0;
function message(says: Says, over: Partial<MessageFacts> = {}): MessageFacts {
  count += 1;
  const messageId = `m-${count}`;
  return {
    messageId,
    at: 0,
    says,
    tellsPlace: says === 'place',
    photo: false,
    recentCase: null,
    alreadyHandled: false,
    ...over,
  };
}

/** Hears the messages one second apart and ends the burst. Returns all effects and the final state. */
function talk(
  state: ConversationState,
  ...messages: MessageFacts[]
): { state: ConversationState; effects: string[] } {
  const effects: ConversationEffect[] = [];
  let now = 0;
  for (const each of messages) {
    const turn = hear(state, each, pace, now);
    state = turn.state;
    effects.push(...turn.effects);
    now += 1_000;
  }
  if (state.deadline !== null) {
    const turn = goOn(state, pace, state.deadline);
    state = turn.state;
    effects.push(...turn.effects);
  }
  return { state, effects: effects.map(words) };
}

function words(effect: ConversationEffect): string {
  const size = `x${effect.messageIds.length}`;
  switch (effect.type) {
    case 'reply': {
      const about = effect.caseNumber ? `${effect.caseNumber} ` : '';
      return `reply ${effect.reply} ${about}${size}`;
    }
    case 'openCase':
      return `${effect.kind ?? 'case'} ${size}${effect.chosenCategory ? ` as ${effect.chosenCategory}` : ''}`;
    case 'addToCase':
      return `add to ${effect.caseNumber} ${size}`;
    case 'correctCase':
      return `correct ${effect.caseNumber} ${effect.subject ?? ''}${effect.place ? ' place' : ''} x${effect.messageIds.length}`;
    case 'withdraw':
    case 'undo':
    case 'object':
      return `${effect.type} ${effect.caseNumber}`;
    case 'tellStaff':
      return `tell staff ${size}`;
    case 'feedback':
      return `${effect.answer} ${effect.caseNumber} ${size}`;
    case 'note':
      return `note ${size}`;
  }
}

const photo = (over: Partial<MessageFacts> = {}): MessageFacts =>
  message('attachment', { photo: true, ...over });
const recent = { recentCase: 'PK-0000-0001' };
const addition = { ...recent, follows: 'addition' } as const;
const follow = (follows: Follows, over: Partial<MessageFacts> = {}): MessageFacts =>
  message('report', { ...recent, follows, ...over });

test.each<[string, MessageFacts[], string[]]>([
  ['text and a pin are one report', [message('report'), message('place')], ['case x2']],
  ['a pin, then words', [message('place'), message('report')], ['case x2']],
  [
    'an album with text and a pin is one report',
    [photo(), message('report'), photo(), message('place')],
    ['case x4'],
  ],
  ['text with a street needs no question', [message('report', { tellsPlace: true })], ['case x1']],
  ['a report without a place leads to a question', [message('report')], ['reply askPlace x1']],
  [
    'a greeting before a report is part of it',
    [message('greeting'), message('report', { tellsPlace: true })],
    ['case x2'],
  ],
  ['a greeting alone is answered', [message('greeting')], ['reply greeting x1']],
  ['thanks are returned', [message('thanks')], ['reply thanks x1']],
  ['a question for the status is answered', [message('greeting'), message('status')], ['reply status x2']],
  ['a picture without text leads to a question', [photo()], ['reply askWords x1']],
  ['a pin without text leads to a question', [message('place')], ['reply askWords x1']],
  ['a picture after an opened case is added to it', [photo(recent)], ['add to PK-0000-0001 x1']],
  [
    'people in danger get only 112, and staff are notified',
    [message('emergency', { danger: 'people' })],
    ['reply emergency x1', 'tell staff x1'],
  ],
  [
    'location and pictures after a call for help go to staff and open no case',
    [message('emergency', { danger: 'people' }), message('place'), photo()],
    ['reply emergency x1', 'tell staff x1', 'note x1', 'tell staff x1', 'note x1', 'tell staff x1'],
  ],
  [
    'earlier messages of a call for help go to staff with it',
    [message('greeting'), message('emergency', { danger: 'people' })],
    ['reply emergency x1', 'tell staff x2', 'reply greeting x1'],
  ],
  [
    'a wrong subject is corrected',
    [message('corrects', { ...addition, corrects: { subject: 'tree', sure: true } })],
    ['correct PK-0000-0001 tree x1'],
  ],
  [
    'a wrong pin is corrected by the pin of the same burst',
    [message('corrects', { ...addition, corrects: { sure: true } }), message('place')],
    ['correct PK-0000-0001  place x2'],
  ],
  [
    'without the right value there is one question, and then the department decides',
    [message('corrects', { ...addition, corrects: { sure: true } })],
    ['reply askRight PK-0000-0001 x1'],
  ],
  [
    'an unclear correction is confirmed first',
    [message('corrects', { ...addition, corrects: { subject: 'tree', sure: false } })],
    ['reply askCorrection PK-0000-0001 x1'],
  ],
  [
    'with several cases we ask which one is wrong',
    [message('corrects', { ...addition, alike: ['PK-2'], corrects: { subject: 'tree', sure: true } })],
    ['reply askWhich PK-0000-0001 x1'],
  ],
  [
    'a correction of a report that has no case yet is part of it',
    [message('report', { tellsPlace: true }), message('corrects', { ...addition, corrects: { sure: true } })],
    ['case x2'],
  ],
  [
    'a hazard leads only to the question for its place',
    [message('report', { subject: 'unsure', danger: 'passers' })],
    ['reply askPlace x1'],
  ],
  [
    'a hazard with a place becomes a case',
    [message('report', { subject: 'unsure', danger: 'passers', tellsPlace: true })],
    ['case x1'],
  ],
  [
    'a hazard that hurt somebody is answered with 112 as well',
    [message('report', { danger: 'passers', besides: 'emergency', tellsPlace: true })],
    ['reply emergency x1', 'case x1'],
  ],
  [
    'an emergency in older histories is answered with 112 immediately',
    [message('emergency')],
    ['reply emergency x1', 'reply askPlace x1'],
  ],
  [
    'an unreadable message is answered',
    [message('unreadable'), message('unreadable')],
    ['reply unreadable x2'],
  ],
  ['a sticker without a case is answered', [message('aside')], ['reply help x1']],
  ['a sticker with an open case is only recorded', [message('aside', recent)], ['note x1']],
  ['an account event is only recorded', [message('event')], ['note x1']],
  ['a tap on an ended case is answered', [message('endedCase')], ['reply endedCase x1']],
  ['a message that was already handled does nothing', [message('report', { alreadyHandled: true })], []],
  [
    'an unsure subject leads to the list',
    [message('report', { subject: 'unsure' })],
    ['reply askSubject x1'],
  ],
  [
    'text with a clear subject needs no list',
    [message('report', { subject: 'unsure' }), message('report', { subject: 'sure', tellsPlace: true })],
    ['case x2'],
  ],
  ['a clear addition is added to the open case', [follow('addition')], ['add to PK-0000-0001 x1']],
  [
    'a clear new report besides an open case leads to the question for its place',
    [follow('new')],
    ['reply askPlace x1'],
  ],
  ['a likely addition leads to a question', [follow('likelyAddition')], ['reply askWhich PK-0000-0001 x1']],
  ['a likely new report leads to a question', [follow('likelyNew')], ['reply askWhich PK-0000-0001 x1']],
  ['photos follow their text', [photo(recent), follow('addition')], ['add to PK-0000-0001 x2']],
  [
    'a named case has priority over the newest one',
    [follow('addition', { about: 'PK-0000-0009' })],
    ['add to PK-0000-0009 x1'],
  ],
  ['thanks for an open case are only recorded', [message('thanks', recent)], ['note x1']],
  ['a reaction with an open case is only recorded', [message('event', recent)], ['note x1']],
  ['a suggestion opens a case of its kind without a question', [message('suggestion')], ['suggestion x1']],
  ['a request to speak to a person is passed on', [message('person')], ['reply person x1', 'tell staff x1']],
  ['stop is answered immediately', [message('stop')], ['reply stop x1']],
  ['start is answered immediately', [message('start')], ['reply start x1']],
  ['a withdrawal is confirmed first', [message('withdraw')], ['reply confirmWithdraw x1']],
  [
    'a confirmed withdrawal reaches its case',
    [message('withdrawYes', { about: 'PK-0000-0001' })],
    ['withdraw PK-0000-0001'],
  ],
  ['a withdrawal of an ended case is answered', [message('withdrawYes')], ['reply endedCase x1']],
  ['an insult leads to a warning', [message('abuse')], ['reply abuse x1']],
  [
    'an insulting report leads to a warning and a case',
    [message('report', { besides: 'abuse', tellsPlace: true })],
    ['reply abuse x1', 'case x1'],
  ],
  ['a petition is explained', [message('petition')], ['reply petition x1']],
  ['a lost file is reported immediately', [message('lostFile')], ['reply lostFile x1']],
  ['a blocked citizen is notified', [message('blocked')], ['reply blocked x1']],
])('%s', (_, messages, effects) => {
  expect(talk(newConversation, ...messages).effects).toEqual(effects);
});

test('a pin that answers our question opens the case immediately', () => {
  const asked = talk(newConversation, message('report')).state;
  expect(hear(asked, message('place'), pace, 60_000).effects.map(words)).toEqual(['case x2']);
});

test.each<[Says, string[]]>([
  ['status', ['reply status x1']],
  ['unreadable', ['reply unreadable x1']],
  ['thanks', ['note x1']],
  ['aside', ['note x1']],
])('while our question is open, %s is answered and the question stays open', (says, effects) => {
  const asked = talk(newConversation, message('report')).state;
  const turn = hear(asked, message(says), pace, 60_000);
  expect(turn.effects.map(words)).toEqual(effects);
  expect(turn.state).toEqual(asked);
});

test.each<[string, MessageFacts['besides'], string[]]>([
  ['a hazard', undefined, ['case x1']],
  ['a hazard that hurt somebody', 'emergency', ['reply emergency x1', 'case x1']],
])('%s at another place is a case of its own, and our question stays open', (_, besides, effects) => {
  const asked = talk(newConversation, message('report')).state;
  const apart = message('report', { apart: true, danger: 'passers', ...(besides && { besides }) });
  const turn = hear(asked, apart, pace, 60_000);
  expect(turn.effects.map(words)).toEqual(effects);
  expect(turn.state).toEqual(asked);
});

describe('the list of subjects', () => {
  const asked = (over: Partial<MessageFacts> = {}): ConversationState =>
    talk(newConversation, message('report', { subject: 'unsure', ...over })).state;
  const chosen = message('subject', { chosen: 'tree' });

  test('if the place is known, a choice opens the case with the chosen subject', () => {
    const turn = hear(asked({ tellsPlace: true }), chosen, pace, 60_000);
    expect(turn.effects.map(words)).toEqual(['case x2 as tree']);
  });

  test('if the place is unknown, a choice is followed by the question for the place only', () => {
    const turn = hear(asked(), chosen, pace, 60_000);
    expect(turn.effects.map(words)).toEqual(['reply askPlace x2']);
    expect(hear(turn.state, message('place'), pace, 70_000).effects.map(words)).toEqual(['case x3 as tree']);
  });

  test('without an answer is not followed by another question', () => {
    expect(goOn(asked(), pace, 1_800_000).effects.map(words)).toEqual(['case x1']);
  });

  test('stays open while photos and the pin arrive', () => {
    const before = asked();
    const { state, effects } = hear(before, message('place'), pace, 60_000);
    expect([effects, state.deadline]).toEqual([[], before.deadline]);
    expect(hear(state, chosen, pace, 70_000).effects.map(words)).toEqual(['case x3 as tree']);
  });

  test('with a late choice adds it to the case', () => {
    const late = message('subject', { chosen: 'tree', ...recent });
    expect(talk(newConversation, late).effects).toEqual(['add to PK-0000-0001 x1']);
  });
});

describe('the question whether a report is new', () => {
  const asked = (follows: Follows): ConversationState =>
    talk(newConversation, follow(follows, { tellsPlace: true })).state;

  test.each<[string, Partial<MessageFacts>, string[]]>([
    ['new', {}, ['case x2']],
    ['about the case', { about: 'PK-0000-0001' }, ['add to PK-0000-0001 x2']],
  ])('is answered: %s', (_, over, effects) => {
    const turn = hear(asked('likelyNew'), message('which', { ...recent, ...over }), pace, 60_000);
    expect(turn.effects.map(words)).toEqual(effects);
  });

  test.each<[Follows, string[]]>([
    ['likelyAddition', ['add to PK-0000-0001 x1']],
    ['likelyNew', ['case x1']],
  ])('is not answered: %s', (follows, effects) => {
    expect(goOn(asked(follows), pace, 1_800_000).effects.map(words)).toEqual(effects);
  });
});

test('"iptal" discards messages without a case', () => {
  const asked = talk(newConversation, message('report')).state;
  const turn = hear(asked, message('withdraw'), pace, 60_000);
  expect(turn.effects.map(words)).toEqual(['reply draftDropped x2']);
  expect(turn.state.deadline).toBeNull();
});

describe('a flood', () => {
  const firm = { ...pace, repeatMs: 60_000, replyEveryMs: 6_000, mostInBurst: 60 };

  test.each<Says>(['person', 'stop', 'withdraw', 'emergency', 'blocked', 'lostFile'])(
    'of 500 messages that say %s in a minute gets one or two answers',
    says => {
      let state = newConversation;
      let replies = 0;
      for (let sent = 0; sent < 500; sent += 1) {
        const turn = hear(state, message(says), firm, sent * 120);
        state = turn.state;
        replies += turn.effects.filter(effect => effect.type === 'reply').length;
      }
      expect(replies).toBeLessThanOrEqual(2);
    },
  );

  test('of status questions gets one answer for each case number that they name', () => {
    const named = [undefined, 'PK-0000-0001', undefined, 'PK-0000-0002', 'PK-0000-0001', 'PK-0000-0002'];
    let state = newConversation;
    const replies = named.map((statusOf, place) => {
      const turn = hear(
        state,
        message('status', statusOf === undefined ? {} : { statusOf }),
        { ...firm, attentive: true },
        place,
      );
      state = turn.state;
      return turn.effects.filter(effect => effect.type === 'reply').length;
    });
    expect(replies).toEqual([1, 1, 0, 1, 0, 0]);
  });

  test('ends its burst at the limit of messages', () => {
    let state = newConversation;
    for (let sent = 0; sent < 60; sent += 1) state = hear(state, photo(), firm, sent).state;
    expect(state.deadline).toBe(59);
  });
});

test('a burst leads to the same report in any order, with delays and redeliveries', () => {
  const parts = fc.subarray(
    [
      { says: 'report', tellsPlace: true, subject: 'sure' },
      { says: 'attachment', photo: true },
      { says: 'attachment', photo: true },
      { says: 'attachment' },
      { says: 'place', tellsPlace: true },
      { says: 'greeting' },
    ] as const,
    { minLength: 1 },
  );
  fc.assert(
    fc.property(
      parts.chain(burst =>
        fc.tuple(
          fc.shuffledSubarray([...burst.keys()], { minLength: burst.length }),
          fc.array(fc.integer({ min: 0, max: 15_000 }), { minLength: burst.length, maxLength: burst.length }),
          fc.constant(burst),
        ),
      ),
      ([order, waits, burst]) => {
        const sent = burst.map(over => message(over.says, over));
        const reportOf = (arrival: number[], delays: number[]): string[] => {
          let state = newConversation;
          let now = 0;
          for (const [place, index] of arrival.entries()) {
            now += delays[place] ?? 0;
            state = hear(state, sent[index] as MessageFacts, pace, now).state;
          }
          const { effects } = goOn(state, pace, state.deadline ?? now);
          return effects.flatMap(effect => [effect.type, ...effect.messageIds.toSorted()]);
        };
        const inOrder = reportOf(
          [...burst.keys()],
          burst.map(() => 0),
        );
        expect(
          reportOf(
            order,
            waits.map(wait => Math.min(wait, 100_000 / burst.length)),
          ),
        ).toEqual(inOrder);
      },
    ),
    { numRuns: 1_000 },
  );
});

test('without an answer about the place, the case opens anyway', () => {
  const asked = talk(newConversation, message('report')).state;
  expect(goOn(asked, pace, 1_800_000).effects.map(words)).toEqual(['case x1']);
});

test('a picture without an explanation becomes a case for the triage desk', () => {
  const asked = talk(newConversation, photo()).state;
  expect(goOn(asked, pace, 1_800_000).effects.map(words)).toEqual(['case x1']);
});

test('a burst waits for silence, but never longer than the limit', () => {
  let state = newConversation;
  const deadlines = [0, 15_000, 110_000].map(now => {
    state = hear(state, photo(), pace, now).state;
    return state.deadline;
  });
  expect(deadlines).toEqual([20_000, 35_000, 120_000]);
});

const follows = ['addition', 'likelyAddition', 'likelyNew', 'new'] as const;

test('no sequence of messages loses one or uses one twice', () => {
  const says = fc.constantFrom<Says>(
    'report',
    'attachment',
    'place',
    'greeting',
    'thanks',
    'status',
    'help',
    'emergency',
    'aside',
    'event',
    'endedCase',
    'unreadable',
    'suggestion',
    'petition',
    'abuse',
    'person',
    'stop',
    'withdraw',
    'withdrawYes',
    'subject',
    'which',
    'lostFile',
    'blocked',
  );
  fc.assert(
    fc.property(
      fc.array(fc.tuple(says, fc.boolean(), fc.integer({ min: 0, max: 60_000 })), { maxLength: 20 }),
      script => {
        let state: ConversationState = newConversation;
        let now = 0;
        const sent: string[] = [];
        const settled: string[] = [];
        const settle = (effects: ConversationEffect[]): void => {
          for (const effect of effects) {
            const open =
              effect.type === 'tellStaff' ||
              (effect.type === 'reply' &&
                ['askPlace', 'askWords', 'askSubject', 'askWhich', 'emergency'].includes(effect.reply));
            if (!open) settled.push(...effect.messageIds);
          }
        };
        const passTime = (until: number): void => {
          while (state.deadline !== null && state.deadline <= until) {
            const turn = goOn(state, pace, state.deadline);
            settle(turn.effects);
            state = turn.state;
          }
        };
        for (const [kind, hasCase, wait] of script) {
          now += wait;
          passTime(now);
          const each = message(kind, {
            recentCase: hasCase ? 'PK-0000-0001' : null,
            ...(kind === 'report' && { subject: wait % 2 === 0 ? 'sure' : 'unsure' }),
            ...(kind === 'report' && hasCase && { follows: follows[wait % 4] }),
            ...(kind === 'subject' && { chosen: 'tree' }),
          });
          sent.push(each.messageId);
          const turn = hear(state, each, pace, now);
          settle(turn.effects);
          state = turn.state;
        }
        passTime(Number.MAX_SAFE_INTEGER);
        expect([...settled].sort()).toEqual([...sent].sort());
      },
    ),
    { numRuns: 500 },
  );
});
