import { MockActivityEnvironment } from '@temporalio/testing';
import { reconcile } from '../../activities/reconcile';
import type { Findings } from '../../workflows/contract';
import { newCaseState } from '../../src/domain/case/case';
import { openedEvent, takeTurn } from '../../src/domain/case/case-life';
import { caseAttributes } from '../../src/domain/case/temporal-ui';
import { opening } from '../support/cases';
import { type LetterDesk, startLetterDesk } from '../support/letter-desk';
import { noteFigure } from '../support/proving';

const CASES = 10_000;
const GOAL_MS = 5 * 60_000;
const receivedAt = Date.now() - 86_400_000;

let desk: LetterDesk;
beforeAll(async () => {
  desk = await startLetterDesk('reconcile-time');
});
afterAll(() => desk.stop());

test(`${CASES} open cases whose workflows agree with their records are compared in five minutes`, async () => {
  const { cases, outbox } = desk.store;
  const shown = new Map<string, ReturnType<typeof caseAttributes>>();
  for (let first = 0; first < CASES; first += 500) {
    const states = Array.from({ length: 500 }, (_, place) => {
      const input = opening({ caseNumber: `PK-${String(first + place).padStart(8, '0')}`, receivedAt });
      return takeTurn(newCaseState(input), openedEvent(input), receivedAt).state;
    });
    for (const state of states) shown.set(state.caseNumber, caseAttributes(state));
    await cases.model.collection.insertMany(
      states.map(({ handled, ...progress }) => ({
        _id: progress.caseNumber as never,
        intake: { receivedAt: new Date(receivedAt), citizenId: progress.citizenId },
        progress,
      })),
    );
    await outbox.model.collection.insertMany(
      states.map(({ caseNumber, plan }) => ({
        _id: `${caseNumber}:1` as never,
        ...{ channel: 'mail', recipient: `department:${plan.desk.slug}`, caseNumber, state: 'accepted' },
        createdAt: new Date(),
      })),
    );
  }
  const never = (): never => {
    throw new Error('no workflow needs to be asked');
  };
  const run = reconcile({
    ...desk.deps,
    gateway: { stateOf: never, recordAgain: never, resumeCase: never } as never,
    caseList: { shown: async () => shown, running: never, find: never },
  });
  const start = Date.now();
  const found = await new MockActivityEnvironment().run<[], Findings, typeof run>(run);
  const ms = Date.now() - start;
  noteFigure(CASES, `open cases compared in ${(ms / 1_000).toFixed(1)} s`);
  expect(Object.values(found).flat()).toEqual([]);
  expect(ms).toBeLessThan(GOAL_MS);
}, 900_000);
