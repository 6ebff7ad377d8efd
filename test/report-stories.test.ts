import { openedEvent, takeTurn } from '../src/domain/case/case-life';
import { newCaseState } from '../src/domain/case/case';
import { openStore, type Store } from '../src/store/store';
import { acted, DAY, HOUR, opening, T0 } from './support/cases';
import { testMongoUri } from './support/services';

let store: Store;
beforeAll(() => {
  store = openStore(testMongoUri('report-stories'), { operationLimitMs: 10_000 });
});
afterAll(() => store.close());

/** Writes a case like its workflow: opened at one time and optionally rejected at another. */
async function written(caseNumber: string, openedAt: number, rejectedAt?: number): Promise<void> {
  const input = opening({ caseNumber, receivedAt: openedAt });
  await store.cases.open(caseNumber, {
    openedBy: caseNumber,
    citizenId: 'c-1',
    language: 'tr',
    kind: 'problem',
    category: input.category,
    priority: 'p2',
    confidence: 1,
    matchedWords: [],
    neighbourhood: null,
    place: null,
    outside: false,
    desk: 'fen-isleri',
    institution: null,
    withNotice: false,
    receivedAt: new Date(openedAt),
  });
  let turn = takeTurn(newCaseState(input), openedEvent(input), openedAt);
  await store.cases.write(turn.state, turn.facts);
  if (rejectedAt === undefined) return;
  turn = takeTurn(turn.state, acted('reject', `${caseNumber}:reject`), rejectedAt);
  await store.cases.write(turn.state, turn.facts);
}

test('a report reads complete cases that are open or changed since its first day, in order', async () => {
  await written('PK-0000-0001', T0 - 40 * DAY, T0 - 39 * DAY);
  await written('PK-0000-0002', T0 - 40 * DAY);
  await written('PK-0000-0003', T0 - 40 * DAY, T0 + HOUR);
  await written('PK-0000-0004', T0 + HOUR);
  const stories = await store.stories.since(new Date(T0));
  expect(stories.map(({ caseNumber }) => caseNumber)).toEqual([
    'PK-0000-0002',
    'PK-0000-0003',
    'PK-0000-0004',
  ]);
  expect(stories[1]).toMatchObject({ receivedAt: T0 - 40 * DAY });
  expect(stories[1]?.facts.map(({ type }) => type)).toEqual(['opened', 'planned', 'rejected']);
});

test('a case without a state counts as received', async () => {
  const known = await store.cases.get('PK-0000-0004');
  if (!known) throw new Error('the case of the test before is missing');
  await store.cases.open('PK-0000-0005', { ...known.intake, receivedAt: new Date(T0) });
  const stories = await store.stories.since(new Date(T0));
  expect(stories.at(-1)).toEqual({
    caseNumber: 'PK-0000-0005',
    receivedAt: T0,
    facts: [],
    rating: null,
  });
});

test('a rating long after the end of a case adds the case to the report', async () => {
  const numbers = async (): Promise<string[]> =>
    (await store.stories.since(new Date(T0))).map(({ caseNumber }) => caseNumber);
  expect(await numbers()).not.toContain('PK-0000-0001');
  await store.ratings.add({ caseNumber: 'PK-0000-0001', rating: 4, at: new Date(T0 + DAY) });
  await store.ratings.add({ caseNumber: 'PK-0000-0001', rating: 1, at: new Date(T0 + 2 * DAY) });
  const [rated] = await store.stories.since(new Date(T0));
  expect(rated).toMatchObject({ caseNumber: 'PK-0000-0001', rating: { rating: 4, at: T0 + DAY } });
});
