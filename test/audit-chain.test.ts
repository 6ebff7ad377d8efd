import { createHash, createPublicKey, verify } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { registerAudit } from '../src/cli/admin/audit';
import { writeLinkKeys } from '../src/config/link-keys';
import type { CaseIntake, StoredEvent } from '../src/store/case-records';
import type { ChainReport } from '../src/store/fact-chain';
import { openStore, type Store } from '../src/store/store';
import { acted, HOUR, opening, playPlanned, T0 } from './support/cases';
import { testMongoUri } from './support/services';
import { confirmed, writeWhole } from './support/whole-records';

jest.setTimeout(60_000);

const first = { id: 'a1', key: Buffer.alloc(32, 1) };
const second = { id: 'a2', key: Buffer.alloc(32, 2) };
const caseNumber = 'PK-0000-0001';
const idOf = (number: number): string => `${caseNumber}:${number}`;

let uri: string;
let store: Store;
beforeEach(() => {
  uri = testMongoUri('audit-chain');
  store = openStore(uri, { operationLimitMs: 10_000, auditKeys: [first] });
});
afterEach(() => store.close());

/** Uses the same database with other keys. */
async function withKeys<T>(auditKeys: (typeof first)[], work: (other: Store) => Promise<T>): Promise<T> {
  const other = openStore(uri, { operationLimitMs: 10_000, auditKeys });
  try {
    return await work(other);
  } finally {
    await other.close();
  }
}

const events: Parameters<typeof playPlanned>[1][] = [
  [acted('accept', 'a-1'), T0 + HOUR],
  [{ type: 'citizenAdded', messageIds: ['m-2'], fileMessageIds: [] }, T0 + 2 * HOUR],
  [acted('note', 'a-2'), T0 + 3 * HOUR],
  [acted('resolve', 'a-3'), T0 + 4 * HOUR],
];
const turns = playPlanned(opening({ caseNumber }), ...events);

/** Writes the turns of a life from one place to another. Returns the number of facts. */
async function write(to: Store = store, [from, end]: [number, number?] = [0]): Promise<number> {
  if (from === 0) await to.cases.open(caseNumber, { receivedAt: new Date(T0) } as CaseIntake);
  for (const { state, facts } of turns.slice(from, end)) {
    const { handled: _, ...progress } = state;
    await to.cases.write(progress, facts);
  }
  return turns.flatMap(({ facts }) => facts).length;
}

const facts = (): Promise<StoredEvent[]> =>
  store.cases.eventModel.find({}).sort({ number: 1 }).lean<StoredEvent[]>();

const faultsOf = ({ findings }: ChainReport): string[] =>
  findings.map(({ number, fault }) => `${number} ${fault}`).sort();

describe('the facts of a case', () => {
  it('are sealed one after the other, without a read of an earlier one', async () => {
    const read = jest.spyOn(store.cases.eventModel, 'findById');
    const count = await write();
    expect(read).not.toHaveBeenCalled();
    expect(count).toBeGreaterThan(5);
    expect((await facts()).map(({ number, seal }) => seal?.after === number - 1)).not.toContain(false);
    expect(await store.factChains.verify()).toEqual({
      ...{ cases: 1, sealed: count, beforeChain: 0, lost: 0, findings: [] },
    });
  });

  it('get the same MAC if a retried activity writes them again, also after a crash before the record', async () => {
    await write();
    const before = await facts();
    await write(store, [2]);
    const { state, facts: last } = turns.at(-2) ?? {};
    const { handled: _, ...progress } = state ?? ({} as never);
    const sealed = { number: progress.revision, mac: before[progress.revision - 1]?.seal?.mac };
    expect(last?.length).toBeGreaterThan(0);
    await store.cases.model.updateOne({ _id: caseNumber }, { $set: { progress, sealed } });
    await write(store, [turns.length - 1]);
    expect(await facts()).toEqual(before);
    expect(faultsOf(await store.factChains.verify())).toEqual([]);
  });

  it('written before the chain are told apart, and the chain begins after them', async () => {
    const early = turns.slice(0, 3).flatMap(turn => turn.facts).length;
    await withKeys([], async old => void (await write(old, [0, 3])));
    const count = await write(store, [3]);
    const report = await store.factChains.verify();
    expect(report).toMatchObject({ sealed: count - early, beforeChain: early, findings: [] });
  });

  it('are verified with earlier keys after a change of the key, and not without them', async () => {
    await write(store, [0, 3]);
    await withKeys([second, first], async changed => {
      await write(changed, [3]);
      expect(faultsOf(await changed.factChains.verify())).toEqual([]);
    });
    await withKeys([second], async changed => {
      expect(faultsOf(await changed.factChains.verify())).toContain('1 unknownKey');
    });
  });

  it('that a restored backup lost are counted, and the chain goes on over them', async () => {
    await write(store, [0, 3]);
    const { state } = turns.at(-2) ?? {};
    const { handled: _, ...progress } = state ?? ({} as never);
    await store.cases.write(progress, []);
    await write(store, [turns.length - 1]);
    const report = await store.factChains.verify();
    expect(report).toMatchObject({ findings: [] });
    expect(report.lost).toBeGreaterThan(0);
  });

  it('are verified in the same way after the case was anonymised', async () => {
    await writeWhole(store, {
      ...{ caseNumber, citizenId: 'c-1', phone: '905000000001', mark: 'kanarya' },
      events: confirmed(caseNumber),
    });
    await store.caseErasure.anonymise([caseNumber], new Date());
    const kept = (await facts()).map(({ fact }) => fact);
    expect(kept.some(fact => 'messageId' in fact && fact.messageId === '')).toBe(true);
    expect(await store.factChains.verify()).toMatchObject({ sealed: kept.length, findings: [] });
  });
});

type Tampering = (last: number) => Promise<unknown>;
const on = () =>
  store.cases.eventModel.collection as unknown as {
    updateOne: (filter: object, change: object) => Promise<unknown>;
    updateMany: (filter: object, change: object) => Promise<unknown>;
    deleteOne: (filter: object) => Promise<unknown>;
    deleteMany: (filter: object) => Promise<unknown>;
    insertOne: (record: object) => Promise<unknown>;
  };

test.each<[what: string, Tampering, found: (last: number) => string[]]>([
  [
    'a member of a fact was changed',
    () => on().updateOne({ _id: idOf(3) }, { $set: { 'fact.actionId': 'a-9' } }),
    () => ['3 changed'],
  ],
  [
    'the time of a fact was changed',
    () => on().updateOne({ _id: idOf(3) }, { $set: { 'fact.at': T0, at: new Date(T0) } }),
    () => ['3 changed'],
  ],
  [
    'only the indexed time was changed',
    () => on().updateOne({ _id: idOf(3) }, { $set: { at: new Date(T0 - 1) } }),
    () => ['3 changed'],
  ],
  ['a fact in between was removed', () => on().deleteOne({ _id: idOf(3) }), () => ['3 missing']],
  ['the first fact was removed', () => on().deleteOne({ _id: idOf(1) }), () => ['1 missing']],
  ['the last fact was removed', last => on().deleteOne({ _id: idOf(last) }), last => [`${last} missing`]],
  ['all facts were removed', () => on().deleteMany({}), last => numbers(last).map(n => `${n} missing`)],
  [
    'a fact was added at the end',
    last => on().insertOne({ ...made(last + 1), _id: idOf(last + 1) }),
    last => [`${last + 1} added`],
  ],
  [
    'a fact was added under another id',
    () => on().insertOne({ ...made(3), _id: `${idOf(3)}b` }),
    () => ['3 added'],
  ],
  ['a MAC was removed', () => on().updateOne({ _id: idOf(3) }, { $unset: { seal: 1 } }), () => ['3 added']],
  ['all MACs were removed', () => on().updateMany({}, { $unset: { seal: 1 } }), last => [`${last} added`]],
  [
    'the MAC of another fact was copied',
    async () => {
      const copied = (await facts())[1]?.seal;
      await on().updateOne({ _id: idOf(4) }, { $set: { seal: copied } });
    },
    () => ['4 changed', '5 changed'],
  ],
])('verify finds that %s', async (_, tamper, found) => {
  const last = await write();
  await tamper(last);
  expect(faultsOf(await store.factChains.verify())).toEqual(found(last).sort());
});

const numbers = (last: number): number[] => Array.from({ length: last }, (_, place) => place + 1);

/** A fact as somebody without the key would write it. */
function made(number: number): object {
  return {
    caseNumber,
    number,
    at: new Date(T0),
    fact: { at: T0, type: 'noted', actionId: 'x', desk: 'triage' },
  };
}

test('a case whose MACs are all gone, with those of its record, is found beside other sealed cases', async () => {
  await write();
  const other = opening({ caseNumber: 'PK-0000-0002' });
  await withKeys([], async unsealed => {
    await unsealed.cases.open(other.caseNumber, { receivedAt: new Date(T0) } as CaseIntake);
    for (const { state, facts: told } of playPlanned(other, [acted('accept', 'b-1'), T0 + HOUR])) {
      const { handled: _, ...progress } = state;
      await unsealed.cases.write(progress, told);
    }
  });
  const { findings } = await store.factChains.verify();
  expect(findings).toContainEqual({
    caseNumber: other.caseNumber,
    number: expect.any(Number) as number,
    fault: 'added',
  });
});

describe('the commands', () => {
  const before = { ...process.env };
  let folder: string;
  let printed: string[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'paydaskent-audit-'));
    process.env = {
      ...{ ...before, MONGODB_URI: uri, TEMPORAL_ADDRESS: '127.0.0.1:7233' },
      AUDIT_KEYS: writeLinkKeys([first]),
    };
    printed = [];
    for (const name of ['log', 'error'] as const) {
      jest
        .spyOn(console, name)
        .mockImplementation((...words: unknown[]) => void printed.push(words.join(' ')));
    }
  });
  afterEach(() => {
    jest.restoreAllMocks();
    process.env = { ...before };
    process.exitCode = undefined;
    rmSync(folder, { recursive: true });
  });

  async function run(...args: string[]): Promise<string> {
    const program = new Command();
    program.exitOverride();
    registerAudit(program);
    await program.parseAsync(args, { from: 'user' });
    return printed.splice(0).join('\n');
  }

  it('verify says that nothing was changed, or which fact was, and fails', async () => {
    const count = await write();
    expect(await run('audit', 'verify')).toContain(`1 cases: ${count} sealed facts, 0 from before the chain`);
    expect(process.exitCode).toBeUndefined();
    await store.trail.add({ at: new Date(), actor: 'Ayşe', reason: 'r', what: 'cases' });
    expect(await run('audit', 'verify')).toMatch(/Audit trail: 1 sealed entries[^]*No entry was changed/);
    await on().deleteOne({ _id: idOf(2) });
    expect(await run('audit', 'verify')).toMatch(/PK-0000-0001 {2}fact 2 {2}missing\n[^]*1 facts are not as/);
    expect(process.exitCode).toBe(1);
  });

  it('export writes the facts of a period, and an auditor checks them without our keys', async () => {
    const count = await write();
    const file = join(folder, 'kasim.jsonl');
    const period = ['--from', '2026-11-25', '--to', '2026-11-25'];
    expect(await run('audit', 'export', ...period, '--out', file)).toContain(
      `${count} facts from 2026-11-25`,
    );
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    const signed = `${lines.slice(0, -1).join('\n')}\n`;
    const end = JSON.parse(lines.at(-1) ?? '') as Record<'sha256' | 'publicKey' | 'signature', string>;
    expect(createHash('sha256').update(signed).digest('hex')).toBe(end.sha256);
    const key = createPublicKey({ key: Buffer.from(end.publicKey, 'base64'), format: 'der', type: 'spki' });
    expect(verify(null, Buffer.from(end.sha256), key, Buffer.from(end.signature, 'base64'))).toBe(true);
    expect(signed).not.toMatch(/"m-\d"/);
    expect(await run('audit', 'check', file)).toContain(
      `${count} entries, as they were exported. Signed by a1.`,
    );
  });

  it.each([
    ['a changed line', (text: string) => text.replace('accepted', 'rejected')],
    ['a removed line', (text: string) => text.replace(/\n\{"type":"fact"[^\n]*/, '')],
    ['no signature', (text: string) => text.replace(/\{"type":"signature".*/, '')],
  ])('check rejects a file with %s', async (_, change) => {
    await write();
    const file = join(folder, 'kasim.jsonl');
    await run('audit', 'export', '--from', '2026-11-25', '--to', '2026-11-25', '--out', file);
    writeFileSync(file, change(readFileSync(file, 'utf8')));
    expect(await run('audit', 'check', file)).toContain('is not as it was exported');
    expect(process.exitCode).toBe(1);
  });

  it('verify says that nothing can be verified without AUDIT_KEYS', async () => {
    process.env['AUDIT_KEYS'] = '';
    expect(await run('audit', 'verify')).toBe('AUDIT_KEYS is not set: facts and audit trail are not sealed.');
    expect(process.exitCode).toBe(1);
  });
});

describe('the audit trail', () => {
  const entry = (place: number, at = T0 + place * HOUR) => ({
    ...{ at: new Date(at), actor: 'Ayşe Kaya', reason: `Başvuru ${place}`, what: 'export' as const },
    citizenId: 'c-1',
  });
  const trail = () =>
    store.cases.model.db.collection('audit-trail') as unknown as ReturnType<typeof on> & {
      find: () => { sort: (by: object) => { toArray: () => Promise<{ _id: string; seal?: unknown }[]> } };
    };
  const stored = () => trail().find().sort({ _id: 1 }).toArray();
  const idAt = async (place: number): Promise<string> => (await stored())[place - 1]?._id ?? '';
  const everything = new Date(0);
  const found = async (keptSince = everything): Promise<string[]> =>
    (await store.trail.verify(keptSince)).findings.map(({ entry: each, fault }) => `${each} ${fault}`);

  async function written(count = 5): Promise<void> {
    for (let place = 1; place <= count; place += 1) await store.trail.add(entry(place));
  }

  it('is one chain, whoever writes, and holds after the erasure of a person', async () => {
    await withKeys([first], async other => {
      await Promise.all(numbers(24).map(place => (place % 2 ? store : other).trail.add(entry(place))));
    });
    await trail().updateMany({}, { $set: { citizenId: null } });
    expect(await store.trail.verify(everything)).toEqual({
      ...{ sealed: 24, beforeChain: 0, ended: 0, findings: [] },
    });
    expect((await store.trail.between(0, Date.now())).map(each => 'seal' in each)).not.toContain(true);
  });

  it.each<[what: string, () => Promise<unknown>, found: string[]]>([
    [
      'an entry was changed',
      async () => trail().updateOne({ _id: await idAt(3) }, { $set: { reason: 'x' } }),
      ['3 changed'],
    ],
    ['an entry in between was removed', async () => trail().deleteOne({ _id: await idAt(3) }), ['3 missing']],
    ['the first entry was removed', async () => trail().deleteOne({ _id: await idAt(1) }), ['1 missing']],
    ['the last entry was removed', async () => trail().deleteOne({ _id: await idAt(5) }), ['5 missing']],
    [
      'the last entry was removed, and others follow',
      async () => {
        await trail().deleteOne({ _id: await idAt(5) });
        await withKeys([first], other => other.trail.add(entry(6)));
      },
      ['5 missing'],
    ],
    ['all entries were removed', () => trail().deleteMany({}), numbers(5).map(each => `${each} missing`)],
    [
      'an entry was added at the end',
      () => trail().insertOne({ ...entry(6), _id: 'n:000000000006' }),
      ['n:000000000006 added'],
    ],
    ['an entry was added elsewhere', () => trail().insertOne({ ...entry(6), _id: 'x' }), ['x added']],
    [
      'an entry was replaced by another one with its MAC',
      async () => {
        const [, second, third] = await stored();
        await trail().updateOne({ _id: third?._id }, { $set: { seal: second?.seal } });
      },
      ['3 changed', '4 changed'],
    ],
  ])('verify finds that %s', async (_, tamper, faults) => {
    await written();
    await tamper();
    expect(await found()).toEqual(faults);
  });

  it('may lack what retention has removed, but nothing younger', async () => {
    await written();
    for (const place of [1, 1]) await trail().deleteOne({ _id: await idAt(place) });
    const keptSince = (place: number) => new Date(T0 + place * HOUR + 1);
    expect(await store.trail.verify(keptSince(2))).toMatchObject({ ended: 2, findings: [] });
    expect(await found(keptSince(1))).toEqual(['1 missing', '2 missing']);
  });

  it('counts entries from before the chain, and verifies with a key that was replaced', async () => {
    await withKeys([], other => other.trail.add(entry(0)));
    await written(2);
    await withKeys([second, first], async other => {
      await other.trail.add(entry(3));
      expect(await other.trail.verify(everything)).toMatchObject({ sealed: 3, beforeChain: 1, findings: [] });
    });
    expect(await found()).toEqual(['3 unknownKey']);
  });
});
