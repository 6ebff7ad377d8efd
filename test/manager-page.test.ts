import { randomBytes } from 'node:crypto';
import { Router } from '@koa/router';
import type { Browser } from 'playwright-core';
import { createTexts } from '../src/config/texts';
import { AppError } from '../src/errors';
import { type CaseLine, encodeLine } from '../src/reports/case-line';
import { createTaskLinks } from '../src/mail/task-link';
import { openStore, type Store } from '../src/store/store';
import { createWebApp } from '../src/web/app';
import { barOf } from '../src/web/manager/manager-page';
import { startHttpServer, type HttpServer } from '../src/web/http';
import { createMetrics } from '../src/web/metrics';
import { idleLine } from './support/idle-gateway';
import { brokenRules } from './support/accessibility';
import { DAY, T0 } from './support/cases';
import { generatedYear, linesOfYear } from './support/generated-year';
import { describeWithBrowser, openBrowser } from './support/local-browser';
import { testMongoUri } from './support/services';
import { municipality } from './support/task-desk';

jest.setTimeout(60_000);

const silent = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
const links = createTaskLinks({ keys: [{ id: 'k1', key: randomBytes(32) }], publicBaseUrl: '' });
/** Returns the number of cases for a filter. Throws while Temporal is unavailable. */
let counting: (query: string) => number;

let store: Store;
let server: HttpServer;
let now: Date;
beforeAll(async () => {
  store = openStore(testMongoUri('manager-page'));
  const app = createWebApp({
    webhook: new Router(),
    store,
    ...idleLine,
    links,
    municipality,
    say: createTexts(municipality),
    publicBaseUrl: 'http://127.0.0.1:1',
    counts: {
      of: async queries => queries.map(query => counting(query)),
      list: async () => ({ cases: [], isCut: false }),
    },
    temporalUi: { url: 'http://ui.example', namespace: 'town' },
    metrics: createMetrics(),
    log: silent,
    now: () => now,
  });
  const handle = app.callback();
  server = await startHttpServer((request, response) => void handle(request, response), {
    port: 0,
    host: '127.0.0.1',
  });
});
afterAll(async () => {
  await server.stop();
  await store.close();
});
beforeEach(() => {
  now = new Date(T0);
  counting = busy;
});

function busy(query: string): number {
  const of = (whole: number, desk: number): number => (query.includes('Department') ? desk : whole);
  const isRoads = query.includes("'fen-isleri'");
  const stage = /CaseStage = '(planned|objected)'/.exec(query)?.[1];
  if (stage) return of(query.includes('breached') ? 2 : stage === 'planned' ? 7 : 5, 0);
  if (query.includes("'breached'")) return of(14, isRoads ? 9 : query.includes("'zabita'") ? 5 : 0);
  if (query.includes("'atRisk'")) return of(22, isRoads ? 12 : 2);
  if (query.includes("'paused'")) return of(9, isRoads ? 4 : 1);
  if (query.includes("'triage'")) return of(6, 0);
  if (query.includes('EscalationLevel')) return 3;
  if (query.includes('ReopenCount')) return 4;
  if (query.includes('SlaDueAt')) return 11;
  if (query.includes('Completed')) return 1_204;
  if (query.includes("!= 'resolved'")) return isRoads ? 64 : 9;
  if (query.includes("'resolved'")) return 31;
  return 176;
}

async function newLink(days = 30): Promise<string> {
  const { token, tokenHash } = links.issue('manager');
  const expiresAt = new Date(now.getTime() + days * DAY);
  await store.managerLinks.add({ tokenHash, holder: 'Özel Kalem', createdAt: now, expiresAt });
  return token;
}

const page = async (path: string): Promise<{ status: number; html: string }> => {
  const answer = await fetch(`http://127.0.0.1:${server.port}${path}`);
  return { status: answer.status, html: await answer.text() };
};

describe('the link', () => {
  test('opens the page exactly until its expiry', async () => {
    const token = await newLink(2);
    expect((await page(`/manager/${token}`)).status).toBe(200);
    now = new Date(T0 + 2 * DAY);
    expect((await page(`/manager/${token}`)).status).toBe(404);
  });

  test('opens nothing after it was revoked', async () => {
    const token = await newLink();
    expect(await store.managerLinks.revoke('Özel Kalem', now)).toBeGreaterThan(0);
    expect((await page(`/manager/${token}`)).status).toBe(404);
  });

  test('is refused with the same page for every reason', async () => {
    const token = await newLink();
    const task = links.issue('task').token;
    const unknown = links.issue('manager').token;
    const wrong = ['', '/', '/x', `/${token.slice(0, -1)}`, `/${task}`, `/${unknown}`];
    const answers = await Promise.all(wrong.map(path => page(`/manager${path}`)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([404]));
    expect(new Set(answers.map(({ html }) => html)).size).toBe(1);
    expect(answers[0]?.html).toContain('Bu bağlantı geçerli değil');
  });

  test('opens no task, and a task link opens no page of managers', async () => {
    const token = await newLink();
    expect((await page(`/t/${token}`)).status).toBe(404);
  });

  test('is read-only', async () => {
    const token = await newLink();
    const answer = await fetch(`http://127.0.0.1:${server.port}/manager/${token}`, { method: 'POST' });
    expect(answer.status).toBe(405);
  });
});

describe('the page', () => {
  test('shows each view with its count and its link', async () => {
    const { html } = await page(`/manager/${await newLink()}`);
    expect(html).toMatch(/SlaState%20%3D%20&#39;breached&#39;"><span class="count">14<\/span>/);
    expect(html).toContain('25 Kasım 2026 Çarşamba 10:00 itibarıyla');
    expect(html).toContain(
      'aria-label="14 süresi aşılan, 22 süresi azalan, 9 bekletilen, 7 programda, 5 itiraz edilen, 31 onay bekleyen, 88 süresinde"',
    );
  });

  test('counts overdue plans and late decisions apart from breached tasks', async () => {
    const { html } = await page(`/manager/${await newLink()}`);
    for (const name of ['Program tarihi geçenler', 'İtiraz kararı gecikenler']) {
      expect(html).toMatch(
        new RegExp(`class="tile alarm"><a [^>]*><span class="count">2</span> <span class="name">${name}`),
      );
    }
  });

  test('names the department with the most breaches first', async () => {
    const { html } = await page(`/manager/${await newLink()}`);
    const names = [...html.matchAll(/<th scope="row"><a[^>]*>([^<]+)</g)].map(([, name]) => name);
    expect(names.slice(0, 2)).toEqual(['Fen İşleri Müdürlüğü', 'Zabıta Müdürlüğü']);
    expect(names).toHaveLength(Object.keys(municipality.departments).length);
  });

  test('keeps its links and says so if Temporal is unavailable', async () => {
    counting = () => {
      throw new AppError('temporal-unavailable', { status: 503 });
    };
    const { status, html } = await page(`/manager/${await newLink()}`);
    expect(status).toBe(200);
    expect(html).toContain('Sayılar şu anda alınamıyor');
    expect(html).toMatch(/SlaState%20%3D%20&#39;breached&#39;"><span class="count">–<\/span>/);
  });

  test('lists the incidents that have not ended, with their words', async () => {
    const incident = {
      ...{ words: { tr: "Süvari'de elektrik kesintisi var <1>.", en: null }, subjects: ['power-cut'] },
      ...{ areas: [], reason: 'Duyuru', addedBy: 'Ayşe Kaya', addedAt: now, moved: null },
    };
    const at = (days: number): Date => new Date(now.getTime() + days * DAY);
    const { add } = store.incidents;
    const lasting = { ...incident, from: at(-1), to: at(1) };
    await add({ ...lasting, id: 'power-cut:1', name: 'Elektrik kesintisi', neighbourhoods: ['suvari'] });
    await add({ ...lasting, id: 'power-cut:2', name: 'Yarınki kesinti', neighbourhoods: [], from: at(0.5) });
    await add({ ...lasting, id: 'power-cut:3', name: 'Dünkü kesinti', neighbourhoods: [], to: at(-0.5) });
    const { html } = await page(`/manager/${await newLink()}`);
    expect(html).toMatch(/<strong>Elektrik kesintisi<\/strong>.*Elektrik kesintisi; Süvari/);
    expect(html).toContain('elektrik kesintisi var &lt;1&gt;.');
    expect(html).toMatch(/<strong>Yarınki kesinti<\/strong>.*\(henüz başlamadı\).*bütün ilçe/);
    expect(html).not.toContain('Dünkü kesinti');
    expect(html).not.toContain('Ayşe Kaya');
  });

  test('says that there is nothing to do if no case is open', async () => {
    counting = () => 0;
    expect((await page(`/manager/${await newLink()}`)).html).toContain('Açık kayıt yok');
  });
});

test('a bar stays inside its picture for any counts', () => {
  const { segments } = barOf(
    [
      ['breached', 7],
      ['atRisk', null],
      ['paused', 9],
    ],
    10,
    10,
  );
  expect(Math.max(...segments.map(({ x, width }) => x + width))).toBeLessThanOrEqual(1_001);
  expect(segments.map(({ kind }) => kind)).toEqual(['breached', 'paused']);
});

describeWithBrowser('in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());

  test.each([
    [320, 'light'],
    [320, 'dark'],
    [1_200, 'light'],
    [1_200, 'dark'],
  ] as const)(
    'at %i pixels, %s, it conforms to WCAG 2.2 AA and fits the screen',
    async (width, colorScheme) => {
      const { html } = await page(`/manager/${await newLink()}`);
      expect(await brokenRules(browser, html, { width, colorScheme })).toEqual([]);
    },
  );
});

describe('the statistics', () => {
  beforeAll(async () => {
    const days = new Map<string, CaseLine[]>();
    for (const line of linesOfYear(generatedYear(5, 600, 2026))) {
      const day = new Date(line.receivedAt).toISOString().slice(0, 10);
      days.set(day, [...(days.get(day) ?? []), line]);
    }
    for (const [day, lines] of days)
      await store.figures.put({ day, stamp: 'x', until: null, lines: lines.map(encodeLine) });
  });

  test('are reached from the start page, and by no link of others', async () => {
    const token = await newLink();
    expect((await page(`/manager/${token}`)).html).toContain(`href="${token}/istatistik"`);
    const { status, html } = await page(`/manager/${token}/istatistik?donem=on-iki-ay`);
    expect(status).toBe(200);
    expect(html).toContain('Gelen ve sonuçlanan, haftaya göre');
    const task = links.issue('task').token;
    for (const path of ['istatistik', 'istatistik.csv', 'istatistik/liste'])
      expect((await page(`/manager/${task}/${path}`)).status).toBe(404);
  });

  test('are empty without a report, and say so', async () => {
    now = new Date(T0 - 400 * DAY);
    const { html } = await page(`/manager/${await newLink()}/istatistik`);
    expect(html).toContain('Bu dönemde bildirim yok');
  });

  test('come as CSV of groups and of cases, with the same sums', async () => {
    const path = `/manager/${await newLink()}/istatistik.csv?donem=on-iki-ay`;
    const { body: groups } = await text(path);
    const { body: rows, type, name } = await text(`${path}&satirlar=evet`);
    const received = Number(groups.split('\r\n')[1]?.split(',')[2]);
    expect(received).toBeGreaterThan(400);
    expect(rows.split('\r\n')).toHaveLength(received + 1);
    expect([type, name]).toEqual([
      'text/csv; charset=utf-8',
      'attachment; filename="satirlar-on-iki-ay.csv"',
    ]);
    expect(rows).toMatch(/^\ufeff?received,department,subject,neighbourhood/);
  });

  test('lead from each figure to its cases in the Temporal UI', async () => {
    const path = `/manager/${await newLink()}/istatistik/liste?konu=pothole&sayi=open`;
    const answer = await fetch(`http://127.0.0.1:${server.port}${path}`, { redirect: 'manual' });
    expect(answer.status).toBe(302);
    const query = new URL(answer.headers.get('location') ?? '').searchParams.get('query');
    expect(query).toBe(
      "WorkflowType = 'reportCase' AND ExecutionStatus = 'Running' AND Category = 'pothole'",
    );
  });
});

async function text(path: string): Promise<{ body: string; type: string | null; name: string | null }> {
  const answer = await fetch(`http://127.0.0.1:${server.port}${path}`);
  const { headers } = answer;
  return {
    body: await answer.text(),
    type: headers.get('content-type'),
    name: headers.get('content-disposition'),
  };
}
