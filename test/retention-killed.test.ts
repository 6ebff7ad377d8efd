import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { openStore } from '../src/store/store';
import { DAY, T0 } from './support/cases';
import { castDice } from './support/line/dice';
import { amount, noteFigure } from './support/proving';
import { testMongoUri } from './support/services';
import { confirmed, everything, writeWhole } from './support/whole-records';

const root = resolve(__dirname, '..');
const at = T0 + 6 * 365 * DAY;
const cases = amount({ proof: 40, test: 12 });
const kills = amount({ proof: 10, test: 2 });
/** Shorter than a whole run, which takes seconds. */
const LONGEST_LIFE_MS = 600;

/** Applies every family for a date, like a worker that has forgotten how far it was. */
const program = `
const { openStore } = require('./dist/src/store/store');
const { loadMunicipality } = require('./dist/src/config/municipality');
const { recordFamilies } = require('./dist/src/domain/retention');
(async () => {
  const [uri, at] = process.argv.slice(1);
  const { retention } = loadMunicipality('config/etimesgut');
  const store = openStore(uri, { operationLimitMs: 10000 });
  await store.ping(10000);
  console.log('begun');
  for (const family of recordFamilies) {
    const { days } = retention.families[family];
    for (let place = { shelf: 0, last: null }; place !== null; ) {
      ({ place } = await store.retention.apply({ family, days, at: Number(at), place }));
    }
  }
  await store.close();
})();
`;

/** Runs the program; kills it with SIGKILL after a time, if given. Returns whether it came to its end. */
async function run(uri: string, lifeMs: number | null): Promise<boolean> {
  const child = spawn(process.execPath, ['-e', program, uri, String(at)], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit') as Promise<[number | null, string | null]>;
  await Promise.race([once(child.stdout, 'data'), ended]);
  if (lifeMs !== null) {
    await Promise.race([setTimeout(lifeMs), ended]);
    child.kill('SIGKILL');
  }
  const [code] = await ended;
  if (code !== null && code !== 0) throw new Error(`the run ended with ${code}`);
  return code === 0;
}

async function written(name: string): Promise<{ uri: string; store: ReturnType<typeof openStore> }> {
  const uri = testMongoUri(name);
  const store = openStore(uri, { operationLimitMs: 10_000 });
  for (let number = 1; number <= cases; number += 1) {
    const caseNumber = `PK-0000-${String(number).padStart(4, '0')}`;
    const phone = `9050000${String(number).padStart(5, '0')}`;
    await writeWhole(store, {
      ...{ caseNumber, citizenId: `c-${number}`, phone, mark: 'kanarya' },
      events: number % 4 === 0 ? [] : confirmed(caseNumber),
    });
  }
  return { uri, store };
}

test(`a run that is killed with SIGKILL at ${kills} random moments and repeated ends like an undisturbed one`, async () => {
  if (!existsSync(resolve(root, 'dist/src/store/store.js'))) {
    throw new Error('the program is not built: npm run build');
  }
  const dice = castDice('retention-killed');
  const [calm, disturbed] = [await written('retention-calm'), await written('retention-killed')];
  try {
    expect(await run(calm.uri, null)).toBe(true);
    let killed = 0;
    for (let n = 0; n < kills; n += 1) {
      if (!(await run(disturbed.uri, dice.between(0, LONGEST_LIFE_MS)))) killed += 1;
    }
    expect(killed).toBeGreaterThan(0);
    noteFigure(killed, `kills over ${cases} cases: the same records as undisturbed`);
    expect(await run(disturbed.uri, null)).toBe(true);
    expect(withoutRandom(await everything(disturbed.store))).toEqual(
      withoutRandom(await everything(calm.store)),
    );
  } finally {
    await Promise.all([calm.store.close(), disturbed.store.close()]);
  }
}, 300_000);

/** What is left of open cases has random ids: views of links and entries of the audit trail, and bytes in GridFS. */
function withoutRandom(records: Record<string, unknown[]>): Record<string, unknown[]> {
  const plain = JSON.parse(JSON.stringify(records)) as Record<string, Record<string, unknown>[]>;
  return Object.fromEntries(
    Object.entries(plain).map(([name, all]) => [
      name,
      all
        .map(record => ({
          ...record,
          _id: isRandom(record['_id']) ? null : record['_id'],
          ...{ files_id: null, blob: null, uploadDate: null },
        }))
        .map(record => JSON.stringify(record))
        .sort(),
    ]),
  );
}

function isRandom(id: unknown): boolean {
  return typeof id === 'string' && /^[0-9a-f]{24}$|^[0-9a-f]{8}-[0-9a-f]{4}-/.test(id);
}
