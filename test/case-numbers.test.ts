import fc from 'fast-check';
import { caseNumberOf, caseNumbersIn, readCaseNumber, withoutCaseNumbers } from '../src/domain/identifiers';

describe('a case number is read as people write it', () => {
  test.each([
    'PK-7G3M-2QXT',
    'pk-7g3m-2qxt',
    'PK - 7G3M - 2QXT',
    'PK–7G3M–2QXT',
    'PK—7G3M—2QXT',
    'PK.7G3M.2QXT',
    'PK/7G3M/2QXT',
    'PK:7G3M 2QXT',
    'PK7G3M2QXT',
    '_PK-7G3M-2QXT_',
    '*PK-7G3M-2QXT*',
    '"PK-7G3M-2QXT".',
    '#PK 7G3M 2QXT',
    'PK-\n7G3M-2QXT',
  ])('%j, by citizens in a text and by staff in a field', written => {
    expect(caseNumbersIn(`Merhaba, ${written} ne oldu?`).map(readCaseNumber)).toEqual(['PK-7G3M-2QXT']);
    expect(readCaseNumber(written)).toBe('PK-7G3M-2QXT');
    expect(withoutCaseNumbers(`durum ${written}`)).not.toMatch(/7G3M/i);
  });

  test('letters that base32 reads as digits', () => {
    expect(readCaseNumber('PK-OI1l-0ıİL')).toBe('PK-0111-0111');
  });

  test('a number of only letters, as long as it does not look like words', () => {
    expect(caseNumbersIn('PK ABCD EFGH').map(readCaseNumber)).toEqual(['PK-ABCD-EFGH']);
    expect(caseNumbersIn('pk-abcd-efgh').map(readCaseNumber)).toEqual(['PK-ABCD-EFGH']);
    expect(caseNumbersIn('pk gece yarı')).toEqual([]);
  });
});

test.each(['', 'PK', 'PK-7G3M', 'PK-7G3M-2QXTA', 'APK-7G3M-2QXT', 'PK-7G3M------2QXT', 'TPK7G3M2QXT'])(
  '%j holds no case number',
  text => {
    expect(caseNumbersIn(text)).toEqual([]);
  },
);

test('a number with a letter that base32 lacks is named but is none', () => {
  expect(caseNumbersIn('PK-7G3U-2QXT').map(readCaseNumber)).toEqual([null]);
});

test('every case number is found between any marks', () => {
  const mark = fc.constantFrom('-', ' - ', '–', ' ', '.', '_', '/', '');
  const bytes = fc.uint8Array({ minLength: 5, maxLength: 5 });
  fc.assert(
    fc.property(bytes, mark, mark, (random, one, other) => {
      const number = caseNumberOf(random);
      const [head, first, second] = number.split('-');
      const written = `${head}${one}${first}${other}${second}`;
      expect(caseNumbersIn(`(${written})`).map(readCaseNumber)).toEqual([number]);
    }),
  );
});

test.each(['- ', 'PK', 'PK-', 'PK-7G3M-', '7', '-'])('100 KB of %j are read at once', piece => {
  const text = piece.repeat(Math.ceil(100_000 / piece.length));
  expect(caseNumbersIn(text)).toEqual([]);
  expect(readCaseNumber(text)).toBeNull();
});
