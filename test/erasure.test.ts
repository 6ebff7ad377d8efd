import { Command } from 'commander';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { registerErase, registerHold } from '../src/cli/admin/erase';
import { registerSync } from '../src/cli/admin/upkeep';
import type { LetterOutbox } from '../src/mail/letter-outbox';
import { createTaskLinks } from '../src/mail/task-link';
import { openStore, type Store } from '../src/store/store';
import { isEnded } from '../src/domain/case/case';
import { finishErasures, remindOfRequests } from '../activities/erasure';
import { MockActivityEnvironment } from '@temporalio/testing';
import { textsIn, whereFound } from './support/line/secrets-search';
import { createCitizenCache } from '../src/whatsapp/intake';
import { testMongoUri } from './support/services';
import { municipality } from './support/town-case';
import { confirmed, everything, rejected, writeWhole } from './support/whole-records';

const before = { ...process.env };
const decided = ['--reason', 'KVKK m. 11 başvurusu', '--actor', 'Ayşe Kaya'];
const phone = '905000000001';
const [closed, refused, open] = ['PK-0000-0001', 'PK-0000-0002', 'PK-0000-0003'];
const canary = 'zümrütkanarya';
const taskLinks = createTaskLinks({
  keys: [{ id: 'k1', key: randomBytes(32) }],
  publicBaseUrl: 'https://bildirim.example',
});

let store: Store;
let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'paydaskent-erasure-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let printed: string[] = [];
beforeEach(() => {
  const uri = testMongoUri('erasure');
  process.env = { ...before, MONGODB_URI: uri, TEMPORAL_ADDRESS: '127.0.0.1:7233' };
  store = openStore(uri, { operationLimitMs: 10_000 });
  printed = [];
  for (const name of ['log', 'error'] as const) {
    jest.spyOn(console, name).mockImplementation((...words: unknown[]) => void printed.push(words.join(' ')));
  }
});
afterEach(async () => {
  jest.restoreAllMocks();
  process.exitCode = undefined;
  process.env = before;
  await store.close();
});

async function run(...args: string[]): Promise<string> {
  const program = new Command();
  program.exitOverride();
  registerErase(program);
  registerHold(program);
  registerSync(program);
  printed = [];
  await program.parseAsync(args, { from: 'user' });
  return printed.join('\n');
}

/** Writes the records of a citizen and of a neighbour who must keep everything. */
async function write(): Promise<void> {
  await writeWhole(store, {
    caseNumber: closed,
    citizenId: 'c-1',
    phone,
    mark: canary,
    events: confirmed(closed),
  });
  await writeWhole(store, {
    ...{ caseNumber: refused, citizenId: 'c-2', phone: '905000000002', mark: 'komşu' },
    events: rejected(refused),
  });
}

async function foundIn(texts: readonly string[]): Promise<string[]> {
  const collections = Object.entries(await everything(store));
  const places = collections.map(([name, all]) => ({
    name,
    bytes: Buffer.from(all.map(one => textsIn(JSON.parse(JSON.stringify(one)))).join('')),
  }));
  return whereFound(
    texts.map(text => ({ name: text, text })),
    places,
  );
}

/** What stays besides the person: staff's own access log and links, until their retention ends. */
const ofStaff =
  /in (link-views|staff-sessions|staff-sign-ins|tasks|task-actions|(manager|list|call|hand-off)-links)$/;

test('an erased person is found in no collection, and everybody else keeps everything', async () => {
  await write();
  expect(await run('erase', '--phone', '0500 000 00 01', ...decided)).toContain(
    `${closed}  will be anonymised`,
  );
  expect(await foundIn([phone])).not.toEqual([]);
  expect(await run('erase', '--phone', '0500 000 00 01', ...decided, '--confirm')).toContain('Done. Request');
  const texts = [phone, canary, 'c-1:', `${closed}-m-1`, '39.943217'];
  const left = await foundIn(texts);
  const neighbours = await store.cases.get(refused);
  expect(left.filter(where => !ofStaff.test(where) && !where.startsWith('39.943217'))).toEqual([]);
  expect(neighbours).toMatchObject({ intake: { citizenId: 'c-2', place: { latitude: 39.943217 } } });
  expect(await store.photos.has(`${refused}-m-1`)).toBe(true);
  expect(await store.identities.holderOf('905000000002')).toBe('c-2');
  expect(await store.erasureRequests.waiting()).toEqual([]);
});

test('a corrected place goes with the person, and the corrected subject stays for the reports', async () => {
  await write();
  const street = `${canary} Sokak`;
  const at = new Date();
  await store.cases.correct(closed, {
    category: { slug: 'tree', name: 'Ağaç' },
    place: {
      place: { latitude: 39.951234, longitude: 32.667891, name: null, address: null },
      neighbourhood: { slug: 'elvan', name: 'Elvan' },
      location: {
        ...{ source: 'pin', precision: 'point', street, address: `${street} No 5`, road: 'street' },
        ...{ keptRoad: null, namedInWords: null, borderMetres: 40, neighbour: null },
      },
      at,
    },
    similar: null,
  });
  await store.tasks.addAction({
    ...{ actionId: 'corrected', caseNumber: closed, task: 1, action: 'correct', words: street, reason: null },
    ...{ department: null, role: 'department', actor: 'usta@etimesgut.example', at },
    ...{ subject: 'tree', pin: '39.951234,32.667891', street },
  });
  expect(await foundIn(['39.951234', street])).not.toEqual([]);
  await run('erase', '--citizen', 'c-1', ...decided, '--confirm');
  expect(await foundIn(['39.951234', street])).toEqual([]);
  expect((await store.cases.get(closed))?.intake).toMatchObject({
    ...{ category: { slug: 'tree' }, neighbourhood: { slug: 'elvan' }, location: { street: null } },
  });
});

test('the next message of an erased person comes from a stranger', async () => {
  await write();
  await run('erase', '--citizen', 'c-1', ...decided, '--confirm');
  const sender = [{ bsuid: `TR.${canary}${phone}`, phone }];
  const citizenId = await store.identities.citizenOf(sender, store.citizens, new Date());
  expect(citizenId).not.toBe('c-1');
  expect(await store.citizens.get(citizenId)).toBeNull();
});

test('an open case keeps its citizen, and the nightly run finishes the request after its end', async () => {
  await write();
  await writeWhole(store, {
    caseNumber: open,
    citizenId: 'c-1',
    phone: '905000000003',
    mark: 'x',
    events: [],
  });
  const answer = await run('erase', '--citizen', 'c-1', ...decided, '--confirm');
  expect(answer).toContain(`${open}  stays until it ends: open case`);
  expect(answer).toContain('Done as far as possible');
  expect((await store.cases.get(closed))?.intake.citizenId).toBe('');
  expect(await store.citizens.get('c-1')).toMatchObject({
    phone: '905000000003',
    cases: [{ caseNumber: open }],
  });

  const finish = (): Promise<unknown> =>
    new MockActivityEnvironment().run(finishErasures({ store, now: () => new Date() }));
  expect(await finish()).toEqual({ done: 0 });
  await store.cases.model.updateOne(
    { _id: open },
    { $set: { 'progress.stage': 'closed', 'progress.endedAt': 1 } },
  );
  expect(isEnded((await store.cases.get(open))?.progress?.stage ?? 'received')).toBe(true);
  expect(await finish()).toEqual({ done: 1 });
  expect(await store.citizens.get('c-1')).toBeNull();
});

test('a legal hold is shown and respected until it ends', async () => {
  await write();
  await run('hold', '--case', closed, ...decided, '--until', '2099-12-31');
  expect(await run('erase', '--citizen', 'c-1', ...decided, '--confirm')).toContain(
    `${closed}  stays until the hold ends: legal hold`,
  );
  expect(await store.messages.get(`${closed}-m-1`)).not.toBeNull();
  const listed = await run('holds');
  expect(listed).toMatch(/2099-12-31 {2}Ayşe Kaya {2}KVKK m\. 11 başvurusu\n1 holds$/);
  expect(await run('holds', '--end', listed.split('  ')[0] ?? '')).toContain('0 holds');
  expect(await run('erase', '--citizen', 'c-1', ...decided, '--confirm')).toContain('Done. Request');
});

test.each([
  [['--case', 'PK-9999-9999'], 'There is no case PK-9999-9999.'],
  [['--phone', '0500 000 00 09'], 'Nobody has this number.'],
  [['--citizen', 'c-9'], 'There is no citizen "c-9".'],
  [[], 'Give one of --citizen, --phone and --case.'],
  [['--citizen', 'c-1', '--case', closed], 'Give one of --citizen, --phone and --case.'],
])('erase %j is refused', async (named, message) => {
  expect(await run('erase', ...named, ...decided, '--confirm')).toBe(message);
  expect(process.exitCode).toBe(1);
});

test('a restored backup loses the erased people again before the line starts, and keeps everybody else', async () => {
  process.env['ERASURE_LIST'] = join(folder, 'erasures');
  await write();
  const { db } = store.citizens.model;
  const names = (await db.listCollections()).map(({ name }) => name);
  const backup = await Promise.all(names.map(name => db.collection(name).find().toArray()));
  await run('erase', '--citizen', 'c-1', ...decided, '--confirm');
  expect(readFileSync(join(folder, 'erasures'), 'utf8')).toMatch(/^([0-9a-f]{32}\n)+$/);

  for (const [place, name] of names.entries()) {
    await db.collection(name).deleteMany({});
    if (backup[place]?.length) await db.collection(name).insertMany(backup[place]);
  }
  expect(await store.citizens.get('c-1')).not.toBeNull();
  expect(await run('db-sync')).toContain('1 people and 1 cases of the erasure list erased again');
  const left = await foundIn([phone, canary, 'c-1:', `${closed}-m-1`]);
  expect(left.filter(where => !ofStaff.test(where))).toEqual([]);
  expect(await store.citizens.get('c-2')).not.toBeNull();
  expect(await store.photos.has(`${refused}-m-1`)).toBe(true);
  expect(await run('db-sync')).toContain('Nobody of the erasure list is in the records');
});

test('nobody is erased who could not be listed', async () => {
  process.env['ERASURE_LIST'] = join(folder, 'no', 'such', 'folder');
  await write();
  await expect(run('erase', '--citizen', 'c-1', ...decided, '--confirm')).rejects.toThrow(/ENOENT/);
  expect(await store.citizens.get('c-1')).not.toBeNull();
  expect(await store.photos.has(`${closed}-m-1`)).toBe(true);
});

const days = 86_400_000;
test.each([
  ['six days before', -6 * days, []],
  ['four days before', -4 * days, ['near']],
  ['a day after', days, ['late']],
])('the officer is reminded of an open request: %s its limit', async (_, after, expected) => {
  const asked = new Date();
  await store.erasureRequests.ask('r1', 'c-1', asked);
  const sent: string[] = [];
  const letters: string[] = [];
  const send = ({ key, to, letter }: Parameters<LetterOutbox['send']>[0]): Promise<void> => {
    letters.push(letter.html);
    return Promise.resolve(void sent.push(`${key} ${to.address}`));
  };
  const letterOutbox = { send, reserve: () => Promise.resolve() };
  const at = asked.getTime() + 30 * days + after;
  await remindOfRequests({ store, municipality, letterOutbox, taskLinks })({ at });
  expect(sent).toEqual(expected.map(news => `erasure:r1:${news} kvkk@etimesgut.example`));
  for (const html of letters) expect(html).toContain('href="https://bildirim.example/desk/erasures/r1"');
});

test('a role that remembers an erased citizen treats the next message as from a stranger', async () => {
  await write();
  const citizenOf = createCitizenCache(store, () => new Date());
  const sender = [{ bsuid: `TR.${canary}${phone}`, phone }];
  expect(await citizenOf(sender)).toBe('c-1');
  await run('erase', '--citizen', 'c-1', ...decided, '--confirm');
  const stranger = await citizenOf(sender);
  expect(stranger).not.toBe('c-1');
  expect(await citizenOf(sender)).toBe(stranger);
});

test('a number that was passed on stays with its present holder', async () => {
  await write();
  const identities = store.identities.model.collection;
  await identities.insertOne({ _id: `passed:${phone}:c-1` as never, citizenId: 'c-2' });
  await run('erase', '--citizen', 'c-1', ...decided, '--confirm');
  expect(await store.identities.holderOf(phone)).toBe('c-2');
  expect(await foundIn([`${phone}:c-1`])).toEqual([]);
});
