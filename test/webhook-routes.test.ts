import { connect } from 'node:net';
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import Koa from 'koa';
import { signatureOf } from '../src/local/cloud-api/webhooks';
import { openStore, type Store } from '../src/store/store';
import { startHttpServer, type HttpServer } from '../src/web/http';
import { webhookRoutes } from '../src/web/webhook-routes';
import { createIntake, type Intake } from '../src/whatsapp/intake';
import { hearingListeners } from './support/listeners';
import { testMongoUri } from './support/services';
import { until } from './support/until';
import { appSecret, messagesBody, post, textMessage, phoneNumberId } from './support/webhook-bodies';

const log = { warn: jest.fn(), error: jest.fn() };
const verifyToken = 'verify-word';
let server: HttpServer;
let url: string;

async function serve(intake: (body: Buffer) => Promise<void>, now = Date.now): Promise<void> {
  const routes = webhookRoutes({ intake, appSecrets: ['new-secret', appSecret], verifyToken, log, now });
  const app = new Koa().use(routes.routes());
  app.silent = true;
  const handle = app.callback();
  server = await startHttpServer((request, response) => void handle(request, response), {
    port: 0,
    host: '127.0.0.1',
  });
  url = `http://127.0.0.1:${server.port}/webhooks/whatsapp`;
}
beforeEach(() => jest.clearAllMocks());
afterEach(() => server.stop());

describe('the handshake', () => {
  beforeEach(() => serve(async () => undefined));
  const ask = (query: string): Promise<Response> => fetch(`${url}?${query}`);

  it('with the right token is answered with the challenge only', async () => {
    const answer = await ask(`hub.mode=subscribe&hub.verify_token=${verifyToken}&hub.challenge=1158201444`);
    expect([answer.status, await answer.text()]).toEqual([200, '1158201444']);
    expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  });

  it('never answers with a page, for any challenge', async () => {
    const answer = await ask(
      `hub.mode=subscribe&hub.verify_token=${verifyToken}&hub.challenge=%3Cscript%3Ealert(1)%3C/script%3E`,
    );
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain/);
  });

  it.each([
    ['a wrong token', 'hub.mode=subscribe&hub.verify_token=other&hub.challenge=1'],
    ['no word', 'hub.mode=subscribe&hub.challenge=1'],
    ['another mode', `hub.mode=unsubscribe&hub.verify_token=${verifyToken}&hub.challenge=1`],
    ['no challenge', `hub.mode=subscribe&hub.verify_token=${verifyToken}`],
    ['two challenges', `hub.mode=subscribe&hub.verify_token=${verifyToken}&hub.challenge=1&hub.challenge=2`],
    ['two words', `hub.mode=subscribe&hub.verify_token=${verifyToken}&hub.verify_token=x&hub.challenge=1`],
    ['nothing', ''],
  ])('with %s is refused', async (_, query) => {
    const answer = await ask(query);
    expect([answer.status, await answer.text()]).toEqual([403, '']);
  });
});

describe('a valid delivery', () => {
  it.each([appSecret, 'new-secret'])('signed with a valid secret gets 200 without a body', async key => {
    const bodies: Buffer[] = [];
    await serve(async body => {
      bodies.push(body);
    });
    const body = messagesBody(textMessage());
    const answer = await post(url, body, { 'x-hub-signature-256': signatureOf(body, key) });
    expect([answer.status, await answer.text()]).toEqual([200, '']);
    expect(bodies).toEqual([body]);
  });

  it('may be three megabytes large', async () => {
    await serve(async () => undefined);
    const body = Buffer.from(JSON.stringify({ entry: [], pad: 'a'.repeat(3 * 1024 * 1024) }));
    expect((await post(url, body)).status).toBe(200);
  });
});

describe('an unreadable delivery', () => {
  const intake = jest.fn(async () => undefined);
  beforeEach(() => serve(intake));

  /** Sends a raw request and resolves with the raw response. */
  const raw = (headers: readonly string[], body: string, half = false): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect(server.port, '127.0.0.1');
      let answer = '';
      socket.on('data', (data: Buffer) => (answer += data.toString('latin1')));
      socket.once('error', reject);
      socket.once('close', () => resolve(answer));
      const lines = ['POST /webhooks/whatsapp HTTP/1.1', 'Host: x', 'Connection: close', ...headers];
      socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`);
      if (half) socket.end();
    });

  it('that declares too large a length gets 413', async () => {
    const answer = await raw(['Content-Length: 9000000'], 'a');
    expect(answer).toMatch(/^HTTP\/1\.1 413 [\s\S]*connection: close/i);
    expect(intake).not.toHaveBeenCalled();
  });

  it('that becomes too large gets 413', async () => {
    const chunk = `10000\r\n${'a'.repeat(0x10000)}\r\n`;
    expect(await raw(['Transfer-Encoding: chunked'], chunk.repeat(53))).toMatch(/^HTTP\/1\.1 413 /);
    expect(intake).not.toHaveBeenCalled();
  });

  it('that ends before its declared length is dropped, and the next one is served', async () => {
    await raw(['Content-Length: 100'], '{"entry":', true);
    await until(() => log.warn.mock.calls.length > 0, 'the broken request to be noticed');
    expect((await fetch(url)).status).toBe(403);
    expect(intake).not.toHaveBeenCalled();
  });
});

describe('a delivery that Meta did not sign', () => {
  let store: Store;
  beforeEach(async () => {
    store = openStore(testMongoUri('forged'));
    await serve(createIntake({ store, phoneNumberId, gateway: hearingListeners(), log }));
  });
  afterEach(() => store.close());

  const body = messagesBody(textMessage({ text: { body: 'Çukur / @' } }));
  const signed = signatureOf(body, appSecret);
  const nothingWritten = async (): Promise<boolean> => {
    const counts = await Promise.all([
      store.inbox.model.countDocuments(),
      store.identities.model.countDocuments(),
      store.deadLetters.model.countDocuments(),
    ]);
    return counts.every(count => count === 0);
  };

  it.each<[string, Buffer, string]>([
    ['serialised again', Buffer.from(JSON.stringify(JSON.parse(body.toString()))), signed],
    ['truncated', body.subarray(0, -1), signed],
    ['signed with a wrong secret', body, signatureOf(body, 'other')],
    ['with the old SHA-1 header', body, `sha1=${signed.slice(7, 47)}`],
    ['with a doubled header', body, `${signed}, ${signed}`],
    ['with an empty header', body, ''],
  ])('%s gets 401 without a body, and nothing is stored', async (_, bytes, header) => {
    const answer = await post(url, bytes, { 'x-hub-signature-256': header });
    expect([answer.status, await answer.text()]).toEqual([401, '']);
    expect(await nothingWritten()).toBe(true);
  });

  it('gets 401 for any content, or 429 if there are many, and nothing is stored', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 200 }),
        fc.stringMatching(/^[!-~]{0,80}$/),
        async (array, header) => {
          const answer = await post(url, Buffer.from(array), { 'x-hub-signature-256': header });
          expect([401, 429]).toContain(answer.status);
        },
      ),
      { numRuns: 300 },
    );
    expect(await nothingWritten()).toBe(true);
  });
});

describe('many requests without the secrets of Meta', () => {
  const ask = (token: string): Promise<Response> =>
    fetch(`${url}?hub.mode=subscribe&hub.verify_token=${token}&hub.challenge=1`);
  const statuses = (answers: readonly Response[]): number[] => [
    ...new Set(answers.map(({ status }) => status)),
  ];
  const some = (count: number, send: () => Promise<Response>): Promise<Response[]> =>
    Promise.all(Array.from({ length: count }, send));
  let at = 0;
  beforeEach(() =>
    serve(
      async () => undefined,
      () => at,
    ),
  );

  it('are slowed down and logged once; a right handshake and signed deliveries are not', async () => {
    expect(statuses(await some(20, () => ask('wrong')))).toEqual([403]);
    expect(statuses(await some(200, () => ask('wrong')))).toEqual([429]);
    const forged = () => post(url, messagesBody(textMessage()), { 'x-hub-signature-256': 'sha256=00' });
    expect(statuses(await some(20, forged))).toEqual([401]);
    expect(statuses(await some(200, forged))).toEqual([429]);
    expect(log.warn.mock.calls).toEqual([
      [{ requests: 1 }, 'webhook handshake rejected'],
      [{ requests: 1 }, 'webhook signature invalid'],
    ]);
    expect((await ask(verifyToken)).status).toBe(200);
    expect(statuses(await some(50, () => post(url, messagesBody(textMessage()))))).toEqual([200]);
    at += 5_000;
    expect(statuses(await some(5, () => ask('wrong')))).toEqual([403]);
  });
});

describe('a signed delivery', () => {
  it('gets 503 within two seconds while the store is unavailable, and is stored when redelivered', async () => {
    const away = openStore('mongodb://127.0.0.1:9/away', { operationLimitMs: 1_000 });
    const here = openStore(testMongoUri('again'));
    const intakes: Intake[] = [away, here].map(store =>
      createIntake({ store, phoneNumberId, gateway: hearingListeners(), log }),
    );
    let place = 0;
    await serve(async body => intakes[place]?.(body));
    const body = messagesBody(textMessage());
    const start = Date.now();
    const first = await post(url, body);
    expect([first.status, await first.text()]).toEqual([503, '']);
    expect(Date.now() - start).toBeLessThan(2_000);
    place = 1;
    expect((await post(url, body)).status).toBe(200);
    expect(await here.inbox.model.countDocuments()).toBe(1);
    await intakes[1]?.drain();
    await Promise.all([away.close(), here.close()]);
  });

  it('gets 503 after an unexpected error, and the log contains none of its text', async () => {
    await serve(async () => {
      throw new Error('905321110000 wrote Çukur');
    });
    expect((await post(url, messagesBody(textMessage()))).status).toBe(503);
    expect(log.error).toHaveBeenCalledTimes(1);
    expect(JSON.stringify(log.error.mock.calls)).not.toMatch(/9053|ukur/);
  });

  it('of any bytes gets 200', async () => {
    const store = openStore(testMongoUri('bytes'));
    await serve(createIntake({ store, phoneNumberId, gateway: hearingListeners(), log }));
    const odd = [randomBytes(200), Buffer.from('null'), Buffer.from('{"entry":[null]}'), Buffer.from('')];
    const answers = await Promise.all(odd.map(body => post(url, body)));
    expect(answers.map(answer => answer.status)).toEqual([200, 200, 200, 200]);
    expect(await store.deadLetters.model.countDocuments()).toBe(4);
    await store.close();
  });
});
