import { resolve } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { MockActivityEnvironment } from '@temporalio/testing';
import { NativeConnection, Worker } from '@temporalio/worker';
import { finishErasures, remindOfRequests } from '../activities/erasure';
import { applyRetention, forecastRetention, planRetention, recordRetention } from '../activities/retention';
import { isEnded } from '../src/domain/case/case';
import { coarse, recordFamilies, type RecordFamily } from '../src/domain/retention';
import { openStore, type Store } from '../src/store/store';
import { DAY, HOUR, T0 } from './support/cases';
import { amount } from './support/proving';
import { freshTaskQueue, temporalAddress, temporalNamespace, testMongoUri } from './support/services';
import { lineSchedules } from '../src/temporal/schedules';
import { quietRuntime } from './support/time-skipping';
import type { retention } from '../workflows/index';
import { textsIn } from './support/line/secrets-search';
import { municipality } from './support/town-case';
import { confirmed, everything, figuresOf, rejected, writeWhole } from './support/whole-records';

const FIRST = { shelf: 0, last: null };
const closed = 'PK-0000-0001';
const refused = 'PK-0000-0002';
const open = 'PK-0000-0003';
const year = 365 * DAY;

let store: Store;
beforeEach(() => {
  store = openStore(testMongoUri('retention'), { operationLimitMs: 10_000 });
});
afterEach(() => store.close());

async function write(caseNumber: string, mark: string, events = confirmed(caseNumber)): Promise<void> {
  const number = caseNumber.slice(-1);
  await writeWhole(store, {
    caseNumber,
    citizenId: `c-${number}`,
    phone: `90500000000${number}`,
    mark,
    events,
    // So that the place of an ended case can be told from that of the open one.
    ...(caseNumber === open && { latitude: 39.951234 }),
  });
}

/** Applies a family for a date like the activity of the worker. */
async function applied(family: RecordFamily, at: number): Promise<number> {
  const run = applyRetention({ municipality, store });
  const { count } = await new MockActivityEnvironment().run<
    Parameters<typeof run>,
    { count: number },
    typeof run
  >(run, { family, at });
  return count;
}

async function appliedAll(at: number): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const family of recordFamilies) counts[family] = await applied(family, at);
  return counts;
}

const figures = (): Promise<unknown> => figuresOf(store);

test('every collection of the store belongs to a family', async () => {
  const collections = await store.sync();
  expect(collections.filter(name => !store.retention.collections.includes(name))).toEqual([]);
});

test('each family goes when its days have passed, and not before', async () => {
  await write(closed, 'kanarya');
  const ended = (await store.cases.get(closed))?.progress?.endedAt ?? 0;
  expect(ended).toBeGreaterThan(T0);
  for (const family of recordFamilies) {
    const { days, after } = municipality.retention.families[family];
    const start = after === 'caseEnd' ? ended : T0;
    expect([family, await applied(family, start + days * DAY - 1)]).toEqual([family, 0]);
    expect([family, await applied(family, start + days * DAY)]).not.toEqual([family, 0]);
  }
});

test('after five years nothing personal is left of an ended case, and its figures are the same', async () => {
  await write(closed, 'kanarya');
  await write(refused, 'kanarya', rejected(refused));
  await write(open, 'açık', []);
  const [before, openBefore] = [await figures(), await ofOpen()];
  await appliedAll(T0 + 6 * year);
  const left = await everything(store);
  expect(textsIn(JSON.parse(JSON.stringify(left)))).not.toMatch(
    /kanarya|90500000000[12]|39\.9432|c-1\b|c-2\b/,
  );
  expect(left['attachments.chunks']).toHaveLength(1);
  const { intake, progress } = (await store.cases.get(closed)) ?? {};
  expect(intake).toMatchObject({
    category: { slug: 'pothole' },
    neighbourhood: { slug: 'suvari' },
    place: { latitude: 39.943, longitude: 32.644, name: null, address: null },
    desk: 'fen-isleri',
  });
  expect(progress && isEnded(progress.stage)).toBe(true);
  expect(progress).toMatchObject({
    outcome: 'resolved',
    citizenId: '',
    messageIds: [],
    outcomeIsFinal: true,
  });
  expect(await figures()).toEqual(before);
  expect(await ofOpen()).toEqual(openBefore);
});

/** Returns what the line reads of the open case and its citizen. */
async function ofOpen(): Promise<unknown> {
  const record = await store.cases.get(open);
  return {
    record,
    citizen: await store.citizens.get('c-3'),
    messages: await store.messages.several(record?.progress?.messageIds ?? []),
    photo: await store.photos.about(`${open}-m-1`),
    file: await store.attachments.get(`${open}-m-2`),
    letters: [await store.outbox.get(`${open}:1`), await store.outbox.get(`${open}:2`)],
    statuses: await store.deliveryStatuses.all(`${open}:1`),
    act: await store.tasks.action(`${open}-r`),
    views: await store.linkViews.ofCase(open, 5),
    holder: await store.identities.holderOf('905000000003'),
  };
}

test('a rehearsal removes nothing, counts what is due, and tells when the next record is', async () => {
  await write(closed, 'kanarya');
  const before = await everything(store);
  const forecasts = await forecastRetention({ municipality, store }, T0 + 31 * DAY);
  expect(await everything(store)).toEqual(before);
  const of = (family: RecordFamily) => forecasts.find(each => each.family === family);
  expect(of('rawMessages')).toMatchObject({ due: 5, next: null });
  expect(of('deadLetters')).toMatchObject({ due: 0, next: T0 + 90 * DAY });
  expect(of('cases')).toMatchObject({ due: 0, next: T0 + DAY + 730 * DAY });
});

test('a legal hold keeps a case and its citizen until it ends', async () => {
  await write(closed, 'kanarya');
  const hold = {
    caseNumber: closed,
    citizenId: null,
    reason: 'dava',
    actor: 'Hukuk İşleri',
    since: new Date(T0),
  };
  await store.holds.add({ ...hold, until: new Date(T0 + 10 * year) });
  const before = await store.cases.get(closed);
  await appliedAll(T0 + 9 * year);
  expect(await store.cases.get(closed)).toEqual(before);
  expect(await store.messages.get(`${closed}-m-1`)).not.toBeNull();
  expect(await store.citizens.get('c-1')).toMatchObject({ phone: '905000000001' });
  await appliedAll(T0 + 10 * year + HOUR);
  expect(await store.messages.get(`${closed}-m-1`)).toBeNull();
  expect(await store.citizens.get('c-1')).toBeNull();
});

test('a message of two cases stays until both have ended', async () => {
  await write(closed, 'kanarya');
  await write(open, 'açık', []);
  await store.cases.model.updateOne(
    { _id: open },
    { $set: { 'intake.citizenId': 'c-1', 'progress.messageIds': [`${closed}-m-1`, `${open}-m-1`] } },
  );
  await store.citizens.caseOpened('c-1', { caseNumber: open, openedAt: new Date(T0) }, null);
  await appliedAll(T0 + 6 * year);
  expect(await store.messages.get(`${closed}-m-1`)).toMatchObject({ words: 'Sözler kanarya' });
  expect(await store.messages.get(`${closed}-m-2`)).toBeNull();
});

test('a run that is killed at any write and repeated ends like an undisturbed run', async () => {
  const end = T0 + 6 * year;
  await write(closed, 'kanarya');
  await appliedAll(end);
  const undisturbed = await everything(store);
  const step = amount({ proof: 1, test: 9 });
  let isKilled = true;
  let allowed = 0;
  for (; isKilled; allowed += step) {
    await store.close();
    store = openStore(testMongoUri('retention'), { operationLimitMs: 10_000 });
    await write(closed, 'kanarya');
    isKilled = (await killedAfter(allowed, () => appliedAll(end))) > allowed;
    await appliedAll(end);
    expect(await everything(store)).toEqual(undisturbed);
  }
  expect(allowed).toBeGreaterThan(15);
}, 300_000);

/** Lets a number of writes pass, and every later one fail. Returns how many writes were tried. */
async function killedAfter(allowed: number, work: () => Promise<unknown>): Promise<number> {
  let tried = 0;
  const spies = Object.values(store.cases.model.db.models).flatMap(model =>
    (['updateOne', 'deleteMany'] as const).map(name => {
      const real = model[name].bind(model) as (...given: unknown[]) => unknown;
      return jest.spyOn(model, name).mockImplementation(((...given: unknown[]) => {
        tried += 1;
        if (tried > allowed) throw new Error('killed');
        return real(...given);
      }) as never);
    }),
  );
  await work().catch((error: unknown) => {
    if (!(error instanceof Error) || error.message !== 'killed') throw error;
  });
  for (const spy of spies) spy.mockRestore();
  return tried;
}

test('a page continues after the last heartbeat of a killed attempt', async () => {
  const at = new Date(T0);
  const records = Array.from({ length: 450 }, (_, n) => ({
    ...{ _id: `n-${String(n).padStart(3, '0')}` as never, receivedAt: at, reason: 'x', payload: 'x' },
  }));
  await store.deadLetters.model.collection.insertMany(records);
  const first = await store.retention.apply({ family: 'deadLetters', days: 90, at: T0 + year, place: FIRST });
  expect(first).toMatchObject({ due: 200, place: { shelf: 0, last: 'n-199' } });
  const run = applyRetention({ municipality, store });
  const again = new MockActivityEnvironment({ heartbeatDetails: { place: first.place, count: first.due } });
  const heartbeats: unknown[] = [];
  again.on('heartbeat', details => heartbeats.push(details));
  const result = await again.run<Parameters<typeof run>, { count: number }, typeof run>(run, {
    family: 'deadLetters',
    at: T0 + year,
  });
  expect(result).toEqual({ count: 450 });
  expect(heartbeats).toEqual([{ place: { shelf: 0, last: 'n-399' }, count: 400 }]);
  expect(await store.deadLetters.latest(5)).toEqual([]);
});

test('the nightly workflow runs for the date of its argument and leaves a record of counts', async () => {
  quietRuntime();
  await write(closed, 'kanarya');
  const taskQueue = freshTaskQueue('retention');
  const connection = await Connection.connect({ address: temporalAddress() });
  const native = await NativeConnection.connect({ address: temporalAddress() });
  const client = new Client({ connection, namespace: temporalNamespace });
  const now = (): Date => new Date(T0 + DAY);
  const worker = await Worker.create({
    connection: native,
    namespace: temporalNamespace,
    taskQueue,
    workflowsPath: resolve(__dirname, '../workflows/index.ts'),
    activities: {
      finishErasures: finishErasures({ store, now }),
      planRetention: planRetention(),
      applyRetention: applyRetention({ municipality, store }),
      recordRetention: recordRetention({ store, now }),
      remindOfRequests: remindOfRequests({
        store,
        municipality,
        letterOutbox: { send: async () => undefined, reserve: async () => undefined },
        taskLinks: { deskPage: path => path },
      }),
    },
  });
  const at = T0 + 2 * year + 3 * DAY;
  try {
    const counts = await worker.runUntil(
      client.workflow.execute<typeof retention>('retention', {
        workflowId: taskQueue,
        taskQueue,
        args: [{ at }],
      }),
    );
    expect(counts).toMatchObject({ rawMessages: 5, photos: 3, files: 1, cases: 1, acts: 0, citizens: 1 });
    expect(await store.retentionRuns.latest(1)).toEqual([
      { id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string, at: new Date(at), finishedAt: now(), counts },
    ]);
  } finally {
    await native.close();
    await connection.close();
  }
}, 60_000);

test('the schedule runs every night at the configured time', () => {
  const schedule = lineSchedules(municipality).find(({ id }) => id === 'retention');
  expect(schedule).toMatchObject({ workflow: 'retention', at: [{ hour: 3, minute: 20 }] });
});

test.each([
  [39.943217, 39.943],
  [32.64449, 32.644],
  [-0.0004, -0],
])('%d is rounded to a cell of 100 metres', (degrees, cell) => {
  expect(coarse(degrees)).toBeCloseTo(cell, 10);
});
