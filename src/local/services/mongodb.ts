import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Note } from '../progress';
import { startDaemon, waitUntilReady } from './daemon';
import { ferretArguments, ferretProgram, fromGo } from './ferretdb';
import { answers } from './port';
import { fromEarlier, fromLibrary, fromPath } from './program';
import type { ProgramFolder } from './program';
import type { Service } from './service';
import { firstAnswer } from './source';
import type { SourceAnswer, Source } from './source';

export interface MongoOptions extends ProgramFolder {
  readonly port: number;
  /** Where the data go; below it each engine has a folder of its own. */
  readonly dataFolder: string;
  readonly logFolder: string;
  readonly ownGroup: boolean;
}

type Engine = 'mongod' | 'ferretdb';

interface EngineSource {
  readonly engine: Engine;
  readonly program: Source<string>;
}

function engineSources(place: ProgramFolder): readonly EngineSource[] {
  return [
    {
      engine: 'mongod',
      program: fromPath('mongod', 'Install MongoDB 7 or 8 so that `mongod` is on PATH.'),
    },
    { engine: 'mongod', program: fromEarlier(place, 'mongod', 'mongod') },
    { engine: 'ferretdb', program: fromEarlier(place, ferretProgram, 'FerretDB on SQLite') },
    { engine: 'mongod', program: fromLibrary(place, 'mongod', "mongodb-memory-server's download") },
    { engine: 'ferretdb', program: fromGo(place) },
  ];
}

/** Path of a MongoDB server, fetched or built when it is not there yet. @throws NoSourceError */
export function mongoProgram(place: ProgramFolder, note: Note): Promise<SourceAnswer<string>> {
  const programs = engineSources(place).map(({ program }) => program);
  return firstAnswer('MongoDB server', programs, note);
}

/**
 * Starts a MongoDB-compatible server on loopback; its address is a URI without a database name.
 * @throws NoSourceError when no source gives a program that runs.
 */
export async function startMongo(options: MongoOptions, note: Note): Promise<Service> {
  const sources = engineSources(options).map(({ engine, program }): Source<Omit<Service, 'source'>> => ({
    ...program,
    take: async tell => {
      const path = await program.take(tell);
      tell('starting');
      return run(engine, path, options);
    },
  }));
  const { value, source } = await firstAnswer('MongoDB server', sources, note);
  return { ...value, source };
}

async function run(engine: Engine, program: string, options: MongoOptions): Promise<Omit<Service, 'source'>> {
  const logFile = join(options.logFolder, 'mongodb.log');
  const daemon = await startDaemon({
    command: program,
    args: serverArguments(engine, options),
    logFile,
    ownGroup: options.ownGroup,
  });
  await waitUntilReady(daemon, {
    check: () => answers(options.port),
    limitMs: 60_000,
    logFile,
  });
  return {
    address: `mongodb://127.0.0.1:${options.port}`,
    pid: daemon.pid,
    exited: daemon.exited,
    stop: () => daemon.stop(),
  };
}

function serverArguments(engine: Engine, options: MongoOptions): string[] {
  if (engine === 'ferretdb') {
    return ferretArguments(join(options.dataFolder, 'ferretdb'), options.port);
  }
  const data = join(options.dataFolder, 'mongo');
  mkdirSync(data, { recursive: true });
  return ['--dbpath', data, '--bind_ip', '127.0.0.1', '--port', String(options.port), '--quiet'];
}
