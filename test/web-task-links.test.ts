import { randomBytes } from 'node:crypto';
import { createTaskLinks } from '../src/mail/task-link';
import { acted, DAY, HOUR, T0 } from './support/cases';
import { startDesk, type Desk } from './support/task-desk';
import { post, readyForm } from './support/task-forms';
import { until } from './support/until';

let desk: Desk;
beforeAll(async () => {
  desk = await startDesk('links');
});
afterAll(() => desk.stop());
beforeEach(() => desk.setClock(T0));

describe('an invalid link', () => {
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
      ['of an unknown case', caseless.token],
      ['of a department’s list', desk.links.issue('list').token],
      ['with something behind it', `${link.token}/x`],
    ];
  }

  it('always leads to the same page, byte by byte', async () => {
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

  it('also with POST', async () => {
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

  it('without a signature is rejected without a store query', async () => {
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

  it('shows the outcome for fourteen days after the task, then nothing', async () => {
    const { link, caseNumber } = await desk.openCase();
    await desk.take(caseNumber, acted('reject', 'no'));
    desk.setClock(T0 + 14 * DAY - HOUR);
    expect((await fetch(link.url)).status).toBe(200);
    desk.setClock(T0 + 14 * DAY);
    const answer = await fetch(link.url);
    expect(answer.status).toBe(410);
    expect(await answer.text()).toMatch(/Sonuç: \S+/);
  });
});

describe('a link whose task has ended tells what became of it, without the report', () => {
  const read = async (url: string): Promise<[number, string]> => {
    const answer = await fetch(url);
    return [answer.status, await answer.text()];
  };

  it('after a reroute: when, and to whom', async () => {
    const { caseNumber, link } = await desk.openCase();
    await desk.take(caseNumber, acted('reroute', 'r', { department: 'park-ve-bahceler' }));
    desk.setClock(T0 + DAY);
    const [status, page] = await read(link.url);
    expect(status).toBe(410);
    expect(page).toContain('yönlendirildi: Park ve Bahçeler Müdürlüğü (dün 10:00)');
    expect(page).not.toContain('çukur');
    expect(page).not.toContain(caseNumber);
    expect(page).not.toContain('<form');
    expect((await post(link.url, { action: 'accept', nonce: 'x' })).status).toBe(404);
  });

  it('after a reopening in the same department: that a new link was sent, and asks for another one', async () => {
    const { caseNumber, link } = await desk.openCase();
    await desk.take(caseNumber, acted('resolve', 'done'));
    await desk.take(caseNumber, { type: 'feedback', messageId: 'm', answer: 'unsolved' });
    const [status, page] = await read(link.url);
    expect(status).toBe(410);
    expect(page).toContain('Kayıt yeniden açıldı (10:00).');
    expect(page).toContain('Yeni bağlantı gönder');
  });
});

it('every view is recorded with the recipient of the link; a refused link leaves no record', async () => {
  const recipient = { name: 'Fen İşleri Müdürü', address: 'mudur@etimesgut.example' };
  const { caseNumber, link } = await desk.openCase();
  const chief = await desk.linkTo(caseNumber, { role: 'chief', recipient });
  await fetch(link.url);
  await fetch(chief.url);
  await fetch(`${chief.url}/photos/none`);
  await fetch(`${desk.base}/t/${desk.links.issue().token}`);
  const views = await desk.store.linkViews.ofCase(caseNumber, 10);
  expect(views.map(view => [view.recipient.address, view.what])).toEqual([
    ['fen.isleri@etimesgut.example', 'task'],
    ['mudur@etimesgut.example', 'task'],
  ]);
  expect(JSON.stringify(views)).not.toContain(chief.token);
});

it('views of one hour are one record with their number', async () => {
  const { caseNumber, link } = await desk.openCase();
  desk.setClock(Date.parse('2026-03-03T09:10:00Z'));
  for (let view = 0; view < 5; view += 1) await fetch(link.url);
  desk.setClock(Date.parse('2026-03-03T10:10:00Z'));
  await fetch(link.url);
  const views = await desk.store.linkViews.ofCase(caseNumber, 10);
  expect(views.map(({ times }) => times)).toEqual([5, 1]);
});

const browser = { 'user-agent': 'Mozilla/5.0 (iPhone) Safari/605', 'accept-language': 'tr-TR' };

it.each<[string, RequestInit, (boolean | undefined)[]]>([
  ['a browser', { headers: browser }, [false]],
  ['a HEAD request', { headers: browser, method: 'HEAD' }, []],
  ['a scanner by its name', { headers: { ...browser, 'user-agent': 'Mozilla/5.0 BarracudaScan' } }, [true]],
  ['a prefetching browser', { headers: { ...browser, 'sec-purpose': 'prefetch;prerender' } }, [true]],
  ['a program', { headers: { 'user-agent': 'Go-http-client/2.0' } }, [true]],
])('the view of %s is marked as unsure or not recorded', async (_, request, expected) => {
  const { caseNumber, link } = await desk.openCase();
  expect((await fetch(link.url, request)).status).toBe(200);
  const views = await desk.store.linkViews.ofCase(caseNumber, 10);
  expect(views.map(view => view.isUnsure)).toEqual(expected);
});

it.each(['/', '.', ')', ',', '>', '%20', '%3E', '//', '.%22', '%E2%80%9D', ');', '%'])(
  'a link with "%s" appended is redirected once to the bare link',
  async extra => {
    const { link } = await desk.openCase();
    const answer = await fetch(`${link.url}${extra}?done=x`, { redirect: 'manual' });
    expect([answer.status, answer.headers.get('location')]).toEqual([302, `${link.url}?done=x`]);
    expect((await fetch(link.url + extra)).status).toBe(200);
    const posted = await fetch(link.url + extra, { method: 'POST', redirect: 'manual' });
    expect([posted.status, posted.headers.get('location')]).toEqual([308, link.url]);
  },
);

it('every act is recorded with the recipient of the link', async () => {
  const { url, fields } = await readyForm(desk, 'accept');
  expect((await post(url, fields)).status).toBe(303);
  expect(await desk.store.tasks.action(String(fields['nonce']))).toMatchObject({
    action: 'accept',
    actor: 'fen.isleri@etimesgut.example',
  });
});

describe('the form of a refused link', () => {
  const ask = async (token: string, headers: Record<string, string> = {}) => {
    const answer = await fetch(`${desk.base}/t/${token}?again`, { method: 'POST', headers });
    return { status: answer.status, body: await answer.text() };
  };
  beforeEach(() => desk.line.linkWishes.splice(0));

  it('asks the case of an expired, revoked or rotated link, and has the same answer for every link', async () => {
    const { link, caseNumber } = await desk.openCase();
    const expired = await desk.linkTo(caseNumber, { expiresAt: new Date(T0), role: 'chief' });
    const away = await desk.linkTo(caseNumber, { department: 'no-such' });
    const tokens = [link.token, expired.token, away.token, 'x', '%zz', desk.links.issue().token];
    const [first, ...others] = await Promise.all(tokens.map(token => ask(token)));
    expect(first?.status).toBe(200);
    expect(first?.body).toContain('İsteğiniz alındı');
    for (const answer of others) expect(answer).toEqual(first);
    await until(() => desk.line.linkWishes.length === 2, 'both wishes');
    const wish = { caseNumber, department: 'fen-isleri', hour: Math.floor(T0 / HOUR) };
    expect(desk.line.linkWishes).toEqual([wish, wish]);
  });

  it('has the same answer while Temporal is unreachable, and is refused from another site', async () => {
    const { link } = await desk.openCase();
    desk.line.isAway = true;
    const answers = [await ask(link.token), await ask('x')];
    desk.line.isAway = false;
    expect(answers[0]).toEqual(answers[1]);
    expect((await ask(link.token, { origin: 'https://evil.example' })).status).toBe(403);
  });

  it('accepts a link whose key has ended, which opens nothing', () => {
    const key = { id: 'k1', key: randomBytes(32) };
    const { token, tokenHash } = createTaskLinks({ keys: [key], publicBaseUrl: '' }).issue();
    const ended = { ...key, until: new Date(T0) };
    const rotated = createTaskLinks({
      keys: [{ id: 'k2', key: randomBytes(32) }, ended],
      publicBaseUrl: '',
      now: () => T0,
    });
    expect([rotated.hashOf(token), rotated.formerHashOf(token)]).toEqual([null, tokenHash]);
    expect(foreign().formerHashOf(token)).toBeNull();
  });
});

const foreign = () => createTaskLinks({ keys: [{ id: 'k1', key: randomBytes(32) }], publicBaseUrl: '' });
