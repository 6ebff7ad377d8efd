import { InvalidArgumentError } from 'commander';
import { actorName, reasonText } from '../src/cli/admin/arguments';

test.each(['', '  ', '\u202e', '\r\n'])('%j is no name and no reason', empty => {
  expect(() => actorName(empty)).toThrow(InvalidArgumentError);
  expect(() => reasonText(empty)).toThrow(InvalidArgumentError);
});

test('a name is one line of at most 200 characters; a reason keeps its lines', () => {
  expect(actorName(' Özel\nKalem ')).toBe('Özel Kalem');
  expect([...actorName('ş'.repeat(300))]).toHaveLength(200);
  expect(reasonText('Ekip\r\nyetersiz\u202e')).toBe('Ekip\nyetersiz');
});
