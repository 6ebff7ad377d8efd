import { createHash } from 'node:crypto';
import type { Browser } from 'playwright-core';
import { staffRoles } from '../src/config/schemas/staff';
import { encodeLine } from '../src/reports/case-line';
import { routePolicies } from '../src/web/access';
import { hasRightFor, type StaffRight, staffRights } from '../src/web/desk/rights';
import { HOUR, MINUTE, T0 } from './support/cases';
import { brokenRules } from './support/accessibility';
import { generatedYear, linesOfYear } from './support/generated-year';
import { describeWithBrowser, openBrowser } from './support/local-browser';
import { nonceIn, people, staffVisitor, Visitor } from './support/staff-line';
import { type Desk, municipality, startDesk } from './support/task-desk';

jest.setTimeout(60_000);

let desk: Desk;
beforeAll(async () => {
  desk = await startDesk('desk-pages');
});
afterAll(() => desk.stop());
beforeEach(() => desk.setClock(T0));

const signedIn = (role: keyof typeof people): Promise<Visitor> => staffVisitor(desk, role);

const actions = [
  ...['extend', 'reassign', 'setPriority', 'correct', 'escalate', 'reopen', 'decide', 'instruct', 'note'],
  ...['confirm', 'release'],
];

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

  it('of one role do not widen the departments of another', () => {
    const grants = [
      { role: 'chief', departments: ['fen-isleri'] },
      { role: 'auditor', departments: null },
    ] as const;
    const may = (right: StaffRight) => ['fen-isleri', 'zabita'].map(slug => hasRightFor(grants, right, slug));
    expect([may('cases'), may('words'), may('people')]).toEqual([
      [true, true],
      [true, false],
      [false, false],
    ]);
    expect(hasRightFor([], 'cases', 'fen-isleri')).toBe(false);
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

const day = 24 * HOUR;
const numbersIn = (html: string): string[] =>
  [...html.matchAll(/class="number">(PK-[\w-]+)/g)].map(([, number = '']) => number);

describe('the lists', () => {
  let late: string;
  let today: string;
  let parks: string;
  beforeAll(async () => {
    const open = async (over: Parameters<Desk['openCase']>[0]): Promise<string> =>
      (await desk.openCase(over)).caseNumber;
    desk.setClock(T0);
    late = await open({ openedAt: T0 - 20 * day, words: ['=HYPERLINK("x") Kuyular sokakta çukur'] });
    today = await open({ openedAt: T0 - HOUR });
    parks = await open({ openedAt: T0 - 2 * HOUR, desk: 'park-ve-bahceler', words: ['Devrilen ağaç'] });
    const { handled, ...progress } = desk.line.states.get(late) ?? (null as never);
    const breached = { ...progress, slaState: 'breached' as const };
    await desk.store.cases.write(breached, []);
    desk.line.states.set(late, { ...breached, handled });
  });

  it('open from each number of the start page, and hold as many cases as it says', async () => {
    const visitor = await signedIn('manager');
    const { html } = await visitor.go(`${desk.base}/desk`);
    const tiles = [...html.matchAll(/<a href="([^"]+)"><span class="count">(\d+)</g)];
    expect(tiles.length).toBeGreaterThanOrEqual(16);
    for (const [, href = '', count] of tiles) {
      const list = await visitor.go(href.replaceAll('&amp;', '&'));
      expect([href, list.status, numbersIn(list.html).length]).toEqual([href, 200, Number(count)]);
    }
    const ofDepartments = [...html.matchAll(/<a class="\w+" href="([^"]+)"[^>]*>(\d+)</g)];
    for (const [, href = '', count] of ofDepartments) {
      const list = await visitor.go(href.replaceAll('&amp;', '&'));
      expect([href, numbersIn(list.html).length]).toEqual([href, Number(count)]);
    }
  });

  it('count what is overdue once: it is not due today as well', async () => {
    const visitor = await signedIn('manager');
    const listed = async (query: string) =>
      numbersIn((await visitor.go(`${desk.base}/desk/cases?${query}`)).html);
    expect(await listed('view=breached')).toEqual([late]);
    expect(await listed('view=dueToday')).not.toContain(late);
    expect(await listed('order=newest')).toEqual([today, parks, late]);
    expect(await listed('order=oldest')).toEqual([late, parks, today]);
    expect(await listed('department=park-ve-bahceler')).toEqual([parks]);
    expect(await listed('from=2026-11-25')).toHaveLength(2);
    expect(await listed('to=2026-11-24')).toEqual([late]);
    expect(await listed("view=open' OR 1=1&stage=x&department=../../etc")).toHaveLength(3);
  });

  it('tell subject, place, department, stage, due, age, last step and the words in Turkish', async () => {
    const visitor = await signedIn('manager');
    const { html } = await visitor.go(`${desk.base}/desk/cases?view=breached`);
    for (const text of [
      late,
      'Yol çukuru',
      'Süvari',
      'Fen İşleri Müdürlüğü',
      'Müdürlüğe iletildi',
      '20 gün',
      'Son adım:',
    ])
      expect(html).toContain(text);
    expect(html).toContain('Kuyular sokakta');
    expect(html).toContain(`http://127.0.0.1:1/namespaces/line/workflows/${late}`);
  });

  it('show a reader only the own departments, and no words without the right', async () => {
    const chief = await signedIn('chief');
    for (const path of ['cases', 'cases?department=park-ve-bahceler', 'cases.csv'])
      expect((await chief.go(`${desk.base}/desk/${path}`)).html).not.toContain(parks);
    const { html } = await chief.go(`${desk.base}/desk/search`);
    const byNumber = await chief.go(`${desk.base}/desk/search`, {
      form: { nonce: nonceIn(html), words: parks },
    });
    expect(numbersIn(byNumber.html)).toEqual([]);
    const auditor = await (await signedIn('auditor')).go(`${desk.base}/desk/cases`);
    expect(numbersIn(auditor.html)).toHaveLength(3);
    expect(auditor.html).not.toContain('Kuyular');
  });

  it('come as a file without words, places and formulas', async () => {
    const visitor = await signedIn('manager');
    const { html: csv, status } = await visitor.go(`${desk.base}/desk/cases.csv?view=open`);
    expect(status).toBe(200);
    expect(csv.split('\r\n')).toHaveLength(4);
    expect(csv).not.toMatch(/Kuyular|HYPERLINK|(^|[,"])[=+@]/m);
  });
});

describe('the statistics', () => {
  const [line] = linesOfYear(generatedYear(1, 1, 2026));
  beforeAll(async () => {
    // The same cases as in the lists above.
    if (!line) throw new Error('there is no line');
    const received = [
      [T0 - 20 * day, 'fen-isleri'],
      [T0 - HOUR, 'fen-isleri'],
      [T0 - 2 * HOUR, 'park-ve-bahceler'],
    ] as const;
    const lines = received.map(([at, desk]) => {
      const turns = line.turns.slice(0, 1).map(turn => ({ ...turn, desk, startedAt: at }));
      return { ...line, subject: 'pothole', receivedAt: at, turns, answers: [], rungs: [] };
    });
    const stamp = { stamp: 'x', until: null };
    await desk.store.figures.put({ day: '2026-11-05', ...stamp, lines: lines.slice(0, 1).map(encodeLine) });
    await desk.store.figures.put({ day: '2026-11-24', ...stamp, lines: lines.slice(1).map(encodeLine) });
  });

  it('lead from each figure into the list of its cases', async () => {
    const visitor = await signedIn('manager');
    const page = `${desk.base}/desk/istatistik`;
    const { html } = await visitor.go(page);
    const links = [...html.matchAll(/<a href="(cases\?[^"]+)"[^>]*>(?:<span class="count">)?(\d+)</g)];
    expect(links.map(([, , count]) => Number(count)).slice(0, 3)).toEqual([3, 0, 3]);
    expect(links.length).toBeGreaterThan(8);
    for (const [, href = '', count] of links) {
      const list = await visitor.go(new URL(href.replaceAll('&amp;', '&'), page).href);
      expect([href, list.status, numbersIn(list.html).length]).toEqual([href, 200, Number(count)]);
    }
  });

  it('lead into the same list of the Temporal UI, from the page and from the list', async () => {
    const visitor = await signedIn('manager');
    const answer = await visitor.send(`${desk.base}/desk/istatistik/liste?konu=pothole&sayi=open`);
    const query = new URL(answer.headers.get('Location') ?? '').searchParams.get('query');
    expect(query).toBe(
      "WorkflowType = 'reportCase' AND ExecutionStatus = 'Running' AND Category = 'pothole'",
    );
    const { html } = await visitor.go(`${desk.base}/desk/cases?view=everLate&department=fen-isleri`);
    const [, href = ''] = /<a href="([^"]+)">Temporal listesi/.exec(html) ?? [];
    expect(new URL(href.replaceAll('&#39;', "'")).searchParams.get('query')).toBe(
      "WorkflowType = 'reportCase' AND SlaBreached = true AND Department IN ('fen-isleri')",
    );
  });

  it('come as a file only with the right, and its rows only of the own departments', async () => {
    const path = `${desk.base}/desk/istatistik`;
    const callCentre = await signedIn('callCentre');
    expect((await callCentre.go(path)).html).not.toContain('istatistik.csv');
    expect((await callCentre.send(`${path}.csv`)).status).toBe(403);
    const chief = await signedIn('chief');
    expect((await chief.go(path)).html).toContain('istatistik.csv?donem=otuz-gun&amp;satirlar=evet');
    const rowsFor = async (visitor: Visitor): Promise<number> =>
      (await visitor.go(`${path}.csv?satirlar=evet`)).html.split('\r\n').length - 1;
    expect([await rowsFor(chief), await rowsFor(await signedIn('auditor'))]).toEqual([2, 3]);
  });
});

describe('the search', () => {
  async function search(role: keyof typeof people, form: Record<string, string>): Promise<string[]> {
    const visitor = await signedIn(role);
    const { html } = await visitor.go(`${desk.base}/desk/search`);
    return numbersIn(
      (await visitor.go(`${desk.base}/desk/search`, { form: { nonce: nonceIn(html), ...form } })).html,
    );
  }

  it('finds by number, words as people type them, street and filters', async () => {
    const { caseNumber } = await desk.openCase({ words: ['Şehitler Parkı’nda SALINCAK kırık'] });
    expect(await search('callCentre', { words: caseNumber.toLowerCase().replaceAll('-', ' ') })).toEqual([
      caseNumber,
    ]);
    expect(await search('callCentre', { words: 'sehitler salincak' })).toEqual([caseNumber]);
    expect(await search('callCentre', { words: 'salincak', department: 'park-ve-bahceler' })).toEqual([]);
    expect(await search('callCentre', { words: 'zürafa' })).toEqual([]);
  });

  it('finds by name, for whoever has the right, and by how the report came', async () => {
    const citizenId = 'c-by-name';
    const names = { phone: null, bsuid: null, profileName: 'Gülşen Ünlü', language: 'tr' as const };
    await desk.store.citizens.seen(citizenId, { at: new Date(T0), ...names });
    const entry = { source: 'muhtar', answer: 'none', by: 'Masa' } as const;
    const { caseNumber } = await desk.openCase({ intake: { citizenId, entry }, words: ['Bank devrildi'] });
    expect(await search('callCentre', { words: 'gulsen' })).toEqual([caseNumber]);
    expect(await search('chief', { words: 'gulsen' })).toEqual([]);
    expect(await search('callCentre', { source: 'muhtar' })).toEqual([caseNumber]);
    expect(await search('callCentre', { source: 'whatsapp', words: 'gulsen' })).toEqual([]);
    expect(await search('callCentre', { source: 'counter' })).toEqual([]);
  });

  it('finds by telephone all cases of a person, for whoever has the right, and leaves no number behind', async () => {
    const phone = '905321234567';
    const citizenId = 'c-phone';
    await desk.store.identities.model.collection.insertOne({ _id: `wa:${phone}` as never, citizenId });
    const names = { phone, bsuid: null, profileName: 'Ali', language: 'tr' as const };
    await desk.store.citizens.seen(citizenId, { at: new Date(T0), ...names });
    const { caseNumber } = await desk.openCase({ intake: { citizenId } });
    await desk.store.citizens.caseOpened(citizenId, { caseNumber, openedAt: new Date(T0) }, null);
    expect(await search('callCentre', { phone: '0532 123 45 67' })).toEqual([caseNumber]);
    // Without the right, the field counts for nothing.
    expect(await search('auditor', { phone: '0532 123 45 67', view: 'triage' })).toEqual([]);
    expect(desk.logged.join('')).not.toContain('532123');
    const trail = await desk.store.trail.between(0, T0 + day);
    expect(trail).toContainEqual(
      expect.objectContaining({ what: 'deskViewed', detail: '/desk/search phone', citizenId }),
    );
    expect(JSON.stringify(trail)).not.toContain('1234567');
  });

  it('is refused without the nonce of the session', async () => {
    const visitor = await signedIn('manager');
    const other = await (await signedIn('manager')).go(`${desk.base}/desk/search`);
    const post = async (form: Record<string, string>) =>
      (await visitor.send(`${desk.base}/desk/search`, form)).status;
    expect([await post({ words: 'x' }), await post({ words: 'x', nonce: nonceIn(other.html) })]).toEqual([
      403, 403,
    ]);
  });
});

describe('a case', () => {
  let caseNumber: string;
  let visitor: Visitor;
  let html: string;
  const url = (): string => `${desk.base}/desk/cases/${caseNumber}`;
  const factsNow = async () => {
    const { revision = 0 } = (await desk.store.cases.get(caseNumber))?.progress ?? {};
    return desk.store.cases.facts(caseNumber, revision);
  };
  /** The form as the page holds it, with other values. */
  const form = (action: string, over: Record<string, string> = {}): Record<string, string> => {
    const part = html.slice(html.indexOf(`name="action" value="${action}"`));
    const seen = /name="seen" value="(\d+)"/.exec(part)?.[1] ?? '';
    return { action, nonce: nonceIn(part), seen, reason: 'Ekip başka işte', ...over };
  };

  beforeEach(async () => {
    ({ caseNumber } = await desk.openCase({ openedAt: T0 - HOUR }));
    visitor = await signedIn('manager');
    ({ html } = await visitor.go(url()));
  });

  it('shows report, place, clocks and history, and leads into its timeline', () => {
    for (const text of [
      '1234. sokakta çukur var',
      'Süvari',
      'Kabul:',
      'Bildirim alındı',
      `/workflows/${caseNumber}`,
    ])
      expect(html).toContain(text);
    expect(html).not.toContain('/cover/');
  });

  it.each<[string, Record<string, string>, object]>([
    ['extend', { until: '2027-01-15T17:00' }, { type: 'extended' }],
    ['reassign', { department: 'park-ve-bahceler' }, { type: 'reassigned', to: 'park-ve-bahceler' }],
    ['setPriority', { priority: 'p3' }, { type: 'prioritised' }],
    ['correct', { subject: 'tree' }, { type: 'corrected' }],
    ['correct', { pin: 'https://maps.google.com/?q=39.9571,32.6332' }, { type: 'corrected' }],
    ['instruct', {}, { type: 'instructed' }],
    ['escalate', {}, { type: 'escalatedByManager' }],
    ['note', {}, { type: 'managerNoted' }],
  ])('is changed by %s once, with person and reason in the record', async (action, over, fact) => {
    const sent = form(action, over);
    const after = await visitor.go(url(), { form: sent });
    expect([after.status, after.html]).toEqual([200, expect.stringContaining('İşleminiz kaydedildi')]);
    const facts = await factsNow();
    expect(facts).toContainEqual(expect.objectContaining(fact));
    expect(await desk.store.tasks.action(sent.nonce ?? '')).toMatchObject({
      ...{ action, role: 'manager', words: 'Ekip başka işte' },
      actor: `Özel Kalem Müdürlüğü <${people.manager}>`,
    });
    // A double click.
    expect((await visitor.go(url(), { form: sent })).html).toContain('İşleminiz kaydedildi');
    expect(await factsNow()).toEqual(facts);
    expect((await desk.store.trail.of(caseNumber, '')).map(({ what }) => what)).toContain('deskActed');
  });

  it('is reopened after its end, and an objection is decided', async () => {
    const at = { actionId: 'done', by: 'department', task: 1 } as const;
    await desk.take(caseNumber, { type: 'acted', act: { ...at, action: 'accept', actionId: 'a' } });
    await desk.take(caseNumber, { type: 'acted', act: { ...at, action: 'reject' } });
    ({ html } = await visitor.go(url()));
    expect((await visitor.go(url(), { form: form('reopen') })).html).toContain('Kayıt yeniden açıldı');
    expect((await desk.store.cases.get(caseNumber))?.progress?.stage).toBe('assigned');
  });

  it('is closed as solved when the citizen says so to somebody of the call centre', async () => {
    const at = { by: 'department', task: 1 } as const;
    expect(html).not.toContain('value="confirm"');
    await desk.take(caseNumber, { type: 'acted', act: { ...at, action: 'resolve', actionId: 'done' } });
    visitor = await signedIn('callCentre');
    ({ html } = await visitor.go(url()));
    const after = await visitor.go(url(), { form: form('confirm', { reason: 'Telefonda söyledi' }) });
    expect(after.html).toContain('Kayıt vatandaşın onayıyla kapatıldı');
    expect(after.html).toContain('Vatandaş görevliye çözüldüğünü söyledi');
    expect((await desk.store.cases.get(caseNumber))?.progress).toMatchObject({
      ...{ stage: 'closed', feedback: 'solved', outcome: 'resolved' },
    });
    expect(await factsNow()).toContainEqual(expect.objectContaining({ type: 'closed', reason: 'confirmed' }));
  });

  it('that waits for the end of an incident is taken out of it', async () => {
    expect(html).not.toContain('value="release"');
    const id = `pothole:${new Date(T0).toISOString()}`;
    const [from, to] = [new Date(T0 - HOUR), new Date(T0 + HOUR)];
    await desk.store.incidents.add({
      ...{ id, name: 'Göçük', words: { tr: 'Ekip yolda.', en: null }, subjects: ['pothole'], reason: 'x' },
      ...{ neighbourhoods: [], areas: [], from, to, addedBy: 'x', addedAt: from, moved: null },
    });
    const incident = { id, until: to.getTime(), leader: 'PK-0000-0001' };
    ({ caseNumber } = await desk.openCase({ openedAt: T0 - HOUR, intake: { incident: id }, incident }));
    ({ html } = await visitor.go(url()));
    const incidents = await visitor.go(`${desk.base}/desk/incidents`);
    expect(incidents.html).toContain(`/desk/cases/${caseNumber}"`);
    const after = await visitor.go(url(), { form: form('release') });
    expect(after.html).toContain('Kayıt olaydan ayrıldı');
    expect((await desk.store.cases.get(caseNumber))?.progress).toMatchObject({
      ...{ stage: 'assigned', incident: null, task: 1 },
    });
  });

  it.each<[string, Record<string, string>, number]>([
    ['without a reason', { reason: ' ' }, 400],
    ['for a department that does not exist', { department: '../x' }, 400],
    ['with a nonce of somebody else', { nonce: 'x' }, 403],
    ['from a page of before', { seen: '0' }, 409],
    ['on records from a page of before', { action: 'block', day: '2027-01-01', seen: '0' }, 409],
    [
      'with a pin outside of the district',
      { action: 'correct', pin: '36.8841, 30.7056', department: '' },
      400,
    ],
    ['for an unknown act', { action: 'erase' }, 400],
  ])('refuses a form %s, and keeps what was typed', async (_, over, status) => {
    const before = desk.line.acts.length;
    const answer = await visitor.go(url(), {
      form: form('reassign', { department: 'park-ve-bahceler', reason: 'Ağaç <b>kökü</b>', ...over }),
    });
    expect(answer.status).toBe(status);
    expect(desk.line.acts).toHaveLength(before);
    expect(answer.html.includes('Ağaç &lt;b&gt;kökü&lt;/b&gt;')).toBe(
      over['reason'] === undefined && [undefined, 'correct'].includes(over['action']),
    );
  });

  it('has its messages sent again, by whoever may, and tells what cannot be', async () => {
    const key = `${caseNumber}:1`;
    const content = { type: 'text', body: 'Bildiriminiz alındı' };
    const sent = { key, channel: 'whatsapp' as const, recipient: 'c-1', caseNumber, content };
    await desk.store.outbox.prepare({ ...sent, createdAt: new Date(T0) });
    ({ html } = await visitor.go(url()));
    expect(html).toContain('Mesaj: Bildiriminiz alındı');
    const after = await visitor.go(url(), { form: form('resend', { message: key }) });
    expect(after.html).toContain('Yeniden gönderiliyor');
    expect(desk.line.copies.at(-1)).toEqual({ caseNumber, key, copy: `${key}:again:1` });
    expect(await desk.store.tasks.action(`${key}:again:1`)).toMatchObject({
      action: 'resend',
      words: 'Ekip başka işte',
    });
    expect((await visitor.go(url(), { form: form('resend', { message: 'PK-0000-0000:1' }) })).status).toBe(
      409,
    );
    expect((await (await signedIn('chief')).go(url())).html).not.toContain('value="resend"');
  });

  it('keeps a photo out of letters and lets it in again', async () => {
    const jpeg = Buffer.from('x');
    await desk.store.photos.add({
      ...{ id: `p-${caseNumber}`, caseNumber, citizenId: 'c-1', jpeg, thumbnail: jpeg, width: 1, height: 1 },
      ...{ keptAt: new Date(T0), takenAt: null },
    });
    for (const [what, flagged] of [
      ['flag', true],
      ['clear', false],
    ] as const) {
      ({ html } = await visitor.go(url()));
      await visitor.go(url(), { form: form('flagPhoto', { photo: `${what}:p-${caseNumber}` }) });
      expect((await desk.store.photos.about(`p-${caseNumber}`))?.flagged).toBe(flagged);
    }
    expect((await visitor.go(url(), { form: form('flagPhoto', { photo: 'flag:other' }) })).status).toBe(400);
    const traces = (await desk.store.trail.of(caseNumber, '')).map(({ what }) => what);
    expect(traces).toEqual(expect.arrayContaining(['photoFlagged', 'photoCleared']));
  });

  it('leads to a block of its citizen with an end, and back', async () => {
    const citizenId = 'c-blocked';
    await desk.store.citizens.seen(citizenId, {
      at: new Date(T0),
      phone: null,
      bsuid: null,
      profileName: null,
      language: 'tr',
    });
    ({ caseNumber } = await desk.openCase({ intake: { citizenId } }));
    ({ html } = await visitor.go(url()));
    expect(html).not.toContain('value="unblock"');
    expect((await visitor.go(url(), { form: form('block', { day: '2020-01-01' }) })).status).toBe(400);
    await visitor.go(url(), { form: form('block', { day: '2026-12-31' }) });
    expect(await desk.store.blocks.isBlocked([citizenId], new Date('2026-12-31T20:00:00Z'))).toBe(true);
    ({ html } = await visitor.go(url()));
    expect(html).not.toContain('value="block"');
    await visitor.go(url(), { form: form('unblock') });
    expect(await desk.store.blocks.isBlocked([citizenId], new Date(T0 + MINUTE))).toBe(false);
    const acts = await desk.store.blocks.actsOf(citizenId);
    expect(acts.map(({ actor, reason }) => [actor, reason])).toEqual(
      Array(2).fill([`Özel Kalem Müdürlüğü <${people.manager}>`, 'Ekip başka işte']),
    );
  });

  const mayAct = Object.entries(staffRights).filter(([right]) => actions.some(action => action === right));
  it.each(staffRoles)('lets %s do what the table says, and nothing else', async role => {
    const own = await signedIn(role);
    const page = (await own.go(url())).html;
    for (const [action, roles] of mayAct) {
      const isOffered = page.includes(`name="action" value="${action}"`);
      const isLegal = !['reopen', 'decide', 'confirm', 'release'].includes(action);
      expect([role, action, isOffered]).toEqual([
        role,
        action,
        isLegal && (roles as readonly string[]).includes(role),
      ]);
      if (isOffered) continue;
      const forged = { action, nonce: nonceIn(page), seen: '1', reason: 'x', department: 'zabita' };
      const before = desk.line.acts.length;
      expect([403, 404, 409]).toContain((await own.send(url(), forged)).status);
      expect(desk.line.acts).toHaveLength(before);
    }
  });

  it('of another department does not exist for a chief, neither page nor act nor picture', async () => {
    const { caseNumber: other } = await desk.openCase({ desk: 'park-ve-bahceler' });
    const chief = await signedIn('chief');
    const own = (await chief.go(url())).html;
    const sent = { action: 'note', nonce: nonceIn(own), seen: '1', reason: 'x' };
    const unknown = await chief.go(`${desk.base}/desk/cases/PK-0000-0000`);
    expect(unknown.status).toBe(404);
    const base = `${desk.base}/desk/cases/${other}`;
    expect((await chief.go(base)).html).toBe(unknown.html);
    expect((await chief.send(base, sent)).status).toBe(404);
    for (const part of ['photos', 'files', 'work'])
      expect((await chief.send(`${base}/${part}/x`)).status).toBe(404);
  });

  it('is one click from the task page of a superior who can sign in, and of nobody else', async () => {
    const linked = async (over: Parameters<Desk['linkTo']>[1]): Promise<boolean> => {
      const { token } = await desk.linkTo(caseNumber, over);
      return (await (await fetch(`${desk.base}/t/${token}`)).text()).includes(`desk/cases/${caseNumber}`);
    };
    const chief = { name: 'Fen İşleri Müdürü', address: people.chief };
    expect(await linked({ role: 'chief', recipient: chief })).toBe(true);
    expect(await linked({ role: 'department', recipient: chief })).toBe(false);
    expect(await linked({ role: 'chief', recipient: { ...chief, address: 'baska@etimesgut.example' } })).toBe(
      false,
    );
  });

  it('shows words only with the right, and the number only to those who may call', async () => {
    const citizenId = 'c-named';
    const names = { phone: '905329998877', bsuid: null, profileName: 'Ayla Kaya', language: 'tr' as const };
    await desk.store.citizens.seen(citizenId, { at: new Date(T0), ...names });
    ({ caseNumber } = await desk.openCase({ intake: { citizenId } }));
    const seen = async (role: keyof typeof people) => {
      const page = (await (await signedIn(role)).go(url())).html;
      return [page.includes('çukur var'), page.includes('905329998877')];
    };
    expect(await seen('auditor')).toEqual([false, false]);
    expect(await seen('chief')).toEqual([true, false]);
    expect(await seen('callCentre')).toEqual([true, true]);
  });
});

describe('a chat', () => {
  const citizenId = 'c-talk';
  let caseNumber: string;
  const url = (about = ''): string => `${desk.base}/desk/talks/${citizenId}${about}`;
  const send = async (visitor: Visitor, form: Record<string, string>) => {
    const { html } = await visitor.go(url(`?case=${caseNumber}`));
    const nonce = nonceIn(html.slice(html.indexOf('id="acts"'))) || nonceIn(html);
    return visitor.go(url(), { form: { nonce, case: caseNumber, ...form } });
  };
  const textsNow = async () =>
    (await desk.store.outbox.sentTo(citizenId, 'whatsapp', new Date(T0 - day))).filter(({ by }) => by);

  beforeAll(async () => {
    desk.setClock(T0);
    const names = { phone: '905321112233', bsuid: null, profileName: 'Nazlı Er', language: 'tr' as const };
    await desk.store.citizens.seen(citizenId, { at: new Date(T0 - HOUR), ...names });
    const messages = [{ citizenId, words: 'Bir görevliyle konuşmak istiyorum' }];
    const opened = await desk.openCase({ intake: { citizenId }, messages });
    ({ caseNumber } = opened);
    await desk.store.citizens.caseOpened(citizenId, { caseNumber, openedAt: new Date(T0) }, null);
    const { tokenHash } = desk.links.issue('call');
    await desk.store.callLinks.add({
      ...{ tokenHash, caseNumber: null, wish: { citizenId, messageIds: opened.messageIds } },
      recipient: { name: 'Masa', address: people.callCentre },
      ...{ createdAt: new Date(T0 - MINUTE), expiresAt: new Date(T0 + day) },
    });
  });
  beforeEach(() => void desk.line.talks.clear());

  it('is found from the wishes and from the case, in two clicks', async () => {
    const visitor = await signedIn('callCentre');
    const { html } = await visitor.go(`${desk.base}/desk/talks`);
    expect(html).toContain('Bir görevliyle konuşmak istiyorum');
    expect(html).toContain(`href="${url()}"`);
    const page = await visitor.go(`${desk.base}/desk/cases/${caseNumber}`);
    expect(page.html).toContain(`${url(`?case=${caseNumber}`)}#last`);
    const talk = await visitor.go(url());
    for (const text of ['Nazlı Er', 'Hat yanıt veriyor', 'Yazışmayı devral', caseNumber])
      expect(talk.html).toContain(text);
  });

  it('does not say who answers while Temporal is away', async () => {
    const visitor = await signedIn('callCentre');
    desk.line.isAway = true;
    const { html } = await visitor.go(url());
    desk.line.isAway = false;
    expect(html).toContain('Kimin yanıt verdiği şu anda öğrenilemiyor');
    expect(html).not.toContain('Hat yanıt veriyor');
  });

  it('keeps a text for later while Temporal is away, and blames nobody', async () => {
    const visitor = await signedIn('callCentre');
    const before = (await textsNow()).length;
    desk.line.isAway = true;
    const answer = await send(visitor, { do: 'writes', words: 'Merhaba, yardımcı olayım' });
    desk.line.isAway = false;
    expect(answer.status).toBe(503);
    expect(answer.html).toContain('Henüz yapılamadı');
    expect(answer.html).toContain('Merhaba, yardımcı olayım</textarea>');
    expect(answer.html).toContain('Gönder</button>');
    expect(await textsNow()).toHaveLength(before);
  });

  it('is taken over, written in and given back, all of it with the person in record and trail', async () => {
    const visitor = await signedIn('callCentre');
    expect((await send(visitor, { do: 'writes', words: 'Merhaba' })).html).toContain('Yazışma sizde değil');
    expect((await send(visitor, { do: 'takes' })).html).toContain('Yazışma sizde');
    const seen = await send(visitor, { do: 'writes', words: '', canned: '0', preview: 'yes' });
    const { answers } = municipality.takeOver;
    expect(seen.html).toContain(`class="bubble" dir="auto">${answers[0]?.text}`);
    expect(await textsNow()).toEqual([]);
    await send(visitor, { do: 'writes', words: 'Merhaba, <b>nasıl</b> yardımcı olabilirim?' });
    const [text, ...others] = await textsNow();
    expect(others).toEqual([]);
    expect(text).toMatchObject({
      ...{ caseNumber, recipient: citizenId, state: 'pending' },
      content: { type: 'text', body: 'Merhaba, <b>nasıl</b> yardımcı olabilirim?' },
      by: `Bildirim Masası <${people.callCentre}>`,
    });
    expect((await visitor.go(url())).html).toContain('&lt;b&gt;nasıl&lt;/b&gt;');
    expect((await send(visitor, { do: 'releases' })).html).toContain('Hat yanıt veriyor');
    const trail = await desk.store.trail.of(caseNumber, '');
    const acts = trail.filter(({ what, detail }) => what === 'deskActed' && detail?.includes('/talks/'));
    expect(acts.map(({ detail }) => detail)).toEqual(
      ['takes', 'writes', 'releases'].map(what => `/desk/talks/:citizen ${what}`),
    );
  });

  it('keeps a text that was written without a takeover until it is sent', async () => {
    const visitor = await signedIn('callCentre');
    const before = (await textsNow()).length;
    const words = 'İlk satır\nİkinci satır';
    const refused = await send(visitor, { do: 'writes', words });
    expect(refused.status).toBe(409);
    expect(refused.html).toContain(`${words}</textarea>`);
    const taken = await send(visitor, { do: 'takes', words });
    expect(taken.html).toContain('Hatta geri ver');
    expect(taken.html).toContain(`${words}</textarea>`);
    expect(await textsNow()).toHaveLength(before);
  });

  it('belongs to one person at a time, and a lost text is never sent later', async () => {
    const [one, other] = [await signedIn('callCentre'), await signedIn('manager')];
    await send(one, { do: 'takes' });
    const before = (await textsNow()).length;
    expect((await other.go(url())).html).toContain('Yazışma Bildirim Masası görevlisinde');
    for (const act of ['takes', 'writes', 'releases']) {
      const answer = await send(other, { do: act, words: 'Ben de varım' });
      expect([act, answer.status, answer.html.includes('başka bir görevlide')]).toEqual([act, 409, true]);
      expect(answer.html).toContain('Ben de varım</textarea>');
    }
    expect(await textsNow()).toHaveLength(before);
  });

  it.each<[string, Record<string, string>, number]>([
    ['an empty text', { do: 'writes', words: ' ' }, 400],
    ['a text that is too long', { do: 'writes', words: 'x'.repeat(1_001) }, 400],
    ['a nonce of somebody else', { do: 'writes', words: 'x', nonce: 'x' }, 403],
    ['an unknown act', { do: 'erases' }, 403],
  ])('refuses %s', async (_, form, status) => {
    const visitor = await signedIn('callCentre');
    await send(visitor, { do: 'takes' });
    const before = (await textsNow()).length;
    expect((await send(visitor, form)).status).toBe(status);
    expect(await textsNow()).toHaveLength(before);
  });

  it('after 24 hours takes only what fits a template of the case', async () => {
    const visitor = await signedIn('callCentre');
    await send(visitor, { do: 'takes' });
    await desk.store.citizens.model.updateOne(
      { _id: citizenId },
      { $set: { lastInboundAt: new Date(T0 - 2 * day) } },
    );
    expect((await visitor.go(url())).html).toContain('onaylı bir şablonla');
    expect((await send(visitor, { do: 'writes', words: 'x'.repeat(701) })).status).toBe(400);
    expect((await send(visitor, { do: 'writes', words: 'Yanıtınızı bekliyoruz.' })).status).toBe(200);
    desk.line.talks.clear();
    const without = await visitor.go(url());
    expect(without.html).toContain('kayıt olmadan buradan yazılamaz');
    await desk.store.citizens.model.updateOne(
      { _id: citizenId },
      { $set: { lastInboundAt: new Date(T0 - HOUR) } },
    );
  });
});

describe('an act on a list', () => {
  const formsIn = (html: string): Record<string, string> =>
    Object.fromEntries(
      [
        ...html
          .slice(html.indexOf('class="card search"'))
          .matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g),
      ].map(([, name = '', value = '']) => [name, value]),
    );
  const neighbourhood = { slug: 'topcu', name: 'Topçu' };
  const list = '?view=open&neighbourhood=topcu';
  const url = (): string => `${desk.base}/desk/bulk${list}`;
  const actionsOf = async (caseNumber: string) =>
    (await desk.store.tasks.actionsOf(caseNumber)).map(({ action, words }) => `${action}: ${words}`);
  async function openMany(many: number, over: { desk?: string } = {}): Promise<string[]> {
    const numbers: string[] = [];
    for (let at = 0; at < many; at += 1) {
      const { caseNumber } = await desk.openCase({ openedAt: T0 - HOUR, ...over });
      const { handled, ...progress } = desk.line.states.get(caseNumber) ?? (null as never);
      const placed = { ...progress, neighbourhood };
      await desk.store.cases.write(placed, []);
      desk.line.states.set(caseNumber, { ...placed, handled });
      numbers.push(caseNumber);
    }
    return numbers;
  }
  let numbers: string[];
  beforeAll(async () => {
    desk.setClock(T0);
    numbers = await openMany(27);
  });

  it('first tells what it would do with each case, and does nothing', async () => {
    const visitor = await signedIn('manager');
    expect((await visitor.go(`${desk.base}/desk/cases${list}`)).html).toContain('Toplu işlem');
    const { html } = await visitor.go(url());
    expect(html).toContain('27 kayıt');
    const form = { nonce: nonceIn(html), action: 'setPriority', priority: 'p3', reason: 'Yağış sonrası' };
    const tried = await visitor.go(url(), { form });
    expect(tried.html).toContain('27 kayıttan 27 kayıtta yapılacak');
    expect(await actionsOf(numbers[0] ?? '')).toEqual([]);
    const same = await visitor.go(url(), { form: { ...form, priority: 'p2' } });
    expect(same.html).toContain('27 kayıttan 0 kayıtta yapılacak');
    expect((await visitor.go(url(), { form: { ...form, reason: ' ' } })).status).toBe(400);
    expect((await visitor.go(url(), { form: { ...form, nonce: 'x' } })).status).toBe(403);
  });

  it('then acts step by step with its progress, leaves out what has moved, and counts once', async () => {
    const visitor = await signedIn('manager');
    const { html } = await visitor.go(url());
    const tried = await visitor.go(url(), {
      form: { nonce: nonceIn(html), action: 'note', reason: 'Kontrol edildi' },
    });
    const [moved = ''] = [...numbers].sort();
    await desk.take(moved, { type: 'acted', act: { actionId: 'elsewhere', by: 'manager', action: 'note' } });
    const step = await visitor.go(url(), { form: formsIn(tried.html) });
    expect(step.html).toContain('24 kayıtta yapıldı, 2 kayıt kaldı');
    expect(step.html).toContain('Kayıt siz baktıktan sonra değişti');
    // The same step again, as after a lost answer.
    await visitor.go(url(), { form: formsIn(tried.html) });
    const end = await visitor.go(url(), { form: formsIn(step.html) });
    expect(end.html).toContain('26 kayıtta yapıldı; bitti');
    for (const caseNumber of numbers) {
      const expected = caseNumber === moved ? [] : ['note: Kontrol edildi'];
      expect([caseNumber, await actionsOf(caseNumber)]).toEqual([caseNumber, expected]);
    }
  });

  it('reaches only cases of the own departments, and only acts of the own role', async () => {
    const [other = ''] = await openMany(1, { desk: 'park-ve-bahceler' });
    const deputy = await signedIn('deputyMayor');
    const { html } = await deputy.go(url());
    expect([html.includes('27 kayıt'), html.includes('value="escalate"')]).toEqual([true, false]);
    const forged = {
      nonce: nonceIn(html),
      action: 'note',
      reason: 'x',
      run: 'r',
      left: `${other}@2`,
      done: '0',
    };
    expect((await deputy.go(url(), { form: forged })).html).toContain('yetkiniz bu müdürlüğü kapsamıyor');
    expect(await actionsOf(other)).toEqual([]);
  });
});

describe('a report that staff enter', () => {
  const url = (): string => `${desk.base}/desk/new-report`;
  const send = async (visitor: Visitor, form: Record<string, string>) => {
    const { html } = await visitor.go(url());
    return visitor.go(url(), { form: { nonce: nonceIn(html), ...form } });
  };
  const told = { words: 'Süvari mahallesi 1234. sokakta derin çukur var', source: 'phone' };

  it('becomes a case with its way and its writer, once, and leads to it', async () => {
    const visitor = await signedIn('callCentre');
    const { html } = await visitor.go(url());
    const form = {
      ...told,
      nonce: nonceIn(html),
      phone: '0532 765 43 21',
      name: 'Hasan Ak',
      subject: 'pothole',
    };
    const first = await visitor.go(url(), { form });
    expect(first.html).toContain('Bildirim kaydedildi');
    const caseNumber = /cases\/(PK-[\w-]+)/.exec(first.url)?.[1] ?? '';
    expect((await desk.store.cases.get(caseNumber))?.intake).toMatchObject({
      category: { slug: 'pothole' },
      entry: { source: 'phone', answer: 'call', by: `Bildirim Masası <${people.callCentre}>` },
    });
    expect((await visitor.go(url(), { form })).url).toBe(first.url);
    expect(desk.logged.join('')).not.toContain('5327654321');
  });

  it.each<[string, Record<string, string>, string]>([
    ['without words', { words: ' ' }, 'Lütfen bildirileni'],
    ['with a number that nobody has', { phone: '12' }, 'Numara 0532'],
    ['with WhatsApp and no number', { whatsapp: 'yes' }, 'numara gerekir'],
    ['with a place that is none', { pin: 'okulun önü' }, 'Koordinat bulunamadı'],
  ])('is refused %s, and keeps what was typed', async (_, over, problem) => {
    const answer = await send(await signedIn('manager'), { ...told, name: 'Ali <b>', ...over });
    expect([answer.status, answer.html.includes('Ali &lt;b&gt;')]).toEqual([400, true]);
    expect(answer.html).toContain(problem);
  });

  it('is told to be sent again while Temporal is away', async () => {
    const visitor = await signedIn('callCentre');
    const { html } = await visitor.go(url());
    desk.line.isAway = true;
    const answer = await visitor.go(url(), { form: { nonce: nonceIn(html), ...told } });
    desk.line.isAway = false;
    expect([answer.status, answer.html.includes('kayıt bir kez açılır')]).toEqual([503, true]);
  });
});

describe('requests for erasure', () => {
  const home = (): string => `${desk.base}/desk/erasures`;
  let citizens = 0;
  /** A person with an ended case, an open one if wished, and a request from the chat. */
  async function asked(over: { open?: boolean } = {}) {
    citizens += 1;
    const citizenId = `c-erased-${citizens}`;
    const phone = `90532000000${citizens}`;
    const names = { phone, bsuid: null, profileName: 'Silinecek Kişi', language: 'tr' as const };
    await desk.store.identities.model.collection.insertOne({ _id: `wa:${phone}` as never, citizenId });
    await desk.store.citizens.seen(citizenId, { at: new Date(T0), ...names });
    const open = async (): Promise<string> => {
      const messages = [{ citizenId, words: 'Unutulacak sözler' }];
      const { caseNumber } = await desk.openCase({ intake: { citizenId }, messages });
      await desk.store.citizens.caseOpened(citizenId, { caseNumber, openedAt: new Date(T0) }, null);
      return caseNumber;
    };
    const ended = await open();
    const act = { by: 'department', task: 1 } as const;
    await desk.take(ended, { type: 'acted', act: { ...act, action: 'accept', actionId: `a-${ended}` } });
    await desk.take(ended, { type: 'acted', act: { ...act, action: 'reject', actionId: `r-${ended}` } });
    const running = over.open ? await open() : null;
    await desk.store.erasureRequests.ask(`req-${citizens}`, citizenId, new Date(T0 - 28 * day));
    return { citizenId, phone, ended, running, id: `req-${citizens}` };
  }
  const decide = async (visitor: Visitor, id: string, form: Record<string, string>) => {
    const { html } = await visitor.go(`${home()}/${id}`);
    return visitor.go(`${home()}/${id}`, { form: { nonce: nonceIn(html), reason: 'KVKK m. 11', ...form } });
  };

  it('are listed with their limit, and opening one erases nothing', async () => {
    const { id, ended, citizenId } = await asked();
    const visitor = await signedIn('dataOfficer');
    expect((await visitor.go(home())).html).toContain('2 gün kaldı');
    const { html } = await visitor.go(`${home()}/${id}`);
    for (const text of [
      `${ended} kaydı kimliksizleştirilir`,
      'Kişinin numarası ve adı ile',
      'Mesajlar: 1',
      'Silmeyi onayla',
    ])
      expect(html).toContain(text);
    expect(await desk.store.citizens.get(citizenId)).not.toBeNull();
    expect((await decide(visitor, id, { decision: 'approve', reason: ' ' })).status).toBe(400);
    expect((await decide(visitor, id, { decision: 'approve', nonce: 'x' })).status).toBe(403);
    expect(await desk.store.citizens.get(citizenId)).not.toBeNull();
  });

  it('are carried out with approver and reason in the record', async () => {
    const { id, citizenId, ended } = await asked();
    const visitor = await signedIn('dataOfficer');
    expect((await decide(visitor, id, { decision: 'approve' })).html).toContain('Karar kaydedildi');
    expect(await desk.store.citizens.get(citizenId)).toBeNull();
    expect((await desk.store.cases.get(ended))?.intake.anonymisedAt).toBeDefined();
    const request = await desk.store.erasureRequests.get(id);
    expect(request).toMatchObject({ state: 'done', citizenId: null });
    expect(request?.approvals).toMatchObject([{ actor: `KVKK İrtibat Kişisi <${people.dataOfficer}>` }]);
    expect((await decide(visitor, id, { decision: 'approve' })).status).toBe(409);
  });

  it('keep what an open case needs, and say until when', async () => {
    const { id, citizenId, running } = await asked({ open: true });
    const visitor = await signedIn('dataOfficer');
    expect((await visitor.go(`${home()}/${id}`)).html).toContain(
      `${running} açık kayıt; sonuçlanınca, en geç yasal`,
    );
    await decide(visitor, id, { decision: 'approve' });
    expect(await desk.store.citizens.get(citizenId)).not.toBeNull();
    expect((await desk.store.erasureRequests.get(id))?.state).toBe('waiting');
  });

  it('can be refused with a reason for the citizen', async () => {
    const { id, citizenId } = await asked();
    const visitor = await signedIn('dataOfficer');
    await decide(visitor, id, { decision: 'refuse', reason: 'Dava sürüyor' });
    expect((await visitor.go(home())).html).toMatch(
      new RegExp(`Son kapanan istekler[^]*İstek ${id}</a>: Reddedildi`),
    );
    expect(await desk.store.erasureRequests.get(id)).toMatchObject({
      state: 'refused',
      reason: 'Dava sürüyor',
    });
    expect(await desk.store.citizens.get(citizenId)).not.toBeNull();
  });

  it('are taken by the officer for a number or a case, once', async () => {
    const { phone, citizenId } = await asked();
    const visitor = await signedIn('dataOfficer');
    const { html } = await visitor.go(home());
    const form = { nonce: nonceIn(html), about: `0${phone.slice(2)}`, reason: 'Dilekçe 2026/17' };
    const first = await visitor.go(home(), { form });
    expect(first.html).toContain('Karar bekliyor');
    expect((await visitor.go(home(), { form })).url).toBe(first.url);
    const request = await desk.store.erasureRequests.get(first.url.split('/').at(-1) ?? '');
    expect(request).toMatchObject({ citizenId, state: 'asked', reason: 'Dilekçe 2026/17' });
    expect((await visitor.go(home(), { form: { ...form, about: '0555 000 00 00' } })).status).toBe(400);
    expect(desk.logged.join('')).not.toContain(phone.slice(3));
  });

  it('need a second person where the municipality asks for one', async () => {
    const second = { name: 'İkinci Kişi', address: people.auditor, role: 'dataOfficer' as const };
    const other = await startDesk('desk-four-eyes', {
      ...municipality,
      privacy: { ...municipality.privacy, approvals: 2 },
      staff: { ...municipality.staff, people: { ...municipality.staff.people, 'ic-denetim': second } },
    });
    const [outer, id] = [desk, 'req-eyes'];
    desk = other;
    desk.setClock(T0);
    await desk.store.citizens.seen('c-eyes', {
      at: new Date(T0),
      phone: null,
      bsuid: null,
      profileName: null,
      language: 'tr',
    });
    await desk.store.erasureRequests.ask(id, 'c-eyes', new Date(T0));
    const [one, two] = [await signedIn('dataOfficer'), await signedIn('auditor')];
    const more = await decide(one, id, { decision: 'approve' });
    const again = await decide(one, id, { decision: 'approve' });
    const before = await desk.store.citizens.get('c-eyes');
    await decide(two, id, { decision: 'approve' });
    const after = await desk.store.citizens.get('c-eyes');
    await other.stop();
    desk = outer;
    expect(more.html).toContain('bir görevli daha onaylamalıdır');
    expect([again.status, before === null, after === null]).toEqual([409, false, true]);
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
    for (const path of [
      '/desk/sign-in',
      '/desk/signed-out',
      '/desk',
      '/desk/cases',
      '/desk/istatistik',
      '/desk/istatistik?bolum=mahalleler',
      '/desk/search',
      '/desk/new-report',
      '/desk/bulk',
      '/desk/absences',
      '/desk/incidents',
      '/desk/closures',
      '/desk/unknown',
    ]) {
      pages.set(path, (await visitor.go(desk.base + path)).html);
    }
    const nonce = nonceIn(pages.get('/desk/search') ?? '');
    const found = await visitor.go(`${desk.base}/desk/search`, { form: { nonce, words: 'çukur' } });
    pages.set('found', found.html);
    const { caseNumber } = await desk.openCase();
    pages.set('case', (await visitor.go(`${desk.base}/desk/cases/${caseNumber}`)).html);
    pages.set('talks', (await visitor.go(`${desk.base}/desk/talks`)).html);
    pages.set('talk', (await visitor.go(`${desk.base}/desk/talks/c-talk`)).html);
    const officer = await signedIn('dataOfficer');
    pages.set('erasures', (await officer.go(`${desk.base}/desk/erasures`)).html);
    pages.set('holds', (await officer.go(`${desk.base}/desk/holds`)).html);
    pages.set('erasure', (await officer.go(`${desk.base}/desk/erasures/req-3`)).html);
    for (const [path, html] of pages) {
      expect([path, Buffer.byteLength(html) <= 60_000]).toEqual([path, true]);
      for (const [width, colorScheme] of [
        [390, 'dark'],
        [1_280, 'light'],
      ] as const) {
        const broken = await brokenRules(browser, html, { width, colorScheme });
        expect([path, width, colorScheme, broken]).toEqual([path, width, colorScheme, []]);
      }
    }
    expect(nonceIn(pages.get('/desk') ?? '')).not.toBe('');
  });
});
