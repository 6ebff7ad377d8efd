import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { MINUTE, T0 } from './cases';
import type { Desk } from './task-desk';
import { createStaffProvider, type StaffProvider } from '../../src/web/desk/staff-provider';

/** What goes wrong with the ID tokens of the provider. */
export type TokenFault = 'audience' | 'expired' | 'issuer' | 'nonce' | 'key';

/** A real OpenID provider on this machine. */
export interface OidcServer {
  issuer: string;
  /** Whom it signs in from now on. */
  signsIn(account: { id: string; claims: Record<string, unknown> }, fault?: TokenFault): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a provider that knows the line at this address. */
export async function startOidcServer(publicBaseUrl: string): Promise<OidcServer> {
  const child: ChildProcess = spawn(process.execPath, [join(__dirname, 'oidc-provider.mjs'), publicBaseUrl], {
    stdio: ['ignore', 'pipe', 'ignore', 'ipc'],
  });
  if (!child.stdout) throw new Error('no output');
  const [issuer] = (await once(createInterface(child.stdout), 'line')) as [string];
  return {
    issuer,
    async signsIn(account, fault) {
      const isSet = once(child, 'message');
      child.send({ account, fault });
      await isSet;
    },
    async stop() {
      const isOver = once(child, 'exit');
      child.kill();
      await isOver;
    },
  };
}

/** Returns our client of the provider, as the web role makes it. */
export function clientOf({ issuer }: OidcServer, publicBaseUrl: string): StaffProvider {
  return createStaffProvider({
    ...{ issuer, publicBaseUrl, groupsClaim: 'groups' },
    ...{ clientId: 'line', clientSecret: 'secret-of-the-line' },
  });
}

/** A browser without scripts: keeps cookies by host, and follows redirects one by one. */
export class Visitor {
  readonly cookies = new Map<string, Map<string, string>>();

  cookie(base: string, name: string): string | undefined {
    return this.cookies.get(new URL(base).host)?.get(name);
  }

  /** Sends one request. */
  async send(
    url: string,
    form?: Record<string, string>,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    const { host } = new URL(url);
    const jar = this.cookies.get(host) ?? new Map<string, string>();
    this.cookies.set(host, jar);
    const answer = await fetch(url, {
      redirect: 'manual',
      headers: { Cookie: [...jar].map(pair => pair.join('=')).join('; '), Accept: 'text/html', ...headers },
      ...(form && { method: 'POST', body: new URLSearchParams(form) }),
    });
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (/max-age=0|expires=thu, 01 jan 1970/i.test(cookie) || value === '') jar.delete(name);
      else jar.set(name, value);
    }
    return answer;
  }

  /** Follows redirects to their end, or to the first address that starts with `until`, which is not opened. */
  async go(
    url: string,
    { form, until }: { form?: Record<string, string>; until?: string } = {},
  ): Promise<{
    url: string;
    status: number;
    html: string;
  }> {
    let [at, sent] = [url, form];
    for (let hops = 0; hops < 12; hops += 1) {
      if (until !== undefined && at.startsWith(until)) return { url: at, status: 0, html: '' };
      const answer = await this.send(at, sent);
      sent = undefined;
      const next = answer.headers.get('Location');
      if (next === null) return { url: at, status: answer.status, html: await answer.text() };
      await answer.arrayBuffer();
      at = new URL(next, at).href;
    }
    throw new Error(`no end of redirects at ${at}`);
  }
}

/** Returns the nonce of the forms of a page. */
export function nonceIn(html: string): string {
  return /name="nonce" value="([^"]+)"/.exec(html)?.[1] ?? '';
}

/** Somebody of each role in staff.yaml. */
export const people = {
  manager: 'ozel.kalem@etimesgut.example',
  chief: 'fen.isleri.sorumlu@etimesgut.example',
  deputyMayor: 'baskan.yardimcisi.teknik@etimesgut.example',
  callCentre: 'bildirim.masasi@etimesgut.example',
  dataOfficer: 'kvkk@etimesgut.example',
  auditor: 'ic.denetim@etimesgut.example',
} as const;

/** Returns a browser in which somebody with this role is signed in. */
export async function staffVisitor(
  { links, store, base }: Pick<Desk, 'links' | 'store' | 'base'>,
  role: keyof typeof people,
): Promise<Visitor> {
  const { tokenHash, token } = links.issue('signIn');
  const [createdAt, expiresAt] = [new Date(T0), new Date(T0 + 15 * MINUTE)];
  await store.staff.addLink({ tokenHash, address: people[role], createdAt, expiresAt });
  const visitor = new Visitor();
  await visitor.go(`${base}/desk/link/${token}`, { form: {} });
  return visitor;
}
