import { openedEvent, takeTurn } from '../src/domain/case/case-life';
import { newCaseState } from '../src/domain/case/case';
import type { CaseIntake } from '../src/store/case-records';
import { openStore, type Store } from '../src/store/store';
import { acted, HOUR, opening, T0 } from './support/cases';
import { testMongoUri } from './support/services';

let store: Store;
beforeAll(() => {
  store = openStore(testMongoUri('case-records'), { operationLimitMs: 10_000 });
});
afterAll(() => store.close());

test('a repeated turn replaces facts that never became history; a late write changes nothing', async () => {
  const input = opening({ caseNumber: 'PK-0000-0001' });
  const { caseNumber } = input;
  const opened = takeTurn(newCaseState(input), openedEvent(input), T0);
  const rejected = takeTurn(opened.state, acted('reject', 'a-1'), T0 + HOUR);
  const accepted = takeTurn(opened.state, acted('accept', 'a-2'), T0 + HOUR);
  const noted = takeTurn(accepted.state, acted('note', 'a-3'), T0 + 2 * HOUR);
  await store.cases.open(caseNumber, { receivedAt: new Date(T0) } as CaseIntake);

  for (const { state, facts } of [opened, rejected, accepted]) await store.cases.write(state, facts);
  const story = await store.cases.facts(caseNumber, accepted.state.revision);
  expect(story.map(({ type }) => type)).toEqual(['opened', 'planned', 'accepted']);

  for (const { state, facts } of [noted, rejected]) await store.cases.write(state, facts);
  expect(await store.cases.facts(caseNumber, noted.state.revision)).toEqual([...story, ...noted.facts]);
  expect((await store.cases.get(caseNumber))?.progress?.stage).toBe('accepted');
});

test('the loss of a file is read from records that name it after photos', async () => {
  const caseNumber = 'PK-0000-0002';
  const fact = { at: T0, type: 'photoLost', messageId: 'm-2' };
  const record = { _id: `${caseNumber}:1` as never, caseNumber, number: 1, at: new Date(T0), fact };
  await store.cases.eventModel.collection.insertOne(record);
  await store.cases.open(caseNumber, { receivedAt: new Date(T0) } as CaseIntake);

  const expected = [{ at: T0, type: 'fileLost', messageId: 'm-2' }];
  expect(await store.cases.facts(caseNumber, 1)).toEqual(expected);
});
