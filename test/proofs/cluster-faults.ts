import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { loadMunicipality } from '../../src/config/municipality';
import { contains, type Point } from '../../src/config/places';
import { startLineOn, type TestLine } from '../support/line';
import { awaited } from '../support/line/awaited';
import { parcelOf, textOf } from '../support/line/delivery';
import { castDice } from '../support/line/dice';
import type { Person } from '../support/line/phones';
import { projectFolder } from '../support/line/role-process';
import { temporalCluster, type TemporalCluster } from '../support/line/temporal-cluster';
import { atRate, percentile, residentMiB } from '../support/load';
import { noteFigure } from '../support/proving';

/** How long reports arrive, how many a second, and the seconds from one fault to the next. */
const MINUTES = Number(process.env['FAULT_MINUTES'] ?? 3);
const PER_SECOND = Number(process.env['FAULT_REPORTS_PER_SECOND'] ?? 2);
const FAULT_EVERY_S = Number(process.env['FAULT_EVERY_S'] ?? 20);
const REPORTS = Math.round(MINUTES * 60 * PER_SECOND);

/** How long a fault lasts with the restart after it, on a busy machine. */
const LONGEST_FAULT_S = 25;
const STORE_AWAY_MS = 10_000;
const LONGEST_RECOVERY_MS = 300_000;
/** A message or letter that waits for longer is stuck. */
const STUCK_MS = 120_000;
const SAMPLE_EVERY_MS = 15_000;
/** Counting scans the collection. */
const LOOK_EVERY_MS = 3_000;
const WARM_UP_SHARE = 0.3;
/** The memory of a process that nobody kills may grow by this much, MiB a minute. */
const MOST_GROWTH = 1;
/** The cache of workflows fills for about ten minutes. */
const LEAST_MINUTES = 30;

const town = loadMunicipality(join(projectFolder, 'config/etimesgut'));
const matters = ['çukur var', 'çöpler alınmadı', 'kaldırım taşları oynuyor', 'park bankı kırık'];
/** Degrees from one place to the next, about 100 m, so that no report is taken for another one's duplicate. */
const STEP = { latitude: 0.0009, longitude: 0.0012 };

interface Sample {
  readonly minute: number;
  /** MiB of the first worker, which nobody kills. */
  readonly worker: number;
  readonly handles: number;
  readonly stuck: number;
}

let line: TestLine<TemporalCluster>;
let citizens: Person[];
const samples: Sample[] = [];
const times: number[] = [];
const faults: Record<string, number> = {};
const dice = castDice('cluster-faults');

beforeAll(
  async () => {
    line = await startLineOn(temporalCluster, 'cluster', { copies: 2, cuttableStore: true });
    const places = placesInTown();
    citizens = [];
    let over = false;
    const work = reportAll(places);
    const watched = sampleUntil(() => over);
    const broken = breakUntil(() => over);
    await work;
    over = true;
    await Promise.all([watched, broken]);
    await everythingSettles();
  },
  MINUTES * 60_000 + 900_000,
);
afterAll(() => line.stop(), 60_000);

/** Returns a place for each report, in the neighbourhoods of the town. */
function placesInTown(): Point[] {
  const places: Point[] = [];
  for (let latitude = 39.9; latitude < 40.02; latitude += STEP.latitude) {
    for (let longitude = 32.55; longitude < 32.75; longitude += STEP.longitude) {
      const place = { latitude, longitude };
      if (town.neighbourhoods.some(({ area }) => contains(area, place))) places.push(place);
    }
  }
  if (places.length < REPORTS) throw new Error(`the town has ${places.length} places for ${REPORTS} reports`);
  return dice.shuffled(places);
}

/** Sends the reports at even distances: words and pin as two messages, in either order. */
async function reportAll(places: readonly Point[]): Promise<void> {
  await atRate(REPORTS, PER_SECOND, async number => {
    const place = places[number];
    if (place) await report(number + 1, place);
  });
}

async function report(number: number, location: Point): Promise<void> {
  const citizen = await line.phones.newPerson({
    name: `Vatandaş ${number}`,
    phone: `90500${1_000_000 + number}`,
  });
  citizens.push(citizen);
  await line.phones.openWindow(citizen);
  const matter = matters[number % matters.length] ?? '';
  const messages = [textOf(`${number}. sokakta ${matter}`), { type: 'location', location }];
  for (const message of dice.shuffled(messages)) {
    const began = performance.now();
    const answers = await line.deliver(parcelOf(citizen, message).body, 180_000);
    if (answers.length === 1) times.push(performance.now() - began);
    await pause(dice.between(0, 500));
  }
}

/** One fault after another, each in a random order, until the reports are sent. The first of each role is spared. */
async function breakUntil(isOver: () => boolean): Promise<void> {
  const restart = async (
    each: { kill9(): Promise<void>; start(): Promise<void> } | undefined,
  ): Promise<void> => {
    await each?.kill9();
    await pause(dice.between(0, 3_000));
    await each?.start();
  };
  const kinds = {
    'web killed': () => restart(line.webs[1]),
    'worker killed': () => restart(line.workers[1]),
    'first node killed': () => restart(line.temporal.nodes[0]),
    'second node killed': () => restart(line.temporal.nodes[1]),
    'records away': async () => {
      line.storeWay?.cut();
      await pause(STORE_AWAY_MS);
      line.storeWay?.mend();
    },
  };
  for (;;) {
    for (const [kind, happen] of dice.shuffled(Object.entries(kinds))) {
      const next = Date.now() + FAULT_EVERY_S * 1_000;
      while (Date.now() < next && !isOver()) await pause(250);
      if (isOver()) return;
      faults[kind] = (faults[kind] ?? 0) + 1;
      await happen();
    }
  }
}

async function sampleUntil(isOver: () => boolean): Promise<void> {
  const began = Date.now();
  while (!isOver()) {
    const { pid } = line.worker;
    samples.push({
      minute: (Date.now() - began) / 60_000,
      worker: residentMiB(pid),
      handles: readdirSync(`/proc/${pid}/fd`).length,
      stuck: await stuck(),
    });
    await pause(SAMPLE_EVERY_MS);
  }
}

/** Counts the messages that were taken long ago and are not handed over. */
function stuck(): Promise<number> {
  const before = new Date(Date.now() - STUCK_MS);
  return line.store.inbox.model.countDocuments({ handedOver: false, receivedAt: { $lt: before } });
}

async function everythingSettles(): Promise<void> {
  const { outbox } = line.store;
  const receipts = { channel: 'whatsapp', state: 'accepted' };
  await awaited(
    'all acknowledgements to be accepted',
    async () => (await outbox.model.distinct('caseNumber', receipts)).length >= REPORTS,
    LONGEST_RECOVERY_MS,
    LOOK_EVERY_MS,
  );
  await awaited(
    'a letter for each case',
    async () => (await casesInLetters()).size >= REPORTS,
    LONGEST_RECOVERY_MS,
    LOOK_EVERY_MS,
  );
}

/** Returns how many letters name each case first. */
async function casesInLetters(): Promise<Map<string, number>> {
  const letters = new Map<string, number>();
  for (const { subject } of await line.phones.mails()) {
    const [number] = /PK-[0-9A-Z-]+/.exec(subject) ?? [];
    if (number !== undefined) letters.set(number, (letters.get(number) ?? 0) + 1);
  }
  return letters;
}

/** Returns the growth by least squares, units a minute, without the time to warm up. */
function growthOf(values: readonly { minute: number; value: number }[]): number {
  const warm = values.slice(Math.floor(values.length * WARM_UP_SHARE));
  const mean = (numbers: number[]): number => numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
  const [x, y] = [mean(warm.map(each => each.minute)), mean(warm.map(each => each.value))];
  const across = warm.reduce((sum, each) => sum + (each.minute - x) ** 2, 0);
  return warm.reduce((sum, each) => sum + (each.minute - x) * (each.value - y), 0) / across;
}

const growth = (of: 'worker' | 'handles'): number =>
  growthOf(samples.map(sample => ({ minute: sample.minute, value: sample[of] })));

const answeredWithin = (share: number): number => Math.round(percentile(times, share));

describe(`${REPORTS} reports in ${MINUTES} minutes on a cluster with a fault every ${FAULT_EVERY_S} s`, () => {
  it('has seen each kind of fault that fits into its time', () => {
    const rounds = Math.floor((MINUTES * 60) / (FAULT_EVERY_S + LONGEST_FAULT_S));
    expect(Object.keys(faults).length).toBeGreaterThanOrEqual(Math.min(5, rounds));
  });

  it('has exactly one case for each citizen, with the words and the pin', async () => {
    const cases = await line.store.cases.list({}, 2 * REPORTS);
    const withPin = cases.filter(({ intake }) => intake.location !== undefined && intake.location !== null);
    const owners = new Set(cases.map(({ intake }) => intake.citizenId));
    noteFigure(
      2 * REPORTS,
      `messages of ${owners.size} citizens: ${cases.length} cases, ${withPin.length} with their pin; faults ${JSON.stringify(faults)}`,
    );
    expect([owners.size, cases.length, withPin.length]).toEqual([REPORTS, REPORTS, REPORTS]);
  });

  it('has acknowledged each case once, and written one letter for each', async () => {
    let copies = 0;
    for (const citizen of citizens) {
      const receipts = (await line.phones.told(citizen)).filter(({ text }) => text.includes('PK-'));
      expect(receipts.length).toBeGreaterThan(0);
      copies += receipts.length - 1;
    }
    const letters = [...(await casesInLetters()).values()];
    const doubled = letters.reduce((sum, count) => sum + count, 0) - letters.length;
    noteFigure(REPORTS, `cases: ${copies} further receipts, ${doubled} further letters`);
    // One copy may be sent twice by each crash between a send and its record.
    const crashes = Object.values(faults).reduce((sum, count) => sum + count, 0);
    expect(copies).toBeLessThanOrEqual(crashes);
    expect(doubled).toBeLessThanOrEqual(crashes);
  });

  it('has no failed and no stuck workflow', async () => {
    const { workflow } = line.temporal.client;
    const ended = "ExecutionStatus IN ('Failed', 'Terminated', 'TimedOut')";
    expect((await workflow.count(ended)).count).toBe(0);
    expect(line.logs()).not.toMatch(/TMPRL1100|Nondeterminism/);
  });

  it('leaves no message behind', () => {
    const longest = Math.max(...samples.map(sample => sample.stuck));
    noteFigure(
      REPORTS,
      `reports: webhooks answered at the first try: p50 ${answeredWithin(0.5)} ms, p99 ${answeredWithin(0.99)} ms; ` +
        `${longest} messages stuck for 2 minutes; worker ${Math.round(samples.at(-1)?.worker ?? NaN)} MiB, ` +
        `growing by ${growth('worker').toFixed(2)} MiB and ${growth('handles').toFixed(2)} handles a minute`,
    );
    expect(longest).toBe(0);
  });

  if (MINUTES >= LEAST_MINUTES) {
    it('does not grow after it has warmed up', () => {
      expect(growth('worker')).toBeLessThan(MOST_GROWTH);
    });
  }
});
