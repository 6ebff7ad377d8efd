import { setTimeout as pause } from 'node:timers/promises';
import { startLine, type TestLine } from '../support/line';
import { parcelOf, textOf } from '../support/line/delivery';
import type { Person } from '../support/line/phones';
import { noteFigure } from '../support/proving';

const RUNS = 20;
const CONNECTIONS = 10;
/** The balancer of this proof asks for readiness this often, so the role drains for longer. */
const LOOK_EVERY_MS = 200;
const LOAD_MS = 1_000;

let line: TestLine;
let citizen: Person;
beforeAll(async () => {
  line = await startLine('web-drain', { environment: { DRAIN_SECONDS: '2' } });
  citizen = await line.phones.newPerson();
}, 180_000);
afterAll(() => line.stop());

async function isReady(): Promise<boolean> {
  try {
    return (await fetch(`${line.baseUrl}/readyz`, { signal: AbortSignal.timeout(2_000) })).status === 200;
  } catch {
    return false;
  }
}

/** Loads the web role over several connections, and stops it meanwhile. Returns the statuses; 0 is a dropped request. */
async function stopUnderLoad(): Promise<number[]> {
  const statuses: number[] = [];
  let isServed = true;
  const balancer = (async () => {
    while (await isReady()) await pause(LOOK_EVERY_MS);
    isServed = false;
  })();
  const load = Array.from({ length: CONNECTIONS }, async () => {
    while (isServed) statuses.push(await line.post(parcelOf(citizen, textOf('Teşekkürler')).body));
  });
  await pause(LOAD_MS);
  await line.web.stop();
  await Promise.all([balancer, ...load]);
  return statuses;
}

test(`SIGTERM of the web role under ${CONNECTIONS} connections, ${RUNS} times: no request is dropped`, async () => {
  const all: number[] = [];
  for (let run = 1; run <= RUNS; run += 1) {
    const statuses = await stopUnderLoad();
    const dropped = statuses.filter(status => status === 0).length;
    process.stderr.write(`run ${run}: ${statuses.length} requests, ${dropped} dropped\n`);
    all.push(...statuses);
    await line.web.start();
  }
  expect(all.filter(status => status === 0)).toHaveLength(0);
  const taken = all.filter(status => status === 200).length;
  noteFigure(RUNS, `stops under ${CONNECTIONS} connections: ${all.length} requests, 0 dropped`);
  expect(taken).toBeGreaterThan(RUNS * CONNECTIONS);
  // What was answered with 200 is stored.
  expect(await line.store.inbox.model.countDocuments()).toBeGreaterThanOrEqual(taken);
}, 900_000);
