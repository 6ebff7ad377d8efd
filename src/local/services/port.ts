import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { connect, createServer } from 'node:net';

/** Returns whether the port accepts connections. */
export function answers(port: number, host = '127.0.0.1', limitMs = 1_000): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect({ port, host });
    const settle = (open: boolean): void => {
      socket.destroy();
      resolve(open);
    };
    socket.setTimeout(limitMs, () => settle(false));
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
  });
}

/** Returns whether the port is free on loopback and on all addresses. */
export async function isFree(port: number): Promise<boolean> {
  return (await canListen(port, '127.0.0.1')) && (await canListen(port, undefined));
}

function canListen(port: number, host: string | undefined): Promise<boolean> {
  return new Promise(resolve => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, ...(host === undefined ? {} : { host }), exclusive: true }, () =>
      server.close(() => resolve(true)),
    );
  });
}

/**
 * Returns the first free port from `wanted` upwards that is not reserved.
 * @throws Error if a hundred ports in a row are taken.
 */
export async function nextFree(wanted: number, promised: ReadonlySet<number>): Promise<number> {
  for (let port = wanted; port < wanted + 100; port += 1) {
    if (!promised.has(port) && (await isFree(port))) return port;
  }
  throw new Error(`No free port between ${wanted} and ${wanted + 99}`);
}

/** Below the ephemeral ports of Linux, macOS and Windows, and above well-known ports. */
const QUIET_FIRST = 20_000;
const QUIET_COUNT = 10_000;

/**
 * Returns a free port outside the ephemeral range. An outgoing connection cannot take it before its server listens,
 * which can happen with port 0.
 */
export function anyFree(): Promise<number> {
  return nextFree(QUIET_FIRST + randomInt(QUIET_COUNT), new Set());
}

/**
 * Returns the process that listens on the port ("node, pid 123"), or undefined if the system's tools do not report
 * it.
 */
export async function holderOf(port: number): Promise<string | undefined> {
  const fromSs = /users:\(\("([^"]+)",pid=(\d+)/.exec(await output('ss', ['-ltnpH', `sport = :${port}`]));
  if (fromSs) return `${fromSs[1]}, pid ${fromSs[2]}`;
  const fromLsof = await output('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc']);
  const pid = /^p(\d+)$/m.exec(fromLsof)?.[1];
  const command = /^c(.+)$/m.exec(fromLsof)?.[1];
  return pid === undefined ? undefined : `${command ?? 'a program'}, pid ${pid}`;
}

function output(command: string, args: readonly string[]): Promise<string> {
  return new Promise(resolve => {
    execFile(command, args, { timeout: 2_000 }, (error, stdout) => resolve(error ? '' : stdout));
  });
}
