import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { registerAdmin } from '../src/cli/admin';
import { traceConfiguration } from '../src/cli/configuration-trace';
import { writeLinkKeys } from '../src/config/link-keys';
import { loadMunicipality } from '../src/config/municipality';
import { openStore, type Store } from '../src/store/store';
import { testMongoUri } from './support/services';
import { confirmed, writeWhole } from './support/whole-records';

jest.setTimeout(60_000);

const before = { ...process.env };
const caseNumber = 'PK-0000-0001';
const keys = [{ id: 'k1', key: Buffer.alloc(32, 1) }];
const why = ['--reason', 'Vatandaş başvurusu', '--actor', 'Ayşe Kaya'];
const mark = 'kanarya';

let store: Store;
let folder: string;
let printed: string[] = [];
beforeAll(async () => {
  const uri = testMongoUri('audit-trail');
  folder = mkdtempSync(join(tmpdir(), 'paydaskent-trail-'));
  process.env = {
    ...{ ...before, MONGODB_URI: uri, TEMPORAL_ADDRESS: '127.0.0.1:7233', CONFIG_DIR: 'config/etimesgut' },
    ...{ PUBLIC_BASE_URL: 'https://bildirim.example.org', LINK_KEYS: writeLinkKeys(keys) },
    ...{ AUDIT_KEYS: writeLinkKeys(keys), ADMIN_REASON: '', ADMIN_ACTOR: '' },
  };
  store = openStore(uri, { operationLimitMs: 10_000 });
  const whole = { caseNumber, citizenId: 'c-1', phone: '905000000001', mark };
  await writeWhole(store, { ...whole, events: confirmed(caseNumber) });
});
beforeEach(async () => {
  printed = [];
  for (const name of ['log', 'error'] as const) {
    jest.spyOn(console, name).mockImplementation((...words: unknown[]) => void printed.push(words.join(' ')));
  }
  await store.cases.model.db.collection('audit-trail').deleteMany({});
});
afterEach(() => {
  jest.restoreAllMocks();
  process.exitCode = undefined;
  process.env = { ...process.env, ADMIN_REASON: '', ADMIN_ACTOR: '' };
});
afterAll(async () => {
  process.env = before;
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

async function run(...args: string[]): Promise<string> {
  const program = new Command();
  program.exitOverride();
  registerAdmin(program);
  await program.parseAsync(['admin', ...args], { from: 'user' });
  return printed.splice(0).join('\n');
}

const entries = () => store.trail.between(0, Date.now() + 60_000);

const reads: [what: string, command: string[], shows: RegExp][] = [
  ['case', ['case', caseNumber], /Yol çukuru/],
  ['cases', ['cases', '--json'], /39\.943/],
  ['messages', ['messages', caseNumber], /kanarya/],
  ['deadLetter', ['dead-letters', 'show', `${caseNumber}-d`], /kanarya/],
];

describe('a command that reads personal data', () => {
  it.each(reads)('is in the audit trail with actor and reason: %s', async (what, command, shows) => {
    expect(await run(...command, ...why)).toMatch(shows);
    expect(await entries()).toMatchObject([{ what, actor: 'Ayşe Kaya', reason: 'Vatandaş başvurusu' }]);
  });

  it.each(reads)('shows nothing without a reason: %s', async (_, command) => {
    expect(await run(...command)).toBe(
      'Personal data are read: give --reason, or set ADMIN_REASON. It is kept in the audit trail.',
    );
    expect(process.exitCode).toBe(1);
    expect(await entries()).toEqual([]);
  });

  it('takes actor and reason from the environment, and the login name if there is no actor', async () => {
    process.env = { ...process.env, ADMIN_REASON: 'Nöbet', ADMIN_ACTOR: 'Can Su' };
    await run('case', caseNumber);
    process.env = { ...process.env, ADMIN_ACTOR: '' };
    await run('messages', caseNumber);
    expect(await entries()).toMatchObject([
      { what: 'case', actor: 'Can Su', reason: 'Nöbet' },
      { what: 'messages', actor: expect.stringMatching(/./) as string, reason: 'Nöbet' },
    ]);
  });

  it('is listed with its case and with its day', async () => {
    await run('case', caseNumber, ...why);
    expect(await run('audit', caseNumber)).toMatch(/ case +Ayşe Kaya: Vatandaş başvurusu/);
    expect(await run('audit', 'trail')).toMatch(
      / case +PK-0000-0001 {2}Ayşe Kaya: Vatandaş başvurusu\n1 entries/,
    );
  });

  it('keeps its entry when the person is erased, without the person', async () => {
    await store.trail.add({
      at: new Date(),
      actor: 'Ayşe Kaya',
      reason: 'r',
      what: 'export',
      citizenId: 'c-9',
    });
    const names = { phone: '905000000009', bsuid: null, profileName: null, language: null };
    await store.citizens.seen('c-9', { ...names, at: new Date() });
    const citizen = await store.citizens.get('c-9');
    if (citizen) await store.personErasure.erase(citizen);
    expect(await entries()).toMatchObject([{ what: 'export', citizenId: null }]);
  });
});

it('an ended case is shown with its place to about 100 metres', async () => {
  expect(await run('case', caseNumber, ...why)).toContain('39.94300, 32.64400 (yaklaşık 100 m, yuvarlandı)');
  for (const command of [
    ['case', caseNumber, '--json'],
    ['cases', '--json'],
  ]) {
    const json = await run(...command, ...why);
    expect(json).toMatch(/"placeRounded": ?true/);
    expect(json).not.toMatch(/39\.943217|32\.644456|Adres kanarya|Sokak kanarya/);
  }
});

it('lists of cases without JSON name nobody and leave no entry', async () => {
  expect(await run('cases')).not.toMatch(/kanarya|c-1/);
  expect(await entries()).toEqual([]);
});

it.each<[filter: string[], isIn: boolean]>([
  [['--stage', 'closed'], true],
  [['--stage', 'assigned'], false],
  [['--department', 'fen-isleri', '--priority', 'p2', '--kind', 'problem'], true],
  [['--department', 'zabita'], false],
  [['--subject', 'pothole', '--neighbourhood', 'suvari'], true],
  [['--subject', 'pavement'], false],
  [['--neighbourhood', 'topcu'], false],
  [['--institution', 'aski'], false],
  [['--source', 'muhtar'], false],
  [['--from', '2026-11-25', '--to', '2026-11-25'], true],
  [['--from', '2026-11-26'], false],
  [['--to', '2026-11-24'], false],
])('cases %j lists the case: %s', async (filter, isIn) => {
  expect((await run('cases', ...filter)).includes(caseNumber)).toBe(isIn);
});

it.each([
  [['--kind', 'joke'], 'Allowed: problem'],
  [['--from', 'yesterday'], 'A day looks like'],
])('cases %j is refused', async (filter, told) => {
  await expect(run('cases', ...filter)).rejects.toThrow(told);
});

describe('what changes the line', () => {
  it.each<[what: string, command: string[], detail: string]>([
    ['photoFlagged', ['photos', caseNumber, '--flag', '1'], 'photo 1'],
    ['photoCleared', ['photos', caseNumber, '--clear', '1'], 'photo 1'],
    ['linkMade', ['manager-link', '--for', 'Özel Kalem'], 'Özel Kalem'],
    ['linksEnded', ['manager-link', '--for', 'Özel Kalem', '--revoke'], 'Özel Kalem'],
  ])('is in the audit trail: %s', async (what, command, detail) => {
    await run(...command, ...why);
    expect(await entries()).toMatchObject([{ what, detail, actor: 'Ayşe Kaya' }]);
  });

  it('is in the export for an auditor', async () => {
    await run('messages', caseNumber, ...why);
    const recipient = { name: 'Fen İşleri', address: 'fen@example.org' };
    const visit = {
      tokenHash: 'h-1',
      caseNumber,
      department: 'fen-isleri',
      recipient,
      what: 'task' as const,
    };
    await store.linkViews.add({ ...visit, at: new Date() });
    const out = join(folder, 'iz.jsonl');
    await run('audit', 'export', ...why, '--out', out);
    const lines = readFileSync(out, 'utf8').trimEnd().split('\n');
    const kinds = lines.map(line => JSON.parse(line) as { type: string; what?: string });
    expect(kinds.filter(({ type }) => type === 'trail')).toMatchObject([
      { what: 'messages' },
      { what: 'auditExport' },
    ]);
    const visits = kinds.filter(({ type }) => type === 'visit');
    expect(visits).toContainEqual(expect.objectContaining({ what: 'task', caseNumber, recipient }));
    expect(visits.some(each => 'tokenHash' in each)).toBe(false);
    expect(await run('audit', 'check', out)).toContain('as they were exported');
  });
});

test('a role that starts with other files or keys says so once', async () => {
  const town = join(folder, 'town');
  cpSync('config/etimesgut', town, { recursive: true });
  const log = { debug: jest.fn(), info: jest.fn(), warn: jest.fn(), error: jest.fn() };
  const started = (role: 'web' | 'worker', linkKeys = keys): Promise<void> =>
    traceConfiguration(
      store,
      { role, folder: town, municipality: loadMunicipality(town), linkKeys, auditKeys: [] },
      log,
    );
  await started('web');
  await started('web');
  await started('worker');
  writeFileSync(
    join(town, 'municipality.yaml'),
    `${readFileSync(join(town, 'municipality.yaml'), 'utf8')}\n`,
  );
  await started('web');
  await started('web', [{ id: 'k2', key: Buffer.alloc(32, 2) }, ...keys]);
  const found = await entries();
  expect(found.map(({ actor, what }) => `${actor} ${what}`)).toEqual(
    ['web', 'worker', 'web', 'web'].map(role => `${role} configuration`),
  );
  expect(new Set(found.filter(({ actor }) => actor === 'web').map(({ detail }) => detail)).size).toBe(3);
  expect(found.at(-1)?.detail).toMatch(
    /^files [0-9a-f]{12}, notice [0-9a-f]{8}, link keys k2 k1, audit keys none$/,
  );
  expect(log.warn).not.toHaveBeenCalled();
});
