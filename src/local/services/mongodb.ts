import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Note } from '../progress';
import { runCommand } from './command';
import { startDaemon, waitUntilReady } from './daemon';
import { answers } from './port';
import {
  copyWritable,
  fromEarlier,
  fromLibrary,
  fromPath,
  goModule,
  keep,
  type ProgramFolder,
  scratch,
} from './program';
import { firstAnswer, type Service, type Source, type SourceAnswer } from './source';

export interface MongoOptions extends ProgramFolder {
  readonly port: number;
  /** The data folder, with one subfolder per engine. */
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

/** Returns the path of a MongoDB server; downloads or builds it if missing. @throws NoSourceError */
export function mongoProgram(place: ProgramFolder, note: Note): Promise<SourceAnswer<string>> {
  const programs = engineSources(place).map(({ program }) => program);
  return firstAnswer('MongoDB server', programs, note);
}

/**
 * Starts a MongoDB-compatible server on loopback. Its address is a URI without a database name.
 * @throws NoSourceError if no source provides a working program.
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

const version = 'v1.24.2';
/** Increase this with every change of the patches, so that the program is rebuilt. */
const patchLevel = 3;
/** File name in `.local/bin`. */
const ferretProgram = `ferretdb-${version}-${patchLevel}`;

/**
 * FerretDB, a MongoDB-compatible server on SQLite, built with Go. For trying out and tests on machines without
 * mongod.
 */
function fromGo(place: ProgramFolder): Source<string> {
  return {
    name: `FerretDB ${version} on SQLite, built with Go`,
    advice: 'Install Go 1.24 or newer and open the network for its modules; 2 GB of disk.',
    take: async note => {
      const folder = scratch(place);
      try {
        note('downloading the FerretDB source');
        const source = join(folder, 'source');
        copyWritable(await goModule(`github.com/FerretDB/FerretDB@${version}`), source);
        // FerretDB does not start without this file, which only its release process writes.
        writeFileSync(join(source, 'build/version/version.txt'), `${version}\n`);
        await applyPatches(place, source);
        note('building FerretDB, about two minutes');
        const program = join(folder, 'ferretdb');
        await runCommand('go', ['build', '-o', program, './cmd/ferretdb'], {
          cwd: source,
          limitMs: 20 * 60_000,
        });
        return keep(place, program, ferretProgram);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

/** Returns the arguments for a FerretDB on loopback with its files in the folder. */
function ferretArguments(folder: string, port: number): string[] {
  const data = join(folder, 'data');
  mkdirSync(data, { recursive: true });
  return [
    '--handler=sqlite',
    // Writes survive a crash of the process and are about twice as fast as with a full flush.
    `--sqlite-url=file:${data}/?_pragma=synchronous(normal)`,
    `--state-dir=${folder}`,
    `--listen-addr=127.0.0.1:${port}`,
    '--telemetry=disable',
    '--debug-addr=-',
    '--log-level=ERROR',
  ];
}

/**
 * Applies the patches for differences from MongoDB. Each patch gives its reason.
 * @throws Error naming the patch that does not apply.
 */
async function applyPatches(place: ProgramFolder, source: string): Promise<void> {
  const folder = join(place.root, 'src/local/services/ferretdb');
  // Inside a repository, `git apply` would resolve paths from the root of that repository.
  const env = { ...process.env, GIT_CEILING_DIRECTORIES: dirname(source) };
  for (const name of readdirSync(folder).sort()) {
    const apply = runCommand('git', ['apply', join(folder, name)], { cwd: source, env, limitMs: 30_000 });
    await apply.catch((error: Error) => {
      throw new Error(`${basename(name, '.patch')} does not apply to FerretDB ${version}: ${error.message}`);
    });
  }
}
