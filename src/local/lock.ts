import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** A process of the running instance: a role or a server. */
export interface StartedProcess extends ProcessIdentity {
  readonly name: string;
}

/** What the lock file says of the running instance, for whoever comes second. */
interface LockContent {
  readonly owner: ProcessIdentity;
  readonly address: string;
  /** Set while the owner ends everything it started. */
  readonly stopping?: true;
  /** Processes the owner started; whoever takes over a stale lock ends them. */
  readonly children: readonly StartedProcess[];
}

export interface Lock {
  /** Notes a started process, so that it can be ended even after we were killed. */
  readonly addChild: (name: string, pid: number) => void;
  /** Tells whoever comes next that waiting a moment is enough. */
  readonly markStopping: () => void;
  readonly release: () => void;
}

const stopLimitMs = 15_000;

/** Another instance runs on the same folder. */
export class AlreadyRunningError extends Error {
  override readonly name = 'AlreadyRunningError';
  constructor(pid: number, address: string) {
    super(
      `Paydaşkent already runs here: pid ${pid}, ${address}. Use that one, or end it with Ctrl-C or "kill ${pid}".`,
    );
  }
}

/**
 * Makes us the only instance on the folder. A lock whose owner is gone is taken over, and what the
 * owner left running is ended first.
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
  // By a rename, so that nobody ever reads half a lock and takes it for none.
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

/** The lock as it is, or as it is once an owner that is just stopping has ended. */
async function settledLock(file: string): Promise<LockContent | undefined> {
  for (let waited = 0; waited < stopLimitMs; waited += 200) {
    const content = readLock(file);
    if (content?.stopping !== true || !isAlive(content.owner)) return content;
    await delay(200);
  }
  return readLock(file);
}

/** Of two that start at the same moment, the file system lets only one create the file. */
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

/** A process named so that another one that later gets the same number is not taken for it. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, epoch milliseconds; absent where the system does not tell. */
  readonly startedAt?: number;
}

/** The times of the process table are rounded, and the rounding may differ between two looks. */
const sameStartMs = 2_500;

export function identityOf(pid: number): ProcessIdentity {
  const startedAt = startOf(pid);
  return startedAt === undefined ? { pid } : { pid, startedAt };
}

/** Whether that very process still runs; one that ended but was not yet collected does not. */
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
