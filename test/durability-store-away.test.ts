import { startLine, type TestLine } from './support/line';
import { awaited } from './support/line/awaited';
import { casesOf, stageOf, taskLink } from './support/line/cases-of-line';
import type { CuttableProxy } from './support/line/cuttable-proxy';
import { parcelOf, textOf, type Parcel } from './support/line/delivery';
import { caseNumberIn, type Person } from './support/line/phones';
import { actOn, openTask, type TaskPage } from './support/line/task-page';
import { amount, noteFigure } from './support/proving';

const CITIZENS = amount({ proof: 100, test: 10 });
/** The margin of the tests is for busy machines. */
const SOON_MS = amount({ proof: 1_000, test: 4_000 });
const roads = 'fen.isleri@etimesgut.example';
const words = 'Süvari mahallesi 1234. sokakta çukur var';

interface Report extends Parcel {
  citizen: Person;
}

let line: TestLine;
let way: CuttableProxy;
beforeAll(async () => {
  line = await startLine('store-away', { cuttableStore: true });
  if (!line.storeWay) throw new Error('the way to the store cannot be cut');
  way = line.storeWay;
}, 120_000);
afterAll(() => line.stop());

async function newReport(): Promise<Report> {
  const citizen = await line.phones.newPerson();
  await line.phones.openWindow(citizen);
  return { citizen, ...parcelOf(citizen, textOf(words)) };
}

async function timed({ body }: Report): Promise<{ status: number; ms: number }> {
  const start = Date.now();
  return { status: await line.post(body), ms: Date.now() - start };
}

describe.each([
  ['refuses connections', () => way.cut()],
  ['does not answer', () => way.freeze()],
])('while the store %s', (_, cut) => {
  let link: string;
  let caseNumber: string;
  let reports: Report[];
  let answers: { status: number; ms: number }[];
  let page: TaskPage;
  let ready: { status: number; body: unknown };
  let alive: number;

  beforeAll(async () => {
    const first = await newReport();
    await line.deliver(first.body);
    caseNumber = caseNumberIn((await line.phones.hears(first.citizen, 'Bildiriminiz alındı')).text);
    link = await taskLink(line, roads, caseNumber);
    reports = await Promise.all(Array.from({ length: CITIZENS }, newReport));
    cut();
    answers = await Promise.all(reports.map(timed));
    ready = await awaited('readiness to tell', async () => {
      const response = await fetch(`${line.baseUrl}/readyz`);
      return response.status === 503 && { status: 503, body: await response.json() };
    });
    alive = (await fetch(`${line.baseUrl}/healthz`)).status;
    page = await openTask(link);
    way.mend();
  }, 60_000);

  it('every webhook gets 503 quickly', () => {
    for (const { status, ms } of answers) {
      expect(status).toBe(503);
      expect(ms).toBeLessThan(SOON_MS);
    }
    noteFigure(CITIZENS, `webhooks: all 503, the slowest in ${Math.max(...answers.map(({ ms }) => ms))} ms`);
  });

  it('the web role is alive but not ready', () => {
    expect(ready.body).toMatchObject({ status: 'unready', parts: { store: 'away' } });
    expect(alive).toBe(200);
  });

  it('a department gets an error page', () => {
    expect(page.status).toBe(503);
    expect(page.html).toContain('<html lang="tr"');
    expect(page.acts).toEqual([]);
  });

  it('everything is processed once the store is back and Meta has redelivered', async () => {
    await Promise.all(reports.map(({ body }) => line.deliver(body)));
    for (const { citizen } of reports) {
      const { text } = await line.phones.hears(citizen, 'Bildiriminiz alındı');
      expect(await casesOf(line, citizen)).toEqual([caseNumberIn(text)]);
    }
    await actOn(link, 'accept');
    expect(await stageOf(line, caseNumber)).toBe('accepted');
  }, 60_000);
});
