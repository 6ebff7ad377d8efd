import fc from 'fast-check';
import { readTap, tapId, type Tap } from '../src/domain/talk/taps';

const caseNumber = 'PK-7K3M-9QX2';

test.each<Tap>([
  { kind: 'feedback', answer: 'partly', caseNumber },
  { kind: 'rating', rating: 5, caseNumber },
  { kind: 'withdraw', choice: 'yes', caseNumber },
  { kind: 'which', caseNumber: null },
  { kind: 'which', caseNumber },
  { kind: 'subject', category: 'stray-animal' },
])('$kind is read back from its id, which fits a row of a list', tap => {
  expect(readTap(tapId(tap))).toEqual(tap);
  expect(tapId(tap).length).toBeLessThanOrEqual(200);
});

test.each([
  '',
  'feedback',
  'feedback:solved',
  'feedback:solved:PK-1',
  `rating:6:${caseNumber}`,
  `rating:0:${caseNumber}`,
  `withdraw:maybe:${caseNumber}`,
  'which:case:',
  'subject:',
  'subject:Ünlü',
  'constructor:x',
])('%j is no id of ours', id => {
  expect(readTap(id)).toBeNull();
});

test('no text of others is too odd to be read', () => {
  fc.assert(fc.property(fc.string(), id => readTap(id) === null || readTap(id) !== undefined));
});
