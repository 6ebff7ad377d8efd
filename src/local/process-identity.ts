import { execFileSync } from 'node:child_process';

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
