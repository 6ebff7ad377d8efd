import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { onPath } from '../../src/local/services/command';
import { tableOf, writeFigures } from '../support/figures';
import { startLine, type TestLine } from '../support/line';
import { awaited } from '../support/line/awaited';
import {
  type Canary,
  canaryPeople,
  eraseAll,
  paths,
  play,
  secretsOfAll,
} from '../support/line/canary-people';
import { placesOfRecords, placesOnDisk } from '../support/line/canary-places';
import { citizenIdOf } from '../support/line/cases-of-line';
import type { OwnStore } from '../support/line/own-store';
import { hitsOf, whereFound } from '../support/line/secrets-search';

/**
 * Three people are erased after a backup was taken, and two stay. The backup is restored by the commands of
 * `docs/operations.md`: as a copy of the embedded store's folder, and by mongodump and mongorestore. Writes the times into
 * `docs/figures.md`. `mongodump` and `mongorestore` (MongoDB Database Tools) must be on PATH.
 */
jest.setTimeout(300_000);

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'paydaskent-backup-'));
const copy = join(folder, 'copy');
const archive = join(folder, 'records.archive.gz');
/** The paths of those who are erased, and of those who stay. */
const leaving = ['report', 'answer', 'staffReport'] as const satisfies (typeof paths)[number][];
const staying = ['objection', 'withdrawn'] as const satisfies (typeof paths)[number][];

let line: TestLine;
let records: OwnStore;
const erased: Canary[] = [];
const kept: Canary[] = [];
/** Step, command and seconds. */
const times: [string, string, string][] = [];

async function timed(step: string, command: string, work: () => unknown): Promise<void> {
  const began = Date.now();
  await work();
  times.push([step, `\`${command}\``, ((Date.now() - began) / 1_000).toFixed(1)]);
}

const stopRoles = async (): Promise<void> => {
  await Promise.all([line.web.stop(), line.worker.stop()]);
};
const back = async (): Promise<string[]> => whereFound(secretsOfAll(erased), await placesOfRecords(line));
const lost = async (): Promise<string[]> => {
  const hits = hitsOf(secretsOfAll(kept), await placesOfRecords(line));
  const found = new Set(hits.map(({ secret }) => secret));
  const sent = ['name', 'phone', 'words'];
  return secretsOfAll(kept)
    .map(({ name }) => name)
    .filter(name => sent.includes(name.split(' ')[0] ?? '') && !found.has(name));
};

/** What follows every restore, before the roles start, and what it leaves. */
async function eraseAgain() {
  const wereBack = (await back()).length;
  let said = '';
  await timed('erase again what was erased', 'admin db-sync', async () => {
    said = await line.admin('db-sync');
  });
  await timed('rewrite the file', 'admin compact', () => line.admin('compact'));
  const left = [...(await back()), ...whereFound(secretsOfAll(erased), placesOnDisk(records))];
  return { wereBack: wereBack > 0, said, left, lost: await lost(), again: await line.admin('db-sync') };
}

const erasedAgain = {
  ...{ wereBack: true, left: [], lost: [] },
  said: expect.stringContaining(
    'A backup was restored: 3 people and 3 cases of the erasure list erased again.',
  ) as string,
  again: expect.stringContaining('Nobody of the erasure list is in the records.') as string,
};

beforeAll(async () => {
  const missing = ['mongodump', 'mongorestore'].filter(program => onPath(program) === undefined);
  if (missing.length > 0) throw new Error(`MongoDB Database Tools: no ${missing.join(', ')} on PATH`);
  line = await startLine('backup', {
    environment: { ERASURE_LIST: join(folder, 'erasures') },
    ownStore: true,
  });
  if (!line.ownStore) throw new Error('no store');
  records = line.ownStore;
  const stage = { line, speech: null };
  const people = await canaryPeople(stage, paths.length);
  erased.push(...people.filter(({ path }) => (leaving as readonly string[]).includes(path)));
  kept.push(...people.filter(({ path }) => (staying as readonly string[]).includes(path)));
  for (const canary of [...erased, ...kept]) await play[canary.path](stage, canary);

  await timed('backup by dump', 'mongodump --db … --gzip --archive=FILE', () =>
    run('mongodump', ['--uri', records.uri, '--db', 'backup', '--gzip', `--archive=${archive}`]),
  );
  await stopRoles();
  await records.stop();
  await timed('backup by copy', 'cp -a .local/ferretdb COPY', () => records.copyTo(copy));
  await records.start();
  await Promise.all([line.web.start(), line.worker.start()]);
  await eraseAll(stage, erased);
  if ((await back()).length > 0) throw new Error('the erasure left something');
  await stopRoles();
}, 900_000);
afterAll(async () => {
  await line.stop();
  const said = `5 people, of whom 3 are erased after the backup; the dump has ${Math.round(statSync(archive).size / 1_024)} KiB.`;
  writeFigures('restored backup', `${said}\n\n${tableOf(['step', 'command', 'seconds'], times)}`);
  rmSync(folder, { recursive: true, force: true });
});

test('a restored copy of the folder loses the erased people again, and keeps everybody else', async () => {
  await records.stop();
  await timed('restore the copy', 'cp -a COPY .local/ferretdb', () => records.replaceBy(copy));
  await records.start();
  expect(await eraseAgain()).toEqual(erasedAgain);
});

test('a restored dump loses the erased people again, and keeps everybody else', async () => {
  await timed('restore the dump', 'mongorestore --drop --noIndexRestore --gzip --archive=FILE', () =>
    run('mongorestore', [
      ...['--uri', records.uri, '--drop', '--noIndexRestore', '--gzip', `--archive=${archive}`],
    ]),
  );
  expect(await eraseAgain()).toEqual(erasedAgain);
});

test('the restored line serves those who stayed, and takes the others for strangers', async () => {
  await Promise.all([line.web.start(), line.worker.start()]);
  const [stranger, neighbour] = [erased[0], kept[0]];
  if (!stranger || !neighbour) throw new Error('nobody');
  const before = await citizenIdOf(line, neighbour.person);
  expect(before).toBeDefined();
  await line.phones.write(neighbour.person, { type: 'text', body: 'durum' });
  await line.phones.hears(neighbour.person, ({ text }) => text.includes('PK-') && text.includes('sonu'));
  await line.phones.write(stranger.person, { type: 'text', body: 'durum' });
  await awaited('the stranger', async () => (await citizenIdOf(line, stranger.person)) !== undefined);
  expect(await citizenIdOf(line, neighbour.person)).toBe(before);
});
