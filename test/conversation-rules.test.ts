import fc from 'fast-check';
import {
  goOn,
  hear,
  newConversation,
  type ConversationEffect,
  type ConversationState,
  type MessageFacts,
  type Says,
} from '../src/domain/conversation';

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

/** Says the messages, a second apart, and lets the burst end; answers with all effects and the state. */
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
    case 'reply':
      return `reply ${effect.reply} ${size}`;
    case 'openCase':
      return `case ${size}`;
    case 'addToCase':
      return `add to ${effect.caseNumber} ${size}`;
    case 'withdraw':
      return `withdraw ${effect.caseNumber}`;
    case 'tellStaff':
      return `tell staff ${size}`;
    case 'note':
      return `note ${size}`;
  }
}

const photo = (over: Partial<MessageFacts> = {}): MessageFacts =>
  message('attachment', { photo: true, ...over });
const recent = { recentCase: 'PK-0000-0001' };

test.each<[string, MessageFacts[], string[]]>([
  ['words and a pin are one report', [message('report'), message('place')], ['case x2']],
  ['a pin, then words', [message('place'), message('report')], ['case x2']],
  [
    'an album with words and a pin keeps all',
    [photo(), message('report'), photo(), message('place')],
    ['case x4'],
  ],
  ['words that tell the street need no question', [message('report', { tellsPlace: true })], ['case x1']],
  ['a report without a place is asked for it', [message('report')], ['reply askPlace x1']],
  [
    'a greeting before a report is part of it',
    [message('greeting'), message('report', { tellsPlace: true })],
    ['case x2'],
  ],
  ['a greeting alone is greeted', [message('greeting')], ['reply greeting x1']],
  ['thanks are returned', [message('thanks')], ['reply thanks x1']],
  ['a question for the status is answered', [message('greeting'), message('status')], ['reply status x2']],
  ['a picture without words is asked about', [photo()], ['reply askWords x1']],
  ['a pin without words is asked about', [message('place')], ['reply askWords x1']],
  ['a picture after an opened case joins it', [photo(recent)], ['add to PK-0000-0001 x1']],
  [
    'an emergency hears of 112 at once, before anything else',
    [message('emergency')],
    ['reply emergency x1', 'reply askPlace x1'],
  ],
  [
    'something unreadable is answered',
    [message('unreadable'), message('unreadable')],
    ['reply unreadable x2'],
  ],
  ['a sticker out of the blue is answered', [message('aside')], ['reply help x1']],
  ['a sticker on an open case is noted', [message('aside', recent)], ['note x1']],
  ['news of the account is noted', [message('event')], ['note x1']],
  ['a tap on an ended case is answered', [message('endedCase')], ['reply endedCase x1']],
  ['a message that was handled before does nothing', [message('report', { alreadyHandled: true })], []],
])('%s', (_, messages, effects) => {
  expect(talk(newConversation, ...messages).effects).toEqual(effects);
});

test('a pin that answers our question opens the case at once', () => {
  const asked = talk(newConversation, message('report')).state;
  expect(hear(asked, message('place'), pace, 60_000).effects.map(words)).toEqual(['case x2']);
});

test.each<[Says, string[]]>([
  ['status', ['reply status x1']],
  ['unreadable', ['reply unreadable x1']],
  ['thanks', ['note x1']],
  ['aside', ['note x1']],
])('while our question is open, %s neither ends the waiting nor goes unanswered', (says, effects) => {
  const asked = talk(newConversation, message('report')).state;
  const turn = hear(asked, message(says), pace, 60_000);
  expect(turn.effects.map(words)).toEqual(effects);
  expect(turn.state).toEqual(asked);
});

test('nobody answers where: the case opens all the same', () => {
  const asked = talk(newConversation, message('report')).state;
  expect(goOn(asked, pace, 1_800_000).effects.map(words)).toEqual(['case x1']);
});

test('nobody explains a picture: it becomes a case for people to look at', () => {
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

test('no message is lost and none is used twice, whatever is sent', () => {
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
              effect.type === 'reply' && ['askPlace', 'askWords', 'emergency'].includes(effect.reply);
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
          const each = message(kind, { recentCase: hasCase ? 'PK-0000-0001' : null });
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
