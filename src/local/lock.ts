import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** A process of the running instance: a role or a server. */
export interface StartedProcess extends ProcessIdentity {
  readonly name: string;
}

/** The content of the lock file, which describes the running instance to a second one. */
interface LockContent {
  readonly owner: ProcessIdentity;
  readonly address: string;
  /** Set while the owner stops its processes. */
  readonly stopping?: true;
  /** Processes started by the owner. The next owner of a stale lock ends them. */
  readonly children: readonly StartedProcess[];
}

export interface Lock {
  /** Records a started process, so that the next instance can end it if we are killed. */
  readonly addChild: (name: string, pid: number) => void;
  /** Tells a second instance to wait for our end. */
  readonly markStopping: () => void;
  readonly release: () => void;
}

const stopLimitMs = 15_000;

/** Another instance is running on the same folder. */
export class AlreadyRunningError extends Error {
  override readonly name = 'AlreadyRunningError';
  constructor(pid: number, address: string) {
    super(
      `Paydaşkent already runs here: pid ${pid}, ${address}. Use that one, or end it with Ctrl-C or "kill ${pid}".`,
    );
  }
}

/**
 * Acquires the lock of a folder. Takes over a stale lock and first ends the processes its owner left running.
 * @throws AlreadyRunningError
 */
export async function takeLock(folder: string, address: string): Promise<Lock> {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'start.lock');
  const earlier = await settledLock(file);
  if (earlier !== undefined) {
    if (isAlive(earlier.owner)) throw new AlreadyRunningError(earlier.owner.pid, earlier.address);
    await Promise.all(earlier.children.filter(isAlive).map(end));
  }
  rmSync(file, { force: true });

  const owner = identityOf(process.pid);
  const children: StartedProcess[] = [];
  create(file, { owner, address, children });
  // Written by rename, so that nobody reads a partial lock.
  const write = (content: Partial<LockContent>): void => {
    const next = `${file}.next`;
    writeFileSync(next, JSON.stringify({ owner, address, children, ...content }));
    renameSync(next, file);
  };
  return {
    addChild(name, pid) {
      children.push({ name, ...identityOf(pid) });
      write({});
    },
    markStopping: () => write({ stopping: true }),
    release() {
      rmSync(file, { force: true });
    },
  };
}

/** Returns the current lock. Waits for an owner that is stopping. */
async function settledLock(file: string): Promise<LockContent | undefined> {
  for (let waited = 0; waited < stopLimitMs; waited += 200) {
    const content = readLock(file);
    if (content?.stopping !== true || !isAlive(content.owner)) return content;
    await delay(200);
  }
  return readLock(file);
}

/** If two instances start at once, only one can create the file. */
function create(file: string, content: LockContent): void {
  try {
    writeFileSync(file, JSON.stringify(content), { flag: 'wx' });
  } catch (error) {
    const winner = readLock(file);
    if (winner === undefined) throw error;
    throw new AlreadyRunningError(winner.owner.pid, winner.address);
  }
}

function readLock(file: string): LockContent | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as LockContent;
  } catch {
    return undefined;
  }
}

async function end(identity: ProcessIdentity): Promise<void> {
  signal(identity, 'SIGTERM');
  for (let waited = 0; waited < 5_000; waited += 100) {
    if (!isAlive(identity)) return;
    await delay(100);
  }
  signal(identity, 'SIGKILL');
}

function signal({ pid }: ProcessIdentity, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** A process id with its start time, to detect a reused pid. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Start time, epoch ms; absent if the system does not report it. */
  readonly startedAt?: number;
}

/** The process table rounds its times, differently between two reads. */
const sameStartMs = 2_500;

export function identityOf(pid: number): ProcessIdentity {
  const startedAt = startOf(pid);
  return startedAt === undefined ? { pid } : { pid, startedAt };
}

/** Returns whether this exact process is running. A zombie is not. */
export function isAlive({ pid, startedAt }: ProcessIdentity): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const look = processTable(pid);
  if (look?.state.startsWith('Z') === true) return false;
  if (look?.startedAt === undefined || startedAt === undefined) return true;
  return Math.abs(look.startedAt - startedAt) < sameStartMs;
}

function startOf(pid: number): number | undefined {
  return processTable(pid)?.startedAt;
}

function processTable(pid: number): { state: string; startedAt: number | undefined } | undefined {
  try {
    const text = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
      env: { ...process.env, LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'ignore'],
    }).toString();
    const [, state, start] = /^\s*(\S+)\s+(.+?)\s*$/.exec(text) ?? [];
    if (state === undefined || start === undefined) return undefined;
    const time = Date.parse(start);
    return { state, startedAt: Number.isNaN(time) ? undefined : time };
  } catch {
    return undefined;
  }
}
