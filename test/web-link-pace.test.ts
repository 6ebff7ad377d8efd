import Koa from 'koa';
import { errorHandler } from '../src/web/app';
import { startHttpServer, type HttpServer } from '../src/web/http';
import { linkRate, linkRateLimit } from '../src/web/limits';
import { startDesk, type Desk } from './support/task-desk';

let desk: Desk;
let server: HttpServer;
let clock = 0;
beforeAll(async () => {
  desk = await startDesk('pace');
  const app = new Koa();
  app.use(errorHandler((_, status) => String(status)));
  app.use(linkRateLimit(desk.links, { burst: 3, perSecond: 1 }, () => clock));
  app.use(ctx => (ctx.body = 'açık'));
  const handle = app.callback();
  server = await startHttpServer((request, response) => void handle(request, response), {
    port: 0,
    host: '127.0.0.1',
  });
});
afterAll(async () => {
  await server.stop();
  await desk.stop();
});

const statuses = async (path: string, times: number): Promise<number[]> => {
  const answers: number[] = [];
  for (let round = 0; round < times; round += 1) {
    answers.push((await fetch(`http://127.0.0.1:${server.port}${path}`)).status);
  }
  return answers;
};

describe('one link', () => {
  it.each([
    ['task', '/t/'],
    ['list', '/d/'],
    ['status', '/s/'],
    ['manager', '/manager/'],
  ] as const)('of kind %s is limited after a burst and works again later', async (kind, path) => {
    const url = `${path}${desk.links.issue(kind).token}`;
    expect(await statuses(url, 5)).toEqual([200, 200, 200, 429, 429]);
    expect(await statuses(`${url}/photos/1`, 1)).toEqual([429]);
    clock += 1_000;
    expect(await statuses(url, 2)).toEqual([200, 429]);
    clock += 60_000;
    expect(await statuses(url, 4)).toEqual([200, 200, 200, 429]);
  });

  it('is limited neither by another link nor by unsigned tokens', async () => {
    await statuses(`/t/${desk.links.issue().token}`, 5);
    expect(await statuses(`/t/${desk.links.issue().token}`, 1)).toEqual([200]);
    expect(await statuses('/t/k1.x.y', 6)).toEqual(Array(6).fill(200));
    expect(await statuses('/healthz', 6)).toEqual(Array(6).fill(200));
  });

  it('says how long to wait', async () => {
    const path = `/t/${desk.links.issue().token}`;
    await statuses(path, 3);
    const answer = await fetch(`http://127.0.0.1:${server.port}${path}`);
    expect(answer.headers.get('retry-after')).toBe('1');
  });
});

it('the default limit is enough for scanners and a whole department, and a flood gets a page', async () => {
  const { link } = await desk.openCase();
  const look = (times: number, path = ''): Promise<Response[]> =>
    Promise.all(Array.from({ length: times }, () => fetch(`${link.url}${path}`, { method: 'HEAD' })));
  for (let round = 0; round < 4; round += 1) {
    expect((await look(20)).every(({ status }) => status === 200)).toBe(true);
  }
  // A photo that does not exist is answered faster than the link regains its tokens.
  const flood = await look(2 * linkRate.burst, '/photos/none');
  expect(flood.some(({ status }) => status === 429)).toBe(true);
  const looks = await Promise.all(Array.from({ length: 40 }, () => fetch(link.url)));
  const page = (await looks.find(({ status }) => status === 429)?.text()) ?? '';
  expect(page).toContain('Bu sayfa çok sık açıldı');
  expect(page).toContain('Bağlantınız geçerlidir');
}, 120_000);
