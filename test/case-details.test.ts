import type { CaseState } from '../src/domain/case/case';
import { caseDetails } from '../src/domain/case/temporal-ui';
import type { CaseFact } from '../src/domain/case/case-events';
import { at, townCase } from './support/town-case';

const bytes = (text: string): number => Buffer.byteLength(text, 'utf8');

/** A case with every optional part set, and names that contain Markdown. */
function fullest(name: string): CaseState {
  const { state } = townCase('2027-05-14 10:00');
  return {
    ...state,
    stage: 'waitingInstitution',
    category: { slug: 'x', name },
    plan: { ...state.plan, desk: { slug: 'x', name } },
    pausedSince: at('2027-05-14 11:00'),
    plannedFor: at('2027-05-17 11:00'),
    leader: 'PK-0000-0002',
    members: Array.from({ length: 500 }, (_, number) => `PK-0001-${String(number).padStart(4, '0')}`),
    escalationLevel: 3,
    outcome: 'partlyResolved',
    reopenCount: 12,
  };
}

const longStory = (slug: string): CaseFact[] =>
  Array.from({ length: 300 }, (_, number) => ({
    at: at('2027-05-14 10:00') + number,
    type: 'rerouted',
    actionId: `a-${number}`,
    from: slug,
    to: slug,
  }));

test.each([
  ['long Turkish names', 'Ş', 'ş'],
  ['names full of Markdown', '|', '*'],
  ['names outside the basic multilingual plane', '😀', 'x'],
])('the longest possible details with %s stay within 2 KB', (_, name, slug) => {
  expect(bytes(caseDetails(fullest(name.repeat(500)), longStory(slug.repeat(300))))).toBeLessThanOrEqual(
    2_048,
  );
});

test('names are escaped for HTML, Markdown and table cells', () => {
  const details = caseDetails(fullest('<b>a</b> | [x](y) `z` *q*'), []);
  expect(details).toContain(String.raw`\<b\>a\</b\> \| \[x\]\(y\) \`z\` \*q\*`);
  expect(details).not.toMatch(/<b>|\[x\]\(/);
});

test('a name within the limit is not truncated', () => {
  expect(caseDetails(fullest('Fen İşleri Müdürlüğü'), [])).toContain('| Müdürlük: | Fen İşleri Müdürlüğü |');
});
