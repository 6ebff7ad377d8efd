import { Command } from 'commander';
import { registerBlock } from '../src/cli/admin/block';
import { openStore, type Store } from '../src/store/store';
import { testMongoUri } from './support/services';

const uri = testMongoUri('block');
const before = { ...process.env };
const decided = ['--reason', 'sürekli hakaret', '--actor', 'Ayşe Kaya'];

let store: Store;
const printed: string[] = [];
const complained: string[] = [];
beforeAll(async () => {
  process.env = { ...before, MONGODB_URI: uri, TEMPORAL_ADDRESS: '127.0.0.1:7233' };
  store = openStore(uri);
  const names = { phone: '905321110000', bsuid: null, profileName: null, language: null };
  await store.citizens.seen('c-1', { ...names, at: new Date() });
});
beforeEach(() => {
  printed.length = complained.length = 0;
  jest.spyOn(console, 'log').mockImplementation(line => void printed.push(String(line)));
  jest.spyOn(console, 'error').mockImplementation(line => void complained.push(String(line)));
});
afterEach(() => {
  jest.restoreAllMocks();
  process.exitCode = undefined;
});
afterAll(async () => {
  process.env = before;
  await store.close();
});

async function run(...args: string[]): Promise<void> {
  const program = new Command();
  program.exitOverride().configureOutput({ writeErr: words => void complained.push(words) });
  registerBlock(program);
  for (const command of program.commands) command.copyInheritedSettings(program);
  await program.parseAsync(args, { from: 'user' });
}

const isBlocked = (): Promise<boolean> => store.blocks.isBlocked(['c-1'], new Date());

it('blocks until the end of a day, unblocks, and records actor and reason', async () => {
  await run('block', 'c-1', ...decided, '--until', '2099-12-30');
  expect(await isBlocked()).toBe(true);
  await run('block', 'c-1', '--reason', 'tekrar', '--actor', 'Ali Er', '--until', '2099-12-31');
  await run('unblock', 'c-1', '--reason', 'özür diledi', '--actor', 'Ali Er');
  expect(await isBlocked()).toBe(false);
  printed.length = 0;
  await run('blocked', 'c-1');
  expect(printed.map(line => line.split('  ').slice(1))).toEqual([
    ['blocked until 2099-12-30', 'Ayşe Kaya', 'sürekli hakaret'],
    ['blocked until 2099-12-31', 'Ali Er', 'tekrar'],
    ['unblocked', 'Ali Er', 'özür diledi'],
  ]);
});

it('lists the blocks in force with reason and days', async () => {
  await run('block', 'c-1', ...decided, '--until', '2099-12-31');
  printed.length = 0;
  await run('blocked');
  expect(printed[0]).toMatch(/^c-1 {2}[\d-]+ – 2099-12-31 {2}sürekli hakaret$/);
  expect(printed.slice(1)).toEqual(['1 blocked', '0 warned']);
});

it('reports that no block was in force, and records no decision', async () => {
  await run('unblock', 'c-1', ...decided);
  const acts = await store.blocks.actsOf('c-1');
  await run('unblock', 'c-1', ...decided);
  expect(printed.at(-1)).toBe('Citizen c-1 was not blocked.');
  expect(await store.blocks.actsOf('c-1')).toHaveLength(acts.length);
});

it.each([
  ['a day that does not exist', ['c-1', ...decided, '--until', '2099-02-30'], 'Give an existing date'],
  ['a past day', ['c-1', ...decided, '--until', '2020-01-01'], 'is in the past'],
  ['words for a day', ['c-1', ...decided, '--until', 'yarın'], 'Give an existing date'],
  ['an empty reason', ['c-1', '--reason', ' ', '--actor', 'A', '--until', '2099-12-31'], 'at least one word'],
  ['a missing actor', ['c-1', '--reason', 'r', '--until', '2099-12-31'], '--actor'],
])('refuses %s', async (_, args, why) => {
  await expect(run('block', ...args)).rejects.toThrow();
  expect(complained.join('\n')).toContain(why);
  expect(await isBlocked()).toBe(false);
});

it.each([
  ['c-unknown', 'There is no citizen "c-unknown".'],
  ['PK-7K2M-9QRT', 'There is no case PK-7K2M-9QRT.'],
])('reports %s as unknown', async (typed, why) => {
  await run('block', typed, ...decided, '--until', '2099-12-31');
  expect(complained.join('\n')).toContain(why);
  expect(process.exitCode).toBe(1);
});
