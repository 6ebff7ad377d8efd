import { createTexts } from '../src/config/texts';
import type { CaseState, NewCase } from '../src/domain/case/case';
import type { CaseEvent, CitizenNews } from '../src/domain/case/case-events';
import { objectionRefusal } from '../src/domain/case/acts';
import { readTap } from '../src/domain/talk/taps';
import type { CaseIntake } from '../src/store/case-records';
import { newsContent } from '../src/whatsapp/case-news';
import { acted, DAY, HOUR, newTerms, opening, playPlanned, T0, timePassed } from './support/cases';
import { municipality } from './support/town-case';

const deps = { municipality, say: createTexts(municipality) };
const act = (action: string, more: object = {}): CaseEvent =>
  ({ type: 'acted', act: { actionId: 'e', action, task: 1, ...more } }) as CaseEvent;
const institution = { slug: 'aski', name: 'ASKİ' };
const solved: CaseEvent = { type: 'feedback', messageId: 'm-2', answer: 'solved' };

/**
 * Ended cases and the messages about their outcome. If a message offers an objection, the case must accept
 * it.
 */
const endings: [news: CitizenNews, start: Partial<NewCase>, script: [CaseEvent, number][]][] = [
  ['rejected', {}, [[acted('reject', 'e'), T0]]],
  ['passedOn', {}, [[act('handOff', { institution }), T0]]],
  ['handedOff', { institution }, []],
  ['answered', { terms: { ...newTerms, answerEnds: true } }, [[acted('resolve', 'e'), T0]]],
  ['planned', {}, [[act('planAhead', { plannedFor: T0 + 90 * DAY }), T0]]],
  [
    'planMoved',
    {},
    [
      [act('planAhead', { plannedFor: T0 + 90 * DAY }), T0],
      [act('planAhead', { actionId: 'e-2', plannedFor: T0 + 99 * DAY }), T0],
    ],
  ],
  [
    'closed',
    {},
    [
      [acted('resolve', 'e'), T0],
      [solved, T0 + HOUR],
    ],
  ],
  [
    'outcomeConfirmed',
    {},
    [
      [acted('reject', 'e'), T0],
      [{ type: 'objected', messageId: 'm-9' }, T0],
      [act('confirm', { actionId: 'd', role: 'chief' }), T0],
    ],
  ],
];

const stateOf = (start: Partial<NewCase>, script: [CaseEvent, number][]): CaseState => {
  const turn = playPlanned(opening({ terms: newTerms, ...start }), ...script).at(-1);
  if (!turn) throw new Error('no turn');
  return turn.state;
};

function told(news: CitizenNews, progress: CaseState, language: 'tr' | 'en') {
  const { category, neighbourhood, institution } = progress;
  const intake: CaseIntake = {
    ...{ openedBy: 'm-1', citizenId: 'c-1', language, kind: 'problem', category, priority: 'p2' },
    ...{ confidence: 1, matchedWords: [], neighbourhood, place: null, outside: false, desk: 'fen-isleri' },
    ...{ institution, withNotice: true, receivedAt: new Date(T0) },
  };
  const action = { words: 'Gerekçe.', reason: 'not-possible' };
  const opened = { caseNumber: progress.caseNumber, intake, progress };
  const link = 'https://bildirim.example.org/s/' + 'x'.repeat(50);
  return newsContent(deps, opened, news, { action, leader: null, link, now: T0 });
}

function tapsOf(content: ReturnType<typeof told>): string[] {
  if (content.type === 'text' || content.type === 'link') return [];
  const replies = content.type === 'buttons' ? content.buttons : content.rows;
  return replies.flatMap(({ id }) => readTap(id)?.kind ?? []);
}

describe.each(['tr', 'en'] as const)('in %s', language => {
  test.each(endings)(
    '%s offers the objection exactly when the case would accept it',
    (news, start, script) => {
      const state = stateOf(start, script);
      expect(objectionRefusal(state, T0 + HOUR)).toBeNull();
      const content = told(news, state, language);
      expect(tapsOf(content)).toContain('objection');
      expect(content.body).toContain(news === 'closed' ? state.caseNumber : '/s/');
      for (const closed of [{ ...newTerms, emergency: true }]) {
        const refused = { ...state, terms: closed };
        expect(objectionRefusal(refused, T0 + HOUR)).toBe('emergency');
        expect(tapsOf(told(news, refused, language))).not.toContain('objection');
      }
      expect(tapsOf(told(news, { ...state, outcomeIsFinal: true }, language))).not.toContain('objection');
    },
  );

  test('an outcome offers "çözülmedi" while it can still reopen the case', () => {
    const state = stateOf({}, [[acted('resolve', 'e'), T0]]);
    expect(tapsOf(told('resolved', state, language))).toEqual(['feedback', 'feedback', 'feedback']);
    const silent = stateOf({}, [
      [acted('resolve', 'e'), T0],
      [timePassed, T0 + 7 * DAY],
    ]);
    expect(objectionRefusal(silent, T0 + 8 * DAY)).toBeNull();
  });

  test('a final decision says where else the citizen can turn', () => {
    const state = { ...stateOf({}, [[acted('reject', 'e'), T0]]), outcomeIsFinal: true };
    expect(told('outcomeConfirmed', state, language).body).toContain('CİMER');
  });
});
