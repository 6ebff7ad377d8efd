import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './command';
import { keep, scratch } from './program';
import type { Place } from './program';
import type { Source } from './source';

const version = 'v1.24.2';

/**
 * FerretDB, a MongoDB protocol server on SQLite, built with Go: for trying out and for tests where
 * no mongod can be had.
 */
export function fromGo(place: Place): Source<string> {
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
        lookUpById(source);
        note('building FerretDB, about two minutes');
        const program = join(folder, 'ferretdb');
        await runCommand('go', ['build', '-o', program, './cmd/ferretdb'], {
          cwd: source,
          limitMs: 20 * 60_000,
        });
        return keep(place, program, 'ferretdb');
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

/**
 * This version indexes `_id` by one expression and looks it up by another, so that SQLite reads the whole
 * collection: 90 ms among 6,000 records instead of 1 ms. Both must be the same words.
 */
function lookUpById(source: string): void {
  const file = join(source, 'internal/backends/sqlite/metadata/metadata.go');
  const asked = `IDColumn = DefaultColumn + "->'$._id'"`;
  const indexed = 'IDColumn = DefaultColumn + `->"_id"`';
  const code = readFileSync(file, 'utf8');
  if (!code.includes(asked)) throw new Error(`FerretDB ${version} has other words for _id than expected`);
  writeFileSync(file, code.replace(asked, indexed));
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
