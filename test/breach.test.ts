import { Command } from 'commander';
import { registerBreach } from '../src/cli/admin/breach';
import { writeLinkKeys } from '../src/config/link-keys';
import { openStore, type Store } from '../src/store/store';
import { DAY, T0 } from './support/cases';
import { testMongoUri } from './support/services';
import { confirmed, writeWhole } from './support/whole-records';

jest.setTimeout(60_000);

const before = { ...process.env };
const ended = 'PK-0000-0001';
const open = 'PK-0000-0002';
const why = ['--reason', 'İhlal', '--actor', 'Ayşe Kaya'];
const days = ['--from', '2026-11-20', '--to', '2026-11-30'];

let store: Store;
let printed: string[] = [];
beforeAll(async () => {
  const uri = testMongoUri('breach');
  process.env = {
    ...{ ...before, MONGODB_URI: uri, TEMPORAL_ADDRESS: '127.0.0.1:7233', CONFIG_DIR: 'config/etimesgut' },
    ...{ LINK_KEYS: writeLinkKeys([{ id: 'k1', key: Buffer.alloc(32, 1) }]), ADMIN_REASON: '' },
  };
  store = openStore(uri, { operationLimitMs: 10_000 });
  for (const [caseNumber, citizenId, mark] of [
    [ended, 'c-1', 'ayse'],
    [open, 'c-2', 'can'],
  ] as const) {
    await writeWhole(store, {
      ...{ caseNumber, citizenId, phone: `90500000000${citizenId.slice(-1)}`, mark },
      events: caseNumber === ended ? confirmed(caseNumber) : [],
    });
  }
  const letter = { channel: 'mail' as const, recipient: 'department:fen-isleri', createdAt: new Date(T0) };
  const to = { name: 'Fen İşleri', address: 'fen@belediye.example' };
  await store.outbox.prepare({ ...letter, key: `${open}:9`, caseNumber: open, content: { to, text: 'x' } });
});
beforeEach(() => {
  printed = [];
  for (const name of ['log', 'error'] as const) {
    jest.spyOn(console, name).mockImplementation((...words: unknown[]) => void printed.push(words.join(' ')));
  }
});
afterEach(() => {
  jest.restoreAllMocks();
  process.exitCode = undefined;
});
afterAll(async () => {
  process.env = before;
  await store.close();
});

async function run(...args: string[]): Promise<string> {
  const program = new Command();
  program.exitOverride().configureOutput({ writeErr: () => undefined });
  registerBreach(program);
  for (const command of program.commands)
    command.exitOverride().configureOutput({ writeErr: () => undefined });
  await program.parseAsync(['breach', ...args], { from: 'user' });
  return printed.splice(0).join('\n');
}

const reads = async () =>
  (await store.trail.between(0, Date.now() + DAY)).filter(({ what }) => what === 'breach');

it.each([
  ['a link key whose time is not recorded', ['--key', 'k9'], /2 cases \(1 open\), 2 people/],
  ['a token', ['--token'], /2 cases \(1 open\), 2 people/],
  ['a copy of the records', ['--period'], /2 cases \(1 open\), 2 people/],
  ['a mailbox with links', ['--mailbox', 'AYSE@belediye.example'], /^From .*\n1 cases \(0 open\), 1 people/],
  [
    'a mailbox with letters only',
    ['--mailbox', 'fen@belediye.example'],
    /^From .*\n1 cases \(1 open\), 1 people/,
  ],
  ['a mailbox without letters', ['--mailbox', 'x@belediye.example'], /0 cases \(0 open\), 0 people/],
])('%s is counted, and nobody is named', async (_, asked, counts) => {
  const text = await run(...asked, ...days);
  expect(text).toMatch(counts);
  expect(text).not.toMatch(/PK-0000|citizen c-/);
  expect(await reads()).toEqual([]);
});

it('counts records and links of the cases', async () => {
  expect(await run('--mailbox', 'ayse@belediye.example', ...days)).toMatch(
    /2 messages, 1 photos, 1 files, 2 answers and letters of these cases\n\d links, 0 of them still valid/,
  );
});

it('counts nothing outside of the asked days', async () => {
  expect(await run('--period', '--from', '2025-01-01', '--to', '2025-01-31')).toContain(
    '0 cases (0 open), 0 people',
  );
});

it('lists ids only with a reason, and records it', async () => {
  expect(await run('--period', ...days, '--list')).toContain('give --reason');
  process.exitCode = undefined;
  const text = await run('--period', ...days, '--list', ...why);
  for (const id of [ended, open, 'citizen c-1', 'citizen c-2']) expect(text).toContain(id);
  expect(await reads()).toMatchObject([{ what: 'breach', actor: 'Ayşe Kaya', reason: 'İhlal' }]);
});

it('prints when the 72 hours end', async () => {
  expect(await run('--token', ...days, '--learned-at', '2026-11-30T10:00')).toContain(
    'The Board must be notified until 2026-12-03T10:00:00+03:00.',
  );
});

it('counts the links of a key from the time when it signed', async () => {
  const started = (at: number, keys: string): Promise<void> =>
    store.trail.add({
      ...{ at: new Date(at), actor: 'web', reason: '', what: 'configuration' },
      detail: `files 0, notice 0, link keys ${keys}, audit keys none`,
    });
  await started(T0 - 2 * DAY, 'k1');
  await started(T0 - DAY, 'k2 k1');
  expect(await run('--key', 'k1', ...days)).toMatch(/^From 2026-11-23.* to 2026-11-24.*\n0 cases/);
  expect(await run('--key', 'k2', ...days)).toMatch(/^From 2026-11-24.*\n2 cases/);
});

it.each([[[]], [['--token', '--period']]])('is refused with %j', async asked => {
  await expect(run(...asked, ...days)).rejects.toThrow();
});

it('names nobody of an anonymised case', async () => {
  await store.caseErasure.anonymise([ended], new Date());
  expect(await run('--key', 'k2', ...days)).toContain('2 cases (1 open), 1 people');
});
