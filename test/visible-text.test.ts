import { InvalidArgumentError } from 'commander';
import { actorName, reasonText } from '../src/cli/admin/arguments';
import { mailAddress } from '../src/config/schemas/fields';
import { isVisible, plainText } from '../src/domain/plain-text';
import { plainWords } from '../src/whatsapp/outgoing';

const blank = [
  '',
  ' \n\t',
  '\u200b\u200b',
  '\u00ad',
  '\u2060\ufeff',
  '\u3164',
  '\u2800',
  '\u200d',
  '\ufe0f',
  '\u{e0020}',
];

describe('text without visible characters', () => {
  it.each(blank)('counts as empty for citizens, forms and commands: %j', text => {
    expect(isVisible(text)).toBe(false);
    expect(plainText(text)).toBe('');
    expect(plainWords(text, 100)).toBeNull();
    expect(() => reasonText(text)).toThrow(InvalidArgumentError);
    expect(() => actorName(text)).toThrow(InvalidArgumentError);
  });

  it.each(['.', 'ş', '👍', '👨‍👩‍👧', '1️⃣', '\u200bk\u200b'])('does not include %j', text => {
    expect(isVisible(text)).toBe(true);
    expect(plainWords(text, 100)).toBe(text);
  });
});

it.each([
  ['İlker.Yilmaz@etimesgut.example', 'ilker.yilmaz@etimesgut.example'],
  ['ILKER.YILMAZ@ETİMESGUT.EXAMPLE', 'ilker.yilmaz@etimesgut.example'],
  [' ılker.yilmaz@etimesgut.example ', 'ilker.yilmaz@etimesgut.example'],
])('the mail address %j with Turkish capitals is %s', (typed, address) => {
  expect(mailAddress.parse(typed)).toBe(address);
});
