import { temporal } from '@temporalio/proto';
import { setTimeout as pause } from 'node:timers/promises';
import { recordFamilies } from '../../src/domain/retention';
import type { ScanPlace } from '../../src/store/retention';
import { openStore, type Store } from '../../src/store/store';
import { DAY, T0 } from '../support/cases';
import { startLine, type TestLine } from '../support/line';
import { awaited } from '../support/line/awaited';
import { castDice } from '../support/line/dice';
import { noteFigure } from '../support/proving';
import { testMongoUri } from '../support/services';
import { municipality } from '../support/town-case';
import { confirmed, everything, figuresOf, writeWhole } from '../support/whole-records';

const CASES = 400;
const KILLS = 10;
/** A run for one family takes about this long. */
const LONGEST_LIFE_MS = 400;
const AT = '2028-12-01';

let line: TestLine;
let calm: Store;
beforeAll(async () => {
  line = await startLine('retention-kills');
  calm = openStore(testMongoUri('retention-calm'), { operationLimitMs: 10_000 });
  await calm.sync();
}, 180_000);
afterAll(async () => {
  await calm.close();
  await line.stop();
});

/** Writes cases of several months, every fourth of them open. */
async function write(store: Store): Promise<void> {
  for (let number = 1; number <= CASES; number += 1) {
    const caseNumber = `PK-0000-${String(number).padStart(4, '0')}`;
    await writeWhole(store, {
      ...{ caseNumber, citizenId: `c-${number}`, mark: 'kanarya' },
      phone: `9050000${String(number).padStart(5, '0')}`,
      events: number % 4 === 0 ? [] : confirmed(caseNumber, T0 + number * DAY),
    });
  }
}

async function undisturbed(at: number): Promise<void> {
  for (const family of recordFamilies) {
    const { days } = municipality.retention.families[family];
    let place: ScanPlace | null = { shelf: 0, last: null };
    while (place) ({ place } = await calm.retention.apply({ family, days, at, place }));
  }
}

/** Returns the activities of the run that a worker is carrying out. */
async function underWay(workflowId: string): Promise<number> {
  const { raw } = await line.temporal.client.workflow.getHandle(workflowId).describe();
  const { PENDING_ACTIVITY_STATE_STARTED: started } = temporal.api.enums.v1.PendingActivityState;
  return (raw.pendingActivities ?? []).filter(({ state }) => state === started).length;
}

test(`a run of retention two years on, whose worker is killed ${KILLS} times, ends like an undisturbed one`, async () => {
  const dice = castDice('retention-kills');
  await Promise.all([write(line.store), write(calm)]);
  const before = await figuresOf(line.store);

  const run = line.admin('retention', 'run', '--at', AT, '--confirm');
  const workflowId = await awaited('the run', async () => {
    for await (const { workflowId: id } of line.temporal.client.workflow.list({
      query: 'WorkflowType = "retention" and ExecutionStatus = "Running"',
    }))
      return id;
    return undefined;
  });
  for (let kills = 0; kills < KILLS; kills += 1) {
    await awaited('an activity', async () => (await underWay(workflowId)) > 0, 120_000);
    await pause(dice.between(0, LONGEST_LIFE_MS));
    await line.worker.kill9();
    await line.worker.start();
  }
  const counts = await run;
  for (const family of ['photos', 'messages', 'rawMessages']) {
    expect(counts).toMatch(new RegExp(`^${family} +[1-9]`, 'm'));
  }
  await undisturbed(Date.parse(`${AT}T00:00:00+03:00`));

  expect(withoutRandom(await everything(line.store))).toEqual(withoutRandom(await everything(calm)));
  expect(await figuresOf(line.store)).toEqual(before);
  noteFigure(KILLS, `kills over ${CASES} cases: the same records and statistics as undisturbed`);
}, 1_500_000);

/** What is left has random ids in part, and the line itself writes what only a line needs. */
function withoutRandom(records: Record<string, unknown[]>): Record<string, string[]> {
  const plain = JSON.parse(JSON.stringify(records)) as Record<string, Record<string, unknown>[]>;
  return Object.fromEntries(
    Object.entries(plain)
      .filter(([name]) => name !== 'retention-runs' && name !== 'settings' && !name.startsWith('sending-'))
      .map(([name, all]) => [
        name,
        all
          // A role notes its configuration at its start.
          .filter(({ what }) => what !== 'configuration')
          .map(({ _id, ...record }) => ({
            _id: typeof _id === 'string' && !RANDOM.test(_id) ? _id : null,
            ...{ ...record, files_id: null, blob: null, uploadDate: null },
          }))
          .map(record => JSON.stringify(record))
          .sort(),
      ]),
  );
}

const RANDOM = /^[0-9a-f]{24}$|^[0-9a-f]{8}-[0-9a-f]{4}-/;
