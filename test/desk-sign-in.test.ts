import { createHash } from 'node:crypto';
import type { StaffSession } from '../src/store/staff-records';
import { staffId } from '../src/store/staff-records';
import { HOUR, MINUTE, T0 } from './support/cases';
import {
  clientOf,
  nonceIn,
  type OidcServer,
  startOidcServer,
  type TokenFault,
  Visitor,
} from './support/staff-line';
import { type Desk, municipality, startDesk } from './support/task-desk';
import { until } from './support/until';

jest.setTimeout(60_000);

const manager = { name: 'Özel Kalem Müdürlüğü', address: 'ozel.kalem@etimesgut.example' };
const town = {
  ...municipality,
  staff: {
    ...municipality.staff,
    groups: { '/paydaskent/yonetici': { role: 'manager' as const } },
  },
};

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('with the OpenID provider of the town', () => {
  let desk: Desk;
  let oidc: OidcServer;
  let visitor: Visitor;
  beforeAll(async () => {
    desk = await startDesk('desk-oidc', town, async base => {
      oidc = await startOidcServer(base);
      return clientOf(oidc, base);
    });
  });
  afterAll(async () => {
    await desk.stop();
    await oidc.stop();
  });
  beforeEach(() => {
    visitor = new Visitor();
  });

  const known = { name: 'Ayşe Yılmaz', email: 'Ozel.Kalem@etimesgut.example', email_verified: true };
  const signIn = () => visitor.go(`${desk.base}/desk/sign-in/provider`);
  const sessionOf = async (who = visitor): Promise<StaffSession | null> =>
    desk.store.staff.session(sha256(who.cookie(desk.base, 'desk') ?? ''));

  it('signs in by a verified address and by a group, and opens the start page', async () => {
    await oidc.signsIn({ id: 'ayse', claims: known });
    const byAddress = await signIn();
    expect([byAddress.status, byAddress.url]).toEqual([200, `${desk.base}/desk`]);
    expect(byAddress.html).toContain('Ayşe Yılmaz');

    visitor = new Visitor();
    await oidc.signsIn({ id: 'can', claims: { name: 'Can Demir', groups: ['x', '/paydaskent/yonetici'] } });
    expect(await signIn()).toMatchObject({ status: 200, url: `${desk.base}/desk` });
    expect(await sessionOf()).toMatchObject({ name: 'Can Demir', address: null });
  });

  it('sends the code challenge, state and nonce, and asks for no more than the person', async () => {
    const { url } = await visitor.go(`${desk.base}/desk/sign-in/provider`, { until: oidc.issuer });
    const asked = Object.fromEntries(new URL(url).searchParams);
    expect(asked).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      scope: 'openid email profile',
    });
    expect([asked.state, asked.nonce, asked.code_challenge].map(text => text?.length)).toEqual([43, 43, 43]);
  });

  it.each<[string, Record<string, unknown>]>([
    ['nobody knows', { name: 'Veli', email: 'veli@etimesgut.example', email_verified: true }],
    ['has an address that is not verified', { ...known, email_verified: false }],
    ['has an address without a word about it', { name: known.name, email: known.email }],
    ['is in other groups', { name: 'Veli', groups: ['paydaskent', 'constructor'] }],
    ['has groups in another form', { name: 'Veli', groups: '/paydaskent/yonetici' }],
  ])('refuses somebody who %s', async (_, claims) => {
    await oidc.signsIn({ id: 'veli', claims });
    const { status, html } = await signIn();
    expect([status, html]).toEqual([403, expect.stringContaining('yetkiniz yok')]);
    expect(visitor.cookie(desk.base, 'desk')).toBeUndefined();
    expect((await desk.store.trail.between(0, Date.now() + HOUR)).at(-1)).toMatchObject({
      what: 'staffRefused',
    });
  });

  it.each<TokenFault>(['audience', 'expired', 'issuer', 'nonce', 'key'])(
    'refuses an ID token with a wrong %s',
    async fault => {
      await oidc.signsIn({ id: 'ayse', claims: known }, fault);
      const { status, html } = await signIn();
      expect([status, html]).toEqual([400, expect.stringContaining('Giriş yapılmadı')]);
      expect(visitor.cookie(desk.base, 'desk')).toBeUndefined();
      expect(desk.logged.join('')).not.toContain('yilmaz');
    },
  );

  it('refuses a callback that was used before, of another browser, and with another state', async () => {
    await oidc.signsIn({ id: 'ayse', claims: known });
    const callback = `${desk.base}/desk/sign-in/callback`;
    const { url } = await visitor.go(`${desk.base}/desk/sign-in/provider`, { until: callback });
    const started = visitor.cookie(desk.base, 'desk-sign-in') ?? '';
    const other = new Visitor();
    expect((await other.go(url)).status).toBe(400);
    expect((await visitor.go(url.replace(/state=[^&]*/, 'state=x'))).status).toBe(400);
    // The cookie has gone with the first answer.
    expect((await visitor.go(url)).status).toBe(400);

    const again = await visitor.go(`${desk.base}/desk/sign-in/provider`, { until: callback });
    const kept = visitor.cookie(desk.base, 'desk-sign-in') ?? '';
    expect(kept).not.toBe(started);
    expect((await visitor.go(again.url)).status).toBe(200);
    // Even with the cookie that a browser should have dropped.
    other.cookies.set(new URL(desk.base).host, new Map([['desk-sign-in', kept]]));
    expect((await other.go(again.url)).status).toBe(400);
    expect(other.cookie(desk.base, 'desk')).toBeUndefined();
  });

  it('never takes over a session id that the browser brings', async () => {
    await oidc.signsIn({ id: 'ayse', claims: known });
    visitor.cookies.set(new URL(desk.base).host, new Map([['desk', 'chosen-by-somebody-else']]));
    await signIn();
    expect(visitor.cookie(desk.base, 'desk')).not.toBe('chosen-by-somebody-else');
    expect(await desk.store.staff.session(sha256('chosen-by-somebody-else'))).toBeNull();
    expect(await sessionOf()).toMatchObject({ address: manager.address });
  });

  it('signs out here and at the provider', async () => {
    await oidc.signsIn({ id: 'ayse', claims: known });
    const { html } = await signIn();
    const held = visitor.cookie(desk.base, 'desk') ?? '';
    const left = await visitor.go(`${desk.base}/desk/sign-out`, {
      form: { nonce: nonceIn(html) },
      until: oidc.issuer,
    });
    const asked = new URL(left.url);
    expect(asked.pathname).toBe('/session/end');
    expect(asked.searchParams.get('post_logout_redirect_uri')).toBe(`${desk.base}/desk/signed-out`);
    expect((await visitor.send(left.url)).status).toBe(200);
    expect(await desk.store.staff.session(sha256(held))).toMatchObject({ idToken: null });
    visitor.cookies.set(new URL(desk.base).host, new Map([['desk', held]]));
    expect((await visitor.go(`${desk.base}/desk`)).url).toBe(`${desk.base}/desk/sign-in`);
  });

  it('lets the sign-out form lead to the provider, and no other form of the line', async () => {
    const policy = async (path: string) =>
      (await visitor.send(desk.base + path)).headers.get('Content-Security-Policy');
    expect(await policy('/desk/sign-in')).toContain(`form-action 'self' ${oidc.issuer}`);
    expect(await policy('/')).not.toContain(oidc.issuer);
  });

  it('offers no sign-in by mail', async () => {
    const { tokenHash, token } = desk.links.issue('signIn');
    const expiresAt = new Date(Date.now() + HOUR);
    await desk.store.staff.addLink({ tokenHash, address: manager.address, createdAt: new Date(), expiresAt });
    const mailed = await visitor.go(`${desk.base}/desk/sign-in`, { form: { address: manager.address } });
    expect([mailed.status, (await visitor.go(`${desk.base}/desk/link/${token}`)).status]).toEqual([404, 404]);
  });
});

describe('without a provider', () => {
  let desk: Desk;
  let visitor: Visitor;
  beforeAll(async () => {
    desk = await startDesk('desk-mail');
  });
  afterAll(() => desk.stop());
  beforeEach(() => {
    desk.setClock(T0);
    desk.line.signInWishes.length = 0;
    visitor = new Visitor();
  });

  async function linkFor(address = manager.address): Promise<string> {
    const { tokenHash, token } = desk.links.issue('signIn');
    const expiresAt = new Date(T0 + 15 * MINUTE);
    await desk.store.staff.addLink({ tokenHash, address, createdAt: new Date(T0), expiresAt });
    return `${desk.base}/desk/link/${token}`;
  }

  it('has a link mailed to a known address only, and answers every address alike', async () => {
    const url = `${desk.base}/desk/sign-in`;
    const known = await visitor.go(url, { form: { address: ' OZEL.KALEM@etimesgut.example ' } });
    const unknown = await visitor.go(url, { form: { address: 'veli@etimesgut.example' } });
    expect(known).toEqual(unknown);
    const person = staffId(await desk.store.hashId(), manager.address);
    await until(() => desk.line.signInWishes.length > 0, 'the wish');
    expect(desk.line.signInWishes).toEqual([{ person, turn: Math.floor(T0 / (5 * MINUTE)) }]);
    expect((await visitor.go(url, { form: { address: 'x' } })).status).toBe(400);
  });

  it('signs in by the form behind the link, once', async () => {
    const link = await linkFor();
    expect((await visitor.go(link)).status).toBe(200);
    expect(visitor.cookie(desk.base, 'desk')).toBeUndefined();
    const [first, second] = await Promise.all([
      visitor.go(link, { form: {} }),
      new Visitor().go(link, { form: {} }),
    ]);
    expect([first.status, second.status].sort()).toEqual([200, 404]);
    expect((await new Visitor().go(link, { form: {} })).status).toBe(404);
  });

  it('refuses a link after 15 minutes, and of somebody who has left', async () => {
    const link = await linkFor();
    const left = await linkFor('left@etimesgut.example');
    expect((await visitor.go(left, { form: {} })).status).toBe(403);
    desk.setClock(T0 + 15 * MINUTE);
    expect((await visitor.go(link, { form: {} })).status).toBe(404);
  });

  it('ends the session after eight hours', async () => {
    await visitor.go(await linkFor(), { form: {} });
    desk.setClock(T0 + 8 * HOUR - 1);
    expect((await visitor.go(`${desk.base}/desk`)).url).toBe(`${desk.base}/desk`);
    desk.setClock(T0 + 8 * HOUR);
    expect((await visitor.go(`${desk.base}/desk`)).url).toBe(`${desk.base}/desk/sign-in`);
  });

  it('signs out by its own form only', async () => {
    const { html } = await visitor.go(await linkFor(), { form: {} });
    const other = new Visitor();
    const theirs = await other.go(await linkFor(), { form: {} });
    const url = `${desk.base}/desk/sign-out`;
    const post = async (form: Record<string, string>, headers = {}) =>
      (await visitor.send(url, form, headers)).status;
    expect(await post({})).toBe(403);
    expect(await post({ nonce: nonceIn(theirs.html) })).toBe(403);
    expect(await post({ nonce: nonceIn(html) }, { Origin: 'https://elsewhere.example' })).toBe(403);
    expect(await post({ nonce: nonceIn(html) })).toBe(303);
    expect((await visitor.go(`${desk.base}/desk`)).url).toBe(`${desk.base}/desk/sign-in`);
  });

  it('writes sign-in, view and sign-out into the audit trail', async () => {
    const { html } = await visitor.go(await linkFor(), { form: {} });
    await visitor.go(`${desk.base}/desk/sign-out`, { form: { nonce: nonceIn(html) } });
    const actor = `${manager.name} <${manager.address}>`;
    const kept = await desk.store.trail.between(T0, T0 + 1);
    expect(
      kept
        .filter(entry => entry.actor === actor)
        .slice(-4)
        .map(({ what }) => what),
    ).toEqual(expect.arrayContaining(['staffSignedIn', 'deskViewed', 'staffSignedOut']));
  });

  it('keeps the cookie from scripts and other sites', async () => {
    const answer = await visitor.send(await linkFor(), {});
    expect(answer.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^desk=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=28800$/),
    ]);
  });
});
