import { Router } from '@koa/router';
import type Koa from 'koa';
import { z } from 'zod';
import { mailAddress } from '../../config/schemas/fields';
import { DAY_MS, MINUTE_MS } from '../../domain/durations';
import { AppError, notFound } from '../../errors';
import type { TaskLinks } from '../../mail/task-link';
import { type SignInLink, type StaffIdentity, staffId } from '../../store/staff-records';
import type { Store } from '../../store/store';
import type { CaseGateway } from '../../temporal/case-gateway';
import { plainForm } from '../form-body';
import { sameSiteOnly } from '../limits';
import { ownForm, staffName, createDeskDoor, type DeskDoorDeps, hostCookie } from './desk-door';
import type { DeskPages } from './desk-pages';
import type { StaffProvider } from './staff-provider';

export interface SignInDeps extends DeskDoorDeps {
  store: DeskDoorDeps['store'] & Pick<Store, 'hashId'>;
  gateway: Pick<CaseGateway, 'mailSignIn'>;
  links: Pick<TaskLinks, 'hashOf' | 'isNonce'>;
  /** Null if staff sign in by mail. */
  provider: StaffProvider | null;
  deskPages: DeskPages;
}

/** One letter in this span for each person, however often the form is sent. */
const TURN_MS = 5 * MINUTE_MS;
/** Look-ups at once in this process; more are refused, whoever asks. */
const MOST_AT_ONCE = 20;
/** For the way to the provider and back. */
const STARTED_SECONDS = 600;

const LARGEST_FORM = '4kb';

const form = z.object({ address: z.string().max(254) });
const signOutForm = z.object({ nonce: z.string().max(100) });

/** The pages on which staff sign in and out: with the town's OpenID provider, or with a link by mail. */
export function signInRoutes(deps: SignInDeps): Router {
  const { store, gateway, links, municipality, provider, deskPages, publicBaseUrl, now } = deps;
  const router = new Router();
  const door = createDeskDoor(deps);
  const started = hostCookie(publicBaseUrl, 'desk-sign-in');
  const home = `${publicBaseUrl}/desk`;

  function goTo(ctx: Koa.Context, url: string): void {
    ctx.status = 303;
    ctx.redirect(url);
  }

  async function enter(ctx: Koa.Context, identity: StaffIdentity, idToken: string | null): Promise<void> {
    if (await door.signIn(ctx, identity, idToken)) return goTo(ctx, home);
    ctx.status = 403;
    ctx.body = deskPages.noRole(staffName(identity));
  }

  router.get('/desk/sign-in', ctx => {
    ctx.body = deskPages.signIn(provider ? 'provider' : 'mail');
  });

  router.get('/desk/signed-out', ctx => {
    ctx.body = deskPages.signedOut();
  });

  door.add(router, 'POST /desk/sign-out', plainForm(LARGEST_FORM), async (ctx, staff) => {
    ownForm(signOutForm, ctx, staff, links);
    const { idToken } = staff.session;
    await door.signOut(ctx, staff);
    // The session has ended here, whether or not the provider answers.
    const away = idToken && (await provider?.endUrl(idToken).catch(() => null));
    goTo(ctx, away ?? `${home}/signed-out`);
  });

  let underWay = 0;

  async function mailLink(address: string): Promise<void> {
    if (!Object.values(municipality.staff.people).some(each => each.address === address)) return;
    const person = staffId(await store.hashId(), address);
    await gateway.mailSignIn({ person, turn: Math.floor(now().getTime() / TURN_MS) });
  }

  router.post('/desk/sign-in', sameSiteOnly(publicBaseUrl), plainForm(LARGEST_FORM), ctx => {
    if (provider) throw notFound();
    const sent = form.safeParse(ctx.request.body);
    const address = sent.success ? mailAddress.safeParse(sent.data.address) : null;
    if (!address?.success) {
      ctx.status = 400;
      ctx.body = deskPages.signIn('mail', 'Bu bir e-posta adresi değil. Lütfen adresinizi yeniden yazınız.');
      return;
    }
    if (underWay >= MOST_AT_ONCE) throw new AppError('too-often', { status: 429 });
    underWay += 1;
    // Not awaited, so that neither the answer nor its time tells whether the address is known.
    void mailLink(address.data)
      .catch((error: unknown) => void ctx.app.emit('error', error, ctx))
      .finally(() => (underWay -= 1));
    ctx.body = deskPages.linkAsked();
  });

  async function linkOf(token: string): Promise<SignInLink> {
    const tokenHash = links.hashOf(token, 'signIn');
    const link = provider || tokenHash === null ? null : await store.staff.link(tokenHash);
    if (!link || link.expiresAt <= now()) throw notFound();
    return link;
  }

  // Mail scanners open links, so only the form signs in.
  router.get('/desk/link/:token', async ctx => {
    await linkOf(ctx.params['token'] ?? '');
    ctx.body = deskPages.signIn('link');
  });

  router.post('/desk/link/:token', sameSiteOnly(publicBaseUrl), async ctx => {
    const { tokenHash, address, expiresAt } = await linkOf(ctx.params['token'] ?? '');
    if (!(await store.staff.use(tokenHash, expiresAt))) throw notFound();
    const known = Object.values(municipality.staff.people).find(each => each.address === address);
    await enter(ctx, { name: known?.name ?? address, address, groups: [] }, null);
  });

  router.get('/desk/sign-in/provider', async ctx => {
    if (!provider) throw notFound();
    const { url, secret } = await provider.start();
    started.set(ctx, secret, STARTED_SECONDS);
    goTo(ctx, url);
  });

  router.get('/desk/sign-in/callback', async ctx => {
    if (!provider) throw notFound();
    const secret = started.get(ctx);
    started.clear(ctx);
    try {
      if (secret === null) throw new AppError('sign-in-refused', { status: 400, reason: 'noCookie' });
      const { identity, idToken, state } = await provider.finish(secret, ctx.search);
      const isFirst = await store.staff.use(state, new Date(now().getTime() + DAY_MS));
      if (!isFirst) throw new AppError('sign-in-refused', { status: 400, reason: 'replayed' });
      await enter(ctx, identity, idToken);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'sign-in-refused') throw error;
      ctx.app.emit('error', error, ctx);
      ctx.status = 400;
      ctx.body = deskPages.signIn(
        'provider',
        'Kimlik sağlayıcının yanıtı geçerli değil veya giriş yarıda kaldı. Lütfen yeniden deneyiniz.',
      );
    }
  });

  return router;
}
