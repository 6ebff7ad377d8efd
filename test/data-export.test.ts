import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { strFromU8, unzipSync } from 'fflate';
import { registerAudit } from '../src/cli/admin/audit';
import { registerExport } from '../src/cli/admin/export';
import { openStore, type Store } from '../src/store/store';
import { testMongoUri } from './support/services';
import { confirmed, rejected, writeWhole } from './support/whole-records';

const before = { ...process.env };
const decided = ['--reason', 'KVKK m. 11 başvurusu', '--actor', 'Ayşe Kaya'];
const own = 'PK-0000-0001';
const other = 'PK-0000-0002';
const photo = /^fotograflar\/PK-0000-0001-m-1\.jpg$/;

let store: Store;
let folder: string;
let printed: string[] = [];
beforeAll(async () => {
  const uri = testMongoUri('data-export');
  process.env = { ...before, MONGODB_URI: uri, TEMPORAL_ADDRESS: '127.0.0.1:7233' };
  folder = mkdtempSync(join(tmpdir(), 'paydaskent-export-'));
  store = openStore(uri, { operationLimitMs: 10_000 });
  await writeWhole(store, {
    ...{ caseNumber: own, citizenId: 'c-1', phone: '905000000001', mark: '<b>kanarya</b>' },
    events: confirmed(own),
  });
  await writeWhole(store, {
    ...{ caseNumber: other, citizenId: 'c-2', phone: '905000000002', mark: 'komşu' },
    events: rejected(other),
  });
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
  rmSync(folder, { recursive: true, force: true });
});

async function run(...args: string[]): Promise<string> {
  const program = new Command();
  program.exitOverride();
  registerExport(program);
  registerAudit(program);
  await program.parseAsync(args, { from: 'user' });
  return printed.join('\n');
}

async function exported(...named: string[]): Promise<Record<string, Uint8Array>> {
  const out = join(folder, `${named.join('')}.zip`);
  await run('export', ...named, ...decided, '--out', out);
  return unzipSync(readFileSync(out));
}

test.each([[['--citizen', 'c-1']], [['--phone', '0500 000 00 01']]])(
  'a copy by %j holds what is stored about the person, and nothing of others',
  async named => {
    const files = await exported(...named);
    const page = strFromU8(files['verileriniz.html'] ?? new Uint8Array());
    const json = strFromU8(files['veriler.json'] ?? new Uint8Array());
    for (const part of [own, '905000000001', '39.943217', 'Hukuki dayanak', 'Alıcılar', 'itibaren 365 gün'])
      expect(page).toContain(part);
    expect(page).toContain('&lt;b&gt;kanarya');
    expect(page).not.toContain('<b>kanarya');
    expect(JSON.parse(json)).toMatchObject({
      citizen: { id: 'c-1', phone: '905000000001' },
      cases: [{ caseNumber: own }],
    });
    expect(Object.keys(files).filter(name => photo.test(name))).toHaveLength(1);
    expect(Object.keys(files).some(name => name.startsWith('dosyalar/'))).toBe(true);
    expect(page + json).not.toMatch(/komşu|905000000002|c-2|PK-0000-0002/);
  },
);

test('no address or name of staff is in the copy', async () => {
  const { 'veriler.json': json } = await exported('--case', own);
  expect(strFromU8(json ?? new Uint8Array())).not.toMatch(/@|Memur/);
});

test('a copy of a case holds that case without the person record', async () => {
  const { 'veriler.json': json } = await exported('--case', other);
  expect(JSON.parse(strFromU8(json ?? new Uint8Array()))).toMatchObject({
    citizen: null,
    cases: [{ caseNumber: other }],
  });
});

test('each copy is in the audit trail with actor and reason, before the file is written', async () => {
  await expect(
    run('export', '--case', own, ...decided, '--out', join(folder, 'no/such.zip')),
  ).rejects.toThrow();
  const trail = await store.trail.of(own, 'c-1');
  expect(trail.at(-1)).toMatchObject({ actor: 'Ayşe Kaya', reason: 'KVKK m. 11 başvurusu', caseNumber: own });
  expect(await run('audit', own)).toMatch(/export\s+Ayşe Kaya: KVKK m\. 11 başvurusu/);
});

test('an existing file is not overwritten', async () => {
  const out = join(folder, 'taken.zip');
  await run('export', '--case', own, ...decided, '--out', out);
  const bytes = readFileSync(out);
  await expect(run('export', '--case', other, ...decided, '--out', out)).rejects.toThrow(/EEXIST/);
  expect(readFileSync(out).equals(bytes)).toBe(true);
});

test('nothing is written for an unknown person', async () => {
  expect(await run('export', '--citizen', 'c-9', ...decided, '--out', join(folder, 'x.zip'))).toBe(
    'There is no citizen "c-9".',
  );
  expect(process.exitCode).toBe(1);
});
