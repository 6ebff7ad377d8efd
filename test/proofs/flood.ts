import { setTimeout as pause } from 'node:timers/promises';
import { startLine, type TestLine } from '../support/line';
import { awaited } from '../support/line/awaited';
import { parcelOf, textOf } from '../support/line/delivery';
import type { Person } from '../support/line/phones';
import { atRate, percentile } from '../support/load';
import { PAIR_BURST } from '../../src/whatsapp/citizen-outbox';
import { noteFigure } from '../support/proving';

const MESSAGES = 500;
const MINUTE_MS = 60_000;
/** A sender gets at most one reply in this time, after a first burst. */
const REPLY_EVERY_MS = 6_000;
const OTHERS = 30;
/** The p99 of others may grow by half, and by what a busy machine adds. */
const GROWTH = 1.5;
const NOISE_MS = 100;

const matters = [
  'Süvari Mahallesi 1234. Sokakta çukur var',
  'alo',
  'durum',
  'park lambası yanmıyor',
  'çöpler alınmadı Elvan Mahallesi',
  'kime yazıyorum ben',
  'itiraz ediyorum',
  'Teşekkürler',
];

let line: TestLine;
beforeAll(async () => {
  line = await startLine('flood');
}, 180_000);
afterAll(() => line.stop());

/** Posts a message. Returns how long the answer took, ms. */
async function timed(person: Person, words: string): Promise<number> {
  const began = performance.now();
  expect(await line.post(parcelOf(person, textOf(words)).body)).toBe(200);
  return performance.now() - began;
}

/** Has one message of each of the people sent, spread over a minute. Returns the times of the answers, ms. */
async function minuteOf(people: readonly Person[]): Promise<number[]> {
  const times: number[] = [];
  for (const person of people) {
    times.push(await timed(person, 'Süvari Mahallesi 1234. Sokakta çukur var'));
    await pause(MINUTE_MS / people.length);
  }
  return times;
}

const people = (name: string): Promise<Person[]> =>
  Promise.all(
    Array.from({ length: OTHERS }, (_, place) => line.phones.newPerson({ name: `${name} ${place}` })),
  );

test(`${MESSAGES} messages of one sender in a minute get at most one reply per six seconds, and others wait no longer`, async () => {
  const calm = await minuteOf(await people('Sakin'));
  const flooding = await line.phones.newPerson({ name: 'Yağmur' });
  await line.phones.openWindow(flooding);

  const began = Date.now();
  const flood = atRate(MESSAGES, (MESSAGES * 1_000) / MINUTE_MS, sent =>
    timed(flooding, matters[sent % matters.length] ?? ''),
  );
  const others = await people('Komşu');
  const [beside] = await Promise.all([minuteOf(others), flood]);

  const handedOver = async (): Promise<boolean> =>
    (await line.store.inbox.model.countDocuments({ handedOver: false })) === 0;
  await awaited('the flood to be taken', handedOver, 120_000);
  for (const person of others) await line.phones.hears(person, 'PK-', 120_000);
  const told = await line.phones.told(flooding);
  const over = Date.now();
  const cases = await line.store.cases.model.countDocuments();
  noteFigure(
    MESSAGES,
    `messages of one sender in a minute: ${told.length} replies in ${Math.round((over - began) / 1_000)} s, ` +
      `${cases - 2 * OTHERS} cases; p99 of ${OTHERS} others ${Math.round(percentile(calm, 0.99))} ms before, ${Math.round(percentile(beside, 0.99))} ms beside it`,
  );
  expect(told.length).toBeGreaterThan(0);
  expect(told.length).toBeLessThanOrEqual(Math.ceil((over - began) / REPLY_EVERY_MS) + PAIR_BURST - 1);
  expect(percentile(beside, 0.99)).toBeLessThanOrEqual(percentile(calm, 0.99) * GROWTH + NOISE_MS);
}, 600_000);
