import { goOn } from '../src/domain/talk/burst';
import { hear } from '../src/domain/talk/conversation';
import {
  newConversation,
  type ConversationEffect,
  type ConversationState,
  type MessageFacts,
  type Says,
} from '../src/domain/talk/conversation-state';

const MINUTE = 60_000;
const pace = {
  quietMs: 20_000,
  longestMs: 120_000,
  answerWaitMs: 30 * MINUTE,
  lapseMs: 24 * 60 * MINUTE,
  repeatMs: MINUTE,
  attentive: true,
  takesApart: true,
};
const first = 'PK-0000-0001';
const second = 'PK-0000-0002';

let count = 0;
function message(says: Says, over: Partial<MessageFacts> = {}): MessageFacts {
  count += 1;
  return {
    messageId: `m-${count}`,
    at: 0,
    says,
    tellsPlace: says === 'place',
    photo: false,
    recentCase: null,
    alreadyHandled: false,
    matter: false,
    ...over,
  };
}
const report = (over: Partial<MessageFacts> = {}) =>
  message('report', { matter: true, subject: 'sure', ...over });
const unknown = (over: Partial<MessageFacts> = {}) => message('report', { subject: 'unsure', ...over });
const photo = (over: Partial<MessageFacts> = {}) => message('attachment', { photo: true, ...over });
const answer = (
  says: 'solved' | 'partly' | 'unsolved' | 'thanks',
  { sure = true, ...over }: { sure?: boolean } & Partial<MessageFacts> = {},
) => message('feedback', { recentCase: first, answer: { says, sure }, ...over });

interface Talk {
  state: ConversationState;
  now: number;
  said: string[];
}
const begin = (): Talk => ({ state: newConversation, now: 0, said: [] });

function words(effect: ConversationEffect): string {
  switch (effect.type) {
    case 'reply': {
      const { reply, caseNumber, alike, again, answer: taken } = effect;
      const parts = [caseNumber, ...(alike ?? []), taken, again && `again ${again}`];
      return [reply, ...parts.filter(part => part !== undefined)].join(' ');
    }
    case 'openCase':
      return `${effect.kind ?? 'case'} x${effect.messageIds.length}`;
    case 'addToCase':
      return `add to ${effect.caseNumber}${effect.quietly ? ' quietly' : ''} x${effect.messageIds.length}`;
    case 'feedback':
      return `${effect.answer} ${effect.caseNumber} x${effect.messageIds.length}`;
    case 'correctCase':
      return `correct ${effect.caseNumber} ${effect.subject ?? ''}${effect.place ? ' place' : ''} x${effect.messageIds.length}`;
    case 'withdraw':
    case 'undo':
    case 'object':
      return `${effect.type} ${effect.caseNumber}`;
    case 'tellStaff':
    case 'note':
      return effect.type;
  }
}

/** Hears messages one second apart, two minutes after the previous ones. Returns the immediate effects. */
function say(talk: Talk, ...messages: MessageFacts[]): string[] {
  talk.now += 2 * MINUTE;
  return messages.flatMap(each => {
    talk.now += 1_000;
    const turn = hear(talk.state, each, pace, talk.now);
    talk.state = turn.state;
    return turn.effects.map(words);
  });
}

/** Advances the clock until the conversation continues automatically. */
function wait(talk: Talk): string[] {
  if (talk.state.deadline === null) return [];
  talk.now = Math.max(talk.now, talk.state.deadline);
  const turn = goOn(talk.state, pace, talk.now);
  talk.state = turn.state;
  return turn.effects.map(words);
}

describe('an answer to the survey in words', () => {
  test.each<[string, MessageFacts[], string[]]>([
    ['is applied if sure', [answer('solved')], [`solved ${first} x1`, `answerTaken ${first} solved`]],
    [
      'includes photos and further text',
      [answer('unsolved'), photo({ recentCase: first, follows: 'addition' })],
      [`unsolved ${first} x2`, `answerTaken ${first} unsolved`],
    ],
    [
      'leads to a question if unsure, and goes to the department',
      [answer('solved', { sure: false })],
      [`add to ${first} quietly x1`, `askSolved ${first}`],
    ],
    ['is asked for after thanks', [answer('thanks')], [`askSolved ${first}`]],
    [
      'is revoked by a complaint in the same burst',
      [answer('solved'), answer('unsolved')],
      [`unsolved ${first} x2`, `answerTaken ${first} unsolved`],
    ],
    [
      'is unsure when the burst contradicts itself',
      [answer('unsolved'), answer('solved')],
      [`add to ${first} quietly x2`, `askSolved ${first}`],
    ],
    [
      'may be in the same burst as a new report',
      [answer('solved'), report({ recentCase: first, follows: 'new', tellsPlace: true })],
      [`solved ${first} x1`, `answerTaken ${first} solved`, 'case x1'],
    ],
    [
      'that fits several cases leads to a question',
      [answer('solved', { alike: [second] })],
      [`askWhich ${first} ${second}`],
    ],
  ])('%s', (_, messages, effects) => {
    const talk = begin();
    expect(say(talk, ...messages)).toEqual([]);
    expect(wait(talk)).toEqual(effects);
  });

  test('goes to the chosen case', () => {
    const talk = begin();
    say(talk, answer('unsolved', { alike: [second] }));
    wait(talk);
    expect(say(talk, message('which', { about: second }))).toEqual([
      `unsolved ${second} x2`,
      `answerTaken ${second} unsolved`,
    ]);
  });

  test('changes no case while the case is unclear; the department gets the message', () => {
    const talk = begin();
    say(talk, answer('unsolved', { alike: [second] }));
    wait(talk);
    expect(wait(talk)).toEqual([`add to ${first} x1`]);
  });

  test('that disputes an ended case is passed to that case immediately', () => {
    expect(say(begin(), message('objects', { about: first }))).toEqual([`object ${first}`]);
  });

  test('can be corrected', () => {
    expect(say(begin(), message('undo', { about: first }))).toEqual([`undone ${first}`]);
  });
});

describe('without words', () => {
  test('a message that may belong to a recently mentioned case leads to a question', () => {
    const talk = begin();
    say(talk, photo({ recentCase: first, follows: 'likelyAddition' }));
    expect(wait(talk)).toEqual([`askWhich ${first}`]);
    expect(say(talk, message('which', { about: first }))).toEqual([`add to ${first} x2`]);
  });

  test('a message for a waiting case is its answer', () => {
    const talk = begin();
    say(talk, message('place', { recentCase: first, follows: 'addition' }));
    expect(wait(talk)).toEqual([`add to ${first} x1`]);
  });

  test('a photo without an explanation leads to a question and is stored, but opens no case', () => {
    const talk = begin();
    say(talk, photo());
    expect(wait(talk)).toEqual(['askWords']);
    say(talk, photo());
    expect(wait(talk)).toEqual(['askWords']);
    expect(wait(talk)).toEqual(['note']);
  });
});

describe('without a matter', () => {
  function lost(): Talk {
    const talk = begin();
    say(talk, unknown());
    expect(wait(talk)).toEqual(['notUnderstood']);
    return talk;
  }

  test('a timeout opens no case', () => {
    expect(wait(lost())).toEqual(['note']);
  });

  test('a photo with any words is a report', () => {
    const talk = begin();
    say(talk, photo(), unknown({ tellsPlace: true }));
    expect(wait(talk)).toEqual(['askSubject']);
  });

  test('the next message may contain it', () => {
    const talk = lost();
    say(talk, report({ tellsPlace: true }));
    expect(wait(talk)).toEqual(['case x2']);
  });

  test('a citizen who wants to report is asked for the text and then for the subject', () => {
    const talk = lost();
    expect(say(talk, message('insists'))).toEqual(['askReport']);
    say(talk, unknown());
    expect(wait(talk)).toEqual(['askSubject']);
    expect(say(talk, message('subject', { chosen: 'tree' }))).toEqual(['askPlace']);
  });

  test('a citizen who wants to report but sends nothing opens no case', () => {
    const talk = lost();
    say(talk, message('insists'));
    expect(wait(talk)).toEqual(['note']);
  });

  test.each<[Says, string[]]>([
    ['status', ['note', 'status']],
    ['person', ['note', 'person', 'tellStaff']],
  ])('%s is answered and ends the question', (says, effects) => {
    const talk = lost();
    expect(say(talk, message(says))).toEqual(effects);
    expect(talk.state.deadline).toBeNull();
  });
});

describe('a question about the subject that nobody answers', () => {
  const vague = (over: Partial<MessageFacts> = {}) => report({ subject: 'unsure', ...over });

  test('opens no case: the citizen hears it once, and the report is kept for a day', () => {
    const talk = begin();
    say(talk, vague());
    expect(wait(talk)).toEqual(['askSubject']);
    expect(wait(talk)).toEqual(['subjectLapsed']);
    expect(wait(talk)).toEqual(['note']);
    expect(talk.state.phase).toBe('gathering');
    expect(talk.now).toBeGreaterThan(24 * 60 * MINUTE);
  });

  test.each<[string, MessageFacts]>([
    ['the subject is likely', vague({ likely: true })],
    ['the subject is sure', report({ tellsPlace: false })],
    ['a photo shows it', vague({ photo: true })],
    ['the citizen explicitly reports', vague({ says: 'report' })],
  ])('opens a case if %s', (why, message) => {
    const talk = begin();
    if (why.startsWith('the citizen')) say(talk, unknown({ says: 'insists' }));
    say(talk, message);
    wait(talk);
    expect(wait(talk)).toEqual(['case x1']);
  });

  test('opens both cases of two matters', () => {
    const talk = begin();
    say(talk, vague({ matters: ['rubbish', 'street-light'] }));
    expect(wait(talk)).toEqual(['askMatters']);
    const turn = goOn(talk.state, pace, talk.state.deadline ?? 0);
    expect(turn.effects).toMatchObject([
      { type: 'openCase', chosenCategory: 'rubbish', fromText: true },
      { type: 'openCase', chosenCategory: 'street-light', fromText: true, second: true },
    ]);
  });

  test.each<[string, MessageFacts, string[]]>([
    ['a tap on the list', message('subject', { chosen: 'rubbish' }), ['askPlace']],
    ['the place as well', message('subject', { chosen: 'rubbish', tellsPlace: true }), ['case x2']],
  ])('can still be answered hours later: %s', (_, tap, effects) => {
    const talk = begin();
    say(talk, vague());
    wait(talk);
    wait(talk);
    talk.now += 10 * 60 * MINUTE;
    expect(say(talk, tap)).toEqual(effects);
  });

  test('new words hours later are asked about together with the earlier ones', () => {
    const talk = begin();
    say(talk, vague());
    wait(talk);
    wait(talk);
    talk.now += 10 * 60 * MINUTE;
    expect(say(talk, vague())).toEqual([]);
    expect(wait(talk)).toEqual(['askSubject']);
    expect(say(talk, message('subject', { chosen: 'rubbish', tellsPlace: true }))).toEqual(['case x3']);
  });

  test('a withdrawal hours later ends it', () => {
    const talk = begin();
    say(talk, vague());
    wait(talk);
    wait(talk);
    expect(say(talk, message('withdraw'))).toEqual(['draftDropped']);
    expect(wait(talk)).toEqual([]);
  });

  test('"new report or about your case?" does not open a case with a guess either', () => {
    const talk = begin();
    say(talk, vague({ recentCase: first, follows: 'likelyNew' }));
    expect(wait(talk)).toEqual([`askWhich ${first}`]);
    expect(wait(talk)).toEqual(['subjectLapsed']);
  });
});

describe('while a question is open', () => {
  const asked: Record<string, () => Talk> = {
    askPlace() {
      const talk = begin();
      say(talk, report());
      wait(talk);
      return talk;
    },
    askSubject() {
      const talk = begin();
      say(talk, report({ subject: 'unsure' }));
      wait(talk);
      return talk;
    },
    askWhich() {
      const talk = begin();
      say(talk, unknown({ recentCase: first, follows: 'likelyAddition' }));
      wait(talk);
      return talk;
    },
    notUnderstood() {
      const talk = begin();
      say(talk, unknown());
      wait(talk);
      return talk;
    },
  };

  test.each(Object.entries(asked))('%s is repeated below an answer and remains open', (again, talkOf) => {
    const talk = talkOf();
    const { phase, deadline } = talk.state;
    expect(say(talk, message('help'))).toEqual([`help again ${again}`]);
    expect(say(talk, message('thanks'))).toEqual([`again again ${again}`]);
    expect(talk.state).toMatchObject({ phase, deadline });
  });

  test.each(['askSubject', 'askWhich'])('%s is repeated after a photo as well', again => {
    const talk = asked[again]?.() ?? begin();
    expect(say(talk, photo())).toEqual([`kept again ${again}`]);
  });

  test('an edit that adds the place opens the case with the new text', () => {
    const talk = asked['askPlace']?.() ?? begin();
    const [draft] = talk.state.gathered;
    const edit = report({ rewords: draft?.messageId ?? '', tellsPlace: true });
    expect(say(talk, edit)).toEqual(['note', 'case x1']);
  });

  const drafts = Object.entries(asked).filter(([, talkOf]) => talkOf().state.gathered.length > 0);

  test.each(drafts)('a deleted report ends the open question (%s)', (_, talkOf) => {
    const talk = talkOf();
    for (const { messageId } of talk.state.gathered)
      expect(say(talk, message('event', { takesBack: messageId }))).toEqual(['note']);
    expect(talk.state).toMatchObject({ phase: 'gathering', gathered: [], deadline: null });
  });

  test.each(drafts)('an edited report counts with its new text (%s)', (_, talkOf) => {
    const talk = talkOf();
    const { messageId = '' } = talk.state.gathered[0] ?? {};
    const edit = message('greeting', { rewords: messageId });
    expect(say(talk, edit)).toEqual(['note']);
    expect(talk.state.gathered[0]).toMatchObject({ messageId, says: 'greeting' });
  });
});

test('an edit within the burst replaces what it edits', () => {
  const talk = begin();
  const draft = report();
  say(talk, draft, report({ rewords: draft.messageId, tellsPlace: true }));
  expect(wait(talk)).toEqual(['case x1']);
});

test.each<[string, MessageFacts, string]>([
  ['yes', message('withdrawYes', { about: first }), `withdraw ${first}`],
  ['no', message('withdrawNo'), 'withdrawNo'],
])('the question about a withdrawal waits for %s', (_, reply, effect) => {
  const talk = begin();
  expect(say(talk, message('withdraw', { about: first }))).toEqual([`confirmWithdraw ${first}`]);
  expect(talk.state).toMatchObject({ phase: 'awaitingWithdrawal', withdraws: first });
  expect(say(talk, message('help'))).toEqual(['help again confirmWithdraw']);
  expect(say(talk, reply)).toEqual([effect]);
  expect(talk.state.deadline).toBeNull();
});

test('a report ends the question about a withdrawal', () => {
  const talk = begin();
  say(talk, message('withdraw', { about: first }));
  say(talk, report({ tellsPlace: true }));
  expect(wait(talk)).toEqual(['case x1']);
});

test.each<Says>(['greeting', 'status', 'help', 'petition'])(
  '%s is answered before the burst is over',
  says => {
    expect(say(begin(), message(says))).toEqual([says]);
  },
);

describe('while a question about another report is open', () => {
  const asked: [question: string, ask: (talk: Talk) => void][] = [
    [
      'new report, or about that case',
      talk => void say(talk, unknown({ recentCase: second, follows: 'likelyNew' })),
    ],
    ['what it is about', talk => void say(talk, unknown())],
    ['where it is', talk => void say(talk, report())],
    ['what the citizen wants', talk => void say(talk, unknown({ subject: 'none' }))],
  ];
  const sure = { subject: 'pavement', sure: true } as const;
  const about: [what: string, MessageFacts, string[]][] = [
    [
      'that the work is not done',
      answer('unsolved'),
      [`unsolved ${first} x1`, `answerTaken ${first} unsolved`],
    ],
    ['that the work is done', answer('solved'), [`solved ${first} x1`, `answerTaken ${first} solved`]],
    ['thanks for the work', answer('thanks'), [`askSolved ${first}`]],
    [
      'a correction',
      message('corrects', { recentCase: first, follows: 'addition', corrects: sure }),
      [`correct ${first} pavement x1`],
    ],
    ['an objection', message('objects', { about: first }), [`object ${first}`]],
    ['a wish to withdraw', message('withdraw', { about: first }), [`confirmWithdraw ${first}`]],
  ];
  const table = asked.flatMap(([question, ask]) => about.map(each => [question, ...each, ask] as const));

  test.each(table)('"%s": %s is taken for its own case', (_question, _what, words, effects, ask) => {
    const talk = begin();
    ask(talk);
    expect(wait(talk)).toHaveLength(1);
    const { phase } = talk.state;
    expect(phase).not.toBe('gathering');
    expect(say(talk, { ...words, messageId: `${words.messageId}-${phase}` })).toEqual(effects);
    expect(talk.state.phase).toBe(phase);
  });

  test('a correction that is unsure waits with the question', () => {
    const talk = begin();
    say(talk, report());
    wait(talk);
    const unsure = { subject: 'pavement', sure: false } as const;
    const words = message('corrects', { recentCase: first, follows: 'addition', corrects: unsure });
    say(talk, words);
    expect(talk.state.gathered).toContainEqual(words);
  });
});
