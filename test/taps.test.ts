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
  { kind: 'voice', isRight: true, messageId: 'Zm9v_-8' },
  { kind: 'voice', isRight: false, messageId: 'x'.repeat(64) },
  { kind: 'erase', isWanted: true },
  { kind: 'erase', isWanted: false },
])('$kind is parsed from its id, which fits a list row', tap => {
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
  'voice:maybe:Zm9v',
  'voice:right:',
  'voice:right:a/b',
  'erase',
  'erase:maybe',
  'constructor:x',
])('%j is not one of our ids', id => {
  expect(readTap(id)).toBeNull();
});

test('any foreign text is read without an error', () => {
  fc.assert(fc.property(fc.string(), id => readTap(id) === null || readTap(id) !== undefined));
});
