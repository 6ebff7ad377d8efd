import type { Router, RouterContext } from '@koa/router';
import type Koa from 'koa';
import { createHash, randomBytes } from 'node:crypto';
import type { z } from 'zod';
import type { Municipality } from '../../config/municipality';
import { HOUR_MS } from '../../domain/durations';
import { AppError } from '../../errors';
import type { TaskLinks } from '../../mail/task-link';
import type { StaffIdentity, StaffSession } from '../../store/staff-records';
import type { Store } from '../../store/store';
import { type Policy, routePolicies } from '../access';
import { sameSiteOnly } from '../limits';
import { type Grant, grantsOf, hasRight } from './rights';

/** Somebody who is signed in and has a role. */
export interface Staff {
  session: StaffSession;
  /** Name and address, for the records. */
  actor: string;
  grants: readonly Grant[];
}

/** What a page showed or did, for the audit trail. */
interface DeskTrace {
  detail?: string;
  caseNumber?: string;
  citizenId?: string;
  /** Why, if the form asks for it. */
  reason?: string;
  /** Set by a form that only shows something, such as a search. */
  isView?: true;
}

/** Returns what it showed or did; `partOfPage` for a picture of a page whose view is recorded. */
type StaffHandler = (ctx: RouterContext, staff: Staff) => Promise<DeskTrace | 'partOfPage' | void>;

/** Access to the staff pages by session. */
export interface DeskDoor {
  /**
   * Adds a route with its policy of `routePolicies`: without a session the browser is sent to the sign-in page, without
   * the right it gets 403, and so do forms of other sites. Each view and act is in the audit trail before its page is sent.
   */
  add(
    router: Router,
    route: keyof typeof routePolicies,
    ...handlers: [...Koa.Middleware[], StaffHandler]
  ): void;
  /** Starts a session with a new id. Returns null, and starts none, for a person without a role. */
  signIn(ctx: Koa.Context, identity: StaffIdentity, idToken: string | null): Promise<Staff | null>;
  signOut(ctx: Koa.Context, staff: Staff): Promise<void>;
}

export interface DeskDoorDeps {
  store: Pick<Store, 'staff' | 'trail'>;
  municipality: Pick<Municipality, 'staff'>;
  publicBaseUrl: string;
  now: () => Date;
}

const SESSION_MS = 8 * HOUR_MS;
const SECRET_BYTES = 32;

const idOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** Returns the name and address under which the records keep a person. */
export function staffName({ name, address }: StaffIdentity): string {
  return address === null ? name : `${name} <${address}>`;
}

/**
 * Returns functions for a cookie that only this host gets back: `__Host-` makes browsers refuse it without TLS or from
 * another host. A line without TLS, for development, has a plain name instead.
 */
export function hostCookie(publicBaseUrl: string, name: string) {
  const isSecure = publicBaseUrl.startsWith('https:');
  const full = isSecure ? `__Host-${name}` : name;
  const set = (ctx: Koa.Context, value: string, seconds: number): void => {
    const rest = `Path=/; HttpOnly; SameSite=Lax; Max-Age=${seconds}${isSecure ? '; Secure' : ''}`;
    ctx.append('Set-Cookie', `${full}=${value}; ${rest}`);
  };
  return {
    get: (ctx: Koa.Context): string | null => ctx.cookies.get(full) ?? null,
    set,
    clear: (ctx: Koa.Context): void => set(ctx, '', 0),
  };
}

/** Parses a form of a page that this session was shown. Rejects any other with 403. */
export function ownForm<Form extends { nonce: string }>(
  form: z.ZodType<Form>,
  ctx: Koa.Context,
  { session }: Pick<Staff, 'session'>,
  links: Pick<TaskLinks, 'isNonce'>,
): Form {
  const sent = form.safeParse(ctx.request.body);
  if (!sent.success || !links.isNonce(session.id, sent.data.nonce)) {
    throw new AppError('bad-request', { status: 403, reason: 'nonce' });
  }
  return sent.data;
}

export function createDeskDoor({ store, municipality, publicBaseUrl, now }: DeskDoorDeps): DeskDoor {
  const cookie = hostCookie(publicBaseUrl, 'desk');
  const ours = sameSiteOnly(publicBaseUrl);

  async function sessionOf(ctx: Koa.Context): Promise<StaffSession | null> {
    const secret = cookie.get(ctx);
    const session = secret === null ? null : await store.staff.session(idOf(secret));
    return session && session.expiresAt > now() ? session : null;
  }

  function staffOf(session: StaffSession): Staff {
    return { session, actor: staffName(session), grants: grantsOf(municipality.staff, session) };
  }

  async function trace(
    ctx: Koa.Context,
    { actor }: Staff,
    route: string,
    { detail = '', isView, ...about }: DeskTrace,
  ): Promise<void> {
    const isAct = ctx.method === 'POST' && !isView;
    await store.trail.add({
      ...{ at: now(), actor, reason: '', what: isAct ? 'deskActed' : 'deskViewed', ...about },
      detail: [route, detail].filter(part => part !== '').join(' '),
    });
  }

  return {
    add(router, route, ...handlers) {
      const policy: Policy = routePolicies[route];
      if (typeof policy !== 'object' || !('staff' in policy)) {
        throw new RangeError(`The route ${route} has no right of staff`);
      }
      const [method = '', path = ''] = route.split(' ');
      const handler = handlers.pop() as StaffHandler;
      const enter: Koa.Middleware = async (ctx, next) => {
        const session = await sessionOf(ctx);
        if (!session) {
          ctx.status = 303;
          ctx.redirect(`${publicBaseUrl}/desk/sign-in`);
          return;
        }
        const staff = staffOf(session);
        if (!hasRight(staff.grants, policy.staff)) throw new AppError('unauthorised', { status: 403 });
        ctx.state['staff'] = staff;
        await next();
      };
      const act: Koa.Middleware = async ctx => {
        const staff = ctx.state['staff'] as Staff;
        const traced = await handler(ctx as RouterContext, staff);
        if (traced === 'partOfPage' || ctx.method === 'HEAD' || ctx.status >= 400) return;
        await trace(ctx, staff, path, traced ?? {});
      };
      const between = handlers as Koa.Middleware[];
      if (method === 'POST') router.post(path, enter, ours, ...between, act);
      else router.get(path, enter, ...between, act);
    },

    async signIn(ctx, identity, idToken) {
      const actor = staffName(identity);
      const at = now();
      if (grantsOf(municipality.staff, identity).length === 0) {
        await store.trail.add({ at, actor, reason: '', what: 'staffRefused' });
        return null;
      }
      // A new id, whatever cookie the browser sent: nobody can choose it beforehand.
      const secret = randomBytes(SECRET_BYTES).toString('base64url');
      const expiresAt = new Date(at.getTime() + SESSION_MS);
      const session = { id: idOf(secret), ...identity, idToken, createdAt: at, expiresAt };
      await store.staff.start(session);
      await store.trail.add({ at, actor, reason: '', what: 'staffSignedIn' });
      cookie.set(ctx, secret, SESSION_MS / 1_000);
      return staffOf(session);
    },

    async signOut(ctx, { session, actor }) {
      const at = now();
      await store.staff.end(session.id, at);
      await store.trail.add({ at, actor, reason: '', what: 'staffSignedOut' });
      cookie.clear(ctx);
    },
  };
}
