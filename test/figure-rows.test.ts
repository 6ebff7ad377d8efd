import { MockActivityEnvironment } from '@temporalio/testing';
import { refreshFigures } from '../activities/refresh-figures';
import { keptLines, type LinesIn } from '../src/reports/kept-lines';
import { type Dimension, figuresBy, figuresOf } from '../src/reports/figure-groups';
import type { Figures, Period } from '../src/reports/figures';
import { linesOf } from '../src/reports/report';
import { openStore, type Store } from '../src/store/store';
import { DAY, HOUR, T0 } from './support/cases';
import { type GeneratedCase, generatedYear, writeYear } from './support/generated-year';
import { amount, noteFigure } from './support/proving';
import { testMongoUri } from './support/services';
import { quietRuntime } from './support/time-skipping';
import { municipality } from './support/town-case';
import { confirmed, rejected, storiesOf, writeWhole } from './support/whole-records';

beforeAll(quietRuntime);

let store: Store;
let linesIn: LinesIn;
let now = T0 + 100 * DAY;
beforeEach(() => {
  store = openStore(testMongoUri('figure-rows'), { operationLimitMs: 60_000 });
  linesIn = keptLines(store.figures);
});
afterEach(() => store.close());

interface Written {
  days: number;
  written: number;
  cases: number;
}

/** Runs the activity of the schedule. `after` is the day of the last heartbeat of a killed attempt. */
async function refresh({ whole = false, after }: { whole?: boolean; after?: string } = {}): Promise<Written> {
  const run = refreshFigures({ municipality, store, now: () => new Date(now) });
  const environment = new MockActivityEnvironment(after === undefined ? {} : { heartbeatDetails: after });
  return environment.run<Parameters<typeof run>, Written, typeof run>(run, { whole });
}

const year: Period = { from: Date.UTC(2025, 11, 31, 21), to: Date.UTC(2026, 11, 31, 21) };
const dimensions: Dimension[] = [
  ...(['department', 'subject', 'neighbourhood', 'institution', 'source', 'kind', 'outcome'] as const),
];

/** Returns every statistic there is: the town and all groups of every dimension. */
async function everyFigure(period = year): Promise<unknown> {
  const lines = await linesIn(period);
  const groups = dimensions.map(by => [...figuresBy(lines, period, by)].sort());
  return { town: figuresOf(lines, period), groups };
}

const rows = () => store.figures.model.find().sort({ _id: 1 }).lean();
const [one, two, three] = ['PK-0000-0001', 'PK-0000-0002', 'PK-0000-0003'] as const;

async function writePeople(): Promise<void> {
  for (const [caseNumber, events] of [
    [one, confirmed(one)],
    [two, rejected(two)],
    [three, []],
  ] as const) {
    const number = caseNumber.slice(-1);
    const person = { citizenId: `c-${number}`, phone: `90500000000${number}`, mark: 'kanarya' };
    await writeWhole(store, { caseNumber, events: [...events], ...person });
  }
}

test('rows hold what the audit trail says, and no person, case or message', async () => {
  await writePeople();
  expect(await refresh()).toEqual({ days: 1, written: 1, cases: 3 });
  const direct = linesOf({ municipality, closures: [] }, await storiesOf(store));
  expect(await linesIn(year)).toEqual(direct);
  expect(figuresOf(direct, year)).toMatchObject({
    ...{ received: 3, open: 1, answered: { resolved: 1, rejected: 1 }, ratings: { count: 3, mean: 4 } },
    messages: { count: 3, templates: 0 },
  });
  const stored = JSON.stringify(await linesIn(year));
  for (const secret of ['kanarya', 'PK-0000', 'c-1', '9050', '-m-1', '-r"', 'Yol çukuru'])
    expect(stored).not.toContain(secret);
});

test('a run writes only days whose cases, ratings or closures have changed', async () => {
  await writePeople();
  await refresh();
  expect(await refresh()).toEqual({ days: 1, written: 0, cases: 0 });
  await store.closures.add({
    ...{ date: '2026-11-26', reason: 'Kar', closedFrom: null, calendars: null },
    ...{ addedBy: 'x', addedAt: new Date(T0) },
  });
  expect(await refresh()).toMatchObject({ written: 1 });
  await writeYear(store, [{ ...example, caseNumber: 'PK-0000-0008', receivedAt: T0 - 40 * DAY }]);
  expect(await refresh()).toEqual({ days: 2, written: 1, cases: 1 });
  await store.ratings.add({ caseNumber: 'PK-0000-0008', rating: 2, at: new Date(T0 + DAY) });
  expect(await refresh()).toMatchObject({ written: 1, cases: 1 });
  expect(await refresh()).toMatchObject({ written: 0 });
});

test('a day whose cases have just moved is written again by the next run', async () => {
  await writePeople();
  now = T0 + DAY + HOUR / 2;
  await refresh();
  now = T0 + 100 * DAY;
  expect(await refresh()).toMatchObject({ written: 1 });
  expect(await refresh()).toMatchObject({ written: 0 });
});

test('a reader keeps the months that no run has written since', async () => {
  await writeYear(store, [
    { ...example, caseNumber: 'PK-0000-0007' },
    { ...example, caseNumber: 'PK-0000-0008', receivedAt: T0 - 40 * DAY },
  ]);
  await refresh();
  const read: string[] = [];
  const reader = keptLines({
    months: store.figures.months.bind(store.figures),
    rows: month => {
      read.push(month);
      return store.figures.rows(month);
    },
  });
  expect(await reader(year)).toHaveLength(2);
  expect(await reader(year)).toHaveLength(2);
  expect(read).toHaveLength(2);
  await store.ratings.add({ caseNumber: 'PK-0000-0008', rating: 2, at: new Date(T0 + DAY) });
  await refresh();
  const rated = await reader(year);
  expect(rated.flatMap(({ stars }) => (stars ? [stars.rating] : []))).toEqual([2]);
  expect(read).toHaveLength(3);
});

const example: GeneratedCase = {
  ...{ caseNumber: 'PK-0000-0009', receivedAt: T0, subject: 'pothole', neighbourhood: 'suvari' },
  ...{ desk: 'fen-isleri', source: 'whatsapp', answer: { at: T0 + DAY, outcome: 'resolved' } },
  ...{ lateAt: null, reopenedAt: null, rating: null },
};

test('a run that is killed at any write goes on, and a rebuild gives the same rows', async () => {
  const cases = generatedYear(7, 40, 2026);
  await writeYear(store, cases);
  const { days } = await refresh();
  const whole = await rows();
  await store.figures.model.deleteMany({});
  for (let allowed = 3; (await store.figures.days()).length < days; allowed += 3) {
    let left = allowed;
    const put = store.figures.put.bind(store.figures);
    const spy = jest.spyOn(store.figures, 'put').mockImplementation(async (...args) => {
      if (left === 0) throw new Error('killed');
      left -= 1;
      await put(...args);
    });
    await refresh().catch((error: unknown) => {
      if (!(error instanceof Error) || error.message !== 'killed') throw error;
    });
    spy.mockRestore();
  }
  await refresh();
  expect(await rows()).toEqual(whole);
  const third = (await store.figures.days()).map(({ day }) => day).sort()[2] ?? '';
  expect(await refresh({ whole: true })).toMatchObject({ days, written: days, cases: 40 });
  expect(await refresh({ whole: true, after: third })).toMatchObject({ written: days - 3 });
  expect(await rows()).toEqual(whole);
});

test('every statistic is the same before and after the anonymisation of its cases, and after a rebuild', async () => {
  await writePeople();
  await refresh();
  const before = await everyFigure();
  await store.caseErasure.anonymise([one, two], new Date(T0 + 30 * DAY));
  expect(await refresh()).toMatchObject({ written: 0 });
  expect(await everyFigure()).toEqual(before);
  await refresh({ whole: true });
  expect(await everyFigure()).toEqual(before);
});

/** Counts what the generator decided, without records, facts or the program's own rules. */
function recount(cases: readonly GeneratedCase[], { from, to }: Period) {
  const isIn = (at: number | null | undefined): boolean => typeof at === 'number' && at >= from && at < to;
  const known = cases.filter(({ receivedAt }) => receivedAt < to);
  const stands = ({ answer, reopenedAt }: GeneratedCase): boolean =>
    answer !== null && answer.at < to && (reopenedAt === null || reopenedAt >= to);
  const answered: Record<string, number> = {};
  for (const each of known) {
    if (each.answer && isIn(each.answer.at) && stands(each))
      answered[each.answer.outcome] = (answered[each.answer.outcome] ?? 0) + 1;
  }
  const isSolved = ({ answer }: GeneratedCase): boolean =>
    answer?.outcome === 'resolved' || answer?.outcome === 'partlyResolved';
  const inTime = known.filter(each => each.lateAt === null && isIn(each.answer?.at) && isSolved(each));
  const again = inTime.filter(({ reopenedAt }) => reopenedAt !== null && reopenedAt < to);
  const stars = known.flatMap(({ rating }) => (rating && isIn(rating.at) ? [rating.rating] : []));
  return {
    received: known.filter(({ receivedAt }) => isIn(receivedAt)).length,
    open: known.filter(each => !stands(each)).length,
    answered,
    onTime: inTime.length - again.length,
    late: known.filter(({ lateAt }) => isIn(lateAt)).length + again.length,
    reopened: known.filter(({ reopenedAt }) => isIn(reopenedAt)).length,
    rated: stars.length,
    stars: stars.reduce((sum, each) => sum + each, 0),
  };
}

const counted = ({ received, open, answered, resolve, reopened, ratings }: Figures) => ({
  ...{ received, open, answered, reopened, rated: ratings.count },
  ...{ onTime: resolve.onTime, late: resolve.late, stars: Math.round((ratings.mean ?? 0) * ratings.count) },
});

const nothing = counted(figuresOf([], year));
const seed = Number(process.env['FIGURES_SEED'] ?? 2026);
const sizes = [
  ...new Set([
    amount({ proof: 1_000, test: 150 }),
    amount({ proof: 10_000, test: 400 }),
    amount({ proof: 53_000, test: 400 }),
  ]),
];

test.each(sizes)(
  `a generated year of %d cases (seed ${seed}) equals an independent recount, for every group and quarter`,
  async size => {
    const cases = generatedYear(seed, size, 2026);
    await writeYear(store, cases);
    const startedAt = Date.now();
    await refresh();
    const built = Date.now() - startedAt;
    const quarters = [0, 3, 6, 9].map(month => ({
      from: Date.UTC(2026, month, 1, -3),
      to: Date.UTC(2026, month + 3, 1, -3),
    }));
    const groups = {
      department: (each: GeneratedCase) => each.desk,
      subject: (each: GeneratedCase) => each.subject,
      neighbourhood: (each: GeneratedCase) => each.neighbourhood,
      source: (each: GeneratedCase) => each.source,
    };
    for (const period of [year, ...quarters]) {
      const lines = await linesIn(period);
      expect(counted(figuresOf(lines, period))).toEqual(recount(cases, period));
      for (const [by, keyOf] of Object.entries(groups)) {
        const found = figuresBy(lines, period, by as keyof typeof groups);
        for (const key of new Set(cases.map(keyOf))) {
          const figures = found.get(key);
          const own = cases.filter(each => keyOf(each) === key);
          expect([key, figures ? counted(figures) : nothing]).toEqual([key, recount(own, period)]);
        }
      }
    }
    const times: number[] = [];
    for (let turn = 0; turn < 9; turn += 1) {
      const begun = performance.now();
      const lines = await linesIn(year);
      figuresBy(lines, year, dimensions[turn % dimensions.length] ?? 'subject');
      times.push(performance.now() - begun);
    }
    const median = times.sort((a, b) => a - b)[4] ?? NaN;
    noteFigure(
      size,
      `seed ${seed}: rows written in ${Math.round(built / 1_000)} s; a year grouped in ${Math.round(median)} ms (median of 9)`,
    );
    if (size > 1_000) process.stdout.write(`${size}: ${built} ms, ${times.map(Math.round).join(' ')}\n`);
  },
  3_600_000,
);
