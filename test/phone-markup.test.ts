import fc from 'fast-check';
import { markup } from '../src/local/phone/bubbles';

describe('the text of a message on the phone', () => {
  it.each([
    ['*kalın* ve _eğik_ ve ~çizik~', '<b>kalın</b> ve <i>eğik</i> ve <s>çizik</s>'],
    ['2*3*4 a_b_c', '2*3*4 a_b_c'],
    ['* boş *', '* boş *'],
    ['satır\nsatır', 'satır<br>satır'],
    ['<b>&"', '&lt;b&gt;&amp;&quot;'],
    [
      'bak: https://a.test/t/x_y_z?q=1&r=2.',
      'bak: <a href="https://a.test/t/x_y_z?q=1&amp;r=2" target="_blank" rel="noopener noreferrer">https://a.test/t/x_y_z?q=1&amp;r=2</a>.',
    ],
  ])('%j becomes %j', (text, html) => {
    expect(markup(text)).toBe(html);
  });

  it('contains no tags except those of the markup', () => {
    const hostile = fc.array(
      fc.constantFrom('<', '>', '"', "'", '&', '*', '_', '~', '\n', ' ', 'https://a.b/', 'script', 'x'),
    );
    fc.assert(
      fc.property(hostile, parts => {
        const own =
          /<(?:b|i|s|br)>|<\/(?:b|i|s|a)>|<a href="[^"<>]*" target="_blank" rel="noopener noreferrer">/g;
        expect(markup(parts.join('')).replace(own, '')).not.toMatch(/[<>"']/);
      }),
    );
  });
});
