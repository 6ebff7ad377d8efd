import { randomBytes } from 'node:crypto';
import { createTaskLinks } from '../src/mail/task-link';
import { routePolicies } from '../src/web/access';
import { T0 } from './support/cases';
import { startDesk, type Desk } from './support/task-desk';
import { amount, noteFigure } from './support/proving';

let desk: Desk;
beforeAll(async () => {
  desk = await startDesk('token-table');
});
afterAll(() => desk.stop());
beforeEach(() => desk.setClock(T0));

const recipient = { name: 'Fen İşleri Müdürlüğü', address: 'fen.isleri@etimesgut.example' };

/** Returns one valid token of each kind. A token must work only on its own routes. */
async function goodTokens(): Promise<
  Record<'task' | 'list' | 'status' | 'call' | 'handOff' | 'manager' | 'signIn', string>
> {
  const { caseNumber, link } = await desk.openCase();
  const [list, status, call, handOff, manager, signIn] = (
    ['list', 'status', 'call', 'handOff', 'manager', 'signIn'] as const
  ).map(kind => desk.links.issue(kind));
  if (!list || !status || !call || !handOff || !manager || !signIn) throw new Error('a kind is missing');
  const [createdAt, expiresAt] = [new Date(T0), new Date(T0 + 1)];
  await desk.store.listLinks.add({
    ...{ tokenHash: list.tokenHash, department: 'fen-isleri', recipient, createdAt, expiresAt },
  });
  await desk.store.statusLinks.add({ tokenHash: status.tokenHash, caseNumber, createdAt });
  await desk.store.callLinks.add({ tokenHash: call.tokenHash, caseNumber, recipient, createdAt, expiresAt });
  await desk.store.handOffLinks.add({
    ...{ tokenHash: handOff.tokenHash, caseNumber, number: 1, side: 'institution', institution: 'aski' },
    ...{ recipient, createdAt, expiresAt },
  });
  const address = 'ozel.kalem@etimesgut.example';
  await desk.store.staff.addLink({ tokenHash: signIn.tokenHash, address, createdAt, expiresAt });
  return {
    ...{ task: link.token, list: list.token, status: status.token },
    ...{ call: call.token, handOff: handOff.token, manager: manager.token, signIn: signIn.token },
  };
}

const guarded = Object.keys(routePolicies).filter(route => route.includes(':token'));
const kindOf = (route: string): string =>
  ({ t: 'task', d: 'list', s: 'status', c: 'call', k: 'handOff', manager: 'manager', desk: 'signIn' })[
    route.split('/')[1] ?? ''
  ] ?? 'none';

async function ask(route: string, token: string): Promise<{ status: number; body: string }> {
  const [method = 'GET', pattern = ''] = route.split(' ');
  const url = desk.base + pattern.replace(':token', token).replace(':id', 'x');
  const answer = await fetch(url, {
    method,
    ...(method === 'POST' && { body: new URLSearchParams({ a: 'b' }) }),
  });
  return { status: answer.status, body: await answer.text() };
}

const TOKENS = amount({ proof: 1_000_000, test: 200_000 });

describe('a token', () => {
  it.each(guarded)('of another kind gets the same response from %s as an invalid one', async route => {
    const tokens = await goodTokens();
    const junk = await ask(route, 'x');
    expect(junk.status).toBe(404);
    for (const [kind, token] of Object.entries(tokens)) {
      if (kind === kindOf(route)) continue;
      expect([kind, await ask(route, token)]).toEqual([kind, junk]);
    }
  });

  it('of its own kind opens its page', async () => {
    const tokens = await goodTokens();
    const statuses = await Promise.all(
      [
        `/t/${tokens.task}`,
        `/d/${tokens.list}`,
        `/s/${tokens.status}`,
        `/c/${tokens.call}`,
        `/k/${tokens.handOff}`,
        `/desk/link/${tokens.signIn}`,
      ].map(async path => (await fetch(desk.base + path)).status),
    );
    expect(statuses).toEqual([200, 200, 200, 200, 200, 200]);
  });

  it(`is refused ${TOKENS} times of ${TOKENS} when random or mutated`, () => {
    const keys = [{ id: 'k1', key: randomBytes(32) }];
    const links = createTaskLinks({ keys, publicBaseUrl: '' });
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.';
    const { token } = links.issue();
    let accepted = 0;
    for (let round = 0; round < TOKENS / 2; round += 1) {
      const noise = randomBytes(70);
      const random = `k1.${noise.toString('base64url').slice(0, 43)}.${noise.toString('base64url').slice(43, 86)}`;
      const at = (noise[0] ?? 0) % token.length;
      const letter = letters[(noise[1] ?? 0) % letters.length] ?? 'A';
      const mutated = token.slice(0, at) + letter + token.slice(at + 1);
      for (const given of [random, mutated]) {
        if (given !== token && links.hashOf(given) !== null) accepted += 1;
      }
    }
    expect(accepted).toBe(0);
    noteFigure(TOKENS, '0 accepted');
    expect(links.hashOf(token)).not.toBeNull();
  }, 120_000);
});
