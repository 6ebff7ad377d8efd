import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identityOf, isAlive, takeLock } from '../src/local/lock';
import { ownFolder } from './support/own-folder';

const parent = ownFolder('lock');
const freshFolder = (): string => mkdtempSync(join(parent, 'local-'));
const address = 'http://localhost:3000';

function sleeper(): ReturnType<typeof spawn> {
  return spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
}

async function endedPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', ''], { stdio: 'ignore' });
  await once(child, 'exit');
  return child.pid ?? 0;
}

describe('one instance per folder', () => {
  test('a second one prints which process runs, where, and how to stop it', async () => {
    const folder = freshFolder();
    await takeLock(folder, address);
    await expect(takeLock(folder, 'http://localhost:3005')).rejects.toThrow(
      `already runs here: pid ${process.pid}, ${address}. Use that one, or end it with Ctrl-C or "kill ${process.pid}"`,
    );
  });

  test('after the end the next one may start', async () => {
    const folder = freshFolder();
    (await takeLock(folder, address)).release();
    expect(existsSync(join(folder, 'start.lock'))).toBe(false);
    await expect(takeLock(folder, address)).resolves.toBeDefined();
  });

  test('the lock of a killed instance is taken over, and its remaining processes are ended', async () => {
    const folder = freshFolder();
    const left = sleeper();
    const ended = once(left, 'exit');
    const owner = { pid: await endedPid(), startedAt: Date.now() };
    const children = [{ name: 'web', ...identityOf(left.pid ?? 0) }];
    writeFileSync(join(folder, 'start.lock'), JSON.stringify({ owner, address, children }));

    await takeLock(folder, address);
    await ended;
    expect(JSON.parse(readFileSync(join(folder, 'start.lock'), 'utf8'))).toMatchObject({
      owner: { pid: process.pid },
      children: [],
    });
  });

  test('another process with the old pid is neither treated as the owner nor ended', async () => {
    const folder = freshFolder();
    const stranger = sleeper();
    const longAgo = { pid: stranger.pid ?? 0, startedAt: Date.now() - 3_600_000 };
    const content = { owner: longAgo, address, children: [longAgo] };
    writeFileSync(join(folder, 'start.lock'), JSON.stringify(content));

    await takeLock(folder, address);
    expect(isAlive(identityOf(stranger.pid ?? 0))).toBe(true);
    stranger.kill();
  });

  test('a partial lock file is ignored', async () => {
    const folder = freshFolder();
    writeFileSync(join(folder, 'start.lock'), '{"owner":');
    await expect(takeLock(folder, address)).resolves.toBeDefined();
  });
});
