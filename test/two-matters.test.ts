import { mattersQuestion } from '../activities/answers';
import type { Deps } from '../activities/deps';
import { loadMunicipality } from '../src/config/municipality';
import { createTexts } from '../src/config/texts';
import { goOn } from '../src/domain/talk/burst';
import { hear } from '../src/domain/talk/conversation';
import {
  type BurstRules,
  type ConversationState,
  type MessageFacts,
  newConversation,
} from '../src/domain/talk/conversation-state';
import { readTap } from '../src/domain/talk/taps';
import { mattersIn } from '../src/domain/talk/message-meaning';

const municipality = loadMunicipality('config/etimesgut');
const matters = (words: string) => mattersIn(words, municipality.language.matters, municipality);

test.each<[words: string, found: readonly string[] | null]>([
  ['sokağımızda çöp alınmadı, ayrıca sokak lambası yanmıyor', ['rubbish', 'street-light']],
  ['konteyner kırık bir de sokakta başıboş köpekler var', ['container', 'stray-animal']],
  ['Parkta salıncak kırık, bunun dışında ağaçlar budanmamış', ['playground', 'tree']],
  ['There is a pothole and also a stray dog pack', ['pothole', 'stray-animal']],
  ['yolda çukur var ayrıca çok tehlikeli', null],
  ['çukur var ayrıca teşekkür ederim', null],
  ['yolda çukur var, ayrıca bir çukur da köşede', null],
  ['ayrıca', null],
  ['Parkta salıncak kırık, ayrıca parkın bankları kırık', null],
])('"%s" has the matters %j', (words, found) => expect(matters(words)).toEqual(found));

describe('without a joining word, two statements for different owners are two matters', () => {
  test.each<[words: string, found: readonly [string, string]]>([
    ['çöp alınmadı sokak lambası da yanmıyor', ['rubbish', 'street-light']],
    ['sokağımızda çöp alınmadı, sokak lambası yanmıyor', ['rubbish', 'street-light']],
    ['Kaldırım taşları kırık. Çöpler toplanmadı.', ['pavement', 'rubbish']],
    ['COPLER TOPLANMADI SOKAKTA BASIBOS KOPEKLER VAR', ['rubbish', 'stray-animal']],
    ['yolda çukur var\nçöpler üç gündür alınmadı', ['pothole', 'rubbish']],
    ['yolda çukur var çöp konteyneri kırık', ['pothole', 'container']],
    ['Park lambası yanmıyor köpekler dolaşıyor', ['park-light', 'stray-animal']],
    ['Rubbish was not collected. There is a pothole, it is broken', ['rubbish', 'pothole']],
  ])('"%s"', (words, found) => expect(matters(words)).toEqual(found));

  test.each<[why: string, words: string]>([
    ['one statement with two things', 'çöp konteynerinin yanında çukur var'],
    ['the place of the matter', 'çocuk parkının yanında çöpler birikti'],
    ['a cause and its effect', 'mazgal tıkandı yolu su bastı'],
    ['a burst pipe and the road above it', 'su borusu patladı yol çöktü'],
    ['a burst pipe and the road, with a comma', 'Su borusu patladı, yol çöktü'],
    ['an effect before its cause', 'yol çöktü su borusu patladı'],
    ['a burst pipe and the pavement', 'su borusu patladı kaldırım çöktü'],
    ['a sewer that floods the street', 'rögar taştı yol göle döndü'],
    ['a tree and the power line', 'fırtınada ağaç devrildi elektrik kesildi'],
    ['a leak and a collapse', 'su patlağı var asfalt çöktü'],
    ['one owner for both', 'çöpler alınmadı, konteyner kırık'],
    ['a matter and what it did', 'yolda çukur var lastiğim patladı'],
    ['a matter and a smell', 'rögar kapağı kırık koku geliyor'],
    ['a matter and its address', 'sokak lambası yanmıyor. Süvari mahallesi 1234. sokak'],
    ['a matter and thanks', 'çukur kapatılmadı. Şimdiden teşekkür ederim'],
    [
      'a long story',
      'Dün akşam köpeğimi gezdirirken parkın yanındaki yolda çukura düştüm, ayağım burkuldu, ' +
        'hastaneye gittik, çöpler de oradaydı, her yer kirliydi, kimse bakmıyor, rica ediyorum bakın',
    ],
  ])('%s is no second matter: "%s"', (_why, words) => expect(matters(words)).toBeNull());
});

const pace: BurstRules = { quietMs: 1, longestMs: 2, answerWaitMs: 100, repeatMs: 60, attentive: true };
const report: MessageFacts = {
  messageId: 'm1',
  at: 0,
  says: 'report',
  subject: 'unsure',
  matters: ['rubbish', 'street-light'],
  matter: true,
  tellsPlace: true,
  photo: false,
  recentCase: null,
  alreadyHandled: false,
};
const { matters: _joined, ...unjoined } = report;
const gathered: ConversationState = {
  ...newConversation,
  gathered: [report],
  gatheringSince: 0,
  deadline: 1,
};
const tapped = (facts: Partial<MessageFacts>): MessageFacts => ({
  ...report,
  messageId: 'm2',
  says: 'subject',
  tellsPlace: false,
  ...facts,
});

test('they are offered by three buttons whose ids say what was asked', () => {
  const deps = { municipality, say: createTexts(municipality) } as unknown as Deps;
  const content = mattersQuestion(deps, 'tr', ['rubbish', 'street-light']);
  if (content.type !== 'buttons') throw new Error('no buttons');
  expect(content.buttons.map(({ id }) => readTap(id))).toEqual([
    { kind: 'subjects', categories: ['rubbish', 'street-light'] },
    { kind: 'subject', category: 'rubbish' },
    { kind: 'subject', category: 'street-light' },
  ]);
  for (const { title } of content.buttons) expect(title.length).toBeLessThanOrEqual(20);
});

test('both become two cases of the same messages', () => {
  const asked = goOn(gathered, pace, 1);
  expect(asked.effects).toEqual([
    { type: 'reply', reply: 'askMatters', messageIds: ['m1'], matters: ['rubbish', 'street-light'] },
  ]);
  const turn = hear(asked.state, tapped({ chosen: 'rubbish', chosenToo: 'street-light' }), pace, 2);
  expect(turn.effects).toEqual([
    { type: 'openCase', messageIds: ['m1', 'm2'], chosenCategory: 'rubbish' },
    { type: 'openCase', messageIds: ['m1', 'm2'], chosenCategory: 'street-light', second: true },
  ]);
  expect(turn.state).toEqual(newConversation);
});

test('one of them becomes one case', () => {
  const { state } = goOn(gathered, pace, 1);
  expect(hear(state, tapped({ chosen: 'street-light' }), pace, 2).effects).toEqual([
    { type: 'openCase', messageIds: ['m1', 'm2'], chosenCategory: 'street-light' },
  ]);
});

test('danger is not held up by the question', () => {
  const hazard = { ...gathered, gathered: [{ ...report, danger: 'passers' as const }] };
  expect(goOn(hazard, pace, 1).effects).toMatchObject([{ type: 'openCase' }]);
});

test('another subject than the one in our question is chosen from a list', () => {
  const { state } = goOn({ ...gathered, gathered: [unjoined] }, pace, 1);
  const turn = hear(state, tapped({ says: 'otherSubject' }), pace, 2);
  expect(turn.state.phase).toBe('awaitingSubject');
  expect(turn.effects).toEqual([
    { type: 'note', messageIds: ['m2'] },
    { type: 'reply', reply: 'listSubjects', messageIds: ['m1'] },
  ]);
});

test('a photo whose words tell no subject is asked about, and is a case if nothing more is said', () => {
  const shown: ConversationState = {
    ...newConversation,
    gathered: [{ ...unjoined, photo: true, subject: 'none' }],
    gatheringSince: 0,
    deadline: 1,
  };
  const asked = goOn(shown, pace, 1);
  expect(asked.effects).toMatchObject([{ type: 'reply', reply: 'askWords' }]);
  expect(goOn(asked.state, pace, 200).effects).toMatchObject([{ type: 'openCase', messageIds: ['m1'] }]);
});
