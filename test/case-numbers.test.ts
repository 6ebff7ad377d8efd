import fc from 'fast-check';
import {
  caseNumberOf,
  caseNumberPattern,
  caseNumbersIn,
  readCaseNumber,
  withoutCaseNumbers,
} from '../src/domain/identifiers';

const typed = caseNumberPattern('PK');
const numbersIn = (text: string): string[] => caseNumbersIn(text, typed);

describe('a case number is read in every common spelling', () => {
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
    expect(numbersIn(`Merhaba, ${written} ne oldu?`).map(readCaseNumber)).toEqual(['PK-7G3M-2QXT']);
    expect(readCaseNumber(written)).toBe('PK-7G3M-2QXT');
    expect(withoutCaseNumbers(`durum ${written}`, typed)).not.toMatch(/7G3M/i);
  });

  test('letters that base32 reads as digits', () => {
    expect(readCaseNumber('PK-OI1l-0ıİL')).toBe('PK-0111-0111');
  });

  test('a number of only letters, unless it looks like words', () => {
    expect(numbersIn('PK ABCD EFGH').map(readCaseNumber)).toEqual(['PK-ABCD-EFGH']);
    expect(numbersIn('pk-abcd-efgh').map(readCaseNumber)).toEqual(['PK-ABCD-EFGH']);
    expect(numbersIn('pk gece yarı')).toEqual([]);
  });
});

test.each(['', 'PK', 'PK-7G3M', 'PK-7G3M-2QXTA', 'APK-7G3M-2QXT', 'PK-7G3M------2QXT', 'TPK7G3M2QXT'])(
  '%j contains no case number',
  text => {
    expect(numbersIn(text)).toEqual([]);
  },
);

test('a number with a letter that base32 lacks is recognised but invalid', () => {
  expect(numbersIn('PK-7G3U-2QXT').map(readCaseNumber)).toEqual([null]);
});

test('every case number is found between any punctuation', () => {
  const mark = fc.constantFrom('-', ' - ', '–', ' ', '.', '_', '/', '');
  const bytes = fc.uint8Array({ minLength: 5, maxLength: 5 });
  fc.assert(
    fc.property(bytes, mark, mark, (random, one, other) => {
      const number = caseNumberOf(random, 'PK');
      const [head, first, second] = number.split('-');
      const written = `${head}${one}${first}${other}${second}`;
      expect(numbersIn(`(${written})`).map(readCaseNumber)).toEqual([number]);
    }),
  );
});

test.each(['- ', 'PK', 'PK-', 'PK-7G3M-', '7', '-'])('100 KB of %j are read in linear time', piece => {
  const text = piece.repeat(Math.ceil(100_000 / piece.length));
  expect(numbersIn(text)).toEqual([]);
  expect(readCaseNumber(text)).toBeNull();
});

test('another municipality has its own prefix', () => {
  const number = caseNumberOf(new Uint8Array(5), 'ETM');
  expect(number).toBe('ETM-0000-0000');
  expect(caseNumbersIn(`durum etm 0000 0000`, caseNumberPattern('ETM')).map(readCaseNumber)).toEqual([
    number,
  ]);
  expect(caseNumbersIn(`durum ${number}`, typed)).toEqual([]);
});
