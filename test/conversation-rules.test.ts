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
    case 'withdraw':
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
const follow = (follows: Follows, over: Partial<MessageFacts> = {}): MessageFacts =>
  message('report', { ...recent, follows, ...over });

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
    'people in danger hear of 112 and of nothing else, and staff are told',
    [message('emergency', { danger: 'people' })],
    ['reply emergency x1', 'tell staff x1'],
  ],
  [
    'the place and pictures after a call for help reach staff and open no case',
    [message('emergency', { danger: 'people' }), message('place'), photo()],
    ['reply emergency x1', 'tell staff x1', 'note x1', 'tell staff x1', 'note x1', 'tell staff x1'],
  ],
  [
    'what was said before a call for help goes to staff with it',
    [message('greeting'), message('emergency', { danger: 'people' })],
    ['reply emergency x1', 'tell staff x2', 'reply greeting x1'],
  ],
  [
    'a hazard is asked for its place only',
    [message('report', { subject: 'unsure', danger: 'passers' })],
    ['reply askPlace x1'],
  ],
  [
    'a hazard with a place becomes a case',
    [message('report', { subject: 'unsure', danger: 'passers', tellsPlace: true })],
    ['case x1'],
  ],
  [
    'a hazard that hurt somebody names 112 as well',
    [message('report', { danger: 'passers', besides: 'emergency', tellsPlace: true })],
    ['reply emergency x1', 'case x1'],
  ],
  [
    'an emergency of before hears of 112 at once, before anything else',
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
  ['an unsure subject is asked by list', [message('report', { subject: 'unsure' })], ['reply askSubject x1']],
  [
    'words that make the subject clear need no list',
    [message('report', { subject: 'unsure' }), message('report', { subject: 'sure', tellsPlace: true })],
    ['case x2'],
  ],
  ['a clear addition joins the open case', [follow('addition')], ['add to PK-0000-0001 x1']],
  ['a clear new report beside an open case is asked for its place', [follow('new')], ['reply askPlace x1']],
  [
    'what is likely an addition is asked about',
    [follow('likelyAddition')],
    ['reply askWhich PK-0000-0001 x1'],
  ],
  ['what is likely new is asked about', [follow('likelyNew')], ['reply askWhich PK-0000-0001 x1']],
  ['photos follow the words beside them', [photo(recent), follow('addition')], ['add to PK-0000-0001 x2']],
  [
    'a case that the words name goes before the newest',
    [follow('addition', { about: 'PK-0000-0009' })],
    ['add to PK-0000-0009 x1'],
  ],
  ['thanks for an open case are noted', [message('thanks', recent)], ['note x1']],
  ['a reaction to an open case is noted', [message('event', recent)], ['note x1']],
  ['a suggestion is a case of its kind, and nothing is asked', [message('suggestion')], ['suggestion x1']],
  ['a wish to speak with somebody is passed on', [message('person')], ['reply person x1', 'tell staff x1']],
  ['stop is answered at once', [message('stop')], ['reply stop x1']],
  ['start is answered at once', [message('start')], ['reply start x1']],
  ['a withdrawal is confirmed first', [message('withdraw')], ['reply confirmWithdraw x1']],
  [
    'a confirmed withdrawal reaches its case',
    [message('withdrawYes', { about: 'PK-0000-0001' })],
    ['withdraw PK-0000-0001'],
  ],
  ['a withdrawal of an ended case is answered', [message('withdrawYes')], ['reply endedCase x1']],
  ['an insult is warned about', [message('abuse')], ['reply abuse x1']],
  [
    'an insulting report is warned about and taken in',
    [message('report', { besides: 'abuse', tellsPlace: true })],
    ['reply abuse x1', 'case x1'],
  ],
  ['a petition is explained', [message('petition')], ['reply petition x1']],
  ['a lost file is told at once', [message('lostFile')], ['reply lostFile x1']],
  ['a blocked citizen is told so', [message('blocked')], ['reply blocked x1']],
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

describe('the list of subjects', () => {
  const asked = (over: Partial<MessageFacts> = {}): ConversationState =>
    talk(newConversation, message('report', { subject: 'unsure', ...over })).state;
  const chosen = message('subject', { chosen: 'tree' });

  test('whose answer comes with the place known opens the case with the chosen subject', () => {
    const turn = hear(asked({ tellsPlace: true }), chosen, pace, 60_000);
    expect(turn.effects.map(words)).toEqual(['case x2 as tree']);
  });

  test('whose answer comes without a place is followed by the question for the place alone', () => {
    const turn = hear(asked(), chosen, pace, 60_000);
    expect(turn.effects.map(words)).toEqual(['reply askPlace x2']);
    expect(hear(turn.state, message('place'), pace, 70_000).effects.map(words)).toEqual(['case x3 as tree']);
  });

  test('that nobody answers is not followed by another question', () => {
    expect(goOn(asked(), pace, 1_800_000).effects.map(words)).toEqual(['case x1']);
  });

  test('waits on while photos and the pin come', () => {
    const before = asked();
    const { state, effects } = hear(before, message('place'), pace, 60_000);
    expect([effects, state.deadline]).toEqual([[], before.deadline]);
    expect(hear(state, chosen, pace, 70_000).effects.map(words)).toEqual(['case x3 as tree']);
  });

  test('whose answer comes too late joins the case', () => {
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

test('"iptal" drops what was not recorded yet', () => {
  const asked = talk(newConversation, message('report')).state;
  const turn = hear(asked, message('withdraw'), pace, 60_000);
  expect(turn.effects.map(words)).toEqual(['reply draftDropped x2']);
  expect(turn.state.deadline).toBeNull();
});

describe('a flood', () => {
  const firm = { ...pace, repeatMs: 60_000, replyEveryMs: 6_000, mostInBurst: 60 };

  test.each<Says>(['person', 'stop', 'withdraw', 'emergency', 'blocked', 'lostFile'])(
    'of 500 messages that say %s in a minute is answered once or twice',
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

  test('ends its burst after so many messages', () => {
    let state = newConversation;
    for (let sent = 0; sent < 60; sent += 1) state = hear(state, photo(), firm, sent).state;
    expect(state.deadline).toBe(59);
  });
});

test('the same burst makes the same report in any order, with delays and deliveries in doubt', () => {
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

const follows = ['addition', 'likelyAddition', 'likelyNew', 'new'] as const;

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
