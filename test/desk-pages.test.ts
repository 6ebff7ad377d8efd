import { createHash } from 'node:crypto';
import type { Browser } from 'playwright-core';
import { staffRoles } from '../src/config/schemas/staff';
import { routePolicies } from '../src/web/access';
import { staffRights } from '../src/web/desk/rights';
import { HOUR, MINUTE, T0 } from './support/cases';
import { brokenRules } from './support/accessibility';
import { describeWithBrowser, openBrowser } from './support/local-browser';
import { nonceIn, Visitor } from './support/staff-line';
import { type Desk, municipality, startDesk } from './support/task-desk';

jest.setTimeout(60_000);

const people = {
  manager: 'ozel.kalem@etimesgut.example',
  chief: 'fen.isleri.sorumlu@etimesgut.example',
  deputyMayor: 'baskan.yardimcisi.teknik@etimesgut.example',
  callCentre: 'bildirim.masasi@etimesgut.example',
  dataOfficer: 'kvkk@etimesgut.example',
  auditor: 'ic.denetim@etimesgut.example',
} as const;

let desk: Desk;
beforeAll(async () => {
  desk = await startDesk('desk-pages');
});
afterAll(() => desk.stop());
beforeEach(() => desk.setClock(T0));

/** Returns a browser in which somebody with this role is signed in. */
async function signedIn(role: keyof typeof people): Promise<Visitor> {
  const { tokenHash, token } = desk.links.issue('signIn');
  const [createdAt, expiresAt] = [new Date(T0), new Date(T0 + 15 * MINUTE)];
  await desk.store.staff.addLink({ tokenHash, address: people[role], createdAt, expiresAt });
  const visitor = new Visitor();
  await visitor.go(`${desk.base}/desk/link/${token}`, { form: {} });
  return visitor;
}

/** Every route of staff with its right. */
const staffRoutes = Object.entries(routePolicies).flatMap(([route, policy]) =>
  typeof policy === 'object' && 'staff' in policy ? [[route, policy.staff] as const] : [],
);

describe('the rights', () => {
  it.each(staffRoles)('of %s open the routes of the table, and no other', async role => {
    for (const [route, right] of staffRoutes) {
      const visitor = await signedIn(role);
      const [method = '', pattern = ''] = route.split(' ');
      const url = desk.base + pattern.replace(':number', 'PK-0000-0000');
      const { status } = await visitor.send(url, method === 'POST' ? {} : undefined);
      const isAllowed = (staffRights[right] as readonly string[]).includes(role);
      // A form without a nonce is refused for everybody.
      const refusals = method === 'POST' ? [] : [403];
      expect([route, role, refusals.includes(status)]).toEqual([route, role, method === 'GET' && !isAllowed]);
    }
  });

  it('are asked of nobody who is not signed in: the sign-in page comes instead', async () => {
    for (const [route] of staffRoutes) {
      const [method = '', pattern = ''] = route.split(' ');
      const url = desk.base + pattern.replace(':number', 'PK-0000-0000');
      const answer = await new Visitor().send(url, method === 'POST' ? { a: 'b' } : undefined);
      expect([route, answer.status, answer.headers.get('Location')]).toEqual([
        route,
        303,
        `${desk.base}/desk/sign-in`,
      ]);
    }
  });

  it('end when the person is taken out of staff.yaml', async () => {
    const { kvkk } = municipality.staff.people;
    const other = await startDesk('desk-left', {
      ...municipality,
      staff: { groups: {}, people: kvkk ? { kvkk } : {} },
    });
    other.setClock(T0);
    await other.store.staff.start({
      ...{ id: createHash('sha256').update('held').digest('hex'), name: 'Ayrılan', address: people.auditor },
      ...{ groups: [], idToken: null, createdAt: new Date(T0), expiresAt: new Date(T0 + HOUR) },
    });
    const visitor = new Visitor();
    visitor.cookies.set(new URL(other.base).host, new Map([['desk', 'held']]));
    const { status } = await visitor.send(`${other.base}/desk`);
    await other.stop();
    expect(status).toBe(403);
  });
});

describeWithBrowser('in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());

  it('every page conforms to WCAG 2.2 AA, fits the screen and is small', async () => {
    const visitor = await signedIn('manager');
    const pages = new Map<string, string>();
    for (const path of ['/desk/sign-in', '/desk/signed-out', '/desk', '/desk/unknown']) {
      pages.set(path, (await visitor.go(desk.base + path)).html);
    }
    for (const [path, html] of pages) {
      expect([path, Buffer.byteLength(html) <= 60_000]).toEqual([path, true]);
      for (const width of [390, 1_280]) {
        for (const colorScheme of ['light', 'dark'] as const) {
          const broken = await brokenRules(browser, html, { width, colorScheme });
          expect([path, width, colorScheme, broken]).toEqual([path, width, colorScheme, []]);
        }
      }
    }
    expect(nonceIn(pages.get('/desk') ?? '')).not.toBe('');
  });
});
