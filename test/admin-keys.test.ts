import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import fc from 'fast-check';
import { registerKeys } from '../src/cli/admin/keys';
import { readLinkKeys, rotateLinkKeys, writeLinkKeys, type LinkKey } from '../src/config/link-keys';
import { DAY_MS } from '../src/domain/durations';
import { createTaskLinks } from '../src/mail/task-link';

const now = new Date('2026-11-25T09:00:00Z');
const publicBaseUrl = 'https://bildirim.example.org';
const first: readonly LinkKey[] = [{ id: 'k1', key: Buffer.alloc(32, 1) }];

describe('a rotation of keys', () => {
  it('lets the new key sign and keeps the old ones for the window', () => {
    const second = rotateLinkKeys(first, now, 60 * DAY_MS);
    expect(second.map(({ id, until }) => [id, until?.getTime()])).toEqual([
      ['k2', undefined],
      ['k1', now.getTime() + 60 * DAY_MS],
    ]);
    const later = new Date(now.getTime() + 10 * DAY_MS);
    expect(rotateLinkKeys(second, later, 60 * DAY_MS).map(({ id, until }) => [id, until?.getTime()])).toEqual(
      [
        ['k3', undefined],
        ['k2', later.getTime() + 60 * DAY_MS],
        ['k1', now.getTime() + 60 * DAY_MS],
      ],
    );
  });

  it('drops expired keys, and all other keys when links are revoked', () => {
    const second = rotateLinkKeys(first, now, DAY_MS);
    const later = new Date(now.getTime() + DAY_MS);
    expect(rotateLinkKeys(second, later, DAY_MS).map(({ id }) => id)).toEqual(['k3', 'k2']);
    expect(rotateLinkKeys(second, now, 0).map(({ id }) => id)).toEqual(['k3']);
  });

  it('accepts links of the previous key only within the window', () => {
    let at = now.getTime();
    const { token, tokenHash } = createTaskLinks({ keys: first, publicBaseUrl }).issue();
    const keys = rotateLinkKeys(first, now, DAY_MS);
    const links = createTaskLinks({ keys, publicBaseUrl, now: () => at });
    expect(links.issue().token).toMatch(/^k2\./);
    at += DAY_MS - 1;
    expect(links.hashOf(token)).toBe(tokenHash);
    at += 1;
    expect(links.hashOf(token)).toBeNull();
  });

  it('always produces a list that the program can read', () => {
    const change = fc.record({ after: fc.integer({ min: 0, max: 90 }), window: fc.nat(90) });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 8 }), changes => {
        let at = now.getTime();
        let keys = first;
        for (const { after, window } of changes) {
          at += after * DAY_MS;
          keys = rotateLinkKeys(keys, new Date(at), window * DAY_MS);
        }
        expect(readLinkKeys(writeLinkKeys(keys).split(','))).toEqual(keys);
        expect(keys.filter(({ until }) => until === undefined)).toHaveLength(1);
      }),
    );
  });
});

describe('admin keys', () => {
  const folder = mkdtempSync(join(tmpdir(), 'keys-'));
  const file = join(folder, 'link-keys');
  const before = { ...process.env };
  const printed: string[] = [];
  const advised: string[] = [];
  beforeEach(() => {
    printed.length = 0;
    advised.length = 0;
    jest.spyOn(console, 'log').mockImplementation(line => void printed.push(String(line)));
    jest.spyOn(console, 'error').mockImplementation(line => void advised.push(String(line)));
    process.exitCode = undefined;
  });
  afterEach(() => {
    jest.restoreAllMocks();
    process.env = { ...before };
    process.exitCode = undefined;
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  async function run(settings: Record<string, string>, ...args: string[]): Promise<void> {
    process.env = { ...before, ...settings };
    const program = new Command();
    registerKeys(program);
    await program.parseAsync(['keys', ...args], { from: 'user' });
  }

  it('rotate prints the next value of LINK_KEYS and what to do with it', async () => {
    await run({ LINK_KEYS: writeLinkKeys(first) }, 'rotate', '--window-days', '7');
    const keys = readLinkKeys((printed[0] ?? '').split(','));
    expect(keys?.map(({ id }) => id)).toEqual(['k2', 'k1']);
    expect(printed).toHaveLength(1);
    expect(advised.join()).toContain('Restart the web role first, then the worker');
  });

  it('rotate keeps old links valid for their lifetime, except with --revoke', async () => {
    await run({ LINK_KEYS: writeLinkKeys(first) }, 'rotate');
    const [, old] = readLinkKeys((printed[0] ?? '').split(',')) ?? [];
    expect(Math.round(((old?.until?.getTime() ?? 0) - Date.now()) / DAY_MS)).toBe(60);
  });

  it('rotate replaces the file of LINK_KEYS_FILE, readable by its owner only, and prints no key', async () => {
    writeFileSync(file, `${writeLinkKeys(first)}\n`, { mode: 0o644 });
    await run({ LINK_KEYS: '', LINK_KEYS_FILE: file }, 'rotate', '--revoke');
    const keys = readLinkKeys(readFileSync(file, 'utf8').trim().split(','));
    expect(keys?.map(({ id }) => id)).toEqual(['k2']);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect([...printed, ...advised].join()).not.toContain(keys?.[0]?.key.toString('base64url'));
  });

  it('list prints ids and ends, never the keys', async () => {
    const keys = rotateLinkKeys(first, new Date(), DAY_MS);
    await run({ LINK_KEYS: writeLinkKeys(keys) }, 'list');
    expect(printed).toEqual([
      expect.stringMatching(/^k2 +signs$/) as string,
      expect.stringMatching(/^k1 +accepted until \d{4}-/) as string,
    ]);
    for (const { key } of keys) expect(printed.join()).not.toContain(key.toString('base64url'));
  });
});
