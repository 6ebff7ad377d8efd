import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { isSigned } from '../src/web/webhook-routes';

const secret = 'app-secret';
const hmac = (body: Buffer, key: string, hash = 'sha256'): string =>
  createHmac(hash, key).update(body).digest('hex');
const headerOf = (body: Buffer, key = secret): string => `sha256=${hmac(body, key)}`;
const bytes = fc.uint8Array({ maxLength: 2_000 }).map(array => Buffer.from(array));

describe('the signature of a webhook', () => {
  it('is valid over exactly the received bytes, with any of the secrets', () => {
    fc.assert(
      fc.property(bytes, fc.constantFrom('old', 'new'), (body, key) => {
        expect(isSigned(body, headerOf(body, key), ['new', 'old'])).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('is invalid over any other bytes', () => {
    fc.assert(
      fc.property(bytes, bytes, (signed, received) => {
        fc.pre(!signed.equals(received));
        expect(isSigned(received, headerOf(signed), [secret])).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is invalid with any header but the right one', () => {
    const body = Buffer.from('{"a":1}');
    const near = fc
      .tuple(fc.nat({ max: 70 }), fc.string({ minLength: 1, maxLength: 3 }))
      .map(([place, piece]) => headerOf(body).slice(0, place) + piece + headerOf(body).slice(place + 1));
    fc.assert(
      fc.property(fc.oneof(fc.string(), near), header => {
        fc.pre(header !== headerOf(body));
        expect(isSigned(body, header, [secret])).toBe(false);
      }),
      { numRuns: 5_000 },
    );
  });

  const text = '{"body":"\\u00c7ukur \\/ @"}';
  const body = Buffer.from(text);
  it.each<[string, Buffer, string | undefined, string[]]>([
    ['no header', body, undefined, [secret]],
    ['an empty header', body, '', [secret]],
    ['a body serialised again', Buffer.from(JSON.stringify(JSON.parse(text))), headerOf(body), [secret]],
    ['a truncated body', body.subarray(0, -1), headerOf(body), [secret]],
    ['a truncated signature', body, headerOf(body).slice(0, -1), [secret]],
    ['a wrong secret', body, headerOf(body, 'other'), [secret]],
    ['a removed secret', body, headerOf(body, 'old'), ['new']],
    ['the old sha1 header', body, `sha1=${hmac(body, secret, 'sha1')}`, [secret]],
    ['sha1 under the name of sha256', body, `sha256=${hmac(body, secret, 'sha1')}`, [secret]],
    ['a doubled header', body, `${headerOf(body)}, ${headerOf(body)}`, [secret]],
    ['a header with trailing text', body, `${headerOf(body)}00`, [secret]],
    ['a header with a new line', body, `${headerOf(body)}\n`, [secret]],
    ['the bare digest', body, hmac(body, secret), [secret]],
    ['no secrets at all', body, headerOf(body), []],
    ['an empty secret', body, headerOf(body, ''), ['']],
  ])('is invalid with %s', (_, received, header, secrets) => {
    expect(isSigned(received, header, secrets)).toBe(false);
  });
});
