import { randomBytes, randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { caseNumberOf } from '../src/domain/identifiers';
import { caseAttributes, type CaseAttributes } from '../src/domain/case/temporal-ui';
import { openedCase } from '../src/domain/case/case-life';
import { createCaseCounts } from '../src/temporal/case-list';
import {
  departmentViews,
  figureViews,
  limitedQuery,
  townViews,
  viewUrl,
} from '../src/temporal/manager-views';
import { initialAttributes } from '../workflows/messages';
import { DAY, opening, T0 } from './support/cases';
import { awaited } from './support/line/awaited';
import { freshTaskQueue, temporalAddress, temporalNamespace } from './support/services';

const day = { from: T0, to: T0 + DAY };
const desk = `desk-${randomUUID().slice(0, 8)}`;

let connection: Connection;
let client: Client;
beforeAll(async () => {
  connection = await Connection.connect({ address: temporalAddress() });
  client = new Client({ connection, namespace: temporalNamespace });
});
afterAll(async () => {
  for await (const { workflowId } of client.workflow.list({ query: `Department = '${desk}'` })) {
    await client.workflow.getHandle(workflowId).terminate();
  }
  await connection.close();
});

const randomNumber = (): string => caseNumberOf(randomBytes(5), 'PK');

/** Starts a case whose task queue has no worker. */
async function listed(over: Partial<CaseAttributes>, workflowId = `view-${randomUUID()}`): Promise<void> {
  const due = { SlaDueAt: day.to + DAY };
  const attributes = { ...caseAttributes(openedCase(opening())), Department: desk, ...due, ...over };
  await client.workflow.start('reportCase', {
    workflowId,
    taskQueue: freshTaskQueue('nobody'),
    typedSearchAttributes: initialAttributes(attributes),
  });
}

test('each view finds exactly the matching cases', async () => {
  const kinds: Partial<CaseAttributes>[] = [
    { SlaState: 'breached', EscalationLevel: 2 },
    { SlaState: 'breached', EscalationLevel: 1 },
    { SlaState: 'atRisk', SlaDueAt: day.from },
    { SlaState: 'paused' },
    { CaseStage: 'triage', SlaDueAt: day.to - 1 },
    { CaseStage: 'resolved', SlaState: 'met', ReopenCount: 1, SlaDueAt: day.to },
    { CaseStage: 'objected', SlaState: 'onTrack' },
    { CaseStage: 'objected', SlaState: 'breached' },
    { CaseStage: 'planned', SlaState: 'atRisk' },
    { CaseStage: 'planned', SlaState: 'breached' },
  ];
  for (const kind of kinds) await listed(kind);
  const ours = (query: string): string => `${query} AND Department = '${desk}'`;
  const views = townViews(day);
  const names = Object.keys(views) as (keyof typeof views)[];
  const counts = createCaseCounts(client);
  const found = await awaited('the list to know all cases', async () => {
    const numbers = await counts.of(
      names.map(name => ours(views[name].query)),
      5_000,
    );
    return numbers[names.indexOf('open')] === kinds.length && numbers;
  });
  expect(Object.fromEntries(names.map((name, place) => [name, found[place]]))).toEqual({
    open: 10,
    breached: 2,
    atRisk: 1,
    paused: 1,
    triage: 1,
    escalated: 1,
    reopened: 1,
    objected: 2,
    lateDecisions: 1,
    planned: 2,
    overduePlans: 1,
    toCall: 0,
    handOffs: 0,
    unconfirmed: 1,
    dueToday: 2,
    closed: 0,
  });
  expect(await counts.of(Object.values(departmentViews(desk)), 5_000)).toEqual([9, 2, 1, 1]);
});

test('the lists behind figures hold the cases that an attribute tells apart', async () => {
  const other = `desk-${randomUUID().slice(0, 8)}`;
  await listed({ Department: other });
  await listed({ Department: other, CaseOutcome: 'resolved', SlaBreached: true });
  await listed({ Department: other, ReopenCount: 1 });
  const counts = createCaseCounts(client);
  const queries = Object.values(figureViews).map(({ query }) => `${query} AND Department = '${other}'`);
  const found = await awaited('the list', async () => {
    const numbers = await counts.of(queries, 5_000);
    return numbers[0] === 3 && numbers;
  });
  expect(Object.keys(figureViews).map((name, place) => [name, found[place]])).toEqual([
    ['received', 3],
    ['answered', 1],
    ['everLate', 1],
    ['everReopened', 1],
  ]);
});

test('a list has as many cases as its number, each once, within its limits', async () => {
  const other = `desk-${randomUUID().slice(0, 8)}`;
  const [late, calm] = [randomNumber(), randomNumber()];
  const breached = { SlaState: 'breached', SlaDueAt: day.from + 1 } as const;
  await listed({ Department: other, ...breached }, late);
  await listed({ Department: other }, `call-${late}`);
  await listed({ Department: other, CaseStage: 'triage', SlaState: 'paused', SlaDueAt: day.from }, calm);
  const { open, dueToday } = townViews(day);
  const counts = createCaseCounts(client);
  const of = (query: string, limits = {}) =>
    counts.list(limitedQuery(query, { departments: [other, 'nobody'], ...limits }), 10, 5_000);
  const all = await awaited('the list', async () => {
    const { cases } = await of(open.query);
    return cases.length === 2 && cases;
  });
  expect(new Map(all.map(({ caseNumber, dueAt }) => [caseNumber, dueAt])).get(calm)).toBeNull();
  expect((await of(open.query, { stage: 'triage' })).cases.map(({ caseNumber }) => caseNumber)).toEqual([
    calm,
  ]);
  expect((await of(open.query, { from: Date.now() + DAY })).cases).toEqual([]);
  // What is overdue is not due today as well.
  expect((await of(dueToday.query)).cases.map(({ caseNumber }) => caseNumber)).toEqual([calm]);
  expect(await counts.list(limitedQuery(open.query, { departments: [other] }), 1, 5_000)).toMatchObject({
    isCut: true,
  });
  for await (const { workflowId } of client.workflow.list({ query: `Department = '${other}'` })) {
    await client.workflow.getHandle(workflowId).terminate();
  }
}, 60_000);

test('an invalid value of a limit is rejected', () => {
  expect(() => limitedQuery('x', { departments: ["a' OR 1=1"] })).toThrow(RangeError);
  expect(() => limitedQuery('x', { departments: null, stage: "'" })).toThrow(RangeError);
});

test('missing counts are an error, not zero', async () => {
  const away = new Client({ connection: Connection.lazy({ address: '127.0.0.1:1' }) });
  await expect(createCaseCounts(away).of(['x'], 500)).rejects.toMatchObject({ code: 'temporal-unavailable' });
});

test('a link opens the list in the Temporal UI with its filter', () => {
  const url = new URL(viewUrl('http://ui.example', 'town', townViews(day).breached.query));
  expect(url.pathname).toBe('/namespaces/town/workflows');
  expect(url.searchParams.get('query')).toContain("SlaState = 'breached'");
});

test.each(["x' OR 1=1", '', 'a b'])('a department called "%s" is rejected', slug => {
  expect(() => departmentViews(slug)).toThrow(RangeError);
});
