import { chmodSync, cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './command';
import { mendSource, mendsVersion } from './ferretdb-mends';
import { keep, scratch } from './program';
import type { ProgramFolder } from './program';
import type { Source } from './source';

const version = 'v1.24.2';
/** Its name in `.local/bin`. */
export const ferretProgram = `ferretdb-${version}-${mendsVersion}`;

/**
 * FerretDB, a MongoDB protocol server on SQLite, built with Go: for trying out and for tests where
 * no mongod can be had.
 */
export function fromGo(place: ProgramFolder): Source<string> {
  return {
    name: `FerretDB ${version} on SQLite, built with Go`,
    advice: 'Install Go 1.24 or newer and open the network for its modules; 2 GB of disk.',
    take: async note => {
      const folder = scratch(place);
      try {
        note('fetching the FerretDB source');
        const source = join(folder, 'source');
        cpSync(await downloadModule(folder), source, { recursive: true });
        makeWritable(source);
        // Its version comes from a file that only its release process writes; it refuses to run without.
        writeFileSync(join(source, 'build/version/version.txt'), `${version}\n`);
        mendSource(source);
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

/** The arguments for one FerretDB on loopback with its files below the folder. */
export function ferretArguments(folder: string, port: number): string[] {
  const data = join(folder, 'data');
  mkdirSync(data, { recursive: true });
  return [
    '--handler=sqlite',
    // Writes survive a crash of the process and are about twice as fast as with full flushing.
    `--sqlite-url=file:${data}/?_pragma=synchronous(normal)`,
    `--state-dir=${folder}`,
    `--listen-addr=127.0.0.1:${port}`,
    '--telemetry=disable',
    '--debug-addr=-',
    '--log-level=ERROR',
  ];
}

async function downloadModule(folder: string): Promise<string> {
  const printed = await runCommand(
    'go',
    ['mod', 'download', '-json', `github.com/FerretDB/FerretDB@${version}`],
    { cwd: folder, limitMs: 3 * 60_000 },
  );
  const described = JSON.parse(printed) as { Dir?: string; Error?: string };
  if (described.Dir === undefined) throw new Error(described.Error ?? 'no folder downloaded');
  return described.Dir;
}

/** Go keeps its module cache read-only, and the copy inherits that. */
function makeWritable(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) makeWritable(path);
    else if (entry.isFile()) chmodSync(path, 0o644);
  }
}
