import { randomBytes } from 'node:crypto';
import { createTaskLinks } from '../src/mail/task-link';
import { DAY, T0 } from './support/cases';
import { startDesk, type Desk } from './support/task-desk';
import { post } from './support/task-forms';

let desk: Desk;
beforeAll(async () => {
  desk = await startDesk('links');
});
afterAll(() => desk.stop());
beforeEach(() => desk.setClock(T0));

describe('a link that opens nothing', () => {
  const foreign = createTaskLinks({ keys: [{ id: 'k1', key: randomBytes(32) }], publicBaseUrl: '' });

  async function refusedTokens(): Promise<[string, string][]> {
    const { link, caseNumber } = await desk.openCase();
    const expired = await desk.linkTo(caseNumber, { expiresAt: new Date(T0) });
    const caseless = await desk.linkTo('PK-ZZZZ-ZZZZ');
    const [id, mac = '', random = ''] = link.token.split('.');
    return [
      ['junk', 'x'],
      ['empty parts', 'k1..'],
      ['an encoded slash', '..%2f..%2fetc%2fpasswd'],
      ['a broken escape', '%zz'],
      ['a null byte', '%00'],
      ['very long', 'a'.repeat(3_000)],
      ['mutated', `${id}.${mac}.${random.slice(0, -1)}${random.endsWith('A') ? 'B' : 'A'}`],
      ['another key', foreign.issue().token],
      ['an unknown key id', link.token.replace('k1.', 'k9.')],
      ['never sent', desk.links.issue().token],
      ['expired', expired.token],
      ['of a case that is not there', caseless.token],
      ['with something behind it', `${link.token}/x`],
    ];
  }

  it('leads to one and the same page, to the byte', async () => {
    const tokens = await refusedTokens();
    const answers = await Promise.all(
      tokens.map(async ([name, token]) => {
        const answer = await fetch(`${desk.base}/t/${token}`);
        const headers = Object.fromEntries(answer.headers);
        delete headers['date'];
        return { name, status: answer.status, headers, body: await answer.text() };
      }),
    );
    const [first] = answers;
    expect(first?.status).toBe(404);
    expect(first?.body).toContain('Bu bağlantı geçerli değil');
    expect(first?.body).toContain('Yeni bağlantı için');
    for (const { name, ...answer } of answers) {
      expect([name, answer]).toEqual([name, { status: 404, headers: first?.headers, body: first?.body }]);
    }
  });

  it('also when something is posted to it', async () => {
    const [, , , , ...tokens] = await refusedTokens();
    const bodies = await Promise.all(
      tokens.slice(0, -1).map(async ([, token]) => {
        const answer = await post(`${desk.base}/t/${token}`, {
          action: 'accept',
          confirm: 'yes',
          nonce: 'x',
        });
        return `${answer.status} ${await answer.text()}`;
      }),
    );
    expect(new Set(bodies).size).toBe(1);
    expect(bodies[0]).toMatch(/^404 .*/);
  });

  it('is found out without a question to the store, when nobody signed it', async () => {
    const link = jest.spyOn(desk.store.tasks, 'link');
    await fetch(`${desk.base}/t/${foreign.issue().token}`);
    expect(link).not.toHaveBeenCalled();
    link.mockRestore();
  });

  it('opens nothing after sixty days', async () => {
    const { link } = await desk.openCase();
    desk.setClock(T0 + 60 * DAY);
    expect((await fetch(link.url)).status).toBe(404);
  });
});
