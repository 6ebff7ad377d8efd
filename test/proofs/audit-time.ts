import { DAY_MS } from '../../src/domain/durations';
import type { CaseIntake } from '../../src/store/case-records';
import { openStore, type Store } from '../../src/store/store';
import { acted, HOUR, opening, playPlanned, T0 } from '../support/cases';
import { testMongoUri } from '../support/services';

const FACTS = 20_000;
const ENTRIES = 2_000;
const AT_ONCE = 20;
const GOAL_MS = 5 * 60_000;

let store: Store;
beforeAll(() => {
  const auditKeys = [{ id: 'a1', key: Buffer.alloc(32, 1) }];
  store = openStore(testMongoUri('audit-time'), { operationLimitMs: 60_000, auditKeys });
});
afterAll(() => store.close());

/** Opens a case and ends it. Returns the number of its facts. */
async function written(place: number): Promise<number> {
  const caseNumber = `PK-${String(place).padStart(8, '0')}`;
  const turns = playPlanned(
    opening({ caseNumber }),
    [acted('accept', `${caseNumber}-a`), T0 + HOUR],
    [acted('note', `${caseNumber}-n`), T0 + 2 * HOUR],
    [acted('resolve', `${caseNumber}-r`), T0 + 3 * HOUR],
  );
  await store.cases.open(caseNumber, { receivedAt: new Date(T0) } as CaseIntake);
  for (const { state, facts } of turns) {
    const { handled: _, ...progress } = state;
    await store.cases.write(progress, facts);
  }
  return turns.flatMap(({ facts }) => facts).length;
}

test(`${FACTS} facts and ${ENTRIES} entries of the audit trail are verified in five minutes`, async () => {
  let facts = 0;
  for (let place = 0; facts < FACTS; place += AT_ONCE) {
    const some = Array.from({ length: AT_ONCE }, (_, n) => written(place + n));
    for (const count of await Promise.all(some)) facts += count;
  }
  for (let place = 0; place < ENTRIES; place += 1) {
    await store.trail.add({ at: new Date(T0 + place), actor: 'Ayşe Kaya', reason: 'Başvuru', what: 'case' });
  }
  const start = Date.now();
  const report = await store.factChains.verify();
  const afterFacts = Date.now();
  const trail = await store.trail.verify(new Date(T0 - DAY_MS));
  const end = Date.now();
  const seconds = (ms: number): string => (ms / 1_000).toFixed(1);
  process.stderr.write(
    `${report.sealed} facts of ${report.cases} cases in ${seconds(afterFacts - start)} s, ` +
      `${trail.sealed} entries in ${seconds(end - afterFacts)} s\n`,
  );
  expect(report).toMatchObject({ sealed: facts, findings: [] });
  expect(trail).toMatchObject({ sealed: ENTRIES, findings: [] });
  expect(end - start).toBeLessThan(GOAL_MS);
}, 1_200_000);
