import { connect } from 'node:net';
import Koa from 'koa';
import { bodyTimeLimit } from '../src/web/limits';
import { errorHandler } from '../src/web/app';
import { formBody, type Upload } from '../src/web/form-body';
import { startHttpServer, type HttpServer } from '../src/web/http';

const time = { usualMs: 300, uploadMs: 1_500, lookEveryMs: 200, leastBytes: 1_000, lingerMs: 100 };
const acted: number[] = [];
let server: HttpServer;
beforeAll(async () => {
  const app = new Koa();
  app.use(errorHandler((_, status) => `sayfa ${status}`));
  app.use(bodyTimeLimit(time)).use(formBody());
  app.use(ctx => {
    acted.push((ctx.state['upload'] as Upload | undefined)?.files.length ?? 0);
    ctx.body = 'yapıldı';
  });
  const handle = app.callback();
  server = await startHttpServer((request, response) => void handle(request, response), {
    port: 0,
    host: '127.0.0.1',
    requestLimitMs: 10_000,
  });
});
afterAll(() => server.stop());
beforeEach(() => (acted.length = 0));

const boundary = 'sinir';
const photo = (bytes: number): Buffer =>
  Buffer.concat([
    Buffer.from(
      `--${boundary}\r\nContent-Disposition: form-data; name="photos"; filename="iş.jpg"\r\nContent-Type: image/jpeg\r\n\r\n`,
    ),
    Buffer.alloc(bytes, 7),
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ]);

/** Sends a body in pieces, one every `everyMs`. Returns the response and when the connection ended. */
function sendSlowly(
  body: Buffer,
  { path = '/t/x', type = `multipart/form-data; boundary=${boundary}`, piece = 2_000, everyMs = 100 },
): Promise<{ answer: string; ms: number }> {
  return new Promise(resolve => {
    const start = performance.now();
    const socket = connect(server.port, '127.0.0.1');
    let answer = '';
    let sent = 0;
    socket.write(
      `POST ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n`,
    );
    const timer = setInterval(() => {
      if (sent < body.length) socket.write(body.subarray(sent, sent + piece));
      sent += piece;
    }, everyMs);
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearInterval(timer);
      resolve({ answer, ms: performance.now() - start });
    });
  });
}

describe('an upload of photos', () => {
  it('may take longer than a form while data keep arriving', async () => {
    const { answer, ms } = await sendSlowly(photo(18_000), {});
    expect(answer).toContain('yapıldı');
    expect(ms).toBeGreaterThan(time.usualMs);
    expect(acted).toEqual([1]);
  });

  it.each([
    ['that stalls', { piece: 1_500, everyMs: 700 }],
    ['that trickles', { piece: 10, everyMs: 20 }],
    ['that exceeds the time-out for photos', { piece: 2_000, everyMs: 100 }],
  ])('%s is cut off with an error page and not processed', async (_, pieces) => {
    const { answer, ms } = await sendSlowly(photo(200_000), pieces);
    expect(answer).toMatch(/^HTTP\/1.1 408 /);
    expect(answer).toContain('sayfa 408');
    expect(ms).toBeLessThan(5_000);
    expect(acted).toEqual([]);
  });

  it('that is too large is refused before reading', async () => {
    const { answer } = await sendSlowly(photo(26 * 1024 * 1024), { everyMs: 50 });
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
    expect(acted).toEqual([]);
  });
});

it('a form without photos has the usual time-out on every route', async () => {
  const type = 'application/x-www-form-urlencoded';
  const pieces = { type, piece: 10, everyMs: 50 };
  const { answer } = await sendSlowly(Buffer.from(`words=${'a'.repeat(5_000)}`), pieces);
  expect(answer).toContain('sayfa 408');
  const { answer: elsewhere } = await sendSlowly(photo(200_000), { path: '/d/x' });
  expect(elsewhere).toContain('sayfa 408');
  expect(acted).toEqual([]);
});
