import { hear, timePassed } from '../src/domain/talk/conversation';
import {
  type BurstRules,
  type ConversationState,
  type MessageFacts,
  newConversation,
} from '../src/domain/talk/conversation-state';
import { joinTalks } from '../src/domain/talk/joined-talks';
import { wakeAt } from '../src/domain/talk/voice-note';

const MINUTE = 60_000;
const pace: BurstRules = {
  ...{
    quietMs: 20_000,
    longestMs: 2 * MINUTE,
    answerWaitMs: 30 * MINUTE,
    lapseMs: 24 * 60 * MINUTE,
    attentive: true,
  },
};
const T0 = 1_800_000_000_000;

const facts = (messageId: string, over: Partial<MessageFacts> = {}): MessageFacts => ({
  ...{ messageId, at: T0, says: 'report', tellsPlace: true, photo: false, recentCase: null },
  ...{ alreadyHandled: false, subject: 'unsure', matter: true, ...over },
});
const note = (over: Partial<MessageFacts> = {}): MessageFacts =>
  facts('v-1', { spoken: true, unconfirmed: true, ...over });
const recording = (over: Partial<MessageFacts> = {}): MessageFacts =>
  facts('v-1', { says: 'attachment', tellsPlace: false, matter: false, ...over });

/** Plays messages and passing deadlines. Returns the last state and what was done, in order. */
function play(...events: (MessageFacts | 'wait')[]): { state: ConversationState; done: string[] } {
  let state = newConversation;
  let now = T0;
  const done: string[] = [];
  for (const event of events) {
    const wake = wakeAt(state);
    if (event === 'wait' && wake === null) throw new Error('nothing is pending');
    if (event === 'wait') now = Math.max(wake ?? now, now);
    const turn = event === 'wait' ? timePassed(state, pace, now) : hear(state, event, pace, now);
    state = turn.state;
    for (const effect of turn.effects) {
      const what = effect.type === 'reply' ? effect.reply : effect.type;
      done.push(`${what} ${'messageIds' in effect ? effect.messageIds.join() : ''}`);
    }
  }
  return { state, done };
}

const right = (over: Partial<MessageFacts> = {}): MessageFacts =>
  facts('v-1', { spoken: true, judged: { isRight: true, by: 't-1' }, ...over });
const wrong = (over: Partial<MessageFacts> = {}): MessageFacts =>
  recording({ judged: { isRight: false, by: 't-1' }, ...over });

const askedBack = 'askVoice v-1';

test.each<[string, (MessageFacts | 'wait')[], string[]]>([
  [
    'is asked back and then routed like a text',
    [note(), right(), 'wait'],
    [askedBack, 'note t-1', 'askSubject v-1'],
  ],
  [
    'opens a case with the photo that came with it',
    [
      note(),
      facts('p-1', { says: 'attachment', matter: false, photo: true }),
      right({ subject: 'sure' }),
      'wait',
    ],
    [askedBack, 'note t-1', 'openCase p-1,v-1'],
  ],
  [
    'is written instead after "Yanlış"',
    [note(), wrong(), facts('m-2', { subject: 'sure' }), 'wait'],
    [askedBack, 'note t-1', 'voiceWrong v-1', 'openCase v-1,m-2'],
  ],
  [
    'becomes a case after "Yanlış" and silence',
    [note(), wrong(), 'wait'],
    [askedBack, 'note t-1', 'voiceWrong v-1', 'openCase v-1'],
  ],
  [
    'is still listened to if what is written instead has no matter',
    [note(), wrong(), facts('m-2', { subject: 'none', matter: false }), 'wait'],
    [askedBack, 'note t-1', 'voiceWrong v-1', 'openCase v-1,m-2'],
  ],
  [
    'goes as a recording to the case that it answers',
    [note(), wrong({ recentCase: 'PK-1', follows: 'addition' }), 'wait'],
    [askedBack, 'note t-1', 'addToCase v-1'],
  ],
  [
    'without an answer is routed, but asks for the subject',
    [note(), 'wait', 'wait', 'wait'],
    [askedBack, 'askSubject v-1', 'openCase v-1'],
  ],
  [
    'with a command expires without an answer',
    [note({ says: 'withdraw', matter: false }), 'wait'],
    [askedBack, 'note v-1'],
  ],
  [
    'with thanks expires without an answer',
    [note({ says: 'thanks', matter: false }), 'wait'],
    [askedBack, 'note v-1'],
  ],
  [
    'never answers a survey surely without confirmation',
    [
      note({ says: 'feedback', about: 'PK-1', matter: false, answer: { says: 'solved', sure: true } }),
      'wait',
      'wait',
    ],
    [askedBack, 'addToCase v-1', 'askSolved v-1'],
  ],
  [
    'answers a survey like a button once it is confirmed',
    [
      note({ says: 'feedback', about: 'PK-1', matter: false, answer: { says: 'solved', sure: true } }),
      right({ says: 'feedback', about: 'PK-1', matter: false, answer: { says: 'solved', sure: true } }),
      'wait',
    ],
    [askedBack, 'note t-1', 'feedback v-1', 'answerTaken v-1'],
  ],
  [
    'is a recording of the report that is written instead of a tap',
    [note(), facts('m-2', { subject: 'sure' }), 'wait'],
    [askedBack, 'openCase v-1,m-2'],
  ],
  [
    'tells of people in danger: 112 and the desk at once, no question',
    [note({ says: 'emergency', danger: 'people' })],
    ['emergency v-1', 'tellStaff v-1'],
  ],
  [
    'tells of a hurt passer-by: 112 first, once',
    [
      note({ danger: 'passers', besides: 'emergency' }),
      right({ danger: 'passers', besides: 'emergency' }),
      'wait',
    ],
    ['emergency v-1', askedBack, 'note t-1', 'openCase v-1'],
  ],
  [
    'that the citizen deletes is forgotten',
    [note(), facts('d-1', { says: 'event', takesBack: 'v-1' })],
    [askedBack, 'note d-1'],
  ],
  ['of a blocked citizen is not asked back', [note({ says: 'blocked' })], ['blocked v-1']],
])('a voice note %s', (_, events, expected) => {
  expect(play(...events).done).toEqual(expected);
});

test('a picture beside an unconfirmed voice note waits for its words', () => {
  const photo = facts('p-1', { says: 'attachment', matter: false, photo: true });
  const { state } = play(note(), photo);
  expect(wakeAt(state)).toBe(T0 + pace.answerWaitMs);
});

test('voice notes wait on when two talks of one person become one', () => {
  const one = play(note()).state;
  const other = play({ ...note(), messageId: 'v-2' }, facts('m-3', { subject: 'none' }), 'wait').state;
  const { state } = joinTalks(one, other, [], pace, T0);
  const waiting = (state.unconfirmed ?? []).map(each => each.note.messageId);
  expect([...waiting, ...state.gathered.map(({ messageId }) => messageId)].sort()).toEqual([
    'm-3',
    'v-1',
    'v-2',
  ]);
});

test('two voice notes are confirmed one by one', () => {
  const second = { ...note(), messageId: 'v-2' };
  const { state, done } = play(note(), second, right());
  expect(done).toEqual([askedBack, 'askVoice v-2', 'note t-1']);
  expect(state.unconfirmed?.map(each => each.note.messageId)).toEqual(['v-2']);
});

test('nothing is pending after an unconfirmed voice note was deleted', () => {
  const { state } = play(note(), facts('d-1', { says: 'event', takesBack: 'v-1' }));
  expect(wakeAt(state)).toBeNull();
});

test('nothing of a voice note is left when it has been handled', () => {
  const { state } = play(note(), right({ subject: 'sure' }), 'wait');
  expect(state).toEqual(expect.not.objectContaining({ unconfirmed: expect.anything() as unknown }));
  expect(wakeAt(state)).toBeNull();
});
