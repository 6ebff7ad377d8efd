import { startLine, type TestLine } from '../support/line';
import { parcelOf, textOf } from '../support/line/delivery';
import type { Person } from '../support/line/phones';
import { atRate, percentile } from '../support/load';
import { noteFigure } from '../support/proving';

const PER_SECOND = Number(process.env['WEBHOOK_RATE'] ?? 100);
const SECONDS = Number(process.env['WEBHOOK_SECONDS'] ?? 300);
const MESSAGES = PER_SECOND * SECONDS;
const CITIZENS = 500;
const MOST_P99_MS = 250;

let line: TestLine;
let citizens: Person[];
beforeAll(async () => {
  line = await startLine('webhook-rate');
  citizens = [];
  for (let number = 0; number < CITIZENS; number += 1) {
    citizens.push(await line.phones.newPerson({ name: `Vatandaş ${number}` }));
  }
}, 180_000);
afterAll(() => line.stop(), 60_000);

/** Posts once, and returns the status and how long the answer took, ms. */
async function timed(number: number): Promise<{ status: number; ms: number }> {
  const citizen = citizens[number % CITIZENS];
  if (!citizen) throw new Error('there are no citizens');
  const { body } = parcelOf(citizen, textOf(`Süvari mahallesi ${number}. sokakta çukur var`));
  const began = performance.now();
  return { status: await line.post(body), ms: performance.now() - began };
}

test(
  `${PER_SECOND} webhooks a second for ${SECONDS} s: p99 within ${MOST_P99_MS} ms`,
  async () => {
    const all = await atRate(MESSAGES, PER_SECOND, timed);
    const taken = all.filter(({ status }) => status === 200);
    const times = taken.map(({ ms }) => ms);
    const share = (part: number): number => Math.round(percentile(times, part));
    noteFigure(
      MESSAGES,
      `webhooks at ${PER_SECOND}/s: ${taken.length} answered 200, p50 ${share(0.5)} ms, p99 ${share(0.99)} ms, longest ${share(1)} ms`,
    );
    expect(taken).toHaveLength(MESSAGES);
    expect(share(0.99)).toBeLessThanOrEqual(MOST_P99_MS);
  },
  SECONDS * 1_000 + 120_000,
);
