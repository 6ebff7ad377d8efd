import { createHash, createHmac, randomBytes, randomInt } from 'node:crypto';
import fc from 'fast-check';
import { createTaskLinks } from '../src/mail/task-link';

const key = (id: string) => ({ id, key: randomBytes(32) });
const [k1, k2] = [key('k1'), key('k2')];
const publicBaseUrl = 'https://bildirim.example.org';
const links = createTaskLinks({ keys: [k1], publicBaseUrl });
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.';

describe('a task link', () => {
  it('has 128 random bits, a key id and a MAC in 50 characters, and is stored as its SHA-256', () => {
    const { token, tokenHash, url } = links.issue();
    expect(token).toMatch(/^k1\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{22}$/);
    expect(token.length).toBeLessThanOrEqual(50);
    expect(tokenHash).toBe(createHash('sha256').update(token).digest('hex'));
    expect(url).toBe(`${publicBaseUrl}/t/${token}`);
    expect(links.hashOf(token)).toBe(tokenHash);
  });

  it('of the longer form, sent by earlier versions, stays valid', () => {
    const random = randomBytes(32).toString('base64url');
    const mac = createHmac('sha256', k1.key).update(`task\0${random}`).digest('base64url');
    expect(links.hashOf(`k1.${mac}.${random}`)).not.toBeNull();
    expect(links.hashOf(`k1.${mac.slice(0, 22)}.${random}`)).toBeNull();
    expect(links.hashOf(`k1.${mac}.${random}`, 'status')).toBeNull();
  });

  it('is unique', () => {
    expect(new Set(Array.from({ length: 200 }, () => links.issue().token)).size).toBe(200);
  });

  it('is refused after a change at any position, in 20,000 tries', () => {
    const place = fc.nat();
    const letter = fc.constantFrom(...alphabet);
    const { token } = links.issue();
    fc.assert(
      fc.property(place, letter, fc.constantFrom('replace', 'insert', 'delete', 'swap'), (at, other, how) => {
        const i = at % token.length;
        const mutated = {
          replace: token.slice(0, i) + other + token.slice(i + 1),
          insert: token.slice(0, i) + other + token.slice(i),
          delete: token.slice(0, i) + token.slice(i + 1),
          swap: token.slice(0, i) + (token[i + 1] ?? '') + (token[i] ?? '') + token.slice(i + 2),
        }[how];
        return mutated === token || links.hashOf(mutated) === null;
      }),
      { numRuns: 20_000 },
    );
  });

  it('is not found among 200,000 random and mutated tokens', () => {
    const { token } = links.issue();
    const part = (): string => randomBytes(16).toString('base64url');
    const mutated = (round: number): string => {
      const at = round % token.length;
      const other = alphabet[randomInt(alphabet.length)] ?? '';
      return token.slice(0, at) + (other === token[at] ? `${other}x` : other) + token.slice(at + 1);
    };
    let accepted = 0;
    for (let round = 0; round < 100_000; round += 1) {
      if (links.hashOf(`k1.${part()}.${part()}`) !== null) accepted += 1;
      if (links.hashOf(mutated(round)) !== null) accepted += 1;
    }
    expect(accepted).toBe(0);
  });

  it('is not accepted as arbitrary text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), text => links.hashOf(text) === null),
    );
  });

  it('of another installation is refused, also under the same key id', () => {
    const others = createTaskLinks({ keys: [key('k1')], publicBaseUrl });
    expect(links.hashOf(others.issue().token)).toBeNull();
  });

  it('is valid only as long as its key is accepted', () => {
    const { token, tokenHash } = links.issue();
    const changing = createTaskLinks({ keys: [k2, k1], publicBaseUrl });
    expect(changing.hashOf(token)).toBe(tokenHash);
    expect(changing.issue().token).toMatch(/^k2\./);
    expect(createTaskLinks({ keys: [k2], publicBaseUrl }).hashOf(token)).toBeNull();
  });

  it('of a replaced key is accepted exactly until its end', () => {
    let now = Date.UTC(2026, 10, 25);
    const until = new Date(now + 1_000);
    const { token, tokenHash } = links.issue();
    const nonce = links.nonceFor(tokenHash);
    const changing = createTaskLinks({ keys: [k2, { ...k1, until }], publicBaseUrl, now: () => now });
    const answers = (): unknown[] => [changing.hashOf(token), changing.isNonce(tokenHash, nonce)];
    now = until.getTime() - 1;
    expect(answers()).toEqual([tokenHash, true]);
    now = until.getTime();
    expect(answers()).toEqual([null, false]);
  });

  it('of one kind is not accepted as another', () => {
    const list = links.issue('list');
    expect(list.url).toBe(`${publicBaseUrl}/d/${list.token}`);
    expect([links.hashOf(list.token, 'list'), links.hashOf(list.token)]).toEqual([list.tokenHash, null]);
    expect(links.hashOf(links.issue().token, 'list')).toBeNull();
  });

  it('cannot be created without a key', () => {
    expect(() => createTaskLinks({ keys: [], publicBaseUrl })).toThrow(RangeError);
  });
});

describe('the nonce of a form', () => {
  const { tokenHash } = links.issue();

  it('is valid for forms of its link only, under every accepted key', () => {
    const nonce = links.nonceFor(tokenHash);
    expect(links.isNonce(tokenHash, nonce)).toBe(true);
    expect(links.isNonce(links.issue().tokenHash, nonce)).toBe(false);
    expect(createTaskLinks({ keys: [k2, k1], publicBaseUrl }).isNonce(tokenHash, nonce)).toBe(true);
    expect(createTaskLinks({ keys: [k2], publicBaseUrl }).isNonce(tokenHash, nonce)).toBe(false);
  });

  it('is new for every form and short enough for the id of an update', () => {
    const nonces = Array.from({ length: 200 }, () => links.nonceFor(tokenHash));
    expect(new Set(nonces).size).toBe(200);
    expect(Math.max(...nonces.map(nonce => nonce.length))).toBeLessThanOrEqual(80);
  });

  it('is refused after any change', () => {
    const nonce = links.nonceFor(tokenHash);
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom(...alphabet), (at, other) => {
        const i = at % nonce.length;
        const mutated = nonce.slice(0, i) + other + nonce.slice(i + 1);
        return mutated === nonce || !links.isNonce(tokenHash, mutated);
      }),
      { numRuns: 2_000 },
    );
  });
});
