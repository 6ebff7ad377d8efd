import { createHmac, randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { Router } from '@koa/router';
import type { Context } from 'koa';
import jsQR from 'jsqr';
import sharp from 'sharp';
import { createTexts } from '../src/config/texts';
import { createTaskLinks } from '../src/mail/task-link';
import { openStore } from '../src/store/store';
import { routePolicies, routesOf } from '../src/web/access';
import { createWebApp, type WebDeps } from '../src/web/app';
import { createHealthServer, createReadiness, startHttpServer, startMetricsServer } from '../src/web/http';
import { createMetrics } from '../src/web/metrics';
import { idleLine } from './support/idle-gateway';
import { until } from './support/until';
import { webhookRoutes } from '../src/web/webhook-routes';
import { createIntake } from '../src/whatsapp/intake';
import { hearingListeners } from './support/listeners';
import { municipality, startDesk, type Desk } from './support/task-desk';
import { fieldsOf, pageOf, post } from './support/task-forms';
import { phoneNumberId } from './support/webhook-bodies';

let desk: Desk;
beforeAll(async () => {
  desk = await startDesk('app');
});
afterAll(() => desk.stop());
beforeEach(() => {
  desk.line.isAway = false;
});

const silent = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
const publicBaseUrl = 'http://127.0.0.1:1';
const depsWith = (webhook: Router, over: Partial<WebDeps> = {}): WebDeps => ({
  webhook,
  store: desk.store,
  ...idleLine,
  links: createTaskLinks({ keys: [{ id: 'k1', key: randomBytes(32) }], publicBaseUrl }),
  municipality,
  say: createTexts(municipality),
  publicBaseUrl,
  counts: { of: async () => [], list: async () => ({ cases: [], isCut: false }) },
  temporalUi: { url: publicBaseUrl, namespace: 'line' },
  metrics: createMetrics(),
  log: silent,
  ...over,
});

describe('the routes', () => {
  it('each have a policy, and every policy has its route', () => {
    const served: string[] = [];
    const use = jest.spyOn(Router.prototype, 'routes').mockImplementation(function (this: Router) {
      served.push(...routesOf(this));
      return async (_: Context, next: () => Promise<unknown>) => next();
    } as never);
    const intake = createIntake({
      store: desk.store,
      phoneNumberId,
      gateway: hearingListeners(),
      log: silent,
    });
    createWebApp(depsWith(webhookRoutes({ intake, appSecrets: ['s'], verifyToken: 'w', log: silent })));
    use.mockRestore();
    expect(served.sort()).toEqual(Object.keys(routePolicies).sort());
  });

  it('are not served if one has no policy', () => {
    const webhook = new Router().get('/debug', () => undefined);
    expect(() => createWebApp(depsWith(webhook))).toThrow('GET /debug');
  });

  it('are the only ones: other paths get 404, for browsers with a page, for programs without a body', async () => {
    for (const path of ['/metrics', '/admin', '/t', '/webhooks', '/.env', '/t/../healthz/x']) {
      const answer = await fetch(desk.base + path);
      expect([path, answer.status, await answer.text()]).toEqual([path, 404, '']);
      const page = await fetch(desk.base + path, { headers: { accept: 'text/html,*/*;q=0.8' } });
      expect([path, page.status]).toEqual([path, 404]);
      expect(await page.text()).toContain('Bu bağlantı geçerli değil');
    }
  });

  it('include a page at the address of the line that tells how to write to it', async () => {
    const answer = await fetch(desk.base);
    const page = await answer.text();
    expect(answer.status).toBe(200);
    expect(page).toContain('href="https://wa.me/905333380606"');
    for (const text of ['WhatsApp bildirim hattı', 'önce 112', 'WhatsApp report line'])
      expect(page).toContain(text);
    const [code = ''] = /<svg class="code"[^]*?<\/svg>/.exec(page) ?? [];
    const image = sharp(Buffer.from(code), { density: 600 }).ensureAlpha();
    const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
    expect(jsQR(new Uint8ClampedArray(data), info.width, info.height)?.data).toBe(
      'https://wa.me/905333380606',
    );
    const unsafe = await fetch(desk.base, { method: 'POST' });
    expect(unsafe.status).toBe(405);
  });

  it('of the webhook require the signature', async () => {
    const body = '{"object":"whatsapp_business_account","entry":[]}';
    const url = `${desk.base}/webhooks/whatsapp`;
    const signature = `sha256=${createHmac('sha256', 'secret').update(body).digest('hex')}`;
    const signed = await fetch(url, { method: 'POST', body, headers: { 'x-hub-signature-256': signature } });
    const unsigned = await fetch(url, { method: 'POST', body });
    expect([signed.status, unsigned.status]).toEqual([200, 401]);
    expect(await unsigned.text()).toBe('');
  });
});

describe('health', () => {
  it('/healthz answers while the process runs', async () => {
    const answer = await fetch(`${desk.base}/healthz`);
    expect([answer.status, await answer.json()]).toEqual([200, { status: 'alive' }]);
  });

  it('/readyz lists the dependencies and stays ready without Temporal', async () => {
    const ready = await createReadiness([
      { name: 'store', isVital: true, check: async () => undefined },
      { name: 'temporal', isVital: false, check: () => Promise.reject(new Error('away')) },
    ])();
    expect(ready).toEqual({ status: 'degraded', parts: { store: 'ok', temporal: 'away' } });
    const answer = await fetch(`${desk.base}/readyz`);
    expect([answer.status, await answer.json()]).toEqual([
      200,
      { status: 'ready', parts: { store: 'ok', temporal: 'ok', keys: 'ok', running: 'ok' } },
    ]);
  });

  it('/readyz answers 503 and names the store while it is unavailable', async () => {
    const store = openStore('mongodb://127.0.0.1:1/none', { operationLimitMs: 100 });
    const webhook = new Router();
    const handle = createWebApp(depsWith(webhook, { store })).callback();
    const server = await startHttpServer((request, response) => void handle(request, response), {
      port: 0,
      host: '127.0.0.1',
    });
    const answer = await fetch(`http://127.0.0.1:${server.port}/readyz`);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ status: 'unready', parts: { store: 'away', keys: 'ok' } });
    await server.stop();
    await store.close();
  });

  it('/readyz answers 503 once the role stops, while it still serves', async () => {
    let isStopping = false;
    const handle = createWebApp(depsWith(new Router(), { isStopping: () => isStopping })).callback();
    const server = await startHttpServer((request, response) => void handle(request, response), {
      port: 0,
      host: '127.0.0.1',
    });
    isStopping = true;
    const stopped = server.stop(300);
    const answer = await fetch(`http://127.0.0.1:${server.port}/readyz`);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ parts: { store: 'ok', running: 'away' } });
    const alive = await fetch(`http://127.0.0.1:${server.port}/healthz`);
    expect([alive.status, alive.headers.get('connection')]).toEqual([200, 'close']);
    await stopped;
    await expect(fetch(`http://127.0.0.1:${server.port}/healthz`)).rejects.toThrow();
  });

  it('checks the dependencies at most once per second for any number of requests', async () => {
    let clock = 0;
    const check = jest.fn(async () => undefined);
    const readiness = createReadiness([{ name: 'store', isVital: true, check }], () => clock);
    await Promise.all(Array.from({ length: 50 }, readiness));
    expect(check).toHaveBeenCalledTimes(1);
    clock = 1_000;
    await readiness();
    expect(check).toHaveBeenCalledTimes(2);
  });

  it('of a role without pages has a separate server', async () => {
    const parts = [
      { name: 'temporal', isVital: true, check: () => Promise.reject(new Error('away')) },
    ] as const;
    const server = await createHealthServer({ parts, port: 0, host: '127.0.0.1', log: silent });
    const [alive, ready] = await Promise.all(
      ['healthz', 'readyz'].map(path => fetch(`http://127.0.0.1:${server.port}/${path}`)),
    );
    expect([alive?.status, ready?.status]).toEqual([200, 503]);
    await server.stop();
  });
});

describe('an error', () => {
  it('of the store is a page that says what to check first, and one line in the log', async () => {
    const { link } = await desk.openCase();
    const error = Object.assign(new Error('connect 10.0.0.1 gizli'), { name: 'MongoNetworkError' });
    const get = jest.spyOn(desk.store.cases, 'get').mockRejectedValue(error);
    desk.logged.length = 0;
    const answer = await fetch(link.url);
    get.mockRestore();
    const page = await answer.text();
    expect(answer.status).toBe(503);
    expect(page).toContain('Kayıtlara şu anda ulaşılamıyor');
    expect(page).toContain('yeniden göndermeden önce kaydın geçmişine bakınız');
    expect(page).not.toContain('gizli');
    const failures = desk.logged.filter(line => line.includes('request failed'));
    expect(failures).toHaveLength(1);
    expect(failures[0]).toContain('"route":"/t/:token"');
    expect(failures[0]).not.toContain('gizli');
  });

  it('of the program shows neither message nor stack', async () => {
    const { link } = await desk.openCase();
    const get = jest.spyOn(desk.store.cases, 'get').mockRejectedValue(new TypeError('gizli ayrıntı'));
    const answer = await fetch(link.url);
    get.mockRestore();
    const page = await answer.text();
    expect(answer.status).toBe(500);
    expect(page).toContain('Bir hata oluştu');
    expect(page).not.toMatch(/gizli|TypeError| at /);
  });
});

describe('logs and metrics', () => {
  it('contain the pattern of a route, never the token, the nonce or the text', async () => {
    const { link, caseNumber } = await desk.openCase();
    const untouched = fieldsOf(await pageOf(link.url), 'note');
    const fields = { ...untouched, words: 'Gizli sözler' };
    await post(link.url, fields);
    await post(link.url, { ...fields, words: '' });
    await fetch(`${link.url}/photos/x`);
    const metrics = await startMetricsServer({ registry: desk.metrics.registry, port: 0 });
    const text = await (await fetch(`http://127.0.0.1:${metrics.port}/metrics`)).text();
    const other = await fetch(`http://127.0.0.1:${metrics.port}/`);
    await metrics.stop();
    expect(other.status).toBe(404);
    expect(text).toContain('paydaskent_task_actions_total{action="note",result="done"}');
    expect(text).toContain('paydaskent_task_actions_total{action="note",result="invalid"}');
    expect(text).toContain('route="/t/:token"');
    const all = text + desk.logged.join('\n');
    expect(all).toContain('/t/:token/photos/:id');
    for (const part of [link.token, untouched['nonce'] ?? '', link.tokenHash, 'Gizli', caseNumber]) {
      expect(all).not.toContain(part);
    }
  });
});

describe('the server', () => {
  it('closes connections with an incomplete request', async () => {
    const server = await startHttpServer((_, response) => response.end(), { port: 0, host: '127.0.0.1' });
    const socket = connect(server.port, '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ');
    const ended = new Promise<string>(resolve => {
      let got = '';
      socket.on('data', data => (got += data.toString())).on('close', () => resolve(got));
    });
    expect(await ended).toContain('408');
    await server.stop();
  }, 25_000);

  it('refuses headers larger than 16 KB', async () => {
    const answer = await fetch(`${desk.base}/healthz`, { headers: { 'x-large': 'a'.repeat(20_000) } });
    expect(answer.status).toBe(431);
  });

  it('finishes running requests before it stops', async () => {
    const waiting: (() => void)[] = [];
    const server = await startHttpServer((_, response) => void waiting.push(() => response.end('tamam')), {
      port: 0,
      host: '127.0.0.1',
    });
    const answer = fetch(`http://127.0.0.1:${server.port}/`).then(got => got.text());
    await until(() => waiting.length === 1, 'the request');
    const start = Date.now();
    const stopped = server.stop();
    waiting[0]?.();
    expect(await answer).toBe('tamam');
    await stopped;
    expect(Date.now() - start).toBeLessThan(3_000);
  });

  it('rejects if its port is taken', async () => {
    const port = Number(new URL(desk.base).port);
    await expect(startHttpServer(() => undefined, { port, host: '127.0.0.1' })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
  });
});
