import { openedEvent, takeTurn } from '../src/domain/case/case-life';
import { newCaseState } from '../src/domain/case/case';
import { openStore, type Store } from '../src/store/store';
import { about, acted, DAY, HOUR, opening, T0 } from './support/cases';
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

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

test('cases are listed by the day of their receipt, with the number of their facts', async () => {
  await written('PK-0000-0001', T0 - 40 * DAY, T0 - 39 * DAY);
  await written('PK-0000-0002', T0 - 40 * DAY);
  await written('PK-0000-0003', T0 + HOUR);
  const days = await store.stories.byDay(dayOf);
  expect([...days].sort()).toEqual([
    [dayOf(T0 - 40 * DAY), { numbers: ['PK-0000-0001', 'PK-0000-0002'], facts: 5, ratings: 0 }],
    [dayOf(T0 + HOUR), { numbers: ['PK-0000-0003'], facts: 2, ratings: 0 }],
  ]);
});

test('a case is read with its facts in order, its rating, its messages and what it is about', async () => {
  await store.ratings.add({ caseNumber: 'PK-0000-0001', rating: 4, at: new Date(T0 + DAY) });
  await store.ratings.add({ caseNumber: 'PK-0000-0001', rating: 1, at: new Date(T0 + 2 * DAY) });
  const story = await store.stories.of('PK-0000-0001');
  expect(story).toMatchObject({
    receivedAt: T0 - 40 * DAY,
    rating: { rating: 4, at: T0 + DAY },
    about: { ...about, neighbourhood: 'suvari' },
  });
  expect(story?.facts.map(({ type }) => type)).toEqual(['opened', 'planned', 'rejected']);
  expect((await store.stories.byDay(dayOf)).get(dayOf(T0 - 40 * DAY))).toMatchObject({ ratings: 1 });
});

test('a case without a state counts as received', async () => {
  const known = await store.cases.get('PK-0000-0003');
  if (!known) throw new Error('the case of the test before is missing');
  await store.cases.open('PK-0000-0005', { ...known.intake, receivedAt: new Date(T0) });
  expect(await store.stories.of('PK-0000-0005')).toEqual({
    ...{ caseNumber: 'PK-0000-0005', about, receivedAt: T0, facts: [], rating: null, isSending: false },
  });
});

test('an unknown case is none', async () => {
  expect(await store.stories.of('PK-0000-0009')).toBeNull();
});
