import { goOn } from '../src/domain/talk/burst';
import type { ConversationState, MessageFacts } from '../src/domain/talk/conversation-state';
import { newConversation } from '../src/domain/talk/conversation-state';
import { joinTalks, laterTalk } from '../src/domain/talk/joined-talks';

const pace = { quietMs: 20, longestMs: 120, answerWaitMs: 1_800, repeatMs: 60, attentive: true };
const NOW = 1_000;

const message = (messageId: string, over: Partial<MessageFacts> = {}): MessageFacts => ({
  ...{ messageId, at: Number(messageId.slice(1)), says: 'report', tellsPlace: false, photo: false },
  ...{ recentCase: null, alreadyHandled: false, subject: 'sure', matter: true },
  ...over,
});
const pin = (messageId: string): MessageFacts =>
  message(messageId, { says: 'place', tellsPlace: true, subject: 'none', matter: false });

const gathering = (...gathered: MessageFacts[]): ConversationState => ({
  ...newConversation,
  ...{ gathered, gatheringSince: NOW - 10, deadline: NOW + 10 },
});
const asking = (phase: ConversationState['phase'], ...gathered: MessageFacts[]): ConversationState => ({
  ...newConversation,
  ...{ phase, gathered, deadline: NOW + 500 },
});
const idsOf = ({ gathered }: ConversationState): string[] => gathered.map(({ messageId }) => messageId);

test('two bursts become one, in the order of writing, within its longest time', () => {
  const own = { ...gathering(message('m2')), gatheringSince: NOW - 100, deadline: NOW + 5 };
  const other = { ...gathering(message('m1'), message('m3')), deadline: NOW + 19 };
  const { state, effects, later } = joinTalks(own, other, ['m2'], pace, NOW);
  expect(idsOf(state)).toEqual(['m1', 'm2', 'm3']);
  expect(state).toMatchObject({ phase: 'gathering', gatheringSince: NOW - 100, deadline: NOW + 19 });
  expect([effects, later]).toEqual([[], null]);
});

test.each([
  ['this talk', asking('awaitingPlace', message('m1')), gathering(pin('m2'))],
  ['the other talk', gathering(pin('m2')), asking('awaitingPlace', message('m1'))],
])('a pin answers the question of %s', (_, own, other) => {
  const { state, effects } = joinTalks(own, other, idsOf(own), pace, NOW);
  expect(effects).toEqual([{ type: 'openCase', messageIds: ['m1', 'm2'] }]);
  expect(state).toMatchObject({ phase: 'gathering', gathered: [], deadline: null });
});

test('with two open questions the other talk waits and gets its whole time again', () => {
  const [own, other] = [asking('awaitingPlace', message('m1')), asking('awaitingSubject', message('m2'))];
  const { state, effects, later } = joinTalks(own, other, ['m1'], pace, NOW);
  expect([state, effects, later]).toEqual([own, [], other]);
  expect(laterTalk(newConversation, other, pace, NOW)).toEqual({ ...other, deadline: NOW + 1_800 });
});

test.each([
  ['the place', asking('awaitingPlace', message('m2')), asking('awaitingWords', pin('m1'))],
  ['the matter', asking('awaitingWords', pin('m1')), asking('awaitingPlace', message('m2'))],
])('two talks of which the other one has %s become a complete report', (_, own, other) => {
  const { state, later } = joinTalks(own, other, idsOf(own), { ...pace, joinsAnswers: true }, NOW);
  expect(later).toBeNull();
  expect(goOn(state, pace, NOW).effects).toEqual([{ type: 'openCase', messageIds: ['m1', 'm2'] }]);
  expect(state.deadline).toBe(NOW);
  expect(joinTalks(own, other, idsOf(own), pace, NOW).later).not.toBeNull();
});

test('a talk without anything pending takes the other one over, and an empty one changes nothing', () => {
  const other = asking('awaitingWords', message('m1'));
  expect(joinTalks(newConversation, other, [], pace, NOW).state).toEqual(other);
  expect(joinTalks(other, newConversation, ['m1'], pace, NOW).state).toEqual(other);
});

test('messages that both talks know count once', () => {
  const own = gathering(message('m1'), message('m2'));
  expect(
    idsOf(joinTalks(own, gathering(message('m2'), message('m3')), ['m1', 'm2'], pace, NOW).state),
  ).toEqual(['m1', 'm2', 'm3']);
  const again = joinTalks(
    asking('awaitingPlace', message('m1')),
    asking('awaitingPlace', message('m1')),
    ['m1'],
    pace,
    NOW,
  );
  expect([idsOf(again.state), again.later]).toEqual([['m1'], null]);
});

test('answers of both talks are remembered, the latest time of each', () => {
  const own = { ...newConversation, answered: { greeting: 5, help: 9 }, alarmedAt: 3 };
  const other = { ...gathering(message('m1')), answered: { greeting: 7 }, alarmedAt: 4 };
  expect(joinTalks(own, other, [], pace, NOW).state).toMatchObject({
    answered: { greeting: 7, help: 9 },
    alarmedAt: 4,
  });
});
